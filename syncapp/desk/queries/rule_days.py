"""Which rules were in force on a day, who wrote and who approved them. To be asked in an open scope."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from mapping import queries as mapping
from mapping.text import difference, lines
from syncapp.desk.queries import trust

if TYPE_CHECKING:
    from accounts.windows import Window
    from mapping.models import Version
    from mapping.rules import RuleRow
    from syncapp.core.books import Chart
    from trust.models import PairChange, TrustPair

WITHHELD = "withheld"
NAMING = ("client", "matter")  # conditions that name somebody


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDay:
    """The mapping version of a day and what it changed, and the changes of the account until then."""

    day: date
    version: Version | None
    before: Version | None
    changed: list[tuple[str, str]]
    text: list[str]
    terms: list[tuple[PairChange, list[trust.Row]]]


def rule_day(pair: TrustPair, day: date, *, window: Window | None = None) -> RuleDay:
    """Return what was in force at the end of a day; a `window` names no client and no other account."""
    ends = datetime.combine(day + timedelta(days=1), time.min, tzinfo=ZoneInfo(pair.firm.time_zone))
    published = [
        row
        for row in mapping.versions(pair.books_id)
        if row.state == "published" and row.published_at is not None and row.published_at < ends
    ]
    newest = [*published[:2], None, None]
    version, before = newest[0], newest[1]
    text, earlier = _text(version, window), _text(before, window)
    return RuleDay(
        day=day,
        version=version,
        before=before,
        changed=difference(earlier, text),
        text=text,
        terms=_terms(pair, ends, mapping.chart(pair.books_id)),
    )


def _text(version: Version | None, window: Window | None) -> list[str]:
    if version is None:
        return []
    rules, options = mapping.rule_rows(version), version.options
    if window is not None:
        rules, options = tuple(_nameless(rule) for rule in rules), _own(options, window)
    return lines(options, rules)


def _nameless(rule: RuleRow) -> RuleRow:
    when = {key: WITHHELD if key in NAMING else value for key, value in rule.when.items()}
    return replace(rule, when=when)


def _own(options: dict[str, Any], window: Window) -> dict[str, Any]:
    """Return a mapping's options with the terms of the window's trust accounts only."""
    listed = options.get("trust") or []
    own = [row for row in listed if window.holds(str(row.get("clio_account", "")))]
    return {**options, **({"trust": own} if listed else {})}


def _terms(pair: TrustPair, ends: datetime, chart: Chart) -> list[tuple[PairChange, list[trust.Row]]]:
    decided = (one for one in trust.decided(pair) if one.decided_at is not None and one.decided_at < ends)
    return [(one, trust.changed(one, chart)) for one in decided if one.state == "approved"]
