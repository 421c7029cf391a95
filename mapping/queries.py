"""Questions about the mapping of one firm. Each is asked inside a firm scope."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from mapping import options as choices
from mapping import rules
from mapping.findings import Finding, Severity
from mapping.models import CompanyState, FirmSettings, MirrorAccount, MirrorItem, MirrorTag, Rule, Version
from syncapp.core import codec
from syncapp.core.books import Account, Chart, Company, Item, Tag

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from syncapp.core.planning.facts import Options, Place
    from syncapp.core.problems import Problem

# what of the mirrored lists the vocabulary knows under the same names
ACCOUNT = ("name", "type", "subtype", "classification", "active", "currency", "parent")
ITEM = ("name", "type", "account", "active", "taxable")
TAG = ("name", "active")
LEDGER_WORDS = {"qbo": "QuickBooks", "xero": "Xero"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBook:
    """All that planning needs of one set of books' published mapping, read once for a batch.

    `walled` are the accounts of client money; `problems` are choices of the options that do not stand in the
    books; `raw` is the firm file's entry (trust pairs and all). `company` is None until the books were
    connected.
    """

    books_id: int
    version: int
    options: Options
    place: Place
    chart: Chart
    rules: tuple[rules.RuleRow, ...] = ()
    walled: frozenset[str] = frozenset()
    company: Company | None = None
    capabilities: dict[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    raw: dict[str, Any] = field(default_factory=dict)


def rule_book(*, firm_id: int, books_id: int, version: int | None = None) -> RuleBook | None:
    """Return the published mapping of a set of books, or the version of that number; None without one."""
    rows = Version.objects.filter(firm_id=firm_id, books_id=books_id).select_related("books")
    wanted = rows.filter(number=version) if version else rows.filter(state="published")
    found = wanted.order_by("-number").first()
    return None if found is None else book_of(found)


def book_of(
    version: Version,
    *,
    known: Chart | None = None,
    rows: tuple[rules.RuleRow, ...] | None = None,
    options: dict[str, Any] | None = None,
) -> RuleBook:
    """Return a version, draft or published, as planning sees it; the chart may be `known` already.

    With `rows` and `options` as it would be with those in place of its own.
    """
    known = known or chart(version.books_id)
    raw = version.options if options is None else options
    state = company_state(version.books_id)
    ledger = LEDGER_WORDS[version.books.ledger]
    pins = choices.living(version.resolved, known)
    resolved = choices.resolve(raw, known, pins=pins, ledger=ledger)
    rows = choices.pinned_rules(rule_rows(version) if rows is None else rows, pins)
    place = partial(
        rules.place,
        rules=rows,
        chart=known,
        fallback=choices.pinned("item", choices.fallback(raw), pins),
        walled=resolved.walled,
        ledger=ledger,
    )
    return RuleBook(
        books_id=version.books_id,
        version=version.number,
        options=resolved.options,
        place=place,
        chart=known,
        rules=rows,
        walled=resolved.walled,
        company=codec.from_json(Company, state.company) if state and state.company else None,
        capabilities=dict(state.capabilities) if state else {},
        problems=resolved.problems,
        raw=raw,
    )


def rule_rows(version: Version) -> tuple[rules.RuleRow, ...]:
    """Return a version's rules as they were written."""
    return tuple(as_row(rule) for rule in Rule.objects.filter(version=version).order_by("position"))


def as_row(rule: Rule) -> rules.RuleRow:
    """Return one stored rule as the pure rules read it."""
    return rules.RuleRow(
        position=rule.position,
        when=rule.when,
        item=rule.item,
        account=rule.account,
        class_id=rule.class_name,
        location=rule.location,
    )


def chart(books_id: int) -> Chart:
    """Return the mirrored lists of a set of books, without what is gone from them."""
    here = {"books_id": books_id, "gone": False}
    accounts = MirrorAccount.objects.filter(**here).values_list("remote_id", *ACCOUNT)
    items = MirrorItem.objects.filter(**here).values_list("remote_id", *ITEM)
    tags: dict[str, dict[str, Tag]] = {"class": {}, "location": {}}
    for kind, key, *told in MirrorTag.objects.filter(**here).values_list("kind", "remote_id", *TAG):
        tags[kind][key] = Tag(id=key, **dict(zip(TAG, told, strict=True)))
    return Chart(
        accounts={key: Account(id=key, **dict(zip(ACCOUNT, told, strict=True))) for key, *told in accounts},
        items={key: Item(id=key, **dict(zip(ITEM, told, strict=True))) for key, *told in items},
        classes=tags["class"],
        locations=tags["location"],
    )


def account_of_type(books_id: int, type_: str, subtype: str) -> str:
    """Return the id of the account that `Chart.of_type` gives, without reading the whole chart."""
    rows = MirrorAccount.objects.filter(
        books_id=books_id, gone=False, active=True, type=type_, subtype=subtype
    )
    return min(rows.values_list("remote_id", flat=True), key=lambda id_: (len(id_), id_), default="")


def company_state(books_id: int) -> CompanyState | None:
    """Return what is known of the company behind a set of books, None before its first reading."""
    return CompanyState.objects.filter(books_id=books_id).first()


def company(books_id: int) -> Company | None:
    """Return the company behind a set of books as last read."""
    state = company_state(books_id)
    return codec.from_json(Company, state.company) if state and state.company else None


def findings_of(state: CompanyState) -> list[Finding]:
    """Return what the last pre-flight of a company found, worst first."""
    found = [codec.from_json(Finding, row) for row in state.findings]
    order = list(Severity)
    return sorted(found, key=lambda finding: order.index(finding.severity))


def draft(books_id: int) -> Version | None:
    """Return the draft of a set of books."""
    return Version.objects.filter(books_id=books_id, state="draft").select_related("books").first()


def published(books_id: int) -> Version | None:
    """Return the mapping in force."""
    rows = Version.objects.filter(books_id=books_id, state="published").select_related("books")
    return rows.order_by("-number").first()


def versions(books_id: int) -> QuerySet[Version]:
    """List the versions of a set of books, the newest first."""
    rows = Version.objects.filter(books_id=books_id).select_related("author", "published_by")
    return rows.order_by("-number")


def firm_settings(firm_id: int) -> dict[str, Any]:
    """Return what the firm file says of the firm beyond its books: source, schedule, approvals."""
    row = FirmSettings.objects.filter(firm_id=firm_id).first()
    return dict(row.settings) if row else {}
