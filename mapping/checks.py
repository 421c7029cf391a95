"""Is a mapping whole and does it stand in the books? Each rule is judged where it stands. Pure."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from mapping import guards
from mapping import options as choices
from mapping.findings import Finding, Severity
from mapping.rules import HOLD, WHEN_KEYS, RuleRow, place
from mapping.words import WHEN_WORDS, normal
from syncapp.core.documents import Cost, LineKind
from syncapp.core.planning.facts import LineFacts
from syncapp.core.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from syncapp.core.books import Chart

LINES = {line.value for line in LineKind}
COSTS = {cost.value for cost in Cost}
WRITTEN_OFF = ("fees", "costs", "tax", "early_payment")
STARTS = {"bills": "bills", "payments": "payments", "credits": "credit notes and write-offs"}
SWITCHED_OFF = frozenset({"inactive_item", "inactive_account", "inactive_class", "inactive_location"})


def check(
    rules: Sequence[RuleRow],
    chart: Chart,
    raw: Mapping[str, Any],
    *,
    pins: Mapping[str, Mapping[str, str]] | None = None,
    ledger: str = "QuickBooks",
) -> list[Finding]:
    """Judge a mapping: what blocks it from being published, and what will hold lines although it may be.

    `raw` are the options in the firm file's words (`mapping.options`). An empty chart means that the books
    were not read yet: then only what the mapping says of itself is judged.
    """
    pins = pins or {}
    found = [finding for rule in rules for finding in _shape(rule)]
    found += _starts(raw)
    if not choices.fallback(raw) and not any(rule.item or rule.account for rule in rules):
        found.append(
            blocks("no_targets", "No rule names a product or an account, so every line would be held.")
        )
    found += _unreachable(rules)
    if chart.accounts or chart.items:
        wall = choices.walled(raw, chart, pins)
        for rule, as_written in zip(choices.pinned_rules(rules, pins), rules, strict=True):
            if problem := _stands(rule, as_written, chart, wall, ledger):
                found.append(_of(problem, rule.position))
        if fallback := choices.fallback(raw):
            text = choices.pinned("item", fallback, pins)
            facts = LineFacts(line=LineKind.TIME)
            placed = place(facts, [], chart, text, walled=wall, ledger=ledger)
            if isinstance(placed, Problem):
                found.append(_of(placed, 0))
        if not _starts(raw):
            resolved = choices.resolve(raw, chart, pins=pins, ledger=ledger)
            found += [_of(problem, 0) for problem in resolved.problems]
    return found


def blocks(code: str, title: str, *, effect: str = "", rule: int = 0) -> Finding:
    """Make a finding that keeps a mapping from being published."""
    return Finding(
        code=code, severity=Severity.BLOCKS, title=title, effect=effect, where="Mapping", rule=rule
    )


def _warns(code: str, title: str, *, effect: str = "", rule: int = 0) -> Finding:
    return Finding(code=code, severity=Severity.WARNS, title=title, effect=effect, where="Mapping", rule=rule)


def _of(problem: Problem, rule: int) -> Finding:
    """Turn a problem into a finding. What is inactive only warns: it may be switched on again."""
    if problem.code in SWITCHED_OFF:
        return _warns(problem.code, problem.words, effect="Lines that use it are held.", rule=rule)
    return blocks(problem.code, problem.words, effect="Lines that use it are held.", rule=rule)


def _shape(rule: RuleRow) -> list[Finding]:
    """Judge what a rule says of itself."""
    at = f"Rule {rule.position}"
    found = []
    for key, value in rule.when.items():
        if key not in WHEN_KEYS:
            found.append(
                blocks("unknown_condition", f"{at} asks for “{key}”, which no line has.", rule=rule.position)
            )
        known = {"line": LINES, "cost": COSTS, "of": set(WRITTEN_OFF)}.get(key)
        if known and normal(value) not in known:
            words = f"{at} asks for {WHEN_WORDS[key].lower()} “{value}”; it can be {_either(known)}."
            found.append(blocks("unknown_value", words, rule=rule.position))
    if rule.item and rule.account:
        words = f"{at} names both a product and an account. Choose one."
        found.append(blocks("two_targets", words, rule=rule.position))
    if not (rule.item or rule.account or rule.class_id or rule.location):
        found.append(blocks("empty_rule", f"{at} chooses nothing.", rule=rule.position))
    line = normal(rule.when.get("line"))
    if rule.account and not rule.item and line != LineKind.DISCOUNT.value:
        words = (
            f"{at} names an account. Only discounts go to an account; other lines need a product or service."
        )
        found.append(blocks("needs_item", words, rule=rule.position))
    if rule.item and line == LineKind.DISCOUNT.value:
        words = f"{at} names a product. A discount goes to an account."
        found.append(blocks("needs_account", words, rule=rule.position))
    return found


def _either(known: set[str]) -> str:
    *some, last = sorted(known)
    return f"{', '.join(some)} or {last}"


def _starts(raw: Mapping[str, Any]) -> list[Finding]:
    start = raw.get("start") or {}
    found = []
    for key, words in STARTS.items():
        try:
            date.fromisoformat(str(start.get(key) or ""))
        except ValueError:
            found.append(
                blocks(
                    "no_start",
                    f"Choose the day from which {words} go to the books.",
                    effect="Without it we could not tell what the books have already.",
                )
            )
    return found


def _unreachable(rules: Sequence[RuleRow]) -> list[Finding]:
    """Name rules whose every line an earlier rule takes."""
    found = []
    for index, rule in enumerate(rules):
        for earlier in rules[:index]:
            inside = {k: normal(v) for k, v in earlier.when.items()}.items() <= {
                k: normal(v) for k, v in rule.when.items()
            }.items()
            takes_target = bool(earlier.item or earlier.account) or not (rule.item or rule.account)
            takes_class = bool(earlier.class_id) or not rule.class_id
            takes_location = bool(earlier.location) or not rule.location
            if inside and takes_target and takes_class and takes_location:
                words = f"Rule {rule.position} is never reached: rule {earlier.position} takes its lines."
                found.append(_warns("unreachable", words, rule=rule.position))
                break
    return found


def _stands(
    rule: RuleRow, as_written: RuleRow, chart: Chart, wall: frozenset[str], ledger: str
) -> Problem | None:
    """Place a line made from the rule's own conditions on this rule alone."""
    for kind, text, said in (
        ("item", rule.item, as_written.item),
        ("account", rule.account, as_written.account),
        ("class", rule.class_id, as_written.class_id),
        ("location", rule.location, as_written.location),
    ):
        if text and choices.find(kind, text, chart) is None:
            return guards.missing(kind, said, ledger)
    if not (rule.item or rule.account):
        return _tags_stand(rule, chart, ledger)
    facts = sample(rule)
    alone = RuleRow(
        position=rule.position,
        item=rule.item,
        account=rule.account,
        class_id=rule.class_id,
        location=rule.location,
    )
    placed = place(facts, [alone], chart, HOLD, walled=wall, ledger=ledger)
    shape_says_it = isinstance(placed, Problem) and placed.code in {"needs_item", "needs_account"}
    return placed if isinstance(placed, Problem) and not shape_says_it else None


def _tags_stand(rule: RuleRow, chart: Chart, ledger: str) -> Problem | None:
    for kind, rows, text in (
        ("class", chart.classes, rule.class_id),
        ("location", chart.locations, rule.location),
    ):
        tag = guards.tag_named(rows, text) if text else None
        if tag and not tag.active:
            return guards.inactive(kind, tag.id, tag.name, ledger)
    return None


def sample(rule: RuleRow) -> LineFacts:
    """Return a line that the rule is meant for, with as little else as possible."""
    said = {key: value for key, value in rule.when.items() if key in WHEN_KEYS}
    line, cost = normal(said.pop("line", "")), normal(said.pop("cost", ""))
    if "of" in said:
        said["of"] = normal(said["of"])
    return LineFacts(
        line=LineKind(line) if line in LINES else LineKind.TIME,
        cost=Cost(cost) if cost in COSTS else None,
        **said,
    )
