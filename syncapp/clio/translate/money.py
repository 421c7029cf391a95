"""Allocations, credit memos, interest charges and bank transactions as our documents."""

from __future__ import annotations

from collections.abc import Sequence

from syncapp.clio.translate.reading import Reading, Row, code_of, reading, tells
from syncapp.core.documents import Allocation, Credit, Funds, Interest, Money, Payment, TrustRow

_BANK_TYPES = ("Operating", "Trust")
_PARENTS = ("Payment", "CreditMemo")


@tells
def payment(
    parent_id: int, *, allocations: Sequence[Row], bank_rows: Sequence[Row] = (), currency: str = "USD"
) -> Payment:
    """Read the allocations with one Payment as parent; Clio shows the payment itself nowhere.

    `bank_rows` are the bank transactions that name these allocations. Voided allocations are not live;
    with none left the payment was removed. The kind of money is told by the source account (DESIGN 9, h).
    """
    everything = [reading(row, "payment", "allocations") for row in allocations]
    if not everything:
        raise Reading({"id": parent_id}, "payment", "allocations").unreadable("allocations", None)
    for part in everything:
        part.word("type", _PARENTS, inside="parent", default="Payment")
    live = [part for part in everything if not part.row.get("voided_at")]
    rows = [reading(row, "bank transaction", "bank_transactions") for row in bank_rows]
    currency = next((code_of(row, currency) for row in rows), currency)
    telling = (live or everything)[0]
    clients = {part.ref("contact") for part in live or everything}
    return Payment(
        id=parent_id,
        day=min(part.dated("date") for part in live or everything),
        currency=currency,
        funds=_funds(live or everything),
        client_id=clients.pop() if len(clients) == 1 else None,
        allocations=_allocations(live, currency),
        reference=_reference(telling, rows),
        method=telling.text("payment_type"),
        bank_account=_landed(telling, rows),
        source_account=telling.text("name", inside="source_bank_account"),
        into_trust=any(_into_trust(part) for part in live or everything),
        trust_rows=tuple(_trust_row(row, currency) for row in rows if _in_trust(row)) if live else (),
    )


@tells
def credit(
    memo: Row | None,
    *,
    allocations: Sequence[Row],
    write_off_ids: set[int] | frozenset[int] = frozenset(),
    currency: str = "USD",
) -> Credit:
    """Read a credit memo with the allocations that name it as parent.

    `write_off_ids` are the allocations that Clio's list shows under `kind=write_off`: no field tells them.
    `memo` is None when the allocations were seen before it. A discount that is no write-off is one for
    early payment (CreditMemo.discount, "applied as discount").
    """
    everything = [reading(row, "credit", "allocations") for row in allocations]
    if memo is None and not everything:
        raise Reading({}, "credit", "credit_memos").unreadable("id", None)
    head = reading(memo, "credit", "credit_memos") if memo is not None else None
    removed = head is not None and bool(head.row.get("voided_at"))
    live = [] if removed else [part for part in everything if not part.row.get("voided_at")]
    if head is not None:
        currency = code_of(head, currency)
    clients = {part.ref("contact") for part in everything} | ({head.ref("contact")} if head else set())
    clients.discard(None)
    write_off = any(part.id in write_off_ids for part in everything)
    parent = everything[0].ref("parent") if head is None else head.id
    if parent is None:
        raise everything[0].unreadable("parent.id", None)
    days = [part.dated("date") for part in live or everything]
    first = min(days) if days else None
    return Credit(
        id=parent,
        day=(head.day("date") if head else None) or first or (head or everything[0]).dated("date"),
        currency=currency,
        client_id=clients.pop() if len(clients) == 1 else None,
        allocations=_allocations(live, currency),
        description=(head or everything[0]).text("description"),
        early_payment=head is not None and head.flag("discount") and not write_off,
        write_off=write_off,
    )


@tells
def interest(row: Row, *, order: int = 1, currency: str = "USD", gone: bool = False) -> Interest:
    """Read an interest charge; `order` counts the bill's later charges from 1 by day, then id."""
    found = reading(row, "interest charge", "interest_charges")
    currency = code_of(found, currency)
    return Interest(
        id=found.id,
        bill_id=found.ref("bill"),
        day=found.dated("date"),
        currency=currency,
        amount=found.amount("total", currency),
        order=order,
        description=found.text("description"),
        gone=gone,
    )


