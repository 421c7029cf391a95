"""Coverage: what falls through the rules, before a bill finds out. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mapping.words import spoken_line
from syncapp.core.documents import Cost, LineKind
from syncapp.core.planning.facts import LineFacts, Target
from syncapp.core.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from syncapp.core.books import Chart
    from syncapp.core.planning.facts import Place

MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """The names of the practice system that tell lines apart; an expense category with its cost, if known."""

    practice_areas: tuple[str, ...] = ()
    expense_categories: tuple[tuple[str, str], ...] = ()  # name, "hard" or "soft" or ""
    bank_accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """Lines of one sort, and where they go; `problem` says why they go nowhere. `rule` 0 is the fallback."""

    words: str
    account: str = ""
    item: str = ""
    class_name: str = ""
    location: str = ""
    rule: int = 0
    problem: Problem | None = None


def sorts(practice: Practice) -> Iterator[LineFacts]:
    """Yield one line of every sort that a bill can bring."""
    areas = practice.practice_areas or ("",)
    for area in areas[:MOST]:
        yield LineFacts(line=LineKind.TIME, practice_area=area)
    categories = practice.expense_categories or (("", "hard"), ("", "soft"))
    for name, cost in categories[:MOST]:
        for each in [Cost(cost)] if cost else [Cost.HARD, Cost.SOFT]:
            yield LineFacts(line=LineKind.EXPENSE, expense_category=name, cost=each)
    for line in (LineKind.DISCOUNT, LineKind.INTEREST, LineKind.TAX):
        yield LineFacts(line=line)
    for of in ("fees", "costs", "tax", "early_payment"):
        yield LineFacts(line=LineKind.WRITE_OFF, of=of)


def coverage(place: Place, chart: Chart, facts: Iterable[LineFacts]) -> list[Covered]:
    """Place each sort of line; those that go nowhere come first."""
    found = [_covered(place(each), each, chart) for each in facts]
    return sorted(found, key=lambda row: row.problem is None)


def _covered(placed: Target | Problem, facts: LineFacts, chart: Chart) -> Covered:
    words = spoken_line(facts)
    words = words[0].upper() + words[1:]
    if isinstance(placed, Problem):
        return Covered(words=words, problem=placed)
    return Covered(
        words=words,
        account=chart.accounts[placed.account].name,
        item=chart.items[placed.item].name if placed.item else "",
        class_name=chart.classes[placed.class_id].name if placed.class_id else "",
        location=chart.locations[placed.location].name if placed.location else "",
        rule=placed.rule,
    )
