"""A ledger below zero as a person reads it: what took it there, whose money is short, and the note on it.

Pure. Clio is not stopped and Tieout moves no money: the firm restores what is missing with its own deposit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from syncapp.core.money import spoken
from syncapp.core.planning.trust.dips import dips
from trust.jurisdictions import Jurisdiction
from trust.lists.nouns import effect
from trust.nouns import Movement


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """One time that a ledger was below zero, in positive minor units.

    `cause` took it there; where that is a deposit that came back, `original` is the deposit. `lowest` is the
    deepest it went, `standing` what is missing still; `cure` made it good. `further` are payments out of the
    ledger while it was short: each is an alarm. None for what lay before the account's start.
    """

    ledger: str
    since: date
    cause: Movement | None
    original: Movement | None
    lowest: int
    standing: int
    cure: Movement | None
    further: tuple[Movement, ...]

    @property
    def restored(self) -> date | None:
        """Return the day on which it came back to zero; None while it is short."""
        return self.cure.day if self.cure is not None else None


def shortages(movements: Iterable[Movement]) -> list[Shortage]:
    """Tell every time that a ledger of one account was below zero, also within one day, in order of day."""
    every = list(movements)
    by_subject = {one.subject: one for one in every}
    found = []
    for dip in dips(every):
        cause = by_subject.get(dip.subject)
        found.append(
            Shortage(
                ledger=dip.ledger,
                since=dip.day,
                cause=cause,
                original=by_subject.get(cause.returns) if cause is not None else None,
                lowest=-dip.lowest,
                standing=-dip.balance if dip.until is None else 0,
                cure=by_subject.get(dip.cure),
                further=tuple(by_subject[subject] for subject in dip.further),
            )
        )
    return found


def shortage_note(
    short: Shortage, rules: Jurisdiction, *, firm: str, account: str, name: str, currency: str = "USD"
) -> str:
    """Draft the note on a shortage in the words of the account's jurisdiction, for a lawyer to finish.

    `name` is the ledger's name. What must be done, and who is told and when, stands in it with its source.
    """
    duty, told = rules.rule("shortage"), rules.rule("told")
    paid = "".join(
        f"\n- {_day(one.day)}: {spoken(-effect(one, short.ledger), currency)} to {one.payee or 'no name'}"
        for one in short.further
    )
    further = f"\nPaid from this ledger while it was short:{paid}\n" if paid else ""
    return (
        f"{firm}, trust account {account}\n"
        f"Shortage on the ledger of {name}\n\n"
        f"{_happened(short, currency)} {_became(short, currency)}\n{further}\n"
        f"{rules.name}, what is done: {duty.words}\n"
        f"Source: {duty.provenance}\n\n"
        f"{rules.name}, who is told and when: {told.words}\n"
        f"Source: {told.provenance}\n"
    )


def _happened(short: Shortage, currency: str) -> str:
    lowest = spoken(short.lowest, currency)
    stood = f"The ledger stood {lowest} below zero at its lowest, from {_day(short.since)}."
    if short.cause is None:
        return f"It was short before the account's start. {stood}"
    amount = spoken(abs(effect(short.cause, short.ledger)), currency)
    day = _day(short.cause.day)
    if short.original is not None:
        mark = short.original.reference or short.original.check
        deposit = f"deposit of {amount} of {_day(short.original.day)}{f' ({mark})' if mark else ''}"
        payer = f" from {short.original.payee}" if short.original.payee else ""
        return f"On {day} the bank returned the {deposit}{payer}, of which a part had been paid out. {stood}"
    payee = f" to {short.cause.payee}" if short.cause.payee else ""
    text = f" ({short.cause.text})" if short.cause.text else ""
    return f"On {day} {amount} left the ledger{payee}{text}, more than it held. {stood}"


def _became(short: Shortage, currency: str) -> str:
    if short.cure is None:
        missing = spoken(short.standing, currency)
        return f"{missing} is missing still. The firm deposits it from its own money at once."
    amount = spoken(effect(short.cure, short.ledger), currency)
    payer = f" from {short.cure.payee}" if short.cure.payee else ""
    return f"It was made good on {_day(short.cure.day)} by {amount}{payer}."


def _day(day: date) -> str:
    return f"{day:%-d %b %Y}"
