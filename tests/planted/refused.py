"""What QuickBooks itself refuses, in its own codes and texts, and what stops a whole company."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from syncapp.emulators.clio.nouns import Currency
from syncapp.emulators.qbo import backdoor
from tests.planted.firms import Expected, Firm, Plant, of_bills, of_payment

BUSINESS = "A business validation error has occurred while processing your request"
INACTIVE = (
    "Object Not Found : Something you're trying to use has been made inactive. Check the fields with "
    "accounts, customers, items, vendors or employees."
)
CLOSED = (
    "The account period has closed and the account books cannot be updated through through the QBO Services "
    "API. Please use the QBO website to make these changes."
)
RIGHTS = r"(?i)administrator|connect"
TAX = r"(?i)tax"
LOOK = r"(?i)answer|try again"


class Refusal(NamedTuple):
    """One refusal of an invoice: the vendor's code and words, what it must be called, the first choice."""

    code: str
    message: str
    detail: str
    codes: tuple[str, ...]
    choice: str

    @property
    def named(self) -> str:
        """The code, and what it must be called where the vendor has one code for many things."""
        return self.code if self.code != "6000" else f"{self.code} {self.codes[0]}"


INVOICE = (
    Refusal("2050", "Invalid String Length", "Invalid String Length : Min:0 Max:21 supplied:25",
            ("too_long", "number_too_long"), r"(?i)shorten"),
    Refusal("2290", "NegativeAmount", "Negative amounts not supported on transaction lines",
            ("negative_line",), r"(?i)correct"),
    Refusal("6070", "Amount calculation incorrect in the request",
            "Amount calculation incorrect in the request : Amount is not equal to UnitPrice * Qty. Supplied "
            "value:1,861.07", ("amount_differs",), r"(?i)correct"),
    Refusal("6000", BUSINESS,
            "Business Validation Error: You must specify a transaction amount that is 0 or greater.",
            ("negative_total",), r"(?i)credit|correct"),
    Refusal("5020", "Permission Denied", "Permission Denied Error", ("not_permitted",), RIGHTS),
    Refusal("5030", "Feature Not Supported", "Feature Not Supported Error", ("feature_off",),
            r"(?i)switch it on|upgrade"),
    Refusal("6430", "Invalid account type used", "Invalid account type: You need to select a different type "
            "of account for this transaction.", ("wrong_account_type",), r"(?i)\bmap|rules"),
    Refusal("6210", "Account Period Closed, Cannot Update Through Services API", CLOSED, ("closed_period",),
            r"(?i)reopen|redate|approve"),
    Refusal("6200", "Account Period Closed Error", "books closed", ("closed_period",),
            r"(?i)reopen|redate|approve"),
    Refusal("610", "Object Not Found", INACTIVE, ("inactive_reference", "inactive_customer", "inactive_item"),
            r"(?i)try again|active"),
    Refusal("6250", "InvalidSalesCustomer", "customer does not exist or is inactive",
            ("inactive_reference", "inactive_customer"), r"(?i)try again|active"),
    Refusal("2500", "Invalid Reference Id", "Invalid Reference Id : Names element id 75 not found",
            ("missing_reference",), r"(?i)rules|\bmap|make it"),
    Refusal("6100", "Invalid Line TaxCode in the request", "US: TAX or NON. Supplied value: 7",
            ("tax_code_needed",), TAX),
    Refusal("6160", "Invalid TaxCodeRef Error", "CustomSalesTax id cannot be used",
            ("tax_code_needed",), TAX),
    Refusal("2020", "Required param missing, need to supply the required value for the API",
            "Required parameter AccountRef is missing in the request", ("unknown_refusal",), LOOK),
    Refusal("6440", "Transaction Detail Information Required", "each split line needs item or account",
            ("unknown_refusal",), LOOK),
    Refusal("9876", "Something that no table lists", "The moon is full.", ("unknown_refusal",), LOOK),
    Refusal("6000", BUSINESS, "Business Validation Error: The discount amount can't be greater than the "
            "subtotal", ("discount_too_large",), r"(?i)correct"),
    Refusal("6000", BUSINESS, "Business Validation Error: The currency of the transaction is invalid for "
            "customer/vendor/account.", ("currency",), r"(?i)currency"),
    Refusal("6000", BUSINESS, "Business Validation Error: When you use Accounts Receivable, you must choose "
            "a customer in the Name field.", ("receivable_without_customer",), r"(?i)correct"),
    Refusal("2250", "Missing lines", "You must enter at least one split line.", ("no_lines",),
            r"(?i)correct|line"),
    Refusal("6230", "Invalid TaxCodeRef Error", "The code is not one of this company's.",
            ("tax_code_needed",), TAX),
    Refusal("6000", BUSINESS, "Business Validation Error: Make sure all your transactions have a GST/HST "
            "rate before you save.", ("tax_code_needed",), TAX),
    Refusal("6140", "Duplicate Document Number Error",
            "Duplicate Document Number Error : You must specify a different number. This number has already "
            "been used. DocNumber=123 is assigned to TxnType=Journal Entry with TxnId=3632",
            ("duplicate_number",), r"(?i)number"),
)  # fmt: skip


