"""What people do with client money in Clio, every event of trust in two accounts; what the bank clears."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from accounts.tenancy import firm_scope
from syncapp.emulators.clio.desk_transfers import client_level
from syncapp.emulators.clio.desk_trust import trust_balance
from syncapp.emulators.clio.funds import BankAccount, BankTransaction, Payment
from syncapp.emulators.clio.model import Refused
from syncapp.emulators.clio.nouns import Bill, Matter
from syncapp.emulators.clio.sums import sums
from tests.road.acts import TODAY
from tests.road.clientmoney import START
from tests.road.test_any_order import Numbers, day, money, pick
from tests.stage import Stage
from tests.trust import world as bank
from trust.nouns import BankLine
from trust.queries.pairs import pairs

PAYEES = ("Clerk of Court", "Clerk of Court", "CLERK of court")


def _accounts(firm: Stage) -> list[int]:
    return [found.id for found in firm.world.all(BankAccount) if found.type == "Trust"]


def _into(firm: Stage, number: int) -> int:
    """The account of a number: the first for two of three."""
    return _accounts(firm)[1 if number % 3 == 2 else 0]


def _held(firm: Stage, given: Numbers) -> tuple[int, int, Decimal]:
    """A matter that has something in trust: it, the account, and some or all of what is there."""
    for matter in list(firm.world.tables["Matter"])[given[0] % 4 :] + list(firm.world.tables["Matter"]):
        for account in _accounts(firm):
            held = trust_balance(firm.world, matter=matter, bank=account)
            if held > 0:
                return matter, account, _some(held, given[1])
    raise Refused("Nobody has anything in trust.")


def _some(whole: Decimal, number: int) -> Decimal:
    """A part of an amount, or all of it."""
    if number % 5 == 0:
        return whole
    return max((whole * (number % 7 + 1) / 9).quantize(Decimal("0.01")), Decimal("0.01"))


def _check(given: Numbers) -> str:
    return str(1000 + given[1]) if given[2] % 3 else ""


def deposit(firm: Stage, given: Numbers) -> Any:
    """A deposit of a client for a matter, or for none."""
    matter = pick(firm, "Matter", given[0])
    owner = firm.world.get(Matter, matter).client_id
    whose = {"client": owner} if given[2] % 4 == 0 else {"matter": matter}
    firm.desk(
        "trust_deposit", **whose, amount=money(given[1]), date=day(given[2]), reference=_check(given),
        source="Ada Payer" if given[1] % 2 else None, bank_account=_into(firm, given[1]),
    )  # fmt: skip


def disburse(firm: Stage, given: Numbers) -> Any:
    """A check to somebody."""
    matter, account, amount = _held(firm, given)
    firm.desk(
        "trust_disbursement", matter=matter, amount=amount, payee=_payee(firm, given[2]), date=day(given[2]),
        reference=_check(given), bank_account=account,
    )  # fmt: skip


def _payee(firm: Stage, number: int) -> str:
    """Who is paid: somebody new or known, spelt so or so, or a client of the firm."""
    client = firm.world.tables["Contact"][pick(firm, "Contact", number)].name
    return (*PAYEES, f"Expert {number % 3}: Ltd", client)[number % 5]


def refund(firm: Stage, given: Numbers) -> Any:
    """A client gets money back."""
    matter, account, amount = _held(firm, given)
    firm.desk("trust_refund", matter=matter, amount=amount, date=day(given[2]), bank_account=account)


def between_matters(firm: Stage, given: Numbers) -> Any:
    """From one matter to another, of the same client or another's."""
    matter, account, amount = _held(firm, given)
    other = pick(firm, "Matter", given[2])
    if other == matter:
        raise Refused("There is one matter.")
    firm.desk(
        "matter_transfer", source=matter, destination=other, amount=amount, date=day(given[2]),
        bank_account=account,
    )  # fmt: skip


