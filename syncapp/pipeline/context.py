"""All that settling one set of books needs to know: links, postings, names, numbers. `loading` reads it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from syncapp.core import codec
from syncapp.core.documents import Bill, Credit, Interest, Money, Payment
from syncapp.core.ledger import Draft, EntryLine, ObjectKind, Verb, draft_class
from syncapp.core.planning.corrections import is_correction
from syncapp.core.planning.customers import Names
from syncapp.core.planning.facts import Book
from syncapp.core.planning.returns import is_return
from syncapp.core.problems import Problem
from syncapp.pipeline.contacts import merged
from syncapp.pipeline.sending import timed
from syncapp.pipeline.settling import adopted
from syncapp.pipeline.undoing import standing as undoing
from syncapp.records.models import BookRow, Document, Elsewhere, Link, Posting
from syncapp.records.models.postings import PostingState
from trust import rules as trust_rules
from trust.approving import Waits


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
    payers: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))  # see `pays`
    numbers: dict[str, list[BookRow]] = field(default_factory=dict)
    gone: frozenset[tuple[str, str]] | None = None  # what a hand deleted in the books, once `ended` asks
    deposited: dict[str, str] = field(default_factory=dict)  # payment to deposit, ids of the books
    deposit_bank: dict[str, str] = field(default_factory=dict)  # deposit to the account it went into
    walled: frozenset[str] = frozenset()  # accounts that hold client money, by type or by the mapping
    choices: dict[str, str] = field(default_factory=dict)
    elsewhere: dict[int, Elsewhere] = field(default_factory=dict)  # settled so by a person, by document
    undoing: undoing.Undoing = field(default_factory=undoing.Undoing)  # what a person took back
    movements: set[str] = field(default_factory=set)  # subjects of money without a bill
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
    woken: set[int] = field(default_factory=set)  # documents to be planned once more, in the next round
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
        self.pays(link.subject, link.content)

    def send(self, posting: Posting) -> None:
        """Take up an operation as what is on its way for its subject."""
        if (before := self.waiting.get(posting.subject)) is not None:
            self.withdraw(before)
        self.waiting[posting.subject] = posting
        self.coming[posting.document_id].add(posting.subject)
        if posting.object_kind == ObjectKind.INVOICE.value and posting.verb == Verb.CREATE.value:
            self.numbered[posting.number.casefold()].add(posting.subject)
        self.note(posting.subject)
        self.pays(posting.subject, posting.draft)

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
        """Remember a subject that amends another one, or that is money without a bill."""
        if subject.startswith("bank_transactions/"):
            self.movements.add(subject)
        if is_correction(subject) or is_return(subject):
            self.amending.add(subject)

    def pays(self, subject: str, content: dict[str, Any] | None) -> None:
        """Remember which invoices a subject pays, or once did: `content` says what is so now."""
        for part in (content or {}).get("applications") or []:
            self.payers[part["subject"]][subject] = None

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