def refused_invoice(refusal: Refusal) -> Callable[[Firm], Plant]:
    """QuickBooks refuses the invoice of a new bill."""

    def plant(f: Firm) -> Plant:
        matter = f.matter()
        f.bill(matter)
        yield
        f.refuse("create invoice", refusal.code, refusal.message, refusal.detail)
        bill = f.bill(matter)
        return [
            Expected(plant=f"refused: {refusal.named}", codes=refusal.codes, records=of_bills(bill),
                     choice=refusal.choice, amount=f.due(bill))
        ]  # fmt: skip

    plant.__name__ = f"refused_{refusal.code}"
    return plant


def _refused_payment(refusal: Refusal) -> Callable[[Firm], Plant]:
    """QuickBooks refuses the payment of a bill that stands."""

    def plant(f: Firm) -> Plant:
        bill = f.bill(f.matter())
        yield
        f.refuse("create payment", refusal.code, refusal.message, refusal.detail)
        payment = f.pay(bill)
        return [
            Expected(plant=f"refused: {refusal.named}", codes=refusal.codes, records=of_payment(payment),
                     choice=refusal.choice, amount=payment.amount)
        ]  # fmt: skip

    plant.__name__ = f"refused_{refusal.code}"
    return plant


refused_payment, payer_differs = (
    _refused_payment(one) for one in (
        Refusal("620", "Transaction ID cannot be linked", "Txn 145 cannot be linked", ("cannot_link",),
                r"(?i)look at both"),
        Refusal("6000", BUSINESS, "Business Validation Error: The customer of the payment is not that "
                "of the invoice.", ("payer_differs",), r"(?i)customer|correct"),
    )
)  # fmt: skip
PAYMENTS = (refused_payment, payer_differs)


def _refused_update(plant: str, code: str, message: str, detail: str, codes: tuple[str, ...],
                    choice: str) -> Callable[[Firm], Plant]:  # fmt: skip
    """A bill that stands is edited in Clio, and QuickBooks refuses the change."""

    def made(f: Firm) -> Plant:
        bill = f.bill(f.matter())
        yield
        f.refuse("update invoice", code, message, detail)
        f.do("edit_line", line=bill.line_ids[0], quantity=Decimal(f.chance.randrange(100, 200)) / 10)
        return [Expected(plant=plant, codes=codes, records=of_bills(bill), choice=choice)]

    made.__name__ = plant.replace(" ", "_").replace(":", "")
    return made


stale = _refused_update(
    "stale object", "5010", "Stale Object Error", "Stale Object Error : You and root were working on this at "
    "the same time. root finished before you did, so your work was not saved.", ("stale", "changed_in_books"),
    r"(?i)try again",
)  # fmt: skip
matched = _refused_update(
    "matched to a bank line", "6480", "Matched Transaction Delete Error",
    "matched to another transaction", ("matched",), r"(?i)match",
)  # fmt: skip
gone = _refused_update(
    "deleted meanwhile", "610", "Object Not Found",
    "Object Not Found : Another user has deleted this transaction.",
    ("deleted_in_books", "gone_from_books", "changed_in_books"), r"(?i)try again|restore",
)  # fmt: skip


def refused_email(f: Firm) -> Plant:
    """The client's address is none."""
    yield
    f.refuse("create customer", "2210", "Invalid Email Address Format", "Supplied value: nobody")
    bill = f.bill(f.matter())
    return [
        Expected(plant="refused: 2210", codes=("bad_email",), records=of_bills(bill),
                 choice=r"(?i)correct", amount=f.due(bill))
    ]  # fmt: skip


