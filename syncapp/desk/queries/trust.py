"""Trust accounts as their set-up pages show them. Each question is asked inside a scope of the firm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accounts import queries as accounts
from mapping import queries as mapping
from syncapp.pipeline.trust import findings
from trust.actions.changes import terms_from
from trust.actions.changes import waiting as change_waiting
from trust.models import OpeningItem, PairChange
from trust.pairing import CHECK, CUSTOMER, DETAILS, JOURNAL, SUB_ACCOUNT
from trust.queries import called, openings
from trust.queries import ledgers as ledger_names
from trust.queries.pairs import pairs, terms_of

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Books
    from syncapp.core.books import Chart
    from trust.models import Opening, TrustPair
    from trust.pairing import Terms

KINDS = {"pooled": "Pooled", "single-client": "One client"}
CLIENT_AS = {
    CUSTOMER: "Named on the liability line",
    SUB_ACCOUNT: "An account of their own below the liability",
}
DISBURSEMENT_AS = {
    JOURNAL: "Journal entries",
    CHECK: "Checks with their payee",
}
POSTS = {
    "deposit": "Deposits",
    "disbursement": "Disbursements",
    "refund": "Refunds",
    "transfer": "Transfers",
    "bill_payment": "Bills paid from trust",
    "interest": "Interest",
    "bank_charge": "Bank charges",
}
TERMS = {
    "clio_account": "Account in Clio",
    "kind": "Kind",
    "client_id": "Client",
    "bank": "Trust bank",
    "liability": "Trust liability",
    "operating": "Earned money lands in",
    "client_as": "Clients in the books",
    "disbursement_as": "Disbursements and refunds post as",
    "opening": "Opening",
    "start": "Start",
    "post": "Tieout posts",
    "jurisdiction": "Jurisdiction",
    "last_digits": "Last digits",
}
OPENINGS = {"clio": "From Clio's earlier rows", "none": "None", "file": "From a file"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One trust account with what waits for it."""

    pair: TrustPair
    bank: str
    liability: str
    operating: str
    change: PairChange | None
    opening: Opening | None
    waits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A trust account that the firm file names and a rule refuses."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One term of a pair as people read it, before and after a change."""

    label: str
    before: str
    after: str = ""


def rows(firm_id: int) -> list[Account]:
    """List the trust accounts of a firm with their accounts by name."""
    charts: dict[int, Chart] = {}
    found = []
    for pair in pairs(firm_id):
        chart = charts.setdefault(pair.books_id, mapping.chart(pair.books_id))
        found.append(account(pair, chart))
    return found


def account(pair: TrustPair, chart: Chart) -> Account:
    """Return one trust account with what waits for it."""
    return Account(
        pair=pair,
        bank=name_of(chart, pair.bank),
        liability=name_of(chart, pair.liability),
        operating=name_of(chart, pair.operating) if pair.operating else "",
        change=change_waiting(pair),
        opening=openings.opening_of(pair),
        waits=openings.waits(pair),
    )


def refused(firm_id: int, now: datetime) -> list[Refused]:
    """List what the firm file says of trust and the rules refuse."""
    return [
        Refused(name=wish.terms.clio_account, words=tuple(fault.words for fault in wish.faults))
        for books in accounts.books_of(firm_id=firm_id)
        for wish in findings.refused(books, now)
    ]


def name_of(chart: Chart, id_: str) -> str:
    """Return an account by its full name, also one that is gone from the books."""
    found = chart.accounts.get(id_)
    return found.name if found is not None else f"An account that is not in the books any more ({id_})"


def clio_accounts(firm_id: int) -> tuple[str, ...]:
    """Return the names of Clio's trust accounts that have no pair yet."""
    taken = {pair.clio_account.casefold() for pair in pairs(firm_id)}
    return tuple(name for name in called.offered(firm_id) if name.casefold() not in taken)


def offered(chart: Chart, kind: tuple[str, str], kept: str = "") -> list[Any]:
    """Offer the accounts of a chart, those of the right type first, each with what it is."""
    listed = sorted(chart.accounts.values(), key=lambda row: row.name.casefold())
    shown = [row for row in listed if row.active or row.id == kept]
    fits = [row for row in shown if row.type == kind[0] and kind[1] in {row.subtype, ""}]
    rest = [row for row in shown if row not in fits]
    right = [(row.id, row.name) for row in fits]
    wrong = [(row.id, f"{row.name} ({row.type or 'no type'})") for row in rest]
    return [("", "Choose an account"), ("Of the right type", right), ("Other accounts", wrong)]


def changed(change: PairChange, chart: Chart) -> list[Row]:
    """Return what a change is about, term by term."""
    before, after = terms_from(change.before), terms_from(change.terms)
    return [
        Row(label=row.label, before=row.before, after=other.before)
        for row, other in zip(told(before, chart), told(after, chart), strict=True)
        if row.before != other.before
    ]


