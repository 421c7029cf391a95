"""Causes that keep a record out of the books before anything is sent (issue 5, point 2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from syncapp.emulators.qbo import backdoor
from tests.planted.files import NO_RULE
from tests.planted.firms import (
    CLOSED,
    FIRST,
    LAST_WORDS,
    Expected,
    Firm,
    Plant,
    of_bills,
    of_books,
    of_payment,
)

MAP = r"(?i)choose where|\bmap|rule"
REVIVE = r"(?i)active|reactivate"
CUSTOMER = r"(?i)customer"


def unmapped_area(f: Firm, area: str = NO_RULE[0]) -> Plant:
    """Time of a practice area that no rule takes; the payment of a held bill waits with it (rule i)."""
    yield
    bills = [f.bill(f.matter(area)) for _ in range(f.chance.randrange(1, 4))]
    due, paid, held = f.due(*bills), Decimal(0), of_bills(*bills)
    if f.chance.random() < 0.5:
        payment = f.pay(bills[0], share="0.5")
        held, paid = held | of_payment(payment), payment.amount
    return [Expected(plant="unmapped", codes=("unmapped",), records=held, choice=MAP, amount=due + paid)]


def unmapped_cost(f: Firm) -> Plant:
    """A cost whose category no rule takes holds its whole bill."""
    yield
    matter, day = f.matter(), f.day()
    bill = f.bill(matter, day=day, work=[f.cost(matter, day, "Postage")])
    return [_one("unmapped cost", ("unmapped",), f, bill, MAP)]


def unmapped_discount(f: Firm) -> Plant:
    """A discount that no rule takes."""
    yield
    bill = f.bill(f.matter())
    f.do("edit_bill", bill=bill.id, discount_type="percentage", discount_rate=f.chance.randrange(5, 30))
    return [_one("unmapped discount", ("unmapped", "needs_account"), f, bill, r"(?i)choose where|\bmap|rule")]


def unmapped_interest(f: Firm) -> Plant:
    """An interest charge that no rule takes; its bill stands."""
    bill = f.bill(f.matter())
    yield
    charge = f.do("add_interest", bill=bill.id, total=Decimal(f.chance.randrange(500, 9000)) / 100,
                  date=f.day())  # fmt: skip
    records = frozenset({("interest_charges", str(charge.id))})
    return [
        Expected(
            plant="unmapped interest", codes=("unmapped",), records=records, choice=MAP, amount=charge.total
        )
    ]


def _asleep(kind: str, entity: str, area: str, name: str) -> Callable[[Firm], Plant]:
    """A name that the rule uses is made inactive in QuickBooks: one cause, however many bills."""

    def plant(f: Firm) -> Plant:
        before = f.bill(f.matter(area))
        yield
        found = next(i for i, one in f.company.store[entity].items() if one["Name"] == name)
        backdoor.set_active(f.company, entity, found, active=False)
        bills = [f.bill(f.matter(area)) for _ in range(f.chance.randrange(1, 5))]
        assert before.number
        return [
            Expected(
                plant=f"inactive {kind}", codes=(f"inactive_{kind}",), records=of_bills(*bills),
                choice=REVIVE, amount=f.due(*bills),
            )
        ]  # fmt: skip

    plant.__name__ = f"inactive_{kind}"
    return plant


inactive_item = _asleep("item", "Item", "Real Estate", "Real Estate Fees")
inactive_account = _asleep("account", "Account", "Family", "Family Income")
inactive_class = _asleep("class", "Class", "Employment", "Employment")


def inactive_customer(f: Firm) -> Plant:
    """The client's customer was made inactive after its first bill."""
    matter = f.matter()
    first = f.bill(matter)
    yield
    customer = f.invoice(first)["CustomerRef"]["value"]
    backdoor.set_active(f.company, "Customer", customer, active=False)
    bill = f.bill(matter)
    return [_one("inactive customer", ("inactive_customer",), f, bill, REVIVE)]


def _unsellable(area: str, what: str) -> Callable[[Firm], Plant]:
    def plant(f: Firm) -> Plant:
        yield
        bills = [f.bill(f.matter(area)) for _ in range(f.chance.randrange(1, 3))]
        codes = ("missing_in_books",) if what == "missing product" else ("not_sellable", "item_is_category")
        return [
            Expected(plant=what, codes=codes, records=of_bills(*bills), choice=r"(?i)\bmap",
                     amount=f.due(*bills))
        ]  # fmt: skip

    plant.__name__ = what.replace(" ", "_")
    return plant


category_item = _unsellable("Bankruptcy", "category")
bundle_item = _unsellable("Immigration", "bundle")
missing_item = _unsellable("Patents", "missing product")


def same_number_same_invoice(f: Firm) -> Plant:
    """Somebody typed the bill already: same number, customer, day and total. Link, and nothing is posted."""
    matter = f.matter()
    first = f.bill(matter)
    yield
    bill = f.bill(matter)
    _typed(f, f.invoice(first)["CustomerRef"]["value"], bill.number, bill.issued_at or FIRST, f.owed(bill))
    return [_one("same number, same invoice", ("duplicate_number", "stands_already"), f, bill,
                 r"(?i)\blink|adopt|same")]  # fmt: skip


