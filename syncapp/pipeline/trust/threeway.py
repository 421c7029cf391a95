"""The three-way in the form of DESIGN section 10. Money is text with two decimals."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from syncapp.core.money import text
from trust.queries import ledgers, threeway

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trust.models import TrustPair
    from trust.nouns import Movement
    from trust.threeway import Difference, LedgerBalance, ThreeWay


def answer(pair: TrustPair, month: date) -> dict[str, Any]:
    """Return the three-way of one trust account and month. In a reading scope.

    `outstanding` checks are told as a positive total, which the bank's balance is lowered by; `held` and the
    negative ledgers are signed. A `ledger` is told by its name, and by its natural key beside it.
    """
    found = threeway.of(pair, month)
    keys = {one.key for one in found.ledgers} | {one.ledger for one in found.differences}
    keys |= {one.other_ledger for one in found.differences}
    keys |= {key for one in found.held_items for key, _ in one.ledgers}
    return told(found, names=ledgers.names(pair.firm_id, keys), currency=pair.firm.currency)


def told(found: ThreeWay, *, names: Mapping[str, str], currency: str = "USD") -> dict[str, Any]:
    """Put a three-way into the stable form."""

    def money(amount: int | None) -> str | None:
        return None if amount is None else text(amount, currency)

    return {
        "account": found.account,
        "month": found.first.isoformat()[:7],
        "equal": found.equal,
        "signable": found.signable,
        "statement": money(found.statement),
        "outstanding": {
            "deposits": money(sum(one.amount for one in found.outstanding_deposits)),
            "checks": money(-sum(one.amount for one in found.outstanding_checks)),
            "items": [
                _item(one, names, currency)
                for one in (*found.outstanding_deposits, *found.outstanding_checks)
            ],
        },
        "adjusted_bank": money(found.adjusted_bank),
        "books_bank": money(found.books_bank),
        "books_liability": money(found.books_liability),
        "ledgers_positive": money(found.ledgers_positive),
        "ledgers_negative": money(found.ledgers_negative),
        "tieout_lines": money(found.tieout_lines),
        "held": money(found.held),
        "held_items": [_item(one, names, currency) for one in found.held_items],
        "ledgers": [_ledger(one, names, currency) for one in found.ledgers],
        "differences": [_difference(one, names, currency) for one in found.differences],
        "obstacles": list(found.obstacles),
    }


def _item(one: Movement, names: Mapping[str, str], currency: str) -> dict[str, Any]:
    return {
        "date": one.day.isoformat(),
        "amount": text(one.amount, currency),
        "ledger": ", ".join(names.get(key, key) for key, _ in one.ledgers),
        "check": one.check,
        "payee": one.payee,
        "subject": one.subject,
    }


def _ledger(one: LedgerBalance, names: Mapping[str, str], currency: str) -> dict[str, Any]:
    return {
        "ledger": names.get(one.key, one.key),
        "key": one.key,
        "balance": text(one.balance, currency),
        "last_activity": one.last_day.isoformat() if one.last_day else None,
        "below_zero_since": one.since.isoformat() if one.since else None,
    }


def _difference(one: Difference, names: Mapping[str, str], currency: str) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "amount": text(one.amount, currency),
        "date": one.day.isoformat() if one.day else None,
        "ledger": names.get(one.ledger, one.ledger) or None,
        "ledger_key": one.ledger or None,
        "other_ledger": names.get(one.other_ledger, one.other_ledger) or None,
        "reason": one.reason,
        "between": [witness.value for witness in one.between],
        "subjects": list(one.subjects),
        "lines": list(one.lines),
    }


def lines_of(value: dict[str, Any]) -> list[str]:
    """Return the answer for people, line by line."""
    parts = [
        "Equal" if value["equal"] else "Not equal",
        "may be signed" if value["signable"] else "not to sign",
    ]
    rows = [
        ("bank statement", value["statement"] or "none"),
        ("outstanding deposits", value["outstanding"]["deposits"]),
        ("outstanding checks", value["outstanding"]["checks"]),
        ("adjusted bank", value["adjusted_bank"] or "none"),
        ("trust bank in the books", value["books_bank"]),
        ("trust liability in the books", value["books_liability"]),
        ("client ledgers above zero", value["ledgers_positive"]),
        ("client ledgers below zero", value["ledgers_negative"]),
        ("Tieout's own lines", value["tieout_lines"]),
        ("held", value["held"]),
    ]
    head = f"{value['account']}, {value['month']}: {', '.join(parts)}"
    return [
        head,
        *(f"{name:>28}  {amount:>16}" for name, amount in rows),
        *(f"  {row['reason']}" for row in value["differences"]),
        *(f"  Not to sign: {words}" for words in value["obstacles"]),
    ]
