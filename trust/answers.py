"""What a machine is told of a bank's file: its lines, its proof, what was brought in (DESIGN section 10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from syncapp.core import money

if TYPE_CHECKING:
    from trust.models import Statement
    from trust.nouns import BankStatement

AGAIN = "This file was brought in before, on {:%-d %b %Y}. Nothing was added."


def read(
    statement: BankStatement, *, reader: str, opening: int | None, closing: int | None
) -> dict[str, Any]:
    """Say what a file holds, with its proof; a balance that nobody told is None. Money is text."""
    currency = statement.currency or "USD"
    total = sum(line.amount for line in statement.lines)
    difference = None if opening is None or closing is None else opening + total - closing
    return {
        "reader": reader,
        "account": statement.account,
        "currency": currency,
        "opening": _text(opening, currency),
        "closing": _text(closing, currency),
        "lines": [
            {
                "date": line.day.isoformat(),
                "amount": money.text(line.amount, currency),
                "id": line.id,
                "check": line.check,
                "reference": line.reference,
                "text": line.text,
            }
            for line in statement.lines
        ],
        "proof": {"ok": difference == 0, "difference": _text(difference, currency)},
        "warnings": [],
    }


def imported(made: Statement, statement: BankStatement, *, reader: str, again: bool) -> dict[str, Any]:
    """Say what a file brought in, with the proof that it was kept by; `again` when it was here before."""
    value = read(statement, reader=reader, opening=made.opening, closing=made.closing)
    value["proof"] = {"ok": made.state == "proved", "difference": "0.00"}
    value["warnings"] = [AGAIN.format(made.at)] if again else made.warnings
    return value | {
        "imported": {
            "statement": made.pk,
            "account": made.pair.clio_account,
            "first": made.first_day.isoformat(),
            "last": made.last_day.isoformat(),
            "new": 0 if again else made.seen - made.known,
            "known": made.seen if again else made.known,
            "opening_from": made.opening_from,
            "sha256": made.file.sha256,
        }
    }


def _text(amount: int | None, currency: str) -> str | None:
    return None if amount is None else money.text(amount, currency)