def to_matter(firm: Stage, given: Numbers) -> Any:
    """What a client has without a matter goes to one of its matters."""
    matter = pick(firm, "Matter", given[0])
    owner = firm.world.get(Matter, matter).client_id
    for account in _accounts(firm):
        held = client_level(firm.world, client=owner, bank=account)
        if held > 0:
            amount = _some(held, given[1])
            return firm.desk(
                "client_transfer", client=owner, matter=matter, amount=amount, date=day(given[2]),
                bank_account=account,
            )  # fmt: skip
    raise Refused("There is nothing without a matter.")


def between_accounts(firm: Stage, given: Numbers) -> Any:
    """A matter's money goes to the other trust account."""
    matter, account, amount = _held(firm, given)
    other = next(one for one in _accounts(firm) if one != account)
    firm.desk(
        "account_transfer", source=account, destination=other, matter=matter, amount=amount,
        date=day(given[2]),
    )  # fmt: skip


def ask(firm: Stage, given: Numbers) -> Any:
    """A trust request, of a client or for a matter."""
    matter = pick(firm, "Matter", given[0])
    firm.desk(
        "trust_request", client=firm.world.get(Matter, matter).client_id, amount=money(given[1]),
        matter=matter if given[2] % 3 else None, issued_at=day(given[2]), bank_account=_into(firm, given[1]),
    )  # fmt: skip


def answer(firm: Stage, given: Numbers) -> Any:
    """A trust request is paid, in part or whole; when there is none, one is sent before."""
    if not _asked(firm):
        ask(firm, given)
    bills = _asked(firm)
    bill = bills[-1 - given[0] % len(bills)]
    amount = _some(sums(firm.world, bill).balance, given[1])
    firm.desk("pay_trust_request", bill=bill.id, amount=amount, date=day(given[2]), reference=_check(given))


def _asked(firm: Stage) -> list[Bill]:
    return [
        bill
        for bill in firm.world.all(Bill)
        if bill.bill_kind == "trust_kind" and bill.state == "awaiting_payment"
    ]


def pay_bill(firm: Stage, given: Numbers) -> Any:
    """A bill is paid from what trust holds of one of its matters."""
    bill = firm.world.tables["Bill"][pick(firm, "Bill", given[0])]
    for matter in bill.matter_ids:
        for account in _accounts(firm):
            most = min(trust_balance(firm.world, matter=matter, bank=account), sums(firm.world, bill).balance)
            if most > 0:
                return firm.desk(
                    "pay_from_trust", bill=bill.id, matter=matter, amount=_some(most, given[1]),
                    date=day(given[2]), reference=_check(given), bank_account=account,
                )  # fmt: skip
    raise Refused("There is nothing to pay it with.")


def _undone(firm: Stage, row: int, number: int) -> dict[str, Any]:
    """What takes a row back, on a day that is not before the row's own."""
    return {"row": row, "date": max(day(number), firm.world.get(BankTransaction, row).date)}


def _row(firm: Stage, number: int, *, into: bool | None = None, sort: str = "") -> int:
    """One of the rows of client money that stand by themselves."""
    known = set(_accounts(firm))
    rows = [
        row
        for row in firm.world.all(BankTransaction)
        if row.bank_account_id in known
        and row.date >= START
        and row.payment_id is None
        and "Transfer" not in row.transaction_type
        and (into is None or (row.amount > 0 and row.client_id is not None) is into)
        and sort in row.transaction_type
    ]
    if not rows:
        raise Refused("There is none.")
    return int(rows[-1 - number % len(rows)].id)


def edit(firm: Stage, given: Numbers) -> Any:
    """Another amount, day, check number, matter or payer."""
    changes: tuple[dict[str, Any], ...] = (
        {"amount": money(given[2])},
        {"date": day(given[2])},
        {"reference": str(given[2])},
        {"matter": pick(firm, "Matter", given[2])},
        {"source": "Somebody Else", "amount": money(given[2])},
    )
    firm.desk("edit_trust_row", row=_row(firm, given[0]), **changes[given[1] % len(changes)])


