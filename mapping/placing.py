"""One choice from an exception as a rule: where lines that no rule takes go, or what another is replaced by.

The new version is in force at once, as if it had been published on the mapping pages; it says why it came.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from mapping import actions, guards, queries
from mapping import options as choices
from mapping.forms import offered
from mapping.rules import HOLD, RuleRow, place
from mapping.suggest import suggest
from mapping.text import said_rule
from mapping.words import spoken_line
from syncapp.core.documents import Cost, LineKind
from syncapp.core.planning.facts import LineFacts, Target

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from accounts.models import Books, User
    from mapping.coverage import Practice
    from mapping.models import Version
    from syncapp.core.books import Chart, Item, Tag

UNMAPPED = "unmapped"
REPLACED = frozenset(
    {"inactive_item", "inactive_class", "inactive_location", "not_sellable", "missing_in_books"}
)
CODES = REPLACED | {UNMAPPED}
DRAFT_OPEN = (
    "Somebody is changing the mapping: there is a draft. Publish it or throw it away first, or add it there."
)
NO_MAPPING = "These books have no mapping in force yet. Publish one first."
NOT_OFFERED = "Choose one of those that are offered."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person chooses from an exception.

    With `when` a rule is added for such lines; else what the mapping calls `name`, with the id `replaces`
    where the books know it, is replaced wherever it stands. `kind` is item, account, class or location.
    """

    kind: str
    when: dict[str, str] = field(default_factory=dict)
    replaces: str = ""
    name: str = ""

    @property
    def noun(self) -> str:
        """Return what is chosen, in words."""
        return guards.NOUNS[self.kind]

    @property
    def spoken(self) -> str:
        """Speak of what goes there: such lines, or all that went to the other."""
        return spoken_line(_facts(self.when)) if self.when else f"all that goes to “{self.name}”"


def wish_of(code: str, facts: Mapping[str, str]) -> Wish | None:
    """Return what a case may be asked about its mapping; None when it asks for something else."""
    if code == UNMAPPED and facts.get("line"):
        kind = "account" if facts["line"] == LineKind.DISCOUNT.value else "item"
        return Wish(kind=kind, when={key: value for key, value in facts.items() if key in _KEYS})
    kind = facts.get("kind", "")
    if code in REPLACED and kind in guards.NOUNS and kind != "account":
        return Wish(kind=kind, replaces=facts.get("id", ""), name=facts.get("name", ""))
    return None


_KEYS = frozenset({"line", "practice_area", "expense_category", "cost", "of"})


def _facts(when: Mapping[str, str]) -> LineFacts:
    cost = when.get("cost")
    return LineFacts(
        line=LineKind(when["line"]),
        practice_area=when.get("practice_area", ""),
        expense_category=when.get("expense_category", ""),
        cost=Cost(cost) if cost else None,
        of=when.get("of", ""),
    )


def candidates(wish: Wish, chart: Chart, walled: frozenset[str]) -> list[tuple[str, str]]:
    """Offer what such lines may land on, by name."""
    if wish.kind in {"class", "location"}:
        tags: dict[str, Tag] = chart.classes if wish.kind == "class" else chart.locations
        return offered([row for row in tags.values() if row.active])[1:]
    if wish.kind == "account":
        fits = [a for a in chart.accounts.values() if a.active and _takes(wish, chart, walled, account=a.id)]
        return offered(fits)[1:]
    items = [i for i in chart.items.values() if guards.usable_item(i, "") is None]
    return offered([i for i in items if _takes(wish, chart, walled, account=i.account, item=i)])[1:]


def _takes(
    wish: Wish, chart: Chart, walled: frozenset[str], *, account: str, item: Item | None = None
) -> bool:
    """Tell whether an account may take such lines; in place of another one: whether it is of its nature."""
    found = chart.accounts.get(account)
    if found is None or not found.active or guards.is_walled(found, walled):
        return False
    if wish.when:
        return guards.guard(_facts(wish.when), account=found, item=item, walled=walled, ledger="") is None
    before = chart.items.get(wish.replaces)
    was = chart.accounts.get(before.account) if before else None
    return was is None or guards.nature(was) == guards.nature(found)


def suggested(wish: Wish, chart: Chart, practice: Practice) -> str:
    """Propose one by the names in the books; empty when no name tells."""
    if not wish.when:
        return ""
    found = place(_facts(wish.when), suggest(chart, practice), chart, HOLD)
    if not isinstance(found, Target):
        return ""
    return chart.items[found.item].name if found.item else chart.accounts[found.account].name


def changed(
    wish: Wish, choice: str, version: Version, chart: Chart
) -> tuple[tuple[RuleRow, ...], dict[str, Any]]:
    """Return the rules and options of a version with the choice in them."""
    rows, options = queries.rule_rows(version), dict(version.options)
    if wish.when:
        target = {"account" if wish.kind == "account" else "item": choice}
        return (*rows, RuleRow(position=len(rows) + 1, when=dict(wish.when), **target)), options
    pins = choices.living(version.resolved, chart)

    def is_it(text: str) -> bool:
        if not text:
            return False
        found = choices.find(wish.kind, choices.pinned(wish.kind, text, pins), chart)
        return (
            found[0] == wish.replaces if found and wish.replaces else text.casefold() == wish.name.casefold()
        )

    if wish.kind == "class":
        return tuple(replace(row, class_id=choice) if is_it(row.class_id) else row for row in rows), options
    if wish.kind == "location":
        return tuple(replace(row, location=choice) if is_it(row.location) else row for row in rows), options
    rows = tuple(replace(row, item=choice) if is_it(row.item) else row for row in rows)
    for section in ("fallback", "retainers", "openings", "rounding"):
        said = options.get(section)
        if isinstance(said, dict) and is_it(str(said.get("item", ""))):
            options[section] = {**said, "item": choice}
    return rows, options


def tried(wish: Wish, choice: str, version: Version) -> queries.RuleBook:
    """Return the mapping in force as it would be with a choice, for a look at what it does."""
    chart = queries.chart(version.books_id)
    rows, options = changed(wish, choice, version, chart)
    return queries.book_of(version, known=chart, rows=rows, options=options)


def said(wish: Wish, choice: str) -> str:
    """Say the choice as the mapping pages do."""
    if wish.when:
        target = {"account" if wish.kind == "account" else "item": choice}
        return said_rule(RuleRow(position=0, when=wish.when, **target))
    return f"Wherever it says {wish.noun} “{wish.name}”: “{choice}”"


def put_in_force(*, books: Books, wish: Wish, choice: str, actor: User, now: datetime) -> str:
    """Put the mapping in force with the choice in it; return a sentence when it cannot be. In a scope."""
    version = queries.published(books.pk)
    if version is None:
        return NO_MAPPING
    if queries.draft(books.pk) is not None:
        return DRAFT_OPEN
    chart = queries.chart(books.pk)
    walled = queries.book_of(version, known=chart).walled
    if choice not in {value for value, _ in candidates(wish, chart, walled)}:
        return NOT_OFFERED
    rows, options = changed(wish, choice, version, chart)
    note = f"From an exception: {said(wish, choice)}"[:500]
    draft = actions.save_draft(books=books, options=options, rules=rows, author=actor, now=now, note=note)
    blocking = actions.publish(draft=draft, actor=actor, now=now, note=note, over=version)
    if not blocking:
        return ""
    actions.discard(draft=draft, actor=actor, now=now)
    return f"The mapping cannot be put in force: {blocking[0].title}."
