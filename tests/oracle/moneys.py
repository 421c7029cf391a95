"""Payments, credits and the client's operating funds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from syncapp.emulators.clio.funds import Allocation, BankAccount, BankTransaction, CreditMemo, Payment
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.nouns import Bill, Contact, Matter
from tests.oracle.bills import COSTS, counts, is_opening, shares, weights
from tests.oracle.firm import Firm
from tests.oracle.model import RECEIVABLE, UNDEPOSITED, Document, Held, Row, minor

UNAPPLIED = "unapplied of "
type Parts = Sequence[tuple[str, int]]


class Ledgers:
    """What is open on each invoice while payments arrive in order."""

    def __init__(self, invoices: Iterable[Document]) -> None:
        self.of_bill: dict[int, list[Document]] = {}
        self.open: dict[str, int] = {}
        self.interest: set[str] = set()
        self.customer: dict[str, str] = {}
        for one in invoices:
            self.open[one.key] = one.total
            self.customer[one.key] = one.customer
            if one.kind == "interest":
                self.interest.add(one.key)

    def add(self, bill: int, made: list[Document]) -> None:
        """The invoices of a bill."""
        self.of_bill[bill] = made

    def take(self, part: Allocation, *, evenly: bool = False) -> list[tuple[str, int]]:
        """Apply an allocation: interest to the interest invoices, the rest to the bill's own first.

        Of fees and costs apart, costs are paid first, and a credit takes off both `evenly`.
        """
        keys = [one.key for one in self.of_bill.get(part.bill_id or 0, [])]
        own = [key for key in keys if key not in self.interest]
        late = [key for key in keys if key in self.interest]
        left, applied = minor(part.amount), []
        own.sort(key=lambda key: (own_number(key), not key.endswith(COSTS)))
        if evenly and any(key.endswith(COSTS) for key in own):
            for key, worth in self._evenly(own, left):
                applied.append((key, worth))
                left -= worth
        for key in [*late, *own] if part.interest else [*own, *late]:
            if worth := min(left, max(self.open[key], 0)):
                applied.append((key, worth))
                self.open[key] -= worth
                left -= worth
        if left:
            if not keys:
                raise Held("nothing was open on this bill on the start date")
            applied.append((f"{UNAPPLIED}{self.customer[(own or keys)[0]]}", left))
        return applied

    def _evenly(self, own: Sequence[str], left: int) -> list[tuple[str, int]]:
        """Share a credit over fees and costs, matter by matter, in proportion to what is open."""
        found = []
        for number in dict.fromkeys(own_number(key) for key in own):
            pair = [key for key in own if own_number(key) == number]
            rooms = {key: Decimal(max(self.open[key], 0)) for key in pair}
            worth = min(left, int(sum(rooms.values())))
            for key, cents in (shares(worth, rooms) if worth else {}).items():
                if cents:
                    found.append((key, cents))
                    self.open[key] -= cents
            left -= worth
        return found


def own_number(key: str) -> str:
    """The number of an invoice without what its costs add to it."""
    return key.removesuffix(COSTS)


def by_customer(ledgers: Ledgers, applied: Parts) -> dict[str, int]:
    """Cents by the customer of the invoice."""
    found: dict[str, int] = {}
    for key, cents in applied:
        name = ledgers.customer.get(key) or key.removeprefix(UNAPPLIED)
        found[name] = found.get(name, 0) + cents
    return found


def bank_type(world: World, account: int | None) -> str:
    """`Operating`, `Trust` or nothing."""
    return world.get(BankAccount, account).type if account else ""


def payment(world: World, firm: Firm, ledgers: Ledgers, found: Payment, parts: list[Allocation]) -> Document:
    """A payment from outside, from the client's operating funds, or what trust paid. Raises Held."""
    applied = [piece for part in parts for piece in ledgers.take(part)]
    credits_ = [
        Row(account=RECEIVABLE, cents=-cents, customer=customer)
        for customer, cents in by_customer(ledgers, applied).items()
    ]
    whole = sum(cents for _, cents in applied)
    if bank_type(world, found.source_bank_account_id) == "Operating":
        return _from_funds(firm, found, tuple(applied), credits_)
    earned = firm.pair(world, found.source_bank_account_id)
    account = (
        str(earned["operating"])
        if earned
        else firm.landing(world, found.destination_bank_account_id, parts[0].payment_type)
    )
    return Document(
        kind="payment", source=("payments", found.id), day=found.date, number=found.reference,
        customer=f"contacts/{found.contact_id}", pays=tuple(applied),
        rows=(Row(account=account, cents=whole), *credits_),
    )  # fmt: skip


def _from_funds(
    firm: Firm, found: Payment, applied: tuple[tuple[str, int], ...], credits_: list[Row]
) -> Document:
    funds = firm.option("retainers")
    if not funds:
        raise Held("no account for operating retainers")
    debits = [
        Row(account=funds["liability"], cents=-row.cents, customer=row.customer, item=funds["item"])
        for row in credits_
    ]
    return Document(
        kind="funds_used", source=("payments", found.id), day=found.date, pays=applied,
        customer=f"contacts/{found.contact_id}", rows=(*debits, *credits_),
    )  # fmt: skip


