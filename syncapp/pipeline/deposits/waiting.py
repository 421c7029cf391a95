"""What waits in Undeposited Funds, as the books were last seen, and what else stands on that account.

QuickBooks deposits payments and, among others, journal entries (qbo/API.md section 8.10): money without an
invoice waits there as an entry of ours, whose first line is meant.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Sum

from mapping import queries as mapping
from syncapp.core.books import Chart
from syncapp.core.ledger import JournalDraft, ObjectKind
from syncapp.pipeline.context import draft_of
from syncapp.pipeline.settling.planning_book import UNDEPOSITED
from syncapp.qbo.shapes import ENTITY_OF
from syncapp.records.models import BankDeposit, BookCursor, BookLine, BookRow, Link

REST = "undeposited_rest"  # the fact of a cursor: what QuickBooks' balance holds beside the rows we keep
PAYMENT, JOURNAL, DEPOSIT = ObjectKind.PAYMENT.value, ObjectKind.JOURNAL.value, ObjectKind.DEPOSIT.value
DEPOSITABLE = (PAYMENT, JOURNAL)

type Place = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """One thing that waits: where it stands in the books, its day and minor units, whose and by which number.

    `document` is the record of Clio that it is, if it is one of ours. `slip` is the deposit that it is on
    its way into.
    """

    place: Place
    day: date
    amount: int
    customer: str = ""
    reference: str = ""
    document: int | None = None
    slip: int | None = None

    @property
    def key(self) -> str:
        """Return its place as one text."""
        return ":".join(self.place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """What else moves the account and waits for nothing: its place, number, day and minor units there."""

    place: Place
    number: str
    day: date | None
    amount: int


@dataclass(slots=True, kw_only=True)
class Account:
    """Undeposited Funds: what waits, what else stands on it, and its balance in the books. Minor units."""

    id: str = ""
    waits: list[Waits] = field(default_factory=list)
    others: list[Other] = field(default_factory=list)
    balance: int = 0
    inside: dict[Place, str] = field(default_factory=dict)  # what lies in a deposit, with the deposit's id

    @property
    def waiting(self) -> int:
        """Return the sum of what waits."""
        return sum(one.amount for one in self.waits)

    @property
    def other(self) -> int:
        """Return the sum of what else stands on it, and is known."""
        return sum(one.amount for one in self.others)

    @property
    def rest(self) -> int:
        """Return what the balance holds beside all that is kept here: sales receipts, transfers."""
        return self.balance - self.waiting - self.other


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """What one object of the books does to the account."""

    pk: int
    place: Place
    amount: int


def undeposited(chart: Chart) -> str:
    """Return the account's id; empty where the books have none."""
    found = chart.of_type(*UNDEPOSITED)
    return found.id if found else ""


def read(*, firm_id: int, books_id: int) -> Account:
    """Read the account of one set of books. In a reading scope."""
    account = mapping.account_of_type(books_id, *UNDEPOSITED)
    if not account:
        return Account()
    rows = _rows(firm_id, books_id, account)
    linked, inside = _deposits(firm_id, books_id)
    open_ = [row for row in rows if row.place not in inside and row.place[0] != DEPOSIT]
    off = [(row, row.amount + linked.get(row.place[1], 0)) for row in rows if row.place[0] == DEPOSIT]
    off = [(row, amount) for row, amount in off if amount]
    kept = _kept(firm_id, [*open_, *(one for one, _ in off)])
    ours = _ours(firm_id, books_id, account, open_)
    slips = on_slips(firm_id=firm_id, books_id=books_id)
    rest = _rest(firm_id, books_id)
    found = Account(id=account, balance=sum(row.amount for row in rows) + rest, inside=inside)
    found.others = [_other(row, kept[row.pk], amount) for row, amount in off]
    for row in open_:
        stands = kept[row.pk]
        known = row.amount > 0 and row.place[0] == PAYMENT
        waits = stands.day is not None and (known or row.place in ours)  # below zero: taken from a payout
        if waits:
            found.waits.append(_waits(row, stands, ours.get(row.place), slips.get(row.place)))
        else:
            found.others.append(_other(row, stands, row.amount))
    found.waits.sort(key=lambda one: (one.day, one.place))
    return found


