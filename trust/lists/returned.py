"""A deposit that came back: which one it was, whose money is short, since when, and the note to be written.

Pure. Clio is not stopped and Tieout moves no money: the firm restores what is missing with its own deposit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from syncapp.core.money import spoken
from trust.jurisdictions import Jurisdiction
from trust.lists.nouns import effect, running
from trust.nouns import Movement

OLDEST_DAYS = 90  # no bank returns a deposit that is older


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """What a returned deposit left below zero on one ledger, in positive minor units.

    `lowest` is the deepest it went, `standing` what is missing still; `restored` is the day on which it came
    back to zero. `further` are payments out of the ledger while it was short: each is a case.
    """

    ledger: str
    returned: Movement
    original: Movement | None
    since: date
    lowest: int
    standing: int
    restored: date | None
    further: tuple[Movement, ...]


def original_of(returned: Movement, movements: Iterable[Movement]) -> Movement | None:
    """Find the deposit that a return takes back: same ledgers, opposite amount, at most 90 days earlier.

    One with the same reference or check number comes before all others, then the latest. Where several fit
    equally well and none has the reference, it is nobody's to guess: None.
    """
    wanted = sorted((ledger, -amount) for ledger, amount in returned.ledgers)
    fits = [
        m
        for m in movements
        if m.amount == -returned.amount
        and m.amount > 0
        and sorted(m.ledgers) == wanted
        and 0 <= (returned.day - m.day).days <= OLDEST_DAYS
    ]
    marks = {returned.reference, returned.check} - {""}
    named = [m for m in fits if marks & {m.reference, m.check}]
    if named:
        return max(named, key=lambda m: (m.day, m.subject))
    return fits[0] if len(fits) == 1 else None


def shortages(returned: Movement, movements: Sequence[Movement]) -> list[Shortage]:
    """Tell which ledgers a returned deposit left below zero, and what became of it.

    One that was made good on the same day is told too. `movements` is the account's whole history, the
    return among them, in the order they were recorded.
    """
    original = original_of(returned, movements)
    found = (_short(key, returned, original, movements) for key, amount in returned.ledgers if amount < 0)
    return [one for one in found if one is not None]


def _short(
    key: str, returned: Movement, original: Movement | None, movements: Sequence[Movement]
) -> Shortage | None:
    rows = running(key, movements)
    at = next((i for i, (m, _) in enumerate(rows) if m.subject == returned.subject), None)
    if at is None or rows[at][1] >= 0:
        return None
    cured = next((i for i in range(at, len(rows)) if rows[i][1] >= 0), None)
    during = rows[at:cured]
    return Shortage(
        ledger=key,
        returned=returned,
        original=original,
        since=returned.day,
        lowest=-min(balance for _, balance in during),
        standing=-during[-1][1] if cured is None else 0,
        restored=None if cured is None else rows[cured][0].day,
        further=tuple(m for m, _ in during if effect(m, key) < 0 and m.subject != returned.subject),
    )


def shortage_note(
    short: Shortage, rules: Jurisdiction, *, firm: str, account: str, name: str, payer: str = ""
) -> str:
    """Draft the note on a shortage in the words of the account's jurisdiction, for a lawyer to finish.

    `name` is the ledger's name, `payer` who gave the deposit. The rule stands in it with its source.
    """
    returned = short.returned
    deposit = f"deposit of {spoken(-returned.amount)}"
    if short.original is not None:
        deposit += f" of {short.original.day}"
    if mark := returned.reference or returned.check:
        deposit += f" ({mark})"
    rule = rules.rule("shortage")
    ending = (
        f"The firm made it good on {short.restored}."
        if short.restored
        else f"{spoken(short.standing)} is missing still. The firm deposits it from its own money at once."
    )
    paid = "".join(
        f"\n- {m.day}: {spoken(-effect(m, short.ledger))} to {m.payee or 'an unnamed payee'}"
        for m in short.further
    )
    further = f"\nPaid from this ledger while it was short:{paid}" if paid else ""
    return (
        f"{firm}, trust account {account}\n"
        f"Shortage on the ledger of {name}\n\n"
        f"On {returned.day} the bank returned the {deposit}{f' from {payer}' if payer else ''}. A part of it "
        f"had been paid out, so that the ledger stood {spoken(short.lowest)} below zero from {short.since}. "
        f"{ending}{further}\n\n"
        f"{rules.name}: {rule.words}\n"
        f"Source: {rule.provenance}\n"
    )
