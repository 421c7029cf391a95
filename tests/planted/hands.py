"""What people change, void, delete or type in the books behind Tieout's back (issue 5, point 6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from syncapp.emulators.clio.nouns import Bill
from syncapp.emulators.qbo import backdoor
from tests.planted.firms import Expected, Firm, Plant, of_bills, of_books, of_payment

RESTORE = r"(?i)restore|as it was"
REVERSE = r"(?i)reverse"
CHANGED = ("changed_in_books",)


def _changed(
    plant: str, records: frozenset[tuple[str, str]], amount: Decimal | None = None
) -> list[Expected]:
    return [Expected(plant=plant, codes=CHANGED, records=records, alarm=True, choice=RESTORE, amount=amount)]


def _hand(plant: str, act: Callable[[Firm, dict[str, Any]], object]) -> Callable[[Firm], Plant]:
    """Somebody does something to the invoice of a bill."""

    def made(f: Firm) -> Plant:
        bill = f.bill(f.matter())
        yield
        act(f, f.invoice(bill))
        return _changed(plant, of_bills(bill))

    made.__name__ = plant.replace(" ", "_")
    return made


def _amount(f: Firm, invoice: dict[str, Any]) -> None:
    total = Decimal(str(invoice["TotalAmt"])) + f.chance.choice((-1, 1)) * f.chance.randrange(1, 40)
    backdoor.edit(f.company, "Invoice", invoice["Id"], {"Line": [f.sold(total, "Legal Fees")]})


def _day(f: Firm, invoice: dict[str, Any]) -> None:
    day = date.fromisoformat(invoice["TxnDate"]) + timedelta(days=f.chance.randrange(1, 20))
    backdoor.edit(f.company, "Invoice", invoice["Id"], {"TxnDate": day.isoformat()})


def _customer(f: Firm, invoice: dict[str, Any]) -> None:
    other = backdoor.add(f.company, "Customer", {"DisplayName": f"Bystander {invoice['Id']}"})["Id"]
    backdoor.edit(f.company, "Invoice", invoice["Id"], {"CustomerRef": {"value": other}})


def _account(f: Firm, invoice: dict[str, Any]) -> None:
    total = Decimal(str(invoice["TotalAmt"]))
    backdoor.edit(f.company, "Invoice", invoice["Id"], {"Line": [f.sold(total, "Late Interest")]})


invoice_amount = _hand("invoice edited", _amount)
invoice_day = _hand("invoice redated", _day)
invoice_customer = _hand("invoice moved to another customer", _customer)
invoice_account = _hand("invoice moved to other income", _account)
invoice_voided = _hand("invoice voided", lambda f, one: backdoor.void(f.company, "Invoice", one["Id"]))
invoice_deleted = _hand("invoice deleted", lambda f, one: backdoor.delete(f.company, "Invoice", one["Id"]))


def _paid(plant: str, act: Callable[[Firm, dict[str, Any]], object]) -> Callable[[Firm], Plant]:
    """Somebody does something to the payment of a bill."""

    def made(f: Firm) -> Plant:
        bill = f.bill(f.matter())
        payment = f.pay(bill, share=f.chance.choice(("1", "0.4")))
        yield
        act(f, f.payment(bill))
        return _changed(plant, of_payment(payment))

    made.__name__ = plant.replace(" ", "_")
    return made


def _payment_day(f: Firm, payment: dict[str, Any]) -> None:
    day = date.fromisoformat(payment["TxnDate"]) + timedelta(days=f.chance.randrange(1, 20))
    backdoor.edit(f.company, "Payment", payment["Id"], {"TxnDate": day.isoformat()})


def _less(f: Firm, payment: dict[str, Any]) -> None:
    less = Decimal(str(payment["TotalAmt"])) - f.chance.randrange(1, 30)
    line = {**payment["Line"][0], "Amount": less}
    backdoor.edit(f.company, "Payment", payment["Id"], {"TotalAmt": less, "Line": [line]})


payment_voided = _paid("payment voided", lambda f, one: backdoor.void(f.company, "Payment", one["Id"]))
payment_deleted = _paid("payment deleted", lambda f, one: backdoor.delete(f.company, "Payment", one["Id"]))
payment_day = _paid("payment redated", _payment_day)
payment_less = _paid("payment edited", _less)


def credit_deleted(f: Firm) -> Plant:
    """The credit memo of a credit note is deleted."""
    bill = f.bill(f.matter())
    credit = f.do("credit_note", bill=bill.id, amount=f.chance.randrange(5, 40), date=bill.issued_at)
    before = set(f.company.store["CreditMemo"])
    yield
    new = [
        one for key, one in f.company.store["CreditMemo"].items()
        if key not in before and Decimal(str(one["TotalAmt"])) == credit.amount
        and one["CustomerRef"] == f.invoice(bill)["CustomerRef"]
    ]  # fmt: skip
    backdoor.delete(f.company, "CreditMemo", new[0]["Id"])
    return _changed("credit memo deleted", frozenset({("credit_memos", str(credit.id))}))


def typed_payment(f: Firm) -> Plant:
    """A payment typed against our invoice: matched, not doubled, to be recorded in Clio."""
    bill = f.bill(f.matter())
    yield
    invoice = f.invoice(bill)
    amount = (f.owed(bill) * f.chance.choice((1, Decimal("0.5")))).quantize(Decimal("0.01"))
    made = _payment_of(f, invoice, amount)
    return [
        Expected(plant="payment typed", codes=("typed_payment",), records=of_books("Payment", made),
                 alarm=True, choice=r"(?i)record it in clio", amount=amount)
    ]  # fmt: skip


def _payment_of(f: Firm, invoice: dict[str, Any], amount: Decimal) -> dict[str, Any]:
    linked = [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]
    return backdoor.add(
        f.company, "Payment",
        {"CustomerRef": invoice["CustomerRef"], "TxnDate": f.day().isoformat(), "TotalAmt": amount,
         "Line": [{"Amount": amount, "LinkedTxn": linked}]},
    )  # fmt: skip


def _typed(plant: str, entity: str) -> Callable[[Firm], Plant]:
    """Something that moves what our client owes, and Clio knows nothing of it."""

    def made(f: Firm) -> Plant:
        bill = f.bill(f.matter())
        yield
        amount = Decimal(f.chance.randrange(1000, 90000)) / 100
        given = {"CustomerRef": f.invoice(bill)["CustomerRef"], "TxnDate": f.day().isoformat(),
                 "Line": [f.sold(amount)]}  # fmt: skip
        typed = backdoor.add(f.company, entity, given)
        return [
            Expected(plant=plant, codes=("typed_in_books",), records=of_books(entity, typed), alarm=True,
                     choice=REVERSE, amount=amount)
        ]  # fmt: skip

    made.__name__ = plant.replace(" ", "_")
    return made


typed_credit = _typed("credit memo typed", "CreditMemo")
typed_invoice = _typed("invoice typed", "Invoice")


def typed_journal(f: Firm) -> Plant:
    """A journal entry on receivables: accepted as books-only with a reason, or reversed."""
    bill = f.bill(f.matter())
    yield
    owes = f.invoice(bill)["CustomerRef"]["value"]
    amount = Decimal(f.chance.randrange(1000, 90000)) / 100
    sides = [("Accounts Receivable", owes), ("Operating Bank", "")]
    f.chance.shuffle(sides)
    made = f.journal(dict(zip(("Debit", "Credit"), sides, strict=True)), amount)
    return [
        Expected(plant="journal on receivables", codes=("typed_in_books",), alarm=True, choice=REVERSE,
                 records=of_books("JournalEntry", made), amount=amount)
    ]  # fmt: skip


def typed_trust(f: Firm) -> Plant:
    """A journal entry on client money: never accepted by a word."""
    yield
    amount = Decimal(f.chance.randrange(1000, 90000)) / 100
    sides = [("IOLTA Trust Account", ""), ("Client Funds Held in Trust", "")]
    f.chance.shuffle(sides)
    made = f.journal(dict(zip(("Debit", "Credit"), sides, strict=True)), amount)
    return [
        Expected(plant="journal on client money", shared=True, codes=("trust_stray",), alarm=True,
                 choice=r"(?i)record it in clio|reverse|delete", records=of_books("JournalEntry", made),
                 amount=amount)
    ]  # fmt: skip


def _trust(plant: str, act: Callable[[Firm, dict[str, Any]], object]) -> Callable[[Firm], Plant]:
    """Somebody does something to the entry of a trust deposit."""

    def made(f: Firm) -> Plant:
        before = set(f.company.store["JournalEntry"])
        amount = Decimal(f.chance.randrange(50_000, 900_000)) / 100
        row = f.do("trust_deposit", matter=f.matter().id, amount=amount, date=f.day())
        yield
        entry = next(
            one for key, one in f.company.store["JournalEntry"].items()
            if key not in before and Decimal(str(one["Line"][0]["Amount"])) == amount
        )  # fmt: skip
        act(f, entry)
        return [
            Expected(plant=plant, codes=("trust_stray", *CHANGED), shared=True, alarm=True,
                     records=frozenset({("bank_transactions", str(row.id))}),
                     choice=r"(?i)restore|record it in clio|reverse|as it was")
        ]  # fmt: skip

    made.__name__ = plant.replace(" ", "_")
    return made


def _trust_amount(f: Firm, entry: dict[str, Any]) -> None:
    lines = [{**line, "Amount": Decimal(str(line["Amount"])) + 7} for line in entry["Line"]]
    backdoor.edit(f.company, "JournalEntry", entry["Id"], {"Line": lines})


trust_edited = _trust("trust entry edited", _trust_amount)
trust_deleted = _trust(
    "trust entry deleted", lambda f, one: backdoor.delete(f.company, "JournalEntry", one["Id"])
)


def income_twice(f: Firm) -> Plant:
    """From the bank feed straight to income, while the same payments lie in Undeposited Funds."""
    bills: list[Bill] = [f.bill(f.matter()) for _ in range(f.chance.randrange(1, 4))]
    day = max(bill.issued_at for bill in bills if bill.issued_at)
    for bill in bills:
        f.pay(bill, day=day)
    yield
    total = f.due(*bills)
    income = {"AccountRef": {"value": f.company.account("Legal Fees")}}
    line = {"Amount": total, "DetailType": "DepositLineDetail", "DepositLineDetail": income}
    given = {"DepositToAccountRef": {"value": f.company.account("Operating Bank")},
             "TxnDate": day.isoformat(), "Line": [line]}  # fmt: skip
    made = backdoor.add(f.company, "Deposit", given)
    return [
        Expected(plant="income twice", codes=("income_twice",), records=of_books("Deposit", made), alarm=True,
                 choice=r"(?i)income|payments", amount=total)
    ]  # fmt: skip


HANDS = (
    invoice_amount, invoice_day, invoice_customer, invoice_account, invoice_voided, invoice_deleted,
    payment_voided, payment_deleted, payment_day, payment_less, credit_deleted, typed_payment, typed_credit,
    typed_invoice, typed_journal, typed_trust, trust_edited, trust_deleted, income_twice,
)  # fmt: skip