def told(terms: Terms, chart: Chart) -> list[Row]:
    """Return the terms of a pair in people's words."""
    values = {
        "clio_account": terms.clio_account,
        "kind": KINDS.get(terms.kind, terms.kind),
        "client_id": f"Clio's client {terms.client_id}" if terms.client_id is not None else "",
        "bank": name_of(chart, terms.bank),
        "liability": name_of(chart, terms.liability),
        "operating": name_of(chart, terms.operating) if terms.operating else "",
        "client_as": CLIENT_AS.get(terms.client_as, terms.client_as),
        "disbursement_as": DISBURSEMENT_AS.get(terms.disbursement_as, terms.disbursement_as),
        "opening": OPENINGS.get(terms.opening, f"From the file {terms.opening}"),
        "start": f"{terms.start.day} {terms.start:%b %Y}",
        "post": ", ".join(POSTS[key] for key in POSTS if key in terms.post) or "Nothing",
        "jurisdiction": terms.jurisdiction,
        "last_digits": terms.last_digits,
    }
    return [Row(label=label, before=values[key]) for key, label in TERMS.items()]


def decided(pair: TrustPair) -> list[PairChange]:
    """List the changes of a trust account that were decided, the newest first."""
    rows = PairChange.objects.filter(firm_id=pair.firm_id, pair=pair).exclude(state="waiting")
    return list(rows.select_related("decided_by")[:50])


def change_or_none(*, firm_id: int, change_id: int) -> PairChange | None:
    """Find a change of one of the firm's trust accounts."""
    rows = PairChange.objects.filter(firm_id=firm_id, pk=change_id)
    return rows.select_related("pair__books", "proposed_by", "decided_by").first()


def pair_or_none(*, firm_id: int, pair_id: int) -> TrustPair | None:
    """Find one of the firm's trust accounts."""
    return pairs(firm_id).filter(pk=pair_id).first()


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What one ledger held, by its name; minor units."""

    name: str
    minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningPage:
    """An opening with its ledgers by name and what was outstanding; minor units."""

    ledgers: list[Named]
    items: list[OpeningItem]
    adjusted: int | None


def opening_page(pair: TrustPair, opening: Opening | None) -> OpeningPage:
    """Read what the page of an opening lists."""
    held = openings.ledgers(pair)
    names = ledger_names.names(pair.firm_id, held)
    items = list(OpeningItem.objects.filter(firm_id=pair.firm_id, opening__pair=pair))
    given = opening.statement if opening is not None else None
    return OpeningPage(
        ledgers=[Named(name=names.get(key, key), minor=minor) for key, minor in held.items()],
        items=items,
        adjusted=None if given is None else given + sum(item.amount for item in items),
    )


def described(chart: Chart, id_: str) -> str:
    """Return an account with its type, for the page of one pair."""
    found = chart.accounts.get(id_)
    if found is None:
        return name_of(chart, id_)
    return f"{found.name} ({found.type}, {DETAILS.get(found.subtype, found.subtype)})"


def books_or_none(*, firm_id: int, books_id: int | None) -> Books | None:
    """Find a set of books of the firm; its first one where none is named."""
    listed = accounts.books_of(firm_id=firm_id)
    if books_id is None:
        return listed[0] if listed else None
    return next((one for one in listed if one.pk == books_id), None)


def terms(pair: TrustPair, chart: Chart) -> list[Row]:
    """Return what is in force for one trust account, the accounts with their types."""
    said = {"Trust bank": pair.bank, "Trust liability": pair.liability}
    listed = [
        Row(label=row.label, before=described(chart, said[row.label]) if row.label in said else row.before)
        for row in told(terms_of(pair), chart)
        if row.before
    ]
    return [*listed, Row(label="Accounts of ledgers", before=_room(pair, chart))] if _own(pair) else listed


def _own(pair: TrustPair) -> bool:
    """Tell whether a trust account has, or had, ledgers with accounts of their own."""
    return pair.client_as == SUB_ACCOUNT or bool(pair.below)


def _room(pair: TrustPair, chart: Chart) -> str:
    """Say how many ledgers have an account of their own, and how many more the books take."""
    count = sum(1 for key in pair.below if (row := chart.accounts.get(key)) is not None and row.active)
    words = f"{count} below {name_of(chart, pair.liability)}."
    company = mapping.company(pair.books_id)
    if company is None or company.most_accounts is None:
        return words
    stand = sum(1 for row in chart.accounts.values() if row.active)
    return f"{words} {company.plan or 'QuickBooks'} takes {company.most_accounts} accounts, {stand} stand."