def same_number_other_invoice(f: Firm) -> Plant:
    """The number is taken by something else: another customer, another amount. Renumber, never blindly."""
    yield
    stranger = backdoor.add(f.company, "Customer", {"DisplayName": f"Stranger {f.number}"})["Id"]
    bill = f.bill(f.matter())
    typed = _typed(f, stranger, bill.number, f.day(), f.owed(bill) + 1000)
    return [
        _one("same number, other invoice", ("duplicate_number",), f, bill, r"(?i)number"),
        _extra(f, typed, "its invoice of a stranger"),
    ]


def _typed(f: Firm, customer: str, number: str, day: date, amount: Decimal) -> dict[str, object]:
    prefix = f.file["books"][0]["invoices"]["number_prefix"]
    return backdoor.add(
        f.company, "Invoice",
        {"CustomerRef": {"value": customer}, "DocNumber": f"{prefix}{number}", "TxnDate": str(day),
         "Line": [f.sold(amount)]},
    )  # fmt: skip


def _extra(f: Firm, typed: dict[str, object], plant: str) -> Expected:
    """What somebody typed moves what is owed, and no bill of Clio asks for it."""
    return Expected(
        plant=plant, codes=("typed_in_books",), records=of_books("Invoice", typed), alarm=True,
        choice=r"(?i)reverse", amount=Decimal(str(typed["TotalAmt"])),
    )  # fmt: skip


def number_used_twice(f: Firm) -> Plant:
    """Two bills of Clio bear one number; the first is in the books."""
    first = f.bill(f.matter())
    yield
    bill = f.bill(f.matter(), number=first.number)
    return [_one("number used twice in Clio", ("number_used_twice",), f, bill, r"(?i)renumber|number")]


def number_too_long(f: Firm) -> Plant:
    """A number over 21 characters."""
    yield
    f.number += 1
    bill = f.bill(f.matter(), number=f"{f.number}-2026-" + "9" * f.chance.randrange(14, 20))
    return [_one("number too long", ("number_too_long", "too_long"), f, bill, r"(?i)shorten|number")]


def _doubtful(f: Firm, clio: str, *books: str, asleep: bool = False) -> Plant:
    for name in books:
        made = backdoor.add(f.company, "Customer", {"DisplayName": name})
        if asleep:
            backdoor.set_active(f.company, "Customer", made["Id"], active=False)
    yield
    bill = f.bill(f.matter(client=f.client(clio).id))
    return [_one("doubtful name", ("doubtful_customer", "duplicate_name"), f, bill, CUSTOMER)]


def name_of_two(f: Firm) -> Plant:
    """Two customers that differ only in writing."""
    word = f.names.pop().split()[0]
    return (yield from _doubtful(f, f"Anna {word}", f"anna {word}.", f"ANNA, {word}"))


def name_asleep(f: Firm) -> Plant:
    """Bookkeeper 5: the same company, written otherwise, and inactive."""
    first, last = f.names.pop().split()[0], f.chance.choice(LAST_WORDS)
    return (
        yield from _doubtful(f, f"{first} {last} Holdings, LLC", f"{first.upper()} {last} Holdings LLC",
                             asleep=True)
    )  # fmt: skip


def closed_period(f: Firm) -> Plant:
    """A bill dated in closed books."""
    yield
    backdoor.close_books(f.company, CLOSED)
    bill = f.bill(f.matter(), day=CLOSED - timedelta(days=f.chance.randrange(40)))
    return [_one("closed period", ("closed_period",), f, bill, r"(?i)reopen|open period|redate|approve")]


def closed_edit(f: Firm) -> Plant:
    """Bookkeeper 4: a bill of a closed month is edited; a credit or a charge of today, with approval."""
    bill = f.bill(f.matter(), day=CLOSED - timedelta(days=f.chance.randrange(40)))
    yield
    backdoor.close_books(f.company, CLOSED)
    f.do("edit_line", line=bill.line_ids[0], quantity=Decimal(f.chance.randrange(100, 200)) / 10)
    return [
        Expected(plant="closed month edited", codes=("closed_correction",), records=of_bills(bill),
                 choice=r"(?i)approve")
    ]  # fmt: skip


def _one(plant: str, codes: tuple[str, ...], f: Firm, bill: object, choice: str) -> Expected:
    """One bill that is held whole."""
    return Expected(plant=plant, codes=codes, records=of_bills(bill), choice=choice, amount=f.due(bill))  # type: ignore[arg-type]


def two_at_once(f: Firm) -> Plant:
    """A bill with two things wrong: a cost without a rule, and a number that is too long."""
    yield
    matter, day = f.matter(), f.day()
    f.number += 1
    bill = f.bill(matter, day=day, number=f"{f.number}-" + "8" * 22, work=[f.cost(matter, day, "Travel")])
    return [_one("two causes of one bill", ("unmapped", "number_too_long"), f, bill, MAP + "|number")]


HELD = (
    unmapped_area, unmapped_cost, unmapped_discount, unmapped_interest, inactive_item, inactive_account,
    inactive_class, inactive_customer, category_item, bundle_item, missing_item, same_number_same_invoice,
    same_number_other_invoice, number_used_twice, number_too_long, name_of_two, name_asleep, closed_period,
    closed_edit, two_at_once,
)  # fmt: skip
