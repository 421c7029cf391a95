"""All that settling one set of books needs to know, read once: links, postings, names, numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from accounts import queries as firms
from mapping import queries as mapping_queries
from mapping.queries import RuleBook
from syncapp.core import codec
from syncapp.core.books import Chart, Company
from syncapp.core.documents import Bill, Credit, Interest, Kind, Money, Payment
from syncapp.core.ledger import NAME_LISTS, Draft, EntryLine, ObjectKind, Verb, draft_class
from syncapp.core.planning.corrections import is_correction
from syncapp.core.planning.customers import Names
from syncapp.core.planning.facts import Book
from syncapp.core.planning.returns import is_return
from syncapp.core.planning.trust.pairs import Pair
from syncapp.core.problems import Problem
from syncapp.pipeline import readiness
from syncapp.pipeline.cases import elsewhere
from syncapp.pipeline.contacts import merged
from syncapp.pipeline.months import queries as months
from syncapp.pipeline.sending import timed
from syncapp.pipeline.settling import adopted, naming
from syncapp.pipeline.settling.planning_book import book_of
from syncapp.pipeline.trust import approvals as trust_approvals
from syncapp.pipeline.trust import context as trust_context
from syncapp.pipeline.undoing import standing as undoing
from syncapp.records.models import BookCursor, BookRow, Document, Elsewhere, Link, Posting
from syncapp.records.models.postings import OPEN_STATES, PostingState
from trust import rules as trust_rules
from trust.approving import Waits
from trust.queries import known as trust_known


@dataclass(slots=True)
class Context:
    """What is known of one set of books while its documents are settled. Grows as postings are planned."""

    firm_id: int
    books_id: int
    book: Book
    names: Names
    zone: str = "UTC"  # of the firm: the day of a change is its day there
    links: dict[str, Link] = field(default_factory=dict)
    own: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))  # linked subjects by document
    generations: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, Posting] = field(default_factory=dict)  # open postings, by subject; see `send`
    coming: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))  # the same, by document
    numbered: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # invoices, by number
    shelved: dict[str, Posting] = field(default_factory=dict)  # refused or superseded, by key
    subject_of: dict[tuple[str, str], str] = field(default_factory=dict)
    numbers: dict[str, list[BookRow]] = field(default_factory=dict)
    deposited: dict[str, str] = field(default_factory=dict)  # payment to deposit, ids of the books
    deposit_bank: dict[str, str] = field(default_factory=dict)  # deposit to the account it went into
    walled: frozenset[str] = frozenset()  # accounts that hold client money, by type or by the mapping
    choices: dict[str, str] = field(default_factory=dict)
    elsewhere: dict[int, Elsewhere] = field(default_factory=dict)  # settled so by a person, by document
    undoing: undoing.Undoing = field(default_factory=undoing.Undoing)  # what a person took back
    amending: set[str] = field(default_factory=set)  # subjects of corrections and of returned payments
    held: dict[int, Problem] = field(default_factory=dict)  # bills that cannot stand, by id
    bills: dict[int, Bill] = field(default_factory=dict)
    documents: dict[tuple[str, int], Document] = field(default_factory=dict)
    people: dict[tuple[str, int], Document] = field(default_factory=dict)  # clients and matters
    paying: dict[int, list[Payment | Credit]] = field(default_factory=dict)
    interest: dict[int, list[Interest]] = field(default_factory=dict)
    removed: list[Document] = field(default_factory=list)  # payments of nothing
    moneys: dict[int, Money] = field(default_factory=dict)  # rows of client money
    transfers: trust_rules.Transfers = trust_rules.NO_TRANSFERS  # of them
    known: trust_rules.Known = trust_rules.NOTHING  # what the firm said of them
    returned: dict[str, str] = field(default_factory=dict)  # the deposit that each returned one takes back
    overdrawn: dict[str, int] = field(default_factory=dict)  # what the firm holds: the balance by movement
    approvals: Waits = field(default_factory=Waits)  # of entries of client money
    times: timed.Timed = field(default_factory=timed.Timed)  # what posts at its time
    adoption: adopted.Adoption = adopted.NONE  # what stood in the books already, adopted or asked
    merged: merged.Merged = merged.NONE  # customers that are gone into others
    created: list[Posting] = field(default_factory=list)

    def content(self, subject: str) -> Draft | None:
        """Return what stands, or is on its way, in the books for a subject."""
        posting = self.waiting.get(subject)
        if posting is not None and posting.draft is not None and posting.verb in {"create", "update"}:
            return draft_of(posting.object_kind, posting.draft)
        link = self.links.get(subject)
        ends = posting is not None and posting.verb in {"void", "delete"}
        if link is None or link.content is None or ends:
            return None
        return draft_of(link.object_kind, link.content)

    def keep(self, link: Link) -> None:
        """Take up a link as what stands for its subject."""
        self.links[link.subject] = link
        self.generations[link.subject] = link.generation
        self.subject_of[link.object_kind, link.remote_id] = link.subject
        if link.document_id is not None:
            self.own[link.document_id].add(link.subject)
        self.note(link.subject)

    def send(self, posting: Posting) -> None:
        """Take up an operation as what is on its way for its subject."""
        if (before := self.waiting.get(posting.subject)) is not None:
            self.withdraw(before)
        self.waiting[posting.subject] = posting
        self.coming[posting.document_id].add(posting.subject)
        if posting.object_kind == ObjectKind.INVOICE.value and posting.verb == Verb.CREATE.value:
            self.numbered[posting.number.casefold()].add(posting.subject)
        self.note(posting.subject)

    def withdraw(self, posting: Posting) -> None:
        """Forget an operation that will not be sent: what the subject asks for now is planned anew.

        Where that is the same operation again, it is this one that is taken up (`diff`).
        """
        del self.waiting[posting.subject]
        if posting.state == PostingState.SUPERSEDED.value:
            self.shelved[str(posting.key)] = posting
        self.coming[posting.document_id].discard(posting.subject)
        self.numbered[posting.number.casefold()].discard(posting.subject)

    def note(self, subject: str) -> None:
        """Remember a subject that amends another one."""
        if is_correction(subject) or is_return(subject):
            self.amending.add(subject)

    def place(self, line: EntryLine) -> str:
        """Return the account that a line stands on: the ledger's own, where it has one in the books."""
        own = self.links.get(line.below) if line.below else None
        return own.remote_id if own is not None else line.account

    def drop(self, link: Link) -> None:
        """Forget a link: its object stands for another subject from now on."""
        del self.links[link.subject]
        self.own[link.document_id or 0].discard(link.subject)

    def standing(self, document: Document) -> list[Link]:
        """Return the links of what was posted for a document."""
        return [self.links[subject] for subject in sorted(self.own.get(document.pk, ()))]

    def stands(self, subject: str) -> bool:
        """Tell whether a subject has an object in the books, or one on its way."""
        posting = self.waiting.get(subject)
        return subject in self.links if posting is None else posting.verb in {"create", "update"}

    def customer(self, remote_id: str) -> str:
        """Return the subject that a customer of the books stands for, or the customer itself."""
        return self.merged.owner(self.subject_of, remote_id)