@tells
def movement(
    row: Row, *, allocated: int = 0, payment_id: int | None = None, currency: str = "USD", gone: bool = False
) -> Money | None:
    """Read a bank transaction as far as no allocation explains it; None when it is explained whole.

    `allocated` is what allocations explain of it, in minor units without sign; `payment_id` is the payment
    whose surplus the rest is.
    """
    found = reading(row, "bank transaction", "bank_transactions")
    currency = code_of(found, currency)
    amount = _signed(found, currency)
    rest = max(0, abs(amount) - abs(allocated))
    if allocated and not rest:
        return None
    return Money(
        id=found.id,
        day=found.dated("date"),
        currency=currency,
        amount=-rest if amount < 0 else rest,
        trust=_is_trust(found),
        bank_account=found.text("name", inside="bank_account"),
        client_id=found.ref("client"),
        matter_id=found.ref("matter"),
        bill_id=found.ref("bill"),
        payment_id=payment_id,
        counterparty=_counterparty(found),
        reference=found.text("confirmation"),
        description=found.text("description"),
        word=found.text("transaction_type"),
        gone=gone,
    )


def _allocations(live: Sequence[Reading], currency: str) -> tuple[Allocation, ...]:
    return tuple(
        Allocation(
            id=part.id,
            bill_id=part.ref("bill"),
            amount=part.amount("amount", currency),
            day=part.dated("date"),
            interest=part.flag("interest"),
            matter_id=part.ref("matter"),
            client_id=part.ref("contact"),
        )
        for part in sorted(live, key=lambda part: part.id)
    )


def _funds(parts: Sequence[Reading]) -> Funds:
    """Tell where the money came from; parts that disagree cannot be one payment."""
    kinds = {_funds_of(part) for part in parts}
    if len(kinds) > 1:
        raise parts[0].unreadable("source_bank_account", "of several kinds")
    return kinds.pop()


def _into_trust(part: Reading) -> bool:
    return part.word("type", _BANK_TYPES, inside="destination_bank_account", default="Operating") == "Trust"


def _funds_of(part: Reading) -> Funds:
    if not part.part("source_bank_account"):
        return Funds.OUTSIDE
    kind = part.word("type", _BANK_TYPES, inside="source_bank_account")
    if kind == "Trust":
        return Funds.TRUST
    return Funds.OUTSIDE if part.part("destination_bank_account") else Funds.OPERATING


def _reference(part: Reading, rows: Sequence[Reading]) -> str:
    """Return the check or reference number: the bank row's, else what the parent is called."""
    return next((text for row in rows if (text := row.text("confirmation"))), "") or part.text(
        "identifier", inside="parent"
    )


def _landed(part: Reading, rows: Sequence[Reading]) -> str:
    if name := part.text("name", inside="destination_bank_account"):
        return name
    if part.part("source_bank_account"):
        return ""
    return next((text for row in rows if (text := row.text("name", inside="bank_account"))), "")


def _signed(found: Reading, currency: str) -> int:
    """Return the movement, positive into the account. That `amount` has a sign is one firm's word only."""
    amount = found.money("amount", currency)
    into, out = found.money("funds_in", currency), found.money("funds_out", currency)
    if not into and not out:
        if amount is None:
            raise found.unreadable("amount", None)
        return amount
    net = abs(into or 0) - abs(out or 0)
    if amount is not None and abs(amount) != abs(net):
        raise found.unreadable("amount", f"{amount} against {net}")
    return net


def _in_trust(found: Reading) -> bool:
    """Tell a row of a payment that lies in trust; one that does not say lies in operating."""
    kind = found.text("type", inside="bank_account")
    return kind == "Trust" or (not kind and found.text("type") == "liability")


def _trust_row(found: Reading, currency: str) -> TrustRow:
    return TrustRow(
        id=found.id,
        bank_account=found.text("name", inside="bank_account"),
        amount=_signed(found, currency),
        client_id=found.ref("client"),
        matter_id=found.ref("matter"),
        counterparty=_counterparty(found),
        reference=found.text("confirmation"),
        description=found.text("description"),
    )


def _counterparty(found: Reading) -> str:
    return found.text("payer_payee") or found.text("source")


def _is_trust(found: Reading) -> bool:
    if found.text("type", inside="bank_account"):
        return found.word("type", _BANK_TYPES, inside="bank_account") == "Trust"
    return found.word("type", ("asset", "liability")) == "liability"
