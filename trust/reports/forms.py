"""The forms: North Carolina's and Washington's field by field, Ontario's comparison, a general one. Pure.

Fields after TRUST-RULES: the NC State Bar Reconciliation Report [N1], the WSBA Monthly Reconciliation and
Review [W1], the Law Society of Ontario's monthly comparison [LS1].
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from trust.reports import common
from trust.reports.nouns import Cell, Facts, Money, Part, Report

if TYPE_CHECKING:
    from collections.abc import Callable

    from trust.reports.facts import Sheet

type Row = tuple[str, Cell]

UNSIGNED = "NOT SIGNED"


def report(sheet: Sheet) -> Report:
    """Return the report of a month in the form of its jurisdiction."""
    title, body = FORMS[sheet.rules.value("form")]
    return Report(
        title=title,
        subject=f"{sheet.firm}: {sheet.account} {sheet.number}, {_day(sheet.figures.last)}",
        parts=(
            *body(sheet),
            common.prepared(sheet),
            *common.certified(sheet),
            *common.lists(sheet),
            *common.ledgers(sheet),
            *common.differences(sheet),
            common.witnesses(sheet),
            *common.evidence(sheet),
            *common.history(sheet),
        ),
        currency=sheet.figures.currency,
        mark="" if sheet.signed else UNSIGNED,
        foot=f"Figures {sheet.figures.digest} · rules of {sheet.rules.name}: {_rule(sheet)}",
    )


def _rule(sheet: Sheet) -> str:
    rule = sheet.rules.rule("rule")
    return f"{rule.words.rstrip('.')}. {rule.provenance}"


def _day(day: date) -> str:
    return f"{day:%-d %b %Y}"


def _statement(sheet: Sheet, steps: tuple[str, str, str, str] = ("", "", "", "")) -> tuple[Row, ...]:
    """Return the bank's fields; `steps` are what the form numbers statement, plus, minus and adjusted by."""
    found = sheet.figures
    bank, plus, minus, adjusted = (f"{step} " if step else "" for step in steps)
    return (
        (f"{bank}Bank statement date", found.last),
        (f"{bank}Bank statement balance", common.money(found.statement)),
        (f"{plus}Plus outstanding deposits, count", len(found.deposits)),
        (f"{plus}Plus outstanding deposits, amount", Money(found.deposits_total)),
        (f"{minus}Minus outstanding disbursements, count", len(found.checks)),
        (f"{minus}Minus outstanding disbursements, amount", Money(found.checks_total)),
        (f"{adjusted}Adjusted bank balance", common.money(found.adjusted_bank)),
    )


def _head(sheet: Sheet, *more: Row) -> Facts:
    return Facts(
        title="Account",
        rows=(
            ("Firm", sheet.firm),
            ("Trust account", sheet.account),
            ("Account number", sheet.number),
            ("Set of books", sheet.books),
            ("Period", f"{_day(sheet.figures.first)} to {_day(sheet.figures.last)}"),
            ("Report date", f"{sheet.made_at:%-d %b %Y}"),
            *more,
        ),
    )


def _general(sheet: Sheet) -> tuple[Part, ...]:
    found = sheet.figures
    return (
        _head(sheet, ("Jurisdiction", sheet.rules.name)),
        Facts(title="Bank", rows=_statement(sheet)),
        Facts(
            title="Books and client ledgers",
            rows=(
                ("Trust bank in the books", Money(found.books_bank)),
                ("Trust liability in the books", Money(found.books_liability)),
                ("Total of client ledgers with a positive balance", Money(found.positive)),
                ("Any ledger below zero", common.yes(found.negatives)),
                ("The three ways", common.agrees(found)),
            ),
        ),
    )


def _carolina(sheet: Sheet) -> tuple[Part, ...]:
    found = sheet.figures
    day = _day(found.last)
    quarter = found.last.month % 3 == 0
    return (
        _head(sheet, ("Reconciliation", "quarterly three-way" if quarter else "monthly")),
        Facts(
            title="Reconciliation",
            rows=(
                (f"(1) Total of positive subsidiary ledger balances as of {day}", Money(found.positive)),
                ("(1) Any negative subsidiary ledger balance", common.yes(found.negatives)),
                (f"(2) General ledger or checkbook balance as of {day}", Money(found.books_bank)),
                *_statement(sheet, ("(3)", "(4)", "(5)", "(6)")),
                ("(7) The adjusted bank balance with 1 and 2", common.agrees(found)),
            ),
        ),
    )


def _washington(sheet: Sheet) -> tuple[Part, ...]:
    found = sheet.figures
    return (
        _head(sheet, ("Last four digits", sheet.last_digits[-4:] or "not noted")),
        Facts(
            title="1. Checkbook register",
            rows=(
                ("Checkbook register balance", Money(found.books_bank)),
                ("Each entry has matter, date, check number, payor or payee, new balance", common.BLANK),
            ),
        ),
        Facts(
            title="2. Client ledgers",
            rows=(
                ("Total of positive client ledger balances", Money(found.positive)),
                ("Any negative client ledger balance", common.yes(found.negatives)),
                ("Each entry has purpose, date, payee, check number, new balance", common.BLANK),
            ),
        ),
        Facts(title="3. Bank statement", rows=_statement(sheet)),
        Facts(title="Comparison", rows=(("The balances of 1, 2 and 3", common.agrees(found)),)),
    )


def _ontario(sheet: Sheet) -> tuple[Part, ...]:
    found = sheet.figures
    due = sheet.rules.due_day
    by = (found.last + timedelta(days=1)).replace(day=due) if due else None
    return (
        _head(sheet, ("To be done by", by)),
        Facts(title="Reconciled bank balance", rows=_statement(sheet)),
        Facts(
            title="Comparison with the client trust listing",
            rows=(
                ("Total of unexpended balances by client", Money(found.positive)),
                ("Reconciled bank balance", common.money(found.adjusted_bank)),
                ("Trust ledger in the books", Money(found.books_bank)),
                ("Any overdrawn client ledger", common.yes(found.negatives)),
                ("The two totals", common.agrees(found)),
            ),
        ),
    )


FORMS: dict[str, tuple[str, Callable[[Sheet], tuple[Part, ...]]]] = {
    "general": ("Three-Way Reconciliation", _general),
    "nc": ("North Carolina State Bar Reconciliation Report", _carolina),
    "wa": ("WSBA Monthly Reconciliation and Review", _washington),
    "lso": ("Monthly Trust Comparison, Law Society of Ontario", _ontario),
}