def draft_of(kind: str, data: dict[str, Any]) -> Draft:
    """Rebuild a draft that was kept as JSON."""
    return codec.from_json(draft_class(kind, data), data)


def load(
    *, firm_id: int, books_id: int, tried: RuleBook | None = None, started: bool = True
) -> Context | Problem:
    """Read the context of one set of books, or say why nothing of it can be planned. In a reading scope.

    With `tried` as that mapping would have it. Not `started`: also where posting has not begun.
    """
    rules = tried or mapping_queries.rule_book(firm_id=firm_id, books_id=books_id)
    company = rules.company if rules else mapping_queries.company(books_id)
    cursor = BookCursor.objects.filter(firm_id=firm_id, books_id=books_id).first()
    problem = readiness.unready(rules, company, cursor, started=started)
    if problem is not None or rules is None or company is None:
        return problem or readiness.NOT_READ
    people = Document.objects.filter(firm_id=firm_id, kind__in=["client", "matter"]).exclude(data={})
    pairs = trust_known.pairs(firm_id=firm_id, books_id=books_id)
    book = book_of(books_id, rules, _shut(firm_id, books_id, company), cursor, people, pairs)
    if isinstance(book, Problem):
        return book
    links = merged.links(firm_id, books_id)
    told = mapping_queries.firm_settings(firm_id)
    context = Context(
        firm_id=firm_id,
        books_id=books_id,
        book=book,
        names=naming.names(firm_id, books_id, links, book.clients, cursor),
        zone=firms.zone_of(firm_id),
        walled=rules.walled | _of_pairs(pairs.values(), rules.chart),
        known=trust_known.of(firm_id=firm_id, books_id=books_id),
        approvals=trust_approvals.load(firm_id, told),
        times=timed.read(told),
        people={(row.kind, row.source_id): row for row in people},
        merged=merged.load(firm_id, books_id, links),
        adoption=adopted.read(firm_id, books_id, book.options.start_bills),
    )
    _load_postings(context, links)
    _load_books(context)
    _load_bills(context)
    context.elsewhere, context.undoing = elsewhere.standing(firm_id=firm_id), undoing.load(context)
    context.choices = adopted.chosen(firm_id, books_id, context.adoption)
    return context