class Purse:
    """What stands for each client when money goes back: operating funds, and what payments left unapplied."""

    def __init__(self, world: World, made: Iterable[Document]) -> None:
        self.funds = {contact.id: 0 for contact in world.all(Contact)}
        self.rests: dict[str, int] = {}
        for one in made:
            for key, cents in one.pays if one.kind in ("payment", "funds_used") else ():
                if key.startswith(UNAPPLIED):
                    name = key.removeprefix(UNAPPLIED)
                    self.rests[name] = self.rests.get(name, 0) + cents
            if one.kind == "funds_used":
                self.funds[int(one.customer.partition("/")[2])] -= sum(cents for _, cents in one.pays)
        for row in world.all(BankTransaction):
            kind = bank_type(world, row.bank_account_id)
            if kind == "Operating" and row.allocation_id is None and row.client_id and row.amount > 0:
                self.funds[row.client_id] += minor(row.amount)

    def gives(self, world: World, firm: Firm, row: BankTransaction) -> str:
        """Take a refund out of the funds, else out of one rest, whose customer is told. Raises Held."""
        cents, client = -minor(row.amount), row.client_id or 0
        if firm.option("retainers") and self.funds[client] >= cents:
            self.funds[client] -= cents
            return ""
        own = {f"contacts/{client}", *(f"matters/{m.id}" for m in world.all(Matter) if m.client_id == client)}
        named = firm.billed(world, client, [row.matter_id] if row.matter_id else [])
        for name in sorted(own & self.rests.keys(), key=lambda name: (name != named, name)):
            if self.rests[name] >= cents:
                self.rests[name] -= cents
                return name
        raise Held("more than stands for the client")


def funds(world: World, firm: Firm, row: BankTransaction, purse: Purse) -> Document:
    """Money into operating without a bill, or given back. Raises Held."""
    account = firm.option("retainers")
    if row.client_id is None:
        raise Held("money without a client")
    customer = firm.billed(world, row.client_id, [row.matter_id] if row.matter_id else [])
    bank, cents = firm.landing(world, row.bank_account_id, None), minor(row.amount)
    if cents < 0 and bank == UNDEPOSITED:
        raise Held("no check is drawn on Undeposited Funds")
    rest = purse.gives(world, firm, row) if cents < 0 else ""
    if not account and not rest:
        raise Held("no account for operating retainers")
    against = RECEIVABLE if rest else account["liability"]
    kind = "funds_in" if cents > 0 else "refund" if rest else "funds_out"
    return Document(
        kind=kind, source=("bank_transactions", row.id), day=row.date, customer=rest or customer,
        rows=(Row(account=bank, cents=cents), Row(account=against, cents=-cents, customer=rest or customer)),
    )  # fmt: skip


def credit(world: World, firm: Firm, ledgers: Ledgers, found: CreditMemo, part: Allocation) -> Document:
    """A credit note or write-off on one bill. Raises Held."""
    bill = world.get(Bill, part.bill_id or 0)
    applied = ledgers.take(part, evenly=True)
    rows = []
    late = [piece for piece in applied if piece[0] in ledgers.interest]
    own = [piece for piece in applied if piece[0] not in ledgers.interest]
    apart = any(key.endswith(COSTS) for key in ledgers.open if key.startswith(f"bills/{bill.id}/"))
    pieces = []
    for of in ("fees", "costs") if apart else ("",):
        mine = [piece for piece in own if not of or piece[0].endswith(COSTS) == (of == "costs")]
        pieces += [(*one, False, of) for one in by_customer(ledgers, mine).items()]
    pieces += [(*one, True, "") for one in by_customer(ledgers, late).items()]
    for customer, cents, interest, of in pieces:
        weight = weights(world, bill, of)
        if is_opening(firm, bill):
            split = {"": cents}
        elif interest or not any(weight.values()):  # an interest invoice has no costs and no tax
            split = {"fees": cents}
        else:
            split = shares(cents, weight)
        for what, worth in split.items():
            place = firm.place({"line": "write_off", **({"of": what} if what else {})})
            klass = "" if firm.facts.class_of_transaction else place.klass
            if worth:
                rows.append(
                    Row(account=place.account, cents=worth, customer=customer, item=place.item, klass=klass)
                )
        rows.append(Row(account=RECEIVABLE, cents=-cents, customer=customer))
    return Document(
        kind="credit", source=("credit_memos", found.id), day=found.date, pays=tuple(applied),
        customer=rows[0].customer, rows=tuple(rows),
    )  # fmt: skip


def live_parts(world: World, firm: Firm, ids: Iterable[int]) -> list[Allocation]:
    """The allocations that stand and are from the start date or later."""
    return [a for a in world.some(Allocation, ids) if a.voided_at is None and counts(firm, a)]