def refused_name(f: Firm) -> Plant:
    """The name is a vendor's or an employee's already, and so is the one with a number after it."""
    yield
    words = "Another customer, vendor or employee is already using this name. Please use a different name."
    f.refuse(
        "create customer", "6240", "Duplicate Name Exists Error",
        f"The name supplied already exists. : {words}",
    )  # fmt: skip
    bill = f.bill(f.matter())
    return [
        Expected(plant="refused: 6240", codes=("duplicate_name",), records=of_bills(bill),
                 choice=r"(?i)customer|rename|name", amount=f.due(bill))
    ]  # fmt: skip


UPDATES = (stale, matched, gone)


def access_lost(f: Firm) -> Plant:
    """Administrator 8: somebody took the access away. Records wait, they do not fail."""
    yield
    f.oauth.disconnect(f.company.realm)
    bills = [f.bill(f.matter()) for _ in range(f.chance.randrange(2, 5))]
    return [
        Expected(plant="authorisation lost", codes=("access_lost",), records=of_bills(*bills),
                 choice=r"(?i)connect", amount=f.due(*bills))
    ]  # fmt: skip


def subscription_ended(f: Firm) -> Plant:
    """Nobody paid Intuit: nothing is taken."""
    yield
    words = (
        "Subscription period has ended or canceled or there was a billing problem : You can't add data to "
        "QuickBooks Online Plus because your trial or subscription period ended."
    )
    for operation in ("batch", "create customer", "create invoice", "create payment"):
        f.refuse(operation, "6190", "Invalid Company Status",
                 words)  # fmt: skip
    bills = [f.bill(f.matter()) for _ in range(f.chance.randrange(2, 5))]
    return [
        Expected(plant="subscription ended", codes=("subscription_ended",), records=of_bills(*bills),
                 choice=r"(?i)renew", amount=f.due(*bills))
    ]  # fmt: skip


def company_busy(f: Firm) -> Plant:
    """The vendor is down for everybody: what waits is tried again by itself."""
    yield
    for operation in ("batch", "create customer", "create invoice", "create payment"):
        f.faults.add(operation, 1, "throttle", 100_000)
    bills = [f.bill(f.matter()) for _ in range(f.chance.randrange(2, 5))]
    return [
        Expected(plant="vendor does not take calls", codes=(), records=of_bills(*bills), choice="")
    ]  # fmt: skip


def numbers_off(f: Firm) -> Plant:
    """Custom transaction numbers are off: posting waits (DESIGN section 7, point 5)."""
    yield
    backdoor.prefer(f.company, "SalesFormsPrefs.CustomTxnNumbers", value=False)
    bills = [f.bill(f.matter()) for _ in range(f.chance.randrange(2, 5))]
    return [
        Expected(plant="custom numbers off", codes=("custom_numbers_off",), records=of_bills(*bills),
                 choice=r"(?i)switch custom", amount=f.due(*bills))
    ]  # fmt: skip


def currency(f: Firm) -> Plant:
    """A bill in another currency than the books'."""
    yield
    bills = [f.bill(f.matter())]
    for one in f.world.all(Currency):
        one.code = "CAD"
        f.world.touch(one)
    for bill in bills:
        f.world.touch(bill)
    return [Expected(plant="currency", codes=("currency",), records=of_bills(*bills), choice=r"(?i)currency")]


def trust_not_set_up(f: Firm) -> Plant:
    """Client money moves, and the books have no place for it."""
    yield
    rows = [
        f.do("trust_deposit", matter=f.matter().id, amount=Decimal(f.chance.randrange(10_000, 90_000)) / 100,
             date=f.day())
        for _ in range(f.chance.randrange(1, 4))
    ]  # fmt: skip
    return [
        Expected(plant="trust not set up", codes=("trust_not_set_up",), choice=r"(?i)set the trust",
                 records=frozenset(("bank_transactions", str(row.id)) for row in rows),
                 amount=sum((row.amount for row in rows), Decimal(0)))
    ]  # fmt: skip


WHOLE = (
    refused_email,
    refused_name,
    access_lost,
    subscription_ended,
    company_busy,
    numbers_off,
    currency,
    trust_not_set_up,
)
