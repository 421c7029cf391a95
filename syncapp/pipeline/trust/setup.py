"""Setting trust accounts up by hand: judged against the chart, asked for, approved by who sees the effect."""

from __future__ import annotations

from copy import copy
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from accounts.models import Firm
from accounts.tenancy import firm_scope
from mapping import queries as mapping
from syncapp.pipeline.clock import schedule
from syncapp.pipeline.trust import ledger_accounts
from syncapp.records.models import Document, PostedLine
from trust import pairing
from trust.actions import changes
from trust.actions.pairs import add_pair
from trust.models import PairChange, TrustPair
from trust.pairing import Fault, Terms
from trust.queries.openings import NO_OPENING
from trust.queries.pairs import pairs, terms_of
from trust.queries.threeway import as_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import Books, User
    from trust.threeway import ThreeWay

SHORT = timedelta(days=31)
FROM_CLIO = "clio"
BEGINS_EMPTY = "The account is new and begins empty."


def judge(*, books: Books, terms: Terms, pair: TrustPair | None = None) -> list[Fault]:
    """Return every rule that a pair would break, beside all others of the firm. In a reading scope."""
    currency: str = Firm.objects.values_list("currency", flat=True).get(pk=books.firm_id)
    rows = [row for row in pairs(books.firm_id) if pair is None or row.pk != pair.pk]
    found = pairing.faults(
        terms,
        accounts=mapping.chart(books.pk).accounts,
        others=[terms_of(row) for row in rows if row.books_id == books.pk],
        currency=currency,
        ledger=mapping.LEDGER_WORDS[books.ledger],
    )
    names = {row.clio_account.casefold() for row in rows if row.books_id != books.pk}
    if terms.clio_account.casefold() in names:
        words = f"“{terms.clio_account}” is a trust account of another set of books already."
        found.append(Fault(term="clio_account", words=words))
    return found


def add(*, books: Books, terms: Terms, by: User, now: datetime) -> TrustPair | list[Fault]:
    """Set a trust account up, or say which rules refuse it. Opens its own scope.

    One that a person sets up without an opening is compared with Clio's earlier rows like any other, until a
    partner agrees that it begins empty: else an account with money in it would post beside no proof.
    """
    empty = terms.opening == NO_OPENING
    with firm_scope(write=books.firm_id):
        found = judge(books=books, terms=terms)
        if found:
            return found
        first = replace(terms, opening=FROM_CLIO) if empty else terms
        made = add_pair(books=books, terms=first, actor=by, now=now)
        if empty:
            changes.ask(pair=made, terms=terms, by=by, now=now, reason=BEGINS_EMPTY)
        ledger_accounts.keep(firm_id=books.firm_id, books_id=books.pk, chart=mapping.chart(books.pk))
    schedule.ask(firm_id=books.firm_id, now=now)
    return made


def ask(
    *, pair: TrustPair, terms: Terms, by: User, now: datetime, reason: str = ""
) -> PairChange | str | list[Fault]:
    """Ask for a change of a trust account: the change, the words, or the rules that refuse it."""
    with firm_scope(write=pair.firm_id):
        found = judge(books=pair.books, terms=terms, pair=pair)
        return found or changes.ask(pair=pair, terms=terms, by=by, now=now, reason=reason)


def approve(*, change: PairChange, by: User, now: datetime, note: str = "") -> str | None:
    """Put a change in force, judged once more; return the words when it cannot be. Opens its own scope.

    What was left to the bank feed until now is planned anew, what was posted stays as it is.
    """
    with firm_scope(write=change.firm_id):
        row = PairChange.objects.select_for_update().select_related("pair").get(pk=change.pk)
        pair = TrustPair.objects.select_related("books").get(pk=row.pair_id)
        found = judge(books=pair.books, terms=changes.terms_from(row.terms), pair=pair)
        if found:
            return " ".join(fault.words for fault in found)
        refusal = changes.approve(change=row, by=by, now=now, note=note)
        if refusal is None:
            chart = mapping.chart(pair.books_id)
            ledger_accounts.keep(firm_id=pair.firm_id, books_id=pair.books_id, chart=chart)
            skipped = Document.objects.filter(firm_id=pair.firm_id, kind__in=["money", "payment"])
            skipped.filter(outcome="skipped", day__gte=row.pair.start).update(settled=False, outcome="")
    if refusal is None:
        schedule.ask(firm_id=change.firm_id, now=now)
    return refusal


# what a three-way reads of a pair
COMPARED = ("clio_account", "client_id", "bank", "liability", "below", "start", "opening")


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a change would do to today's three-way, and how much was posted where it leaves."""

    now: ThreeWay
    then: ThreeWay
    posted: int  # entries that stay on the accounts they were posted to
    moved: int  # what they did to the liability, minor units


def effect(change: PairChange, *, today: date) -> Effect:
    """Compare today's three-way with what it would be. In a reading scope; nothing is changed."""
    pair = change.pair
    then = copy(pair)
    for key, value in asdict(changes.terms_from(change.terms)).items():
        setattr(then, key, value)
    left = {getattr(pair, key) for key in ("bank", "liability") if getattr(pair, key) != getattr(then, key)}
    chart, beside = mapping.chart(pair.books_id), pairs(pair.firm_id, books_id=pair.books_id)
    others = [one.liability for one in beside if one.pk != pair.pk]
    then.below = sorted(ledger_accounts.under(chart, then.liability, others))
    lines = PostedLine.objects.filter(
        Q(account__in=left) | Q(parent__in=left),
        firm_id=pair.firm_id,
        entry__books_id=pair.books_id,
        entry__side="trust",
    )
    held = lines.filter(role="trust_liability").values_list("minor", flat=True)
    first = today - SHORT
    now = as_of(pair, first, today)
    differs = any(getattr(pair, key) != getattr(then, key) for key in COMPARED)
    return Effect(
        now=now,
        then=as_of(then, first, today) if differs else now,
        posted=lines.values("entry_id").distinct().count() if left else 0,
        moved=-sum(held),
    )
