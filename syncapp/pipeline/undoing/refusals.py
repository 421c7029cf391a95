"""What cannot be undone, why, and what to do instead. Asked in a reading scope."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, Sum

from syncapp.core.documents import Kind
from syncapp.core.ledger import Draft, PaymentDraft, TrustJournalDraft, TwinDraft
from syncapp.core.money import spoken
from syncapp.core.planning.corrections import is_correction
from syncapp.core.planning.returns import is_return, payment_subject
from syncapp.core.problems import Problem
from syncapp.pipeline.context import Context, draft_of
from syncapp.pipeline.drifting import otherwise
from syncapp.pipeline.drifting.book_documents import BOOK_ROW
from syncapp.pipeline.ties import entries
from syncapp.pipeline.trust import legs
from syncapp.pipeline.undoing import settling
from syncapp.records.models import BookRow, Document, Link, PostedLine
from trust.queries import matches, signing

KINDS = frozenset(one.value for one in (Kind.PAYMENT, Kind.CREDIT, Kind.MONEY, Kind.INTEREST, Kind.BILL))
VOIDED = frozenset({"invoice", "payment"})  # taken back whole, however they stand
type Told = tuple[str, str]  # why, and what to do instead

PARTNER = ("It is client money.", "A partner undoes it.")
BOOKKEEPER = ("It is the firm's own money.", "A bookkeeper or an administrator undoes it.")
NOT_POSTED = ("It does not stand in the books.", "There is nothing to undo.")
UNDONE = ("It is undone already.", "Send it again, or leave it.")
ON_ITS_WAY = ("Something of it is on its way to the books.", "Wait for the run to end, then undo it.")
OPENING = ("It opens a trust account.", "Change the opening on the page of the trust account.")
REVERSES = ("It reverses what somebody typed into the books.", "Record in Clio what is to stand.")
OTHER = ("It is no record of Clio.", "Change it on its own page.")
ADOPTED = ("It stood in the books before Tieout, which only linked it.", "Change it in QuickBooks.")
TWIN = (
    "Somebody else entered it in QuickBooks; Tieout only named its client.",
    "Delete it there, or remove the movement in Clio.",
)
CORRECTED = (
    "A later entry corrects it, or takes it back for the bank.",
    "Change it in Clio: Tieout then proposes the next correcting entry.",
)
MATCHED = (
    "It is matched with a line of the bank.",
    "The money has moved. Correct the movement in Clio: a later entry then corrects it here.",
)
CLOSED = (
    "Reopen the period, in QuickBooks or at the month end here; or correct it in Clio, and an entry dated in "
    "the open period is proposed."
)
DEPOSITED = (
    "It is in a deposit in QuickBooks.",
    "Take it out of the deposit there, then undo it. If the bank returned it, say so on the payment.",
)
RESTORE = "Restore it, or accept it as it stands, on its exception."
ON_TOP = "Undo that too, or first."
LOCKED = (
    "It lies in a month of client money that is submitted or signed.",
    "Reopen the month, or correct the movement in Clio: a later entry then corrects it.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What a person may undo: operating records, and client money."""

    operating: bool
    trust: bool

    def refuses(self, *, trust: bool) -> Told | None:
        """Say who undoes what this person may not."""
        if trust:
            return None if self.trust else PARTNER
        return None if self.operating else BOOKKEEPER


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A record that cannot be undone, why, and what to do instead."""

    document: Document
    why: str
    instead: str


def because(row: Document, problem: Problem) -> Refused:
    """Return a problem of the planner as what keeps a record from being undone."""
    return Refused(document=row, why=problem.words, instead="Settle that first, then undo it.")


@dataclass(slots=True, kw_only=True)
class Refusals:
    """What is asked once for all records of an undo; `held` is what each ledger and retainer holds."""

    context: Context
    rows: dict[tuple[str, str], BookRow]
    matched: set[str]
    held: Counter[str]
    locked: frozenset[tuple[str, date]]  # accounts of client money, with the months that are shut for them

    def of(self, row: Document, rights: Rights) -> Refused | None:
        """Return why a record cannot be undone by this person; None when it can."""
        links = owned(self.context, row)
        drafts = [(link, draft_of(link.object_kind, link.content or {})) for link in links]
        trust = bool(legs.of_trust(self.context, row))
        told = (
            self._kind(row, links)
            or rights.refuses(trust=trust)
            or self._form(row, drafts)
            or self._fixed(row, drafts)
            or self._changed(row, drafts)
            or self._rests(row, drafts)
        )
        return Refused(document=row, why=told[0], instead=told[1]) if told else None

    def _kind(self, row: Document, links: list[Link]) -> Told | None:
        if row.pk in self.context.undoing.open:
            return UNDONE
        if row.kind == Kind.OPENING.value:
            return OPENING
        if row.kind == BOOK_ROW:
            return REVERSES
        if row.kind not in KINDS:
            return OTHER
        if any(subject in self.context.waiting for subject in settling.subjects(self.context, row)):
            return ON_ITS_WAY
        return None if links else NOT_POSTED

    def _form(self, row: Document, drafts: list[tuple[Link, Draft]]) -> Told | None:
        if any(link.adopted or link.content is None for link, _ in drafts):
            return ADOPTED
        if any(isinstance(draft, TwinDraft) for _, draft in drafts):
            return TWIN
        said = self.context.choices.get(payment_subject(row.source_id)) if row.kind == "payment" else None
        later = any(is_correction(link.subject) or is_return(link.subject) for link, _ in drafts)
        return CORRECTED if later or said else None

    def _fixed(self, row: Document, drafts: list[tuple[Link, Draft]]) -> Told | None:
        if any(link.subject in self.matched for link, _ in drafts):
            return MATCHED
        through = self.context.book.company.closed_through
        days = [day for _, draft in drafts if isinstance(day := getattr(draft, "day", None), date)]
        if through is not None and days and min(days) <= through:
            return f"The books are closed through {through:%-d %b %Y}.", CLOSED
        for _, draft in drafts:
            if isinstance(draft, TrustJournalDraft) and self._locked(draft):
                return LOCKED
        return DEPOSITED if any(self._deposited(row, link, draft) for link, draft in drafts) else None

    def _locked(self, draft: TrustJournalDraft) -> bool:
        month = signing.month_of(draft.day)
        return any((line.account, month) in self.locked for line in draft.entry())

    def _deposited(self, row: Document, link: Link, draft: Draft) -> bool:
        """Tell whether a payment is in a deposit that Tieout did not make of it."""
        deposit = self.context.deposited.get(link.remote_id) if isinstance(draft, PaymentDraft) else None
        if deposit is None:
            return False
        ours = self.context.links.get(self.context.subject_of.get(("deposit", deposit), ""))
        return ours is None or ours.document_id != row.pk

    def _changed(self, row: Document, drafts: list[tuple[Link, Draft]]) -> Told | None:
        """Say that somebody changed it; what QuickBooks itself made otherwise is made void all the same."""
        for link, draft in drafts:
            place = (link.object_kind, link.remote_id)
            words = entries.difference(draft, self.rows.get(place), self.context)
            voids = (
                place[0] in VOIDED and place in otherwise.standing(self.context, [row.pk]) if words else False
            )
            if words and not voids:
                return f"Somebody changed it in QuickBooks since. {words}", RESTORE
        return None

    def _rests(self, row: Document, drafts: list[tuple[Link, Draft]]) -> Told | None:
        """Say what was posted on top of it: payments and credits, or money that was used since."""
        if on_top := settling.resting(self.context, row):
            _, draft, amount = on_top[0]
            more = f", and {len(on_top) - 1} more," if len(on_top) > 1 else ""
            what = f"A payment or credit of {spoken(amount, draft.currency)}, dated {draft.day:%-d %b %Y}"
            return f"{what}{more} rests on it.", ON_TOP
        change = moved(self.context, [draft for _, draft in drafts])
        for key, minor in change.items():
            if minor < 0 and self.held[key] + minor < 0:
                short = spoken(-(self.held[key] + minor), self.context.book.company.currency)
                return f"{short} of this money was used since: the ledger would fall below zero.", ON_TOP
        self.held.update(change)
        return None


def owned(context: Context, row: Document) -> list[Link]:
    """Return the links of what stands for a record, without names and reversals."""
    mine = sorted(settling.subjects(context, row))
    return [context.links[one] for one in mine if one in context.links]


def moved(context: Context, drafts: Iterable[Draft]) -> Counter[str]:
    """Return by how much the undo of some entries changes each client ledger and retainer, in minor units."""
    found: Counter[str] = Counter()
    retainers = context.book.options.retainer_account
    for draft in drafts:
        for line in draft.entry():
            if line.ledger:
                found[line.ledger] += line.amount
            elif retainers is not None and line.account == retainers.id:
                found[_retainer(line.customer)] += line.amount
    return found


def brings(context: Context, row: Document) -> bool:
    """Tell whether a record brings money to a ledger or retainer: what uses it is undone before."""
    drafts = [draft_of(link.object_kind, link.content or {}) for link in owned(context, row)]
    return min(moved(context, drafts).values(), default=0) < 0


def _retainer(customer: str) -> str:
    return f"retainer of {customer}"


def load(context: Context, rows: Iterable[Document]) -> Refusals:
    """Read what the refusals of some records ask. In a reading scope."""
    links = [link for row in rows for link in owned(context, row)]
    mine: dict[str, Any] = {"firm_id": context.firm_id, "books_id": context.books_id}
    stands = BookRow.objects.filter(**mine, remote_id__in=[link.remote_id for link in links])
    drafts = [draft_of(link.object_kind, link.content) for link in links if link.content is not None]
    named = moved(context, drafts)
    lines = PostedLine.objects.filter(firm_id=context.firm_id, entry__books_id=context.books_id)
    held: Counter[str] = Counter()
    of_ledgers = lines.filter(ledger__in=[key for key in named if not key.startswith("retainer of ")])
    for key, total in of_ledgers.values_list("ledger").annotate(total=Sum("minor")).order_by():
        held[key] -= total
    retainers = context.book.options.retainer_account
    if retainers is not None and any(key.startswith("retainer of ") for key in named):
        of_retainers = lines.filter(~Q(customer=""), account=retainers.id)
        for customer, total in of_retainers.values_list("customer").annotate(total=Sum("minor")).order_by():
            held[_retainer(customer)] -= total
    return Refusals(
        context=context,
        rows={(row.kind, row.remote_id): row for row in stands},
        matched=matches.is_matched(firm_id=context.firm_id, subjects=[link.subject for link in links]),
        held=held,
        locked=signing.locked_months(firm_id=context.firm_id, books_id=context.books_id),
    )
