"""The mapping rules: which product, account, class and location a line gets. Pure.

Rules are read in order. The first matching rule that names an item or an account decides where the line goes;
class and location each come from the first matching rule that sets them, which may be another one, so that a
short rule "everything of Litigation gets class Litigation" can stand beside the rules that choose products.
When no rule names a target, the fallback does: a chosen item, or to hold the line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mapping import guards
from mapping.words import normal, spoken_line
from syncapp.core.documents import LineKind
from syncapp.core.planning.facts import LineFacts, Target
from syncapp.core.problems import Fix, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from syncapp.core.books import Account, Chart, Item

WHEN_KEYS = (
    "line",
    "practice_area",
    "responsible",
    "timekeeper",
    "expense_category",
    "cost",
    "of",
    "client",
    "matter",
    "office",
    "activity",
)
HOLD = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """One rule. `when` is what must hold, a key left out fits everything.

    The choices name things of the books by full name or as `id:123`; empty chooses nothing.
    """

    position: int
    when: dict[str, str] = field(default_factory=dict)
    item: str = ""
    account: str = ""
    class_id: str = ""
    location: str = ""


def matches(when: dict[str, str], facts: LineFacts) -> bool:
    """Tell whether a line fulfils every condition, whatever the case and spacing of the names."""
    return all(normal(getattr(facts, key, None)) == normal(wanted) for key, wanted in when.items())


def place(
    facts: LineFacts,
    rules: Sequence[RuleRow],
    chart: Chart,
    fallback: str,
    *,
    walled: frozenset[str] = frozenset(),
    ledger: str = "QuickBooks",
) -> Target | Problem:
    """Decide where one operating line goes, or say why it cannot go anywhere yet.

    `fallback` is an item by name or `id:123`, or HOLD. `walled` are ids of accounts that hold client money
    beside those whose type says so: no operating line ever lands on one (DESIGN section 6, row 3).
    """
    fitting = [rule for rule in rules if matches(rule.when, facts)]
    chosen = next((rule for rule in fitting if rule.item or rule.account), None)
    if chosen is None and not fallback:
        return unmapped(facts)
    if not chart.items and not chart.accounts:
        return Problem(
            code="chart_not_read",
            fix=Fix.CONNECT,
            words=f"The products and accounts of {ledger} have not been read yet. Connect {ledger} first.",
        )
    item_text, account_text = (chosen.item, chosen.account) if chosen else (fallback, "")
    landed = _land(facts, item_text, account_text, chart, ledger)
    if isinstance(landed, Problem):
        return landed
    account, item = landed
    if problem := guards.guard(facts, account=account, item=item, walled=walled, ledger=ledger):
        return problem
    return _tagged(fitting, account, item, chart, rule=chosen.position if chosen else 0, ledger=ledger)


def unmapped(facts: LineFacts) -> Problem:
    """Say what a person must choose for lines like this one; lines alike share the cause."""
    wanted = "an account" if facts.line is LineKind.DISCOUNT else "a product or service"
    return Problem(
        code="unmapped",
        fix=Fix.MAP,
        words=f"Choose {wanted} for {spoken_line(facts)}.",
        cause=";".join(f"{key}={value}" for key, value in told(facts)),
        facts=dict(told(facts)),
    )


def told(facts: LineFacts) -> Iterator[tuple[str, str]]:
    """Yield what tells lines of one kind apart for a person who maps them, normalised."""
    keys = {
        LineKind.TIME: ("practice_area",),
        LineKind.EXPENSE: ("cost", "expense_category", "practice_area"),
        LineKind.WRITE_OFF: ("of",),
    }.get(facts.line, ())
    yield "line", facts.line.value
    for key in keys:
        if value := normal(getattr(facts, key)):
            yield key, value


def _land(
    facts: LineFacts, item_text: str, account_text: str, chart: Chart, ledger: str
) -> tuple[Account, Item | None] | Problem:
    """Find the account that a choice posts to: the discount's own, else the item's."""
    if facts.line is LineKind.DISCOUNT:
        if not account_text:
            return Problem(
                code="needs_account",
                fix=Fix.MAP,
                words="A discount goes to an account, not to a product. Choose the account for discounts.",
                cause="discount",
            )
        return _account(account_text, chart, ledger)
    if not item_text:
        return Problem(
            code="needs_item",
            fix=Fix.MAP,
            words=f"{ledger} needs a product or service on an invoice line: "
            f"choose one for {spoken_line(facts)} instead of the account “{account_text}”.",
            cause=normal(account_text),
        )
    item = chart.item_named(item_text)
    if item is None:
        return guards.missing("item", item_text, ledger)
    if problem := guards.usable_item(item, ledger):
        return problem
    account = chart.accounts.get(item.account)
    if account is None:
        return Problem(
            code="missing_in_books",
            fix=Fix.BOOKS,
            words=f"The product “{item.name}” names no account in {ledger}, so its sales would go nowhere.",
            cause=f"account of item {item.id}",
        )
    return guards.inactive_account(account, ledger) or (account, item)


def _account(text: str, chart: Chart, ledger: str) -> tuple[Account, None] | Problem:
    account = chart.account_named(text)
    if account is None:
        return guards.missing("account", text, ledger)
    return guards.inactive_account(account, ledger) or (account, None)


def _tagged(
    fitting: Sequence[RuleRow], account: Account, item: Item | None, chart: Chart, *, rule: int, ledger: str
) -> Target | Problem:
    """Add class and location, each from the first fitting rule that sets it."""
    ids = {"class": "", "location": ""}
    for word, rows, texts in (
        ("class", chart.classes, [row.class_id for row in fitting]),
        ("location", chart.locations, [row.location for row in fitting]),
    ):
        if not (text := next((text for text in texts if text), "")):
            continue
        tag = guards.tag_named(rows, text)
        if tag is None:
            return guards.missing(word, text, ledger)
        if not tag.active:
            return guards.inactive(word, tag.id, tag.name, ledger)
        ids[word] = tag.id
    return Target(
        account=account.id,
        item=item.id if item else "",
        class_id=ids["class"],
        location=ids["location"],
        rule=rule,
    )
