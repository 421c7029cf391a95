"""The trace of one record: what Clio said, our reading, the rule, what was sent, what stands in the books."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from mapping.models import Rule, Version
from mapping.queries import as_row
from mapping.text import said_rule
from syncapp.core import codec, ledger
from syncapp.desk import words
from syncapp.desk.queries.names import Names
from syncapp.records.models import (
    Attempt,
    BookRow,
    Concern,
    Document,
    DocumentVersion,
    Hold,
    Link,
    PostedEntry,
    PostedLine,
    Posting,
    SourceRecord,
)

MOST_SOURCES = 60
MOST_POSTINGS = 60
MOST_RELATED = 50
MOST_LINES = 800


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Where one line went, and by which rule."""

    text: str
    amount: int
    item: str
    account: str
    tag: str
    rule: str
    version: int


@dataclass(slots=True, kw_only=True)
class Sent:
    """One posting with its attempts, the entry that it makes, and why each line goes where it goes."""

    posting: Posting
    pill: tuple[str, str]
    title: str
    attempts: list[tuple[Attempt, str]] = field(default_factory=list)
    entry: list[dict[str, Any]] = field(default_factory=list)
    total: int = 0
    why: list[Why] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Entry:
    """What stands in our books of entries: debit and credit lines."""

    entry: PostedEntry
    lines: list[dict[str, Any]]
    total: int


@dataclass(slots=True, kw_only=True)
class Trace:
    """Everything about one record, both ways."""

    document: Document
    client: str = ""
    client_record: int | None = None
    matters: list[str] = field(default_factory=list)
    versions: list[DocumentVersion] = field(default_factory=list)
    sources: list[SourceRecord] = field(default_factory=list)
    postings: list[Sent] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    links: list[tuple[Link, BookRow | None]] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    related: list[Document] = field(default_factory=list)


def document_or_none(*, firm_id: int, document_id: int) -> Document | None:
    """Find a document."""
    return Document.objects.filter(firm_id=firm_id, pk=document_id).first()


def documents(*, firm_id: int, ids: Iterable[int]) -> list[Document]:
    """Find some documents, by their day."""
    return list(Document.objects.filter(firm_id=firm_id, pk__in=list(ids)[:MOST_LINES]).order_by("day", "pk"))


def trace(*, firm_id: int, document: Document) -> Trace:
    """Gather a record's way in a fixed number of queries, whatever its length."""
    names = Names(firm_id)
    postings = list(
        Posting.objects.filter(firm_id=firm_id, document=document).order_by("-pk")[:MOST_POSTINGS]
    )
    entries = list(PostedEntry.objects.filter(firm_id=firm_id, posting__in=postings).order_by("-at", "-pk"))
    lines = list(PostedLine.objects.filter(firm_id=firm_id, entry__in=entries).order_by("pk")[:MOST_LINES])
    drafts = {posting.pk: _draft(posting) for posting in postings}
    names.learn(lines, drafts.values(), {posting.books_id for posting in postings})
    found = Trace(document=document)
    found.versions = list(
        DocumentVersion.objects.filter(firm_id=firm_id, document=document).order_by("-version")[:MOST_SOURCES]
    )
    found.sources = _sources(firm_id, document, found.versions)
    found.postings = _sent(firm_id, postings, drafts, names)
    found.entries = [
        _entry(entry, [line for line in lines if line.entry_id == entry.pk], names) for entry in entries
    ]
    found.links = _links(firm_id, document)
    holds = Hold.objects.filter(firm_id=firm_id, document=document).select_related("case")
    found.holds = list(holds.order_by("-opened_at", "-pk")[:MOST_SOURCES])
    found.related = _related(firm_id, document)
    _people(firm_id, found)
    return found


def _draft(posting: Posting) -> ledger.Draft | None:
    """Read a posting's draft; one that an older version wrote in another form shows no lines."""
    if not posting.draft:
        return None
    try:
        return codec.from_json(ledger.draft_class(posting.object_kind, posting.draft), posting.draft)
    except (TypeError, ValueError, KeyError):
        return None


def _sources(firm_id: int, document: Document, versions: list[DocumentVersion]) -> list[SourceRecord]:
    """Return the source versions that our readings were made from, and all of the object itself."""
    wanted = Q(resource=document.resource, source_id=document.source_id)
    named: dict[str, set[int]] = {}
    for version in versions[:10]:
        for name in version.sources:
            resource, _, rest = str(name).partition("/")
            source_id = rest.partition("/")[0]
            if source_id.isdecimal():
                named.setdefault(resource, set()).add(int(source_id))
    for resource, ids in named.items():
        wanted |= Q(resource=resource, source_id__in=ids)
    rows = SourceRecord.objects.filter(wanted, firm_id=firm_id).order_by("-seen_at", "resource", "source_id")
    return list(rows[:MOST_SOURCES])


def _sent(
    firm_id: int, postings: list[Posting], drafts: Mapping[int, ledger.Draft | None], names: Names
) -> list[Sent]:
    attempts: dict[int, list[tuple[Attempt, str]]] = {}
    for attempt in Attempt.objects.filter(firm_id=firm_id, posting__in=postings).order_by("started_at", "pk"):
        attempts.setdefault(attempt.posting_id, []).append(
            (attempt, words.ANSWER.get(attempt.outcome, attempt.outcome.capitalize()))
        )
    rules = _rules(firm_id, postings)
    sent = []
    for posting in postings:
        draft = drafts[posting.pk]
        rows = draft.entry() if draft else ()
        noun = words.OBJECT.get(posting.object_kind, posting.object_kind)
        sent.append(
            Sent(
                posting=posting,
                pill=words.STATE.get(posting.state, (posting.state, "")),
                title=f"{posting.verb.capitalize()} {noun} {posting.number}".strip(),
                attempts=attempts.get(posting.pk, []),
                entry=[names.line(posting.books_id, row.account, row.amount, row.customer or row.ledger,
                                  row.item, row.memo)
                       for row in rows],
                total=sum(row.amount for row in rows if row.amount > 0),
                why=_why(posting, draft, rules, names),
            )
        )  # fmt: skip
    return sent


