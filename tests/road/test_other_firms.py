"""Other firms: other amounts, other mappings, other ways of Clio; and people who do things in any order."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from syncapp.emulators.clio.world import END, small, year
from syncapp.emulators.qbo import seed
from tests.oracle.compare import month_ends
from tests.oracle.model import BooksFacts
from tests.road import books
from tests.road.acts import arrives
from tests.stage import firm_file, stage

RULES = firm_file()["books"][0]["mapping"]["rules"]

FILES: dict[str, dict[str, Any]] = {
    "summary lines": {"invoices": {"lines": "summary"}},
    "tax on each line": {"invoices": {"tax": "per_line"}},
    "no sub-customers": {"customers": {"matters_as": "none"}},
    "an invoice for each matter": {"invoices": {"several_matters": "each"}},
    "costs on their own invoice": {"invoices": {"costs": "own"}},
    "costs apart for each matter": {"invoices": {"costs": "own", "several_matters": "each"}},
    "numbers with a prefix": {"invoices": {"number_prefix": "AB-"}},
    "other names": {
        "customers": {
            "client_name": "{client} (client)",
            "matter_name": "{client} / {matter} {matter_number}",
        }
    },
    "money waits for the deposit": {"deposits": [{"otherwise": "Undeposited Funds"}]},
    "cards apart": {
        "deposits": [
            {
                "clio_bank_account": "Operating Checking",
                "method": "credit_card",
                "account": "Undeposited Funds",
            },
            {"clio_bank_account": "Operating Checking", "account": "Operating Bank"},
            {"otherwise": "Undeposited Funds"},
        ]
    },
    "classes by area and timekeeper": {
        "mapping": {
            "rules": [
                {
                    "when": {"line": "time", "timekeeper": "Thomas Birch"},
                    "item": "Services",
                    "class": "Corporate",
                },
                {"when": {"practice_area": "Estates"}, "class": "Estates"},
                {"when": {"line": "expense", "expense_category": "Travel"}, "item": "Services"},
                *RULES,
            ]
        }
    },
    "nothing chosen for time of one area": {
        "mapping": {"rules": [r for r in RULES if r["when"] != {"line": "time"}], "fallback": "hold"}
    },
    "a fallback": {
        "mapping": {
            "rules": [r for r in RULES if r["when"] != {"line": "time"}],
            "fallback": {"item": "Services"},
        }
    },
    "a start in the middle": {
        "start": dict.fromkeys(("bills", "payments", "credits", "trust"), date(2026, 8, 25))
    },
}


@pytest.mark.parametrize("name", FILES)
def test_another_mapping_ties(db: Any, name: str) -> None:
    with stage(small(3), file=firm_file(**FILES[name])) as set_:
        done = set_.sync()

        books.assert_control(done.counts)
        books.assert_ties(set_)
        books.assert_tieout(set_)
        books.assert_idle(set_)


def test_classes_of_the_whole_invoice(db: Any) -> None:
    company = seed.law_firm()
    tracking = company.preferences["AccountingInfoPrefs"]
    tracking["ClassTrackingPerTxn"], tracking["ClassTrackingPerTxnLine"] = True, False

    with stage(small(5), company=company) as set_:
        set_.sync()

        books.assert_ties(set_, facts=BooksFacts(items=dict(seed.ITEMS), class_of_transaction=True))


SWITCHES: dict[str, dict[str, Any]] = {
    "removed payments vanish": {"removal_erases": True},
    "a moved payment is a new one": {"move_makes_new_payment": True},
    "bank rows without links": {"bank_rows_linked": False},
    "a trust payment has one row": {"trust_payment_two_rows": False},
    "totals less discount": {"total_net": True},
    "tax once for the bill": {"tax_per_bill": True},
    "lists show what was removed": {
        "bills_list_includes_removed": True,
        "allocations_list_includes_voided": True,
    },
    "lists hide what was removed": {"credit_memos_list_includes_voided": False},
    "void keeps its balance": {"void_keeps_balance": True},
    "a payment touches its bill": {"payment_touches_bill": True, "updated_since_inclusive": True},
    "a bill of nothing waits": {"zero_bill_is_paid": False},
}


@pytest.mark.parametrize("name", SWITCHES)
def test_another_way_of_clio_ties(db: Any, name: str) -> None:
    world = small(4)
    world.switches.change(SWITCHES[name])

    with stage(world) as set_:
        set_.sync()
        books.assert_ties(set_)
        live = [
            p
            for p in world.tables["Payment"].values()
            if p.voided_at is None and p.reference in ("1001", "78")
        ]
        other = next(b for b in world.tables["Bill"].values() if b.charge_ids)
        set_.desk("move_payment", payment=live[1].id, bill=other.id)
        set_.desk("remove_payment", payment=live[0].id)

        set_.sync()

        books.assert_ties(set_)
        books.assert_idle(set_)


@pytest.mark.parametrize("seed_", [11, 23])
def test_another_year_ties(db: Any, seed_: int) -> None:
    end = date(2026, 9, 30)
    start = dict.fromkeys(("bills", "payments", "credits", "trust"), end.replace(year=2025, month=10, day=1))
    each = {"several_matters": "each"} if seed_ == 23 else {"costs": "own"}
    file = firm_file(start=start, invoices=each)

    with stage(year(seed_, end, size=0.25), file=file) as set_:
        done = set_.sync()

        books.assert_control(done.counts)
        books.assert_ties(set_, on=month_ends(end))
        books.assert_tieout(set_)


def test_namesakes_wait_for_a_person_when_the_books_know_the_name(db: Any) -> None:
    company = seed.law_firm(customers=["John Carter"])
    facts = BooksFacts(items=dict(seed.ITEMS), customers=("John Carter",))

    with stage(year(7, END, size=0.3), company=company) as set_:
        set_.sync()

        books.assert_ties(set_, on=[END - timedelta(days=100), END], facts=facts)
        books.assert_tieout(set_)


def test_the_small_firm_ties(db: Any) -> None:
    with stage(small(7)) as on:
        arrives(on, lambda _: None)
