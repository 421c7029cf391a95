"""How lines are compared and spoken of. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncapp.core.documents import Cost, LineKind

if TYPE_CHECKING:
    from syncapp.core.planning.facts import LineFacts

LINE_WORDS = {
    LineKind.TIME: "time",
    LineKind.EXPENSE: "expenses",
    LineKind.DISCOUNT: "discounts",
    LineKind.EARLY_DISCOUNT: "early-payment discounts",
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
    "of": "Write-off of",
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
