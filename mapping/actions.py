"""What people and programs do to the mapping of one firm. Each runs inside a firm scope that writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts import audit
from mapping import options as choices
from mapping import queries
from mapping.checks import check
from mapping.findings import Finding, Severity
from mapping.models import FirmSettings, Rule, Version
from mapping.text import difference, lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from accounts.models import Books, User
    from mapping.rules import RuleRow
    from syncapp.core.books import Chart

NOT_ASKED_OF_A_FILE = frozenset({"no_targets"})


def start_draft(*, books: Books, author: User | None, now: datetime) -> Version:
    """Return the draft of a set of books; a new one begins as a copy of what is in force."""
    if found := queries.draft(books.pk):
        return found
    current = queries.published(books.pk)
    last = queries.versions(books.pk).first()
    draft = Version.objects.create(
        firm_id=books.firm_id,
        books=books,
        number=(last.number if last else 0) + 1,
        author=author,
        started_at=now,
        options=current.options if current else {"fallback": "hold"},
        resolved=current.resolved if current else {},
    )
    _write(draft, queries.rule_rows(current) if current else ())
    return draft


def save_draft(
    *,
    books: Books,
    options: Mapping[str, Any],
    rules: Sequence[RuleRow],
    author: User | None,
    now: datetime,
    note: str = "",
) -> Version:
    """Keep a mapping as the draft of a set of books, half-finished or not. Replaces the earlier draft."""
    draft = start_draft(books=books, author=author, now=now)
    before = lines(draft.options, queries.rule_rows(draft))
    draft.options, draft.note = dict(options), note or draft.note
    draft.save(update_fields=["options", "note"])
    Rule.objects.filter(version=draft).delete()
    _write(draft, rules)
    changed = difference(before, lines(draft.options, queries.rule_rows(draft)))
    if changed:
        audit.record(
            firm_id=books.firm_id,
            actor=author,
            verb="mapping.draft_saved",
            obj=books,
            before={"lines": [line for sign, line in changed if sign == "-"]},
            after={"version": draft.number, "lines": [line for sign, line in changed if sign == "+"]},
            now=now,
        )
    return draft


def _write(version: Version, rules: Sequence[RuleRow]) -> None:
    Rule.objects.bulk_create(
        Rule(
            firm_id=version.firm_id,
            version=version,
            position=position,
            when=dict(rule.when),
            item=rule.item,
            account=rule.account,
            class_name=rule.class_id,
            location=rule.location,
        )
        for position, rule in enumerate(rules, start=1)
    )


def findings(version: Version, *, known: Chart | None = None) -> list[Finding]:
    """Judge a version against the mirrored chart, which may be `known` already."""
    chart = known or queries.chart(version.books_id)
    return check(
        queries.rule_rows(version),
        chart,
        version.options,
        pins=choices.living(version.resolved, chart),
        ledger=queries.LEDGER_WORDS[version.books.ledger],
    )


def _stopping(draft: Version, *, strict: bool, over: Version | None) -> list[Finding]:
    """Return what stops a draft, as `publish` says."""
    blocking = [found for found in findings(draft) if found.severity is Severity.BLOCKS]
    if over is not None:
        known = {(found.code, found.title) for found in findings(over)}
        blocking = [found for found in blocking if (found.code, found.title) not in known]
    return blocking if strict else [found for found in blocking if found.code == "no_start"]


def publish(
    *,
    draft: Version,
    actor: User | str | None,
    now: datetime,
    note: str = "",
    strict: bool = True,
    over: Version | None = None,
) -> list[Finding]:
    """Put a draft in force. Returns what stops it; an empty list means that it is published.

    Not strict (a firm file, whose own reader has checked it): a choice that cannot take its lines yet is let
    through, since planning holds those lines with the same words. So it is with what was at fault in the
    version `over` already, whose one choice a person mends from an exception: the others wait for their own.
    """
    rules = queries.rule_rows(draft)
    if blocking := _stopping(draft, strict=strict, over=over):
        return blocking
    before = queries.published(draft.books_id)
    old = lines(before.options, queries.rule_rows(before)) if before else []
    new = lines(draft.options, rules)
    chart = queries.chart(draft.books_id)
    pins = _merged(choices.pins_for(draft.options, rules, chart), choices.living(draft.resolved, chart))
    used = {(kind, text) for _place, kind, text in choices.names_used(draft.options, rules)}
    draft.resolved = {
        kind: {text: id_ for text, id_ in names.items() if (kind, text) in used}
        for kind, names in pins.items()
    }
    draft.state, draft.published_at, draft.note = "published", now, note or draft.note
    draft.published_by = None if isinstance(actor, str) else actor
    draft.save(update_fields=["state", "published_at", "published_by", "note", "resolved"])
    changed = difference(old, new)
    audit.record(
        firm_id=draft.firm_id, actor=actor, verb="mapping.published", obj=draft.books, now=now,
        before={"version": before.number if before else 0, "lines": _with(changed, "-")},
        after={"version": draft.number, "lines": _with(changed, "+"), "note": draft.note},
    )  # fmt: skip
    return []


def _with(changed: Sequence[tuple[str, str]], wanted: str) -> list[str]:
    return [line for sign, line in changed if sign == wanted]


def _merged(new: Mapping[str, Mapping[str, str]], old: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """Add new pins to old ones; a name that is pinned stays where it is."""
    return {kind: {**new.get(kind, {}), **old.get(kind, {})} for kind in {*new, *old}}


def discard(*, draft: Version, actor: User | None, now: datetime) -> None:
    """Throw a draft away; what is in force stays."""
    Rule.objects.filter(version=draft).delete()
    audit.record(
        firm_id=draft.firm_id,
        actor=actor,
        verb="mapping.discarded",
        obj=draft.books,
        before={"version": draft.number},
        now=now,
    )
    draft.delete()


def pin_names(books_id: int, chart: Chart) -> None:
    """Pin names of the draft and of the mapping in force that the books have learned to know since."""
    for version in (queries.published(books_id), queries.draft(books_id)):
        if version is None:
            continue
        new = choices.pins_for(version.options, queries.rule_rows(version), chart)
        merged = _merged(new, version.resolved)
        if merged != version.resolved:
            version.resolved = merged
            version.save(update_fields=["resolved"])


def keep_settings(*, firm_id: int, settings: Mapping[str, Any]) -> None:
    """Keep what the firm file says of the firm beyond its books: source, schedule, approvals."""
    FirmSettings.objects.bulk_create(
        [FirmSettings(firm_id=firm_id, settings=dict(settings))],
        update_conflicts=True,
        unique_fields=["firm"],
        update_fields=["settings"],
    )
