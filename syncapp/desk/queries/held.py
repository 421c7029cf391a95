"""What the firm holds for clients in operating: retainers without a bill, and credits not applied."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F, Sum

from mapping import queries as mapping
from syncapp.core.ageing import oldest
from syncapp.records.models import BookLine, BookRow, Link, PostedLine

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from accounts.models import Books

NOBODY = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retainer:
    """What is held for one client, by the books and by what was posted; minor units. `owed` is billed."""

    client: str
    held: int
    posted: int
    since: date | None
    age: int
    owed: int

    @property
    def typed(self) -> int:
        """Return what somebody else entered of it in the books."""
        return self.held - self.posted

    @property
    def step(self) -> str:
        """Say what is to be done with it."""
        if not self.client:
            return "Name the client on the entry in QuickBooks."
        if self.held < 0:
            return "More was used than came in: look at what was applied or paid back."
        if self.owed:
            return "Apply it to the open bills in Clio: a payment from operating funds."
        return "Bill it, pay it back, or move it to trust if it is not earned."


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """A payment or a credit memo that is not applied; minor units."""

    kind: str
    remote_id: str
    number: str
    client: str
    day: date | None
    age: int
    amount: int
    document: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """All that is held: `account` names the liability, empty where none is mapped."""

    account: str
    retainers: list[Retainer]
    credits: list[Credit]

    @property
    def balance(self) -> int:
        """Return what the liability comes to."""
        return sum(one.held for one in self.retainers)

    @property
    def posted(self) -> int:
        """Return what of it was posted here."""
        return sum(one.posted for one in self.retainers)

    @property
    def typed(self) -> int:
        """Return what somebody else entered of it in the books."""
        return self.balance - self.posted

    @property
    def unapplied(self) -> int:
        """Return what is not applied in all."""
        return sum(one.amount for one in self.credits)


def read(*, books: Books | None, today: date) -> Held:
    """Read what is held in one set of books. In a reading scope."""
    if books is None:
        return Held(account="", retainers=[], credits=[])
    rules = mapping.rule_book(firm_id=books.firm_id, books_id=books.pk)
    liability = rules.options.retainer_account if rules else None
    top = _clients(books)
    return Held(
        account=liability.name if liability else "",
        retainers=_retainers(books, liability.id, top, today) if liability else [],
        credits=_credits(books, top, today),
    )


def _clients(books: Books) -> dict[str, tuple[str, str]]:
    """Return the client above each customer of the books, with its name."""
    rows = BookRow.objects.filter(firm_id=books.firm_id, books=books, kind="customer", deleted=False)
    known = {key: (parent or "", name) for key, parent, name in rows.values_list(
        "remote_id", "data__parent", "name")}  # fmt: skip

    def above(key: str) -> tuple[str, str]:
        seen: set[str] = set()
        while (parent := known[key][0]) in known and key not in seen:
            seen.add(key)
            key = parent
        return key, known[key][1]

    return {key: above(key) for key in known}


def _retainers(books: Books, account: str, top: dict[str, tuple[str, str]], today: date) -> list[Retainer]:
    lines = BookLine.objects.filter(firm_id=books.firm_id, books=books, account=account)
    lines = lines.filter(row__deleted=False, row__voided=False).order_by()
    moves: dict[str, list[tuple[date, int]]] = defaultdict(list)
    names = {NOBODY: ""}
    for customer, day, minor in lines.values_list("customer", "row__day", "minor"):
        key, name = top.get(customer, (customer, customer))
        names[key] = name
        if day is not None:
            moves[key].append((day, -minor))
    posted, owed = _posted(books, account, top), _owed(books, top)
    found = []
    for key in {*moves, *posted}:
        held, since = sum(amount for _, amount in moves[key]), oldest(moves[key])
        if held or posted[key]:
            age = (today - since).days if since else 0
            name = names.get(key) or next((n for k, n in top.values() if k == key), "")
            found.append(
                Retainer(client=name, held=held, posted=posted[key], since=since, age=age, owed=owed[key])
            )
    return sorted(found, key=lambda one: (-one.age, one.client))


def _posted(books: Books, account: str, top: dict[str, tuple[str, str]]) -> Counter[str]:
    """Return what was posted to the liability, by client of the books."""
    lines = PostedLine.objects.filter(firm_id=books.firm_id, account=account, entry__books=books)
    sums = lines.order_by().values("customer").annotate(total=Sum("minor")).values_list("customer", "total")
    links = Link.objects.filter(firm_id=books.firm_id, books=books, live=True, object_kind="customer")
    ids = dict(links.values_list("subject", "remote_id"))
    found: Counter[str] = Counter()
    for subject, total in sums:
        key = ids.get(subject, subject.removeprefix("id:"))
        found[top.get(key, (key, ""))[0]] -= total
    return found


def _owed(books: Books, top: dict[str, tuple[str, str]]) -> Counter[str]:
    rows = BookRow.objects.filter(firm_id=books.firm_id, books=books, kind="invoice", balance__gt=0)
    found: Counter[str] = Counter()
    for customer, balance in rows.filter(deleted=False, voided=False).values_list("customer", "balance"):
        found[top.get(customer, (customer, ""))[0]] += balance
    return found


def _credits(books: Books, top: dict[str, tuple[str, str]], today: date) -> list[Credit]:
    rows = BookRow.objects.filter(firm_id=books.firm_id, books=books, kind__in=["payment", "credit_memo"])
    rows = rows.filter(balance__gt=0, deleted=False, voided=False).order_by(
        F("day").asc(nulls_last=True), "pk"
    )
    shown = list(rows.only("kind", "remote_id", "number", "customer", "day", "balance", "data"))
    documents = _documents(books, shown)
    return [
        Credit(
            kind=row.kind,
            remote_id=row.remote_id,
            number=row.number or str(row.data.get("reference") or ""),
            client=top.get(row.customer, ("", row.customer))[1],
            day=row.day,
            age=(today - row.day).days if row.day else 0,
            amount=row.balance,
            document=documents.get((row.kind, row.remote_id)),
        )
        for row in shown
    ]


def _documents(books: Books, rows: Iterable[BookRow]) -> dict[tuple[str, str], int | None]:
    links = Link.objects.filter(firm_id=books.firm_id, books=books, live=True)
    links = links.filter(
        object_kind__in=["payment", "credit_memo"], remote_id__in=[r.remote_id for r in rows]
    )
    return {(kind, key): pk for kind, key, pk in links.values_list("object_kind", "remote_id", "document_id")}