def _rows(firm_id: int, books_id: int, account: str) -> list[_Row]:
    lines = BookLine.objects.filter(firm_id=firm_id, books_id=books_id, account=account)
    lines = lines.filter(row__deleted=False, row__voided=False)
    sums = lines.order_by().values_list("row_id", "row__kind", "row__remote_id").annotate(total=Sum("minor"))
    return [_Row(pk=pk, place=(kind, key), amount=minor) for pk, kind, key, minor in sums if minor]


def _kept(firm_id: int, rows: list[_Row]) -> dict[int, BookRow]:
    """Return the objects of the books that some rows are of, with what is told of them."""
    found = BookRow.objects.filter(firm_id=firm_id, pk__in=[row.pk for row in rows])
    return {row.pk: row for row in found.only("firm", "day", "number", "customer", "data")}


def _waits(row: _Row, stands: BookRow, document: int | None, slip: int | None) -> Waits:
    return Waits(
        place=row.place,
        day=stands.day or date.min,
        amount=row.amount,
        customer=stands.customer or _customer(stands.data),
        reference=str(stands.data.get("reference") or stands.number),
        document=document,
        slip=slip,
    )


def _other(row: _Row, stands: BookRow, amount: int) -> Other:
    return Other(place=row.place, number=stands.number, day=stands.day, amount=amount)


def _deposits(firm_id: int, books_id: int) -> tuple[dict[str, int], dict[Place, str]]:
    """Return what each deposit takes out of the account, and what lies in which of them."""
    kinds = {ENTITY_OF[ObjectKind(kind)]: kind for kind in DEPOSITABLE}
    rows = BookRow.objects.filter(firm_id=firm_id, books_id=books_id, kind=DEPOSIT, deleted=False)
    linked: dict[str, int] = {}
    inside: dict[Place, str] = {}
    for deposit, links in rows.values_list("remote_id", "data__links"):
        linked[deposit] = sum(int(amount) for _, amount in links or [])
        for target, _ in links or []:
            entity, _, key = str(target).partition(":")
            if entity in kinds:
                inside[kinds[entity], key] = deposit
    return linked, inside


def learned(*, firm_id: int, books_id: int, chart: Chart | None) -> dict[str, int]:
    """Return the fact to keep when the accounts were read: what the balance holds beside our rows."""
    account = chart.accounts.get(undeposited(chart)) if chart else None
    if account is None or account.balance is None:
        return {}
    return {REST: account.balance - sum(row.amount for row in _rows(firm_id, books_id, account.id))}


def deposited(*, firm_id: int, books_id: int) -> dict[Place, str]:
    """Return what lies in a deposit of the books, with the deposit's id. In a reading scope."""
    return _deposits(firm_id, books_id)[1]


def on_slips(*, firm_id: int, books_id: int) -> dict[Place, int]:
    """Return what stands on a deposit that was made here, with the deposit's id. In a reading scope."""
    rows = BankDeposit.objects.filter(firm_id=firm_id, books_id=books_id, ended_at__isnull=True)
    listed = rows.values_list("pk", "rows")
    return {(str(one["kind"]), str(one["id"])): pk for pk, gathered in listed for one in gathered}


def _ours(firm_id: int, books_id: int, account: str, rows: list[_Row]) -> dict[Place, int | None]:
    """Return the payments and entries of ours; an entry counts when its first line stands on the account."""
    links = Link.objects.filter(firm_id=firm_id, books_id=books_id, live=True, object_kind__in=DEPOSITABLE)
    links = links.filter(remote_id__in=[row.place[1] for row in rows])
    found: dict[Place, int | None] = {}
    for kind, key, document, content in links.values_list(
        "object_kind", "remote_id", "document_id", "content"
    ):
        if kind == JOURNAL:
            draft = draft_of(kind, content) if content else None
            if not isinstance(draft, JournalDraft) or draft.lines[0].account != account:
                continue
        found[kind, key] = document
    return found


def _customer(data: dict[str, Any]) -> str:
    return next((line["customer"] for line in data.get("lines") or [] if line.get("customer")), "")


def _rest(firm_id: int, books_id: int) -> int:
    cursor = BookCursor.objects.filter(firm_id=firm_id, books_id=books_id).first()
    return int((cursor.facts if cursor else {}).get(REST, 0))