def edit_payment(firm: Stage, given: Numbers) -> Any:
    """A payment from or into trust changes."""
    payment = _payment(firm, given[0])
    whole: dict[str, Any] = {"amount": _some(payment.amount, given[1])} if given[2] % 2 else {}
    firm.desk("edit_payment", payment=payment.id, date=day(given[2]), **whole)


def _payment(firm: Stage, number: int) -> Payment:
    known = set(_accounts(firm))
    found = [
        one
        for one in firm.world.all(Payment)
        if known & {one.source_bank_account_id, one.destination_bank_account_id} and one.voided_at is None
    ]
    if not found:
        raise Refused("There is none.")
    return found[-1 - number % len(found)]


def interest(firm: Stage, given: Numbers) -> Any:
    """The bank pays interest, or takes it for the programme."""
    signed = money(given[1]) * (-1 if given[2] % 3 == 0 else 1)
    firm.desk("trust_interest", amount=signed, date=day(given[2]), bank_account=_into(firm, given[0]))


def before(firm: Stage, given: Numbers) -> Any:
    """What was in trust before the start was otherwise than Clio said."""
    rows = [row for row in firm.world.all(BankTransaction) if row.date < START]
    if not rows:
        raise Refused("There is none.")
    row = rows[given[0] % len(rows)].id
    if given[1] % 3:
        return firm.desk("edit_trust_row", row=row, amount=money(given[2]))
    return firm.desk("remove_trust_row", row=row)


TRUST = {
    "trust deposit of either account": deposit,
    "disburse": disburse,
    "refund from trust": refund,
    "between matters": between_matters,
    "client's money to a matter": to_matter,
    "between accounts": between_accounts,
    "trust request": ask,
    "pay a trust request": answer,
    "bill from trust": pay_bill,
    "interest on trust": interest,
    "bank charge": lambda f, n: f.desk(
        "bank_charge", amount=money(n[1]), date=day(n[2]), bank_account=_into(f, n[0])
    ),
    "firm's own funds": lambda f, n: f.desk(
        "firm_funds", amount=money(n[1]), date=day(n[2]), bank_account=_into(f, n[0])
    ),
    "return a deposit": lambda f, n: f.desk("return_deposit", **_undone(f, _row(f, n[0], into=True), n[2])),
    "void a check": lambda f, n: f.desk(
        "void_check", **_undone(f, _row(f, n[0], into=False, sort="Disbursement"), n[2])
    ),
    "edit trust": edit,
    "edit a trust payment": edit_payment,
    "move a trust payment": lambda f, n: f.desk(
        "move_payment", payment=_payment(f, n[0]).id, bill=pick(f, "Bill", n[1])
    ),
    "remove a trust payment": lambda f, n: f.desk("remove_payment", payment=_payment(f, n[0]).id),
    "remove from trust": lambda f, n: f.desk("remove_trust_row", row=_row(f, n[0])),
}
BEFORE = {"edit what was before": before}  # of firms that open with something
OFTEN = ("trust deposit of either account", "disburse", "bill from trust", "edit trust", "between accounts")


def clears(firm: Stage, share: int) -> int:
    """The bank's statements of both accounts show `share` of four rows of Clio; give how many lines."""
    with firm_scope(write=None, reads=[firm.firm.pk]):
        accounts = list(pairs(firm.firm.pk))
    total = 0
    for pair in accounts:
        rows = [
            row
            for row in firm.world.all(BankTransaction)
            if firm.world.get(BankAccount, row.bank_account_id).name == pair.clio_account
            and START <= row.date <= TODAY
            and row.transaction_type not in {"Matter Transfer", "Trust Transfer"}
            and row.id % 4 < share
        ]
        lines = [
            BankLine(
                id=f"{pair.pk}-{row.id}", day=row.date + timedelta(days=row.id % 3),
                amount=int(row.amount * 100), check=row.confirmation, text=row.source,
            )
            for row in rows
        ]  # fmt: skip
        if lines:
            bank.bank(pair, lines)
        total += len(lines)
    return total
