"""The parts that every form shares: lists, ledgers, differences, who prepared and who certified. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trust.reports.nouns import Cell, Facts, Money, Part, Table, Words
from trust.signing.states import Act

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trust.reports.facts import Done, Sheet
    from trust.signing.figures import Figures, Item, LedgerLine

ACTS = {
    Act.PREPARED: "Prepared",
    Act.ASKED: "Question",
    Act.ANSWERED: "Answer",
    Act.SIGNED: "Signed",
    Act.SUSPENDED: "Suspended",
    Act.REOPENED: "Reopened",
}
BLANK = "yes / no (the reviewer answers)"


def money(minor: int | None) -> Cell:
    """Return an amount as a cell; text where there is none."""
    return "no statement" if minor is None else Money(minor)


def yes(told: object) -> str:
    """Say yes or no."""
    return "yes" if told else "no"


def agrees(found: Figures) -> str:
    """Return the verdict of the figures in the words of the forms."""
    return "agrees" if found.equal else "does not agree"


def lists(sheet: Sheet) -> tuple[Part, ...]:
    """Return the dated lists of what is outstanding, and of what is held."""
    found = sheet.figures
    parts: list[Part] = [
        _items("Outstanding deposits", found.deposits),
        _items("Outstanding disbursements", found.checks),
    ]
    if found.held:
        parts.append(_items("Held in Tieout and not posted", found.held))
    return tuple(parts)


def _items(title: str, items: Sequence[Item]) -> Table:
    return Table(
        title=title,
        heads=("Date", "Check", "Payer or payee", "Reference", "Amount"),
        rows=tuple(
            (one.day, one.check, one.payee or one.text, one.subject, Money(one.amount)) for one in items
        ),
        totals=("Total", "", "", "", Money(sum(one.amount for one in items))),
    )


def ledgers(sheet: Sheet) -> tuple[Part, ...]:
    """Return the client ledgers above zero with their total, and those below zero apart, never netted."""
    found = sheet.figures
    above = [one for one in found.ledgers if one.balance > 0]
    return (
        _listing("Client ledgers with a positive balance", above),
        _listing("Client ledgers below zero, not netted", found.negatives),
    )


def _listing(title: str, rows: Sequence[LedgerLine]) -> Table:
    return Table(
        title=title,
        heads=("Client and matter", "Last activity", "Below zero since", "Balance"),
        rows=tuple((one.name, one.last_day, one.since, Money(one.balance)) for one in rows),
        totals=("Total", "", "", Money(sum(one.balance for one in rows))),
    )


def differences(sheet: Sheet) -> tuple[Part, ...]:
    """Return the items that explain a difference; nothing when there is none."""
    found = sheet.figures.differences
    if not found:
        return ()
    return (
        Table(
            title="Differences explained",
            heads=("Date", "Ledger", "Reason", "Amount"),
            rows=tuple((one.day, one.ledger, one.reason, Money(one.amount)) for one in found),
        ),
    )


def witnesses(sheet: Sheet) -> Facts:
    """Return all five figures apart."""
    found = sheet.figures
    return Facts(
        title="Five witnesses",
        rows=(
            ("Bank statement, adjusted", money(found.adjusted_bank)),
            ("Trust bank in the books", Money(found.books_bank)),
            ("Trust liability in the books", Money(found.books_liability)),
            ("Client ledgers above zero", Money(found.positive)),
            ("Posted by Tieout", Money(found.tieout_lines)),
            ("Verdict, computed", agrees(found)),
        ),
    )


def prepared(sheet: Sheet) -> Facts:
    """Return who prepared it."""
    one = sheet.prepared
    rows: tuple[tuple[str, Cell], ...] = (("Prepared by", "nobody yet"),)
    if one:
        rows = (
            ("Prepared by", one.name),
            ("Position", one.position),
            ("Date and time", moment(one)),
            ("Prepared by a non-lawyer", yes(not one.lawyer)),
            ("Has authority to sign checks of the account", yes(one.signs_checks)),
            *((("Why one person has both duties", one.separation),) if one.separation else ()),
            *((("Explanation", one.text),) if one.text else ()),
        )
    return Facts(title="Preparation", rows=rows)


def certified(sheet: Sheet) -> tuple[Part, ...]:
    """Return the lawyer's certification with its source and date, or that it is missing."""
    one = sheet.signed
    if one is None:
        return (Words(title="Certification", paragraphs=("Not signed.",)),)
    return (
        Words(title="Certification", paragraphs=(one.certification, one.provenance)),
        Facts(
            title="Signature",
            rows=(
                ("Signed by", one.name),
                ("Bar number", one.bar_number),
                *((("Deputy for", one.deputy_for),) if one.deputy_for else ()),
                ("Date and time", moment(one)),
                *((("Why one person has both duties", one.separation),) if one.separation else ()),
                ("SHA-256 of the figures", one.digest),
            ),
        ),
    )


def history(sheet: Sheet) -> tuple[Part, ...]:
    """Return all that was done to the month, earlier signatures included."""
    if not sheet.history:
        return ()
    return (
        Table(
            title="History",
            heads=("When", "What", "Who", "Words"),
            rows=tuple((moment(one), ACTS[one.act], one.name, one.text) for one in sheet.history),
        ),
    )


def evidence(sheet: Sheet) -> tuple[Part, ...]:
    """Return the files that the bank balance rests on."""
    return (
        Table(
            title="Bank statement files",
            heads=("File", "SHA-256"),
            rows=tuple((one.name, one.sha256) for one in sheet.figures.files),
        ),
    )


def moment(one: Done) -> str:
    """Write when something was done, in the firm's time."""
    return f"{one.at:%-d %b %Y %H:%M %Z}".strip()
