"""The look of the emulator's pages: one frame, one table."""

# ruff: noqa: E501  the style sheet stands in whole rules

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from syncapp.emulators.qbo.company import money
from syncapp.emulators.qbo.reports import BUCKETS
from syncapp.emulators.wire import Answer, html

CSS = """
:root{color-scheme:light dark;--ink:#1d2521;--soft:#55605a;--paper:#f6f7f5;--card:#fff;--line:#d7dcd8;--mark:#1b6b3a}
@media(prefers-color-scheme:dark){:root{--ink:#e8ece9;--soft:#a9b4ad;--paper:#141816;--card:#1c211e;--line:#333b36;
--mark:#7fd4a0}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
header,main,footer{max-width:70rem;margin:0 auto;padding:1rem}header p{margin:0;color:var(--soft);font-size:.9rem}
h1{font-size:1.5rem;margin:.25rem 0}h2{font-size:1.1rem;margin:1.5rem 0 .5rem}a{color:var(--mark)}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none;margin:.75rem 0 0;padding:0}
nav a{display:inline-block;padding:.25rem 0}nav a[aria-current]{color:var(--ink);font-weight:600}
.wide{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:.5rem}
table{border-collapse:collapse;width:100%}th,td{padding:.5rem .75rem;text-align:left;border-top:1px solid var(--line)}
thead th{border-top:0;color:var(--soft);font-size:.85rem;font-weight:600}.n{text-align:right;white-space:nowrap;
font-variant-numeric:tabular-nums}tfoot th,tfoot td{font-weight:600}
form{display:flex;flex-wrap:wrap;gap:.5rem;align-items:end;margin:.75rem 0}label{display:block}
input,button{font:inherit;color:inherit;background:var(--card);border:1px solid var(--soft);border-radius:.375rem;
padding:.4rem .75rem;min-height:2.75rem}button.go{background:#1b6b3a;border-color:#1b6b3a;color:#fff}
input[type=radio]{min-height:0;margin-right:.5rem}fieldset{border:1px solid var(--line);border-radius:.5rem;width:100%}
.consent{display:block}.consent button{margin:1rem .5rem 0 0}a:focus-visible,button:focus-visible,input:focus-visible,
.wide:focus-visible{outline:3px solid var(--mark);outline-offset:2px}
"""


def page(title: str, body: str, *, nav: str = "", status: int = 200) -> Answer:
    """One page in the emulator's frame."""
    return html(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)} · QuickBooks emulator'
        f'</title><meta name="viewport" content="width=device-width,initial-scale=1"><style>{CSS}</style></head><body>'
        f"<header><p>QuickBooks emulator – for demonstration</p><h1>{escape(title)}</h1>{nav}</header>"
        f"<main>{body}</main></body></html>",
        status=status,
    )


def table(
    caption: str, titles: list[str], rows: Iterable[list[Any]], *, foot: list[Any] | None = None
) -> str:
    """A table; `int` cells are cents, shown as money on the right; a tuple is a link (address, text)."""
    head = "".join(f'<th scope="col"{_side(t)}>{escape(t)}</th>' for t in titles)
    body = "".join(f"<tr>{''.join(_cell(c) for c in row)}</tr>" for row in rows)
    if not body:
        return "<p>Nothing here.</p>"
    last = f"<tfoot><tr>{''.join(_cell(c) for c in foot)}</tr></tfoot>" if foot else ""
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{escape(caption, quote=True)}"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>{last}</table></div>"
    )


def _side(title: str) -> str:
    right = {"Amount", "Balance", "Total", "Debit", "Credit", "Unapplied", *BUCKETS}
    return ' class="n"' if title in right else ""


def _cell(value: Any) -> str:
    if isinstance(value, int):
        return f'<td class="n">{money(value):,}</td>'
    if isinstance(value, tuple):
        return f'<td><a href="{escape(value[0], quote=True)}">{escape(str(value[1]) or "(none)")}</a></td>'
    return f"<td>{escape(str(value))}</td>"
