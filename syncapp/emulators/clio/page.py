"""The frame of the pages for people: one style, light and dark, narrow and wide."""

from __future__ import annotations

from html import escape

STYLE = """
:root{color-scheme:light dark;--ink:#1b2430;--soft:#55606e;--page:#f6f7f9;--card:#fff;--line:#d6dae0;
--go:#0b5f8a;--on-go:#fff}
@media (prefers-color-scheme:dark){:root{--ink:#e8ecf1;--soft:#a9b4c0;--page:#14181d;--card:#1c2229;
--line:#38414c;--go:#7cc4ea;--on-go:#0c1217}}
*{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--ink);
font:16px/1.5 system-ui,sans-serif}
header,main{max-width:1040px;margin:0 auto;padding:12px 16px}
header{display:flex;flex-wrap:wrap;gap:4px 20px;align-items:baseline}
header p{margin:0;font-weight:600}nav{display:flex;flex-wrap:wrap;gap:4px 16px}
a{color:var(--go)}h1{font-size:1.5rem;margin:.4em 0}h2{font-size:1.15rem;margin:1.4em 0 .4em}
.soft{color:var(--soft)}.card{background:var(--card);border:1px solid var(--line);border-radius:8px;
padding:12px 16px;margin:12px 0}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:6px 10px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
form.row{display:flex;flex-wrap:wrap;gap:8px 12px;align-items:end;margin:8px 0}
label{display:block;font-size:.875rem;color:var(--soft)}
input,select,button{font:inherit;color:inherit;background:var(--card);border:1px solid var(--soft);
border-radius:6px;padding:6px 10px;max-width:100%;min-height:36px}
button{background:var(--go);color:var(--on-go);border-color:var(--go);cursor:pointer}
button.quiet{background:transparent;color:var(--go)}
:focus-visible{outline:3px solid var(--go);outline-offset:2px}
.note{border-left:4px solid var(--go);padding:6px 12px;background:var(--card)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;margin:0}dt{color:var(--soft)}dd{margin:0}
"""


def page(title: str, body: str, *, nav: str = "") -> str:
    """A whole page; `body` and `nav` are HTML, the title is text."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)} · Clio emulator</title><style>{STYLE}</style></head><body>"
        f"<header><p>Clio emulator – for demonstration</p>{nav}</header>"
        f"<main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
