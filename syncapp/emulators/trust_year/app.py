"""The banks as one WSGI program: statements to fetch month by month, and a back door for lines.

`POST /_backdoor/lines {"account": "7725", "day": "2026-10-20", "amount": "-25.00", "text": "WIRE FEE"}`;
`GET /_backdoor/faults` says what is planted and which Clio action closes the open one.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from decimal import Decimal, InvalidOperation
from html import escape
from typing import Any

from werkzeug.wrappers import Request, Response

from syncapp.emulators.bank import FORMATS
from syncapp.emulators.bank.sheet import money
from syncapp.emulators.trust_year.account import Kept
from syncapp.emulators.trust_year.year import TrustYear
from syncapp.emulators.wire import Answer, App, Clock, body_json, html


def create_app(year: TrustYear, *, clock: Clock | None = None, time_scale: float | None = 1) -> App:
    """Serve the accounts of a trust year as their banks would."""
    app = App(clock=clock, scale=time_scale)
    app.state = year
    app.route("/")(lambda _: html(_page(year)))
    app.route("/accounts/<digits>/<month>")(lambda request, **at: _statement(year, request, **at))
    app.route("/_backdoor/lines", methods=("POST",))(lambda request: _line(year, request))
    app.route("/_backdoor/faults")(lambda _: Answer(_faults(year)))
    return app


def _page(year: TrustYear) -> str:
    """The accounts with a link to every month's statement."""
    parts = []
    for cleared in year.accounts.values():
        kept = cleared.kept
        links = "".join(
            f'<li><a href="/accounts/{kept.number[-4:]}/{month:%Y-%m}">{month:%B %Y}</a> '
            f"({kept.format_of(month)}), ending balance {money(kept.month(month).closing)}</li>"
            for month in year.months
        )
        parts.append(f"<h2>{escape(kept.name)} …{kept.number[-4:]}</h2><ul>{links}</ul>")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        "<title>Bank emulator</title><style>:root{color-scheme:light dark}"
        "body{font:16px/1.5 system-ui,sans-serif;max-width:720px;margin:0 auto;padding:16px}</style></head>"
        f"<body><main><h1>Statements</h1>{''.join(parts)}</main></body></html>"
    )


def _statement(year: TrustYear, request: Request, *, digits: str, month: str) -> Answer | Response:
    """One month's file; `?format=` gives it in another format."""
    form = request.args.get("format", "")
    try:
        kept, first = year.kept(digits), date.fromisoformat(f"{month}-01")
    except (KeyError, ValueError):
        return Answer({"error": "There is no such account or month."}, status=404)
    if form and form not in FORMATS:
        return Answer({"error": f"Choose one of {', '.join(FORMATS)}."}, status=400)
    name, content = kept.file(first, form=form)
    said = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=said, mimetype="application/octet-stream")


def _line(year: TrustYear, request: Request) -> Answer:
    """Take a line into an account."""
    given = dict(body_json(request))
    try:
        kept: Kept = year.kept(str(given["account"]))
        day, amount = date.fromisoformat(given["day"]), Decimal(str(given["amount"]))
        line = kept.add(
            day=day,
            amount=int(amount * 100),
            text=str(given.get("text", "")),
            check=str(given.get("check", "")),
            reference=str(given.get("reference", "")),
        )
    except (KeyError, ValueError, InvalidOperation) as wrong:
        return Answer({"error": f"This cannot be done: {wrong!r}"}, status=400)
    return Answer({"id": line.id, "closing": money(kept.month(day).closing)})


def _faults(year: TrustYear) -> list[dict[str, Any]]:
    """Every planted fault; the open one comes last."""
    return [
        {
            **asdict(fault),
            "day": fault.day.isoformat(),
            "amount": money(fault.amount),
            "open": fault is year.open_fault,
        }
        for fault in year.faults
    ]
