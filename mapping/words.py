"""How lines are compared and spoken of. Pure."""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING

from syncapp.core.documents import Cost, LineKind
from syncapp.core.planning.facts import FIRM_FUNDS_NAME, INTEREST_NAME

if TYPE_CHECKING:
    from syncapp.core.planning.facts import LineFacts

LINE_WORDS = {
    LineKind.TIME: "time",
    LineKind.EXPENSE: "expenses",
    LineKind.DISCOUNT: "discounts",
    LineKind.INTEREST: "interest",
    LineKind.TAX: "tax",
    LineKind.WRITE_OFF: "write-offs",
}
WHEN_WORDS = {
    "line": "Line",
    "practice_area": "Practice area",
    "responsible": "Responsible attorney",
    "timekeeper": "Timekeeper",
    "expense_category": "Expense category",
    "cost": "Cost",
    "of": "Written off",
    "client": "Client",
    "matter": "Matter",
    "office": "Office",
    "activity": "Activity",
}


def normal(value: object) -> str:
    """Return a name as it is compared: without case and with single spaces."""
    return " ".join(str(value).split()).casefold() if value else ""


def spoken_line(facts: LineFacts) -> str:
    """Speak of lines like this one: `time on Estates matters`, `hard costs of the category Filing Fees`."""
    if facts.line is LineKind.WRITE_OFF:
        return f"write-offs of {facts.of}" if facts.of else "write-offs"
    words = LINE_WORDS[facts.line]
    if facts.line is LineKind.EXPENSE:
        if facts.cost:
            words = "hard costs" if facts.cost is Cost.HARD else "soft costs"
        words += f" of the category {facts.expense_category}" if facts.expense_category else ""
    if facts.line in {LineKind.TIME, LineKind.EXPENSE} and facts.practice_area:
        words += f" on {facts.practice_area} matters"
    elif facts.line is LineKind.TIME:
        words += " on matters without a practice area"
    return words


CLIENT_FIELDS = ("client", "client_id")
# How the books name the ledgers of client money that are no client's, where the firm says nothing else.
OWN_NAMES = {"firm_funds": FIRM_FUNDS_NAME, "trust_interest": INTEREST_NAME}
LONGEST_NAME = 100  # of a customer (qbo/API.md section 13)
MATTER_FIELDS = ("matter_number", "client", "matter", "matter_id")


def template_trouble(template: str, known: tuple[str, ...]) -> str:
    """Say what is wrong with a name template; empty when it can be filled."""
    listed = ", ".join(f"{{{name}}}" for name in known)
    try:
        parts = list(Formatter().parse(template))
    except ValueError:
        return f"write each field in one pair of braces; known are {listed}"
    for _text, name, spec, conversion in parts:
        if name is not None and (name not in known or spec or conversion):
            return f"{{{name}}} is not known here; known are {listed}"
    return (
        ""
        if any(name for _text, name, _spec, _conversion in parts)
        else f"name a field, such as {{{known[0]}}}"
    )


def same_name(one: str, other: str) -> bool:
    """Tell whether the books would take two names for one."""
    return normal(one) == normal(other)
