"""What one document of the practice system does to each account of client money. Pure.

It is told from links (bank account, client, matter, allocation, sign); the practice system's own word for a
row only tells apart what the links leave alike, and never moves money between ledgers (DESIGN section 9, h).
What cannot be told is a Problem: it is held, and nothing is guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from syncapp.core.documents import Funds, Money, Payment, TrustRow
from syncapp.core.ledger import FIRM_FUNDS, INTEREST, Ledger, LedgerKind
from syncapp.core.money import spoken
from syncapp.core.planning.trust.pairs import account_key
from syncapp.core.problems import Fix, Problem
from trust.nouns import Movement
from trust.rules.transfers import NO_TRANSFERS, Transfers, transfers_of
from trust.rules.words import FEE, check_number, kind_of

__all__ = [
    "FEE",
    "NOTHING",
    "NO_TRANSFERS",
    "Known",
    "Transfers",
    "all_movements",
    "check_number",
    "kind_of",
    "ledger_key",
    "movements",
    "transfers_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the firm has said that no document says.

    `single` is the ledger of each single-client account, by `account_key`; `firm` are the names under which
    the firm pays in its own money. `returns` is what a person said of a deposit that came back
    (`trust.rules.returns`).
    """

    single: Mapping[str, str] = field(default_factory=dict)
    firm: frozenset[str] = frozenset()
    returns: Mapping[str, str] = field(default_factory=dict)


NOTHING = Known()


def movements(
    reading: Money | Payment,
    matters: Container[int],
    known: Known = NOTHING,
    *,
    transfers: Transfers = NO_TRANSFERS,
) -> dict[str, Movement] | Problem:
    """Return what a document does to each account of client money, by the account's name in Clio.

    `matters` are the ids of those that Clio shows us. Empty when it does nothing there. The two rows of a
    transfer between ledgers of one account are one movement of nothing in sum, told with the paying row.
    """
    if isinstance(reading, Payment):
        return _of_payment(reading, matters)
    if reading.gone or not reading.trust or not reading.amount:
        return {}
    if not reading.bank_account:
        return _untold(reading, "Clio does not name its bank account")
    if reading.id in transfers.doubtful:
        return _untold(reading, "several transfers of that day and amount fit together")
    partner = transfers.partner.get(reading.id)
    if partner is None or partner.bank_account != reading.bank_account:
        return _of_row(reading, matters, known, between_accounts=partner is not None)
    return _between_ledgers(reading, partner, matters) if reading.amount < 0 else {}


def all_movements(
    readings: Iterable[Money | Payment], matters: Container[int], known: Known = NOTHING
) -> tuple[dict[str, list[Movement]], list[Problem]]:
    """Return what many documents do, by account name and in order of day and subject; and what none tells."""
    kept = list(readings)
    pairs = transfers_of(reading for reading in kept if isinstance(reading, Money))
    found: dict[str, list[Movement]] = defaultdict(list)
    problems = []
    for reading in kept:
        told = movements(reading, matters, known, transfers=pairs)
        if isinstance(told, Problem):
            problems.append(told)
            continue
        for account, movement in told.items():
            found[account].append(movement)
    for mine in found.values():
        mine.sort(key=lambda movement: (movement.day, movement.subject))
    return dict(found), problems


def ledger_key(client_id: int | None, matter_id: int | None) -> str:
    """Return the ledger of a matter, else of a client; empty when neither is named."""
    if matter_id is not None:
        return Ledger(LedgerKind.MATTER, matter_id).key
    return Ledger(LedgerKind.CLIENT, client_id).key if client_id is not None else ""


def _of_row(
    money: Money, matters: Container[int], known: Known, *, between_accounts: bool
) -> dict[str, Movement] | Problem:
    kind = kind_of(money, between_accounts=between_accounts)
    subject = f"bank_transactions/{money.id}"
    ledger = ledger_key(money.client_id, money.matter_id)
    if not ledger:
        ledger = known.single.get(account_key(money.bank_account), "") or _of_nobody(money, kind, known)
    if not ledger:
        return _untold(money, "Clio names neither a client nor a matter, so nobody can say whose it is")
    if (unseen := _unseen(subject, [ledger], matters)) is not None:
        return unseen
    movement = _movement(
        subject,
        money.day,
        ((ledger, money.amount),),
        kind,
        money.counterparty,
        money.reference,
        money.description,
    )
    return {money.bank_account: movement}


def _of_nobody(money: Money, kind: str, known: Known) -> str:
    """Return the ledger of a row of a pooled account that is no client's: interest, or the firm's own."""
    if kind == "interest":
        return INTEREST.key
    own = money.counterparty.strip().casefold() in {name.strip().casefold() for name in known.firm}
    return FIRM_FUNDS.key if kind in {"bank_charge", FEE} or own else ""