def _rules(firm_id: int, postings: Iterable[Posting]) -> dict[tuple[int, int, int], str]:
    """Return rule texts by books, version and position."""
    wanted = {(posting.books_id, posting.rule_version) for posting in postings if posting.rule_version}
    versions = Version.objects.filter(
        firm_id=firm_id, books__in={b for b, _ in wanted}, number__in={v for _, v in wanted}
    )
    by_id = {version.pk: (version.books_id, version.number) for version in versions}
    rules = Rule.objects.filter(firm_id=firm_id, version__in=list(by_id))
    return {(*by_id[rule.version_id], rule.position): said_rule(as_row(rule)) for rule in rules}


def _why(
    posting: Posting,
    draft: ledger.Draft | None,
    rules: Mapping[tuple[int, int, int], str],
    names: Names,
) -> list[Why]:
    """Say for each line of a sale why it goes to its account."""
    if not isinstance(draft, ledger.InvoiceDraft | ledger.CreditMemoDraft):
        return []
    rows: list[tuple[str, ledger.SaleLine | ledger.DiscountLine, int, str]] = [
        (line.description, line, line.amount, line.item) for line in draft.lines
    ]
    if isinstance(draft, ledger.InvoiceDraft) and draft.discount:
        rows.append(("Discount of the whole bill", draft.discount, -draft.discount.amount, ""))
    books = posting.books_id
    return [
        Why(
            text=text,
            amount=amount,
            item=names.item(books, item),
            account=names.account(books, line.account),
            tag=names.tag(books, line.class_id or draft.class_id),
            rule=_said(rules, posting, line.rule),
            version=posting.rule_version,
        )
        for text, line, amount, item in rows
    ]


def _said(rules: Mapping[tuple[int, int, int], str], posting: Posting, position: int) -> str:
    if not position:
        return "No rule fits this line: the fallback decided"
    said = rules.get((posting.books_id, posting.rule_version, position))
    return f"Rule {position}. {said}" if said else f"Rule {position}"


def _entry(entry: PostedEntry, lines: list[PostedLine], names: Names) -> Entry:
    rows = [
        names.line(
            entry.books_id, line.account, line.minor, line.customer or line.ledger, line.item, line.memo
        )
        for line in lines
    ]
    return Entry(entry=entry, lines=rows, total=sum(line.minor for line in lines if line.minor > 0))


def _links(firm_id: int, document: Document) -> list[tuple[Link, BookRow | None]]:
    subject = f"{words.PREFIX.get(document.kind, document.resource)}/{document.source_id}"
    about = Q(document=document) | Q(subject=subject) | Q(subject__prefix=f"{subject}/")
    links = list(
        Link.objects.filter(about, firm_id=firm_id)
        .select_related("books")
        .order_by("-live", "-generation", "pk")
    )
    rows = BookRow.objects.filter(firm_id=firm_id, remote_id__in={link.remote_id for link in links})
    by_key = {(row.books_id, row.kind, row.remote_id): row for row in rows}
    return [(link, by_key.get((link.books_id, link.object_kind, link.remote_id))) for link in links]


def _related(firm_id: int, document: Document) -> list[Document]:
    """Return the documents that speak of this one, and those that it speaks of."""
    subject = f"{words.PREFIX.get(document.kind, document.resource)}/{document.source_id}"
    kinds = {prefix: kind for kind, prefix in words.PREFIX.items()}
    spoken = Concern.objects.filter(firm_id=firm_id, document=document).values_list("subject", flat=True)
    named = Q(pk__in=[])
    for name in spoken[:MOST_RELATED]:
        prefix, _, source_id = name.partition("/")
        if prefix in kinds and source_id.isdecimal():
            named |= Q(kind=kinds[prefix], source_id=int(source_id))
    speaking = Q(pk__in=Concern.objects.filter(firm_id=firm_id, subject=subject).values("document"))
    found: dict[int, Document] = {}
    for wanted in (speaking, named):  # each has an index; together they would read every document of the firm
        rows = Document.objects.filter(wanted, firm_id=firm_id).exclude(pk=document.pk)
        rows = rows.exclude(kind__in=["client", "matter"]).order_by("day", "pk")
        found |= {row.pk: row for row in rows[:MOST_RELATED]}
    return sorted(found.values(), key=lambda row: (row.day or date.max, row.pk))[:MOST_RELATED]


def _people(firm_id: int, found: Trace) -> None:
    """Put names to the client and the matters."""
    data = found.document.data
    ids = data.get("matter_ids") or ([data["matter_id"]] if data.get("matter_id") else [])
    clients = Q(kind="client", source_id=found.document.client_id or 0)
    rows = Document.objects.filter(clients | Q(kind="matter", source_id__in=ids), firm_id=firm_id)
    for row in rows.order_by("kind", "source_id"):
        if row.kind == "client":
            found.client, found.client_record = str(row.data.get("name") or ""), row.pk
        else:
            told = f"{row.data.get('number') or ''} {row.data.get('description') or ''}"
            found.matters.append(told.strip())


def customer_name(*, firm_id: int, row: BookRow) -> str:
    """Return the name of the customer that an object of the books names."""
    if row.kind == "customer":
        return row.name
    named = BookRow.objects.filter(
        firm_id=firm_id, books_id=row.books_id, kind="customer", remote_id=row.customer
    )
    return named.values_list("name", flat=True).first() or row.name