def _shut(firm_id: int, books_id: int, company: Company) -> Company:
    """Return the company with the books closed through the last locked month too (F78)."""
    locked = months.shut_through(firm_id=firm_id, books_id=books_id)
    through = max((day for day in (company.closed_through, locked) if day), default=None)
    return replace(company, closed_through=through)


def _of_pairs(pairs: Iterable[Pair], chart: Chart) -> frozenset[str]:
    """Return the accounts of some trust pairs, with all that stand below their liabilities."""
    sides = frozenset(account for pair in pairs for account in (pair.bank, pair.liability))
    return sides.union(*(chart.below(pair.liability) for pair in pairs))


def _load_postings(context: Context, links: list[Link]) -> None:
    for link in links:
        context.keep(link)
    mine = Posting.objects.filter(firm_id=context.firm_id, books_id=context.books_id)
    for posting in mine.filter(state__in=OPEN_STATES).order_by("id"):
        context.send(posting)
    shelved = mine.filter(state__in=["refused", "superseded"], document__settled=False)
    names = mine.filter(state__in=["refused", "superseded"], object_kind__in=NAME_LISTS)
    context.shelved = {str(posting.key): posting for posting in (*shelved, *names)}
    every = Link.objects.filter(firm_id=context.firm_id, books_id=context.books_id)
    for subject, generation in every.order_by("generation").values_list("subject", "generation"):
        context.generations[subject] = generation


def _load_books(context: Context) -> None:
    rows = BookRow.objects.filter(firm_id=context.firm_id, books_id=context.books_id, deleted=False)
    by_number: dict[str, list[BookRow]] = defaultdict(list)
    for row in rows.filter(kind__in=["invoice", "credit_memo"]).exclude(number=""):
        by_number[row.number.casefold()].append(row)
    context.numbers = dict(by_number)
    for deposit, data in rows.filter(kind="deposit").values_list("remote_id", "data"):
        links = (target.partition(":") for target, _ in data.get("links", []))
        context.deposited |= {key: deposit for kind, _, key in links if kind == "Payment"}
        into = [line["account"] for line in data.get("lines") or [] if line["amount"] > 0]
        context.deposit_bank[deposit] = into[0] if len(into) == 1 else ""


def _load_bills(context: Context) -> None:
    """Read every bill with what pays it. Whole firm: a bill's room depends on all of its allocations."""
    rows = Document.objects.filter(
        firm_id=context.firm_id, kind__in=["bill", "interest", "payment", "credit"]
    )
    paying: dict[int, list[Payment | Credit]] = defaultdict(list)
    interest: dict[int, list[Interest]] = defaultdict(list)
    for row in rows.order_by("day", "source_id"):
        context.documents[row.kind, row.source_id] = row
        if row.kind == Kind.PAYMENT.value and not (row.data or {}).get("allocations"):
            context.removed.append(row)
        if not row.data:
            continue
        if row.kind == Kind.BILL.value:
            bill = codec.from_json(Bill, row.data)
            context.bills[bill.id] = bill
        elif row.kind == Kind.INTEREST.value:
            charge = codec.from_json(Interest, row.data)
            if charge.bill_id is not None and not charge.gone:
                interest[charge.bill_id].append(charge)
        else:
            is_payment = row.kind == Kind.PAYMENT.value
            paid: Payment | Credit
            paid = codec.from_json(Payment, row.data) if is_payment else codec.from_json(Credit, row.data)
            for bill_id in {part.bill_id for part in paid.allocations if part.bill_id is not None}:
                paying[bill_id].append(paid)
    context.paying, context.interest = dict(paying), dict(interest)
    trust_context.read(context)
