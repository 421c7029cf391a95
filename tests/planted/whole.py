"""Causes of a whole company or of several records: its tax engine, merged customers, payouts, old checks."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from syncapp.emulators.clio.nouns import Bill
from syncapp.emulators.qbo import backdoor, merging
from tests.planted.firms import CLOSED, FIRST, LAST, Expected, Firm, Plant, of_bills, of_payment

UP_TO = Decimal("0.02")  # what the firm's file lets a rounding line take
TAX, CENT = Decimal("0.0825"), Decimal("0.01")  # of the emulated company
PAYOUTS = "Payout ID,Date,Gross,Fee,Net,Reference,Description"


def tax_total(f: Firm) -> Plant:
    """The company's tax engine says for itself what is taxable: each invoice comes back with more."""
    before = f.bill(f.matter())
    yield
    f.company.switches.tax_engine, f.company.switches.tax_ignores_codes = "on", True
    backdoor.prefer(f.company, "TaxPrefs.UsingSalesTax", value=True)
    bills = [f.bill(f.matter()) for _ in range(f.chance.randrange(2, 5))]
    paid = f.chance.choice(bills)
    if f.chance.random() < 0.5:
        f.pay(paid, share="0.5")
    assert before.id not in {bill.id for bill in bills}
    return [
        Expected(plant="tax engine changed the total", codes=("posted_differs",), records=of_bills(bill),
                 alarm=True, choice=r"(?i)no tax", amount=(f.due(bill) * TAX).quantize(CENT, ROUND_HALF_UP))
        for bill in bills
    ]  # fmt: skip


def cents_off(f: Firm) -> Plant:
    """A bill of Clio whose lines lack more cents than the firm rounds: held with both amounts."""
    yield
    bill = _off(f, f.chance.choice((-1, 1)) * Decimal(f.chance.randrange(3, 60)) / 100)
    return [
        Expected(plant="rounding beyond the tolerance", codes=("bill_does_not_add_up",),
                 choice=r"(?i)bill in clio", records=of_bills(bill), amount=f.due(bill))
    ]  # fmt: skip


def cents_within(f: Firm) -> Plant:
    """Within the firm's cents it posts with one rounding line, and nobody is asked."""
    yield
    bill = _off(f, f.chance.choice((-UP_TO, -UP_TO / 2, UP_TO / 2, UP_TO)))
    return [Expected(plant="rounding within the tolerance", codes=(), records=of_bills(bill), choice="")]


def _off(f: Firm, cents: Decimal) -> Bill:
    matter, day = f.matter(), f.day()
    f.number += 1
    made: Bill = f.do("draft_bill", activities=[f.time(matter, day)], issued_at=day, number=str(f.number),
                      due_at=day + timedelta(days=30))  # fmt: skip
    made.off = cents
    f.do("approve_bill", bill=made.id)
    return made


def merged(f: Firm) -> Plant:
    """Somebody merges the customer of a client into another one's: one case, its bills stand there."""
    first, second = f.matter(), f.matter()
    gone, kept = f.bill(first), f.bill(second)
    yield
    f.company.switches.merge_touches = f.company.switches.merge_tells = True
    merging.merge(f.company, _client_of(f, gone), _client_of(f, kept), who="Dana")
    return [
        Expected(plant="customers merged", codes=("customer_merged",), alarm=True, choice=r"(?i)stand on",
                 records=frozenset({("contacts", str(first.client_id))}))
    ]  # fmt: skip


def _client_of(f: Firm, bill: Bill) -> str:
    """The customer in QuickBooks of a bill's client: its own, or the one above its matter's."""
    customer = f.company.get("Customer", f.invoice(bill)["CustomerRef"]["value"])
    return str((customer.get("ParentRef") or {}).get("value") or customer["Id"])


def closed_hand(f: Firm) -> Plant:
    """Somebody edits an invoice in books that are closed: an entry of the open period corrects it."""
    day = CLOSED - timedelta(days=f.chance.randrange(30))
    bill = f.bill(f.matter(), day=day)
    yield
    backdoor.close_books(f.company, CLOSED)
    invoice = f.invoice(bill)
    total = Decimal(str(invoice["TotalAmt"])) + f.chance.choice((-1, 1)) * f.chance.randrange(1, 40)
    backdoor.edit(f.company, "Invoice", invoice["Id"], {"Line": [f.sold(total, "Legal Fees")]})
    return [
        Expected(plant="invoice edited in closed books", codes=("changed_in_books",), alarm=True,
                 choice=r"(?i)correct it by an entry", records=of_bills(bill))
    ]  # fmt: skip


def undeposited(f: Firm) -> Plant:
    """A check that came in months ago and is in no deposit since."""
    yield
    day = FIRST - timedelta(days=f.chance.randrange(100, 150))
    bill = f.bill(f.matter(), day=day)
    payment = f.pay(bill, share="0.6")
    return [
        Expected(plant="undeposited and aged", codes=("undeposited_aged",), alarm=True, shared=True,
                 choice=r"(?i)deposit", records=of_payment(payment), amount=payment.amount)
    ]  # fmt: skip


def payout_row(f: Firm) -> Plant:
    """A processor's payout holds a charge that Clio knows no payment of."""
    bill = f.bill(f.matter())
    payment = f.pay(bill)
    yield
    f.number += 1
    key, known = f"C-{f.number}", payment.amount
    unknown = known + Decimal(f.chance.randrange(1000, 90000)) / 100
    rows = [(known, payment.reference, "A payment"), (unknown, key, "Nobody's")]
    day = f"{payment.date:%m/%d/%Y}"
    lines = [f"po_{f.number},{day},{one},0.00,{one},{ref},{text}" for one, ref, text in rows]
    f.uploads.append("\n".join([PAYOUTS, *lines, ""]))
    return [
        Expected(plant="charge without a payment", codes=("charge_without_payment",), alarm=True,
                 choice=r"(?i)record the payment in clio", records=frozenset({("payouts", key)}),
                 amount=unknown)
    ]  # fmt: skip


def by_rule(f: Firm) -> Plant:
    """A number that another invoice bears, in a firm whose rule answers that: nobody is asked."""
    yield
    stranger = backdoor.add(f.company, "Customer", {"DisplayName": f"Stranger {f.number}"})["Id"]
    bill = f.bill(f.matter())
    prefix = f.file["books"][0]["invoices"]["number_prefix"]
    typed = backdoor.add(
        f.company, "Invoice",
        {"CustomerRef": {"value": stranger}, "DocNumber": f"{prefix}{bill.number}", "TxnDate": str(LAST),
         "Line": [f.sold(f.owed(bill) + 10)]},
    )  # fmt: skip
    return [
        Expected(plant="answered by a rule", codes=(), records=of_bills(bill), choice=""),
        Expected(plant="its invoice of a stranger", codes=("typed_in_books",), alarm=True,
                 records=frozenset({("books", f"Invoice:{typed['Id']}")}), choice=r"(?i)reverse",
                 amount=Decimal(str(typed["TotalAmt"]))),
    ]  # fmt: skip


RULE = {"name": "Own numbers", "cause": "duplicate_number", "answer": "renumber", "by": "books@planted.test"}
MIXED = (cents_off, cents_within, merged, closed_hand, payout_row)
ALONE = (tax_total, by_rule, undeposited)