def _between_ledgers(out: Money, into: Money, matters: Container[int]) -> dict[str, Movement] | Problem:
    subject = f"bank_transactions/{out.id}"
    giver, taker = (ledger_key(row.client_id, row.matter_id) for row in (out, into))
    if not giver or not taker:
        return _untold(out, "one side of this transfer names neither a client nor a matter")
    if (unseen := _unseen(subject, [giver, taker], matters)) is not None:
        return unseen
    if giver == taker:
        return {}
    ledgers = ((giver, out.amount), (taker, into.amount))
    text = out.description or into.description
    return {
        out.bank_account: _movement(
            subject, out.day, ledgers, "transfer", out.counterparty, out.reference, text
        )
    }


def _of_payment(payment: Payment, matters: Container[int]) -> dict[str, Movement] | Problem:
    """Return what a payment takes out of trust, and what it puts there."""
    if not payment.allocations:
        return {}
    paid_in = [row for row in payment.trust_rows if row.amount > 0]
    taken = [row for row in payment.trust_rows if row.amount < 0]
    sides: list[tuple[str, int, list[TrustRow], str, str]] = []
    if payment.funds is Funds.TRUST:
        account = payment.source_account or next((row.bank_account for row in taken), "")
        sides.append((account, -1, taken, "bill_payment", f"payments/{payment.id}/trust"))
    if payment.into_trust or paid_in:
        account = payment.bank_account if payment.into_trust else ""
        account = account or next((row.bank_account for row in paid_in), "")
        suffix = "into" if payment.funds is Funds.TRUST else "trust"
        sides.append((account, 1, paid_in, "deposit", f"payments/{payment.id}/{suffix}"))
    found: dict[str, Movement] = {}
    for account, sign, rows, kind, subject in sides:
        told = _side(payment, account, sign, rows, kind, subject, matters)
        if isinstance(told, Problem):
            return told
        found[account] = told
    return found


def _side(
    payment: Payment,
    account: str,
    sign: int,
    rows: list[TrustRow],
    kind: str,
    subject: str,
    matters: Container[int],
) -> Movement | Problem:
    """Return one side of a payment: whose money moved, by the account's own rows, else the allocations."""
    if not account:
        return _untold(payment, "Clio does not name its trust account")
    shares = _shares(payment, [row for row in rows if row.bank_account == account])
    if shares is None:
        return _untold(payment, "Clio names neither a client nor a matter, so nobody can say whose it is")
    if (unseen := _unseen(subject, [ledger for ledger, _ in shares], matters)) is not None:
        return unseen
    row = rows[0] if rows else None
    movement = _movement(
        subject,
        payment.day,
        tuple((ledger, sign * amount) for ledger, amount in shares),
        kind,
        row.counterparty if row else "",
        payment.reference,
        row.description if row else "",
    )
    return replace(movement, order=min(one.id for one in rows)) if rows else movement


def _shares(payment: Payment, rows: list[TrustRow]) -> list[tuple[str, int]] | None:
    """Return what of a payment's amount each ledger bears; None when nobody can tell.

    Rows may be more than the payment (the rest of them is a movement of its own) or fewer.
    """
    left, sums = payment.amount, dict[str, int]()
    for row in rows:
        ledger, amount = ledger_key(row.client_id, row.matter_id), min(abs(row.amount), left)
        if ledger and amount:
            sums[ledger] = sums.get(ledger, 0) + amount
            left -= amount
    if left and len(sums) == 1:
        return [(ledger, payment.amount) for ledger in sums]
    if left:
        sums = {}
        for part in payment.allocations:
            ledger = ledger_key(part.client_id or payment.client_id, part.matter_id)
            sums[ledger] = sums.get(ledger, 0) + part.amount
    return None if "" in sums else sorted(sums.items())


def _movement(
    subject: str,
    day: date,
    ledgers: tuple[tuple[str, int], ...],
    kind: str,
    payee: str,
    reference: str,
    text: str,
) -> Movement:
    return Movement(
        subject=subject,
        day=day,
        amount=sum(amount for _, amount in ledgers),
        ledgers=ledgers,
        check=check_number(reference),
        reference=reference,
        payee=payee,
        text=text,
        kind=kind,
    )


def _unseen(subject: str, ledgers: Iterable[str], matters: Container[int]) -> Problem | None:
    for ledger in ledgers:
        kind, _, key = ledger.partition("/")
        if kind == "matters" and int(key) not in matters:
            return Problem(
                code="matter_not_read",
                fix=Fix.CLIO,
                cause=ledger,
                words="The matter of this movement of client money is not among those that Clio shows us. "
                "Check what the person who connected may see in Clio.",
                facts={"subject": subject},
            )
    return None


def _untold(reading: Money | Payment, why: str) -> Problem:
    resource = "payments" if isinstance(reading, Payment) else "bank_transactions"
    where = f" in {reading.bank_account}" if reading.bank_account else ""
    amount = spoken(abs(reading.amount), reading.currency)
    return Problem(
        code="trust_untold",
        fix=Fix.CLIO,
        cause=f"{resource}/{reading.id}",
        words=f"{amount} of client money moved{where} on {reading.day:%-d %b %Y}, and {why}. Complete "
        "it in Clio.",
    )
