"""The file of a random firm: which practice areas its rules place, and which of the rules are at fault."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

START = date(2026, 1, 1)
PLAIN = ("Litigation", "Corporate", "Estates")
# Practice areas whose rule is at fault, or comes to be: each by the product that its rule names.
FAULTY = {
    "Real Estate": "Real Estate Fees",
    "Family": "Family Fees",
    "Employment": "Employment Fees",
    "Tax": "Tax Fees",
    "Bankruptcy": "Flat Fee Matters",  # a category
    "Immigration": "Incorporation Package",  # a bundle
    "Patents": "Patent Fees",  # stands nowhere
}
NO_RULE = ("Admiralty", "Aviation")


def firm_file(chance: random.Random) -> dict[str, Any]:
    """A firm file as `firm apply` reads it, with some of its choices by chance."""
    rules: list[dict[str, Any]] = [
        {"when": {"line": "time", "practice_area": area}, "item": item}
        | ({"class": area} if area == "Employment" else {})
        for area, item in FAULTY.items()
    ]
    rules += [{"when": {"line": "time", "practice_area": area}, "item": "Legal Fees"} for area in PLAIN]
    rules += [
        {"when": {"line": "expense", "cost": "hard"}, "item": "Advanced Costs Recovered"},
        {"when": {"line": "expense", "expense_category": "Copies"}, "item": "Costs Recovered"},
        {"when": {"line": "tax"}, "item": "Sales Tax Collected"},
        {"when": {"line": "write_off", "of": "costs"}, "item": "Costs Written Off"},
        {"when": {"line": "write_off", "of": "tax"}, "item": "Sales Tax Collected"},
        {"when": {"line": "write_off"}, "item": "Write-offs"},
    ]
    days = dict.fromkeys(("bills", "payments", "credits", "trust"), START)
    trust = {
        "clio_account": "IOLTA", "kind": "pooled", "operating": "Operating Bank",
        "bank": "IOLTA Trust Account", "liability": "Client Funds Held in Trust", "client_as": "customer",
        "opening": "none",
        "post": ["deposit", "disbursement", "refund", "transfer", "bill_payment", "interest", "bank_charge"],
    }  # fmt: skip
    books = {
        "name": "main", "ledger": "qbo", "start": days,
        "customers": {
            "matters_as": chance.choice(("sub-customers", "none")), "client_name": "{client}",
            "matter_name": "{matter_number} {client}",
        },
        "invoices": {
            "number_prefix": chance.choice(("", "L-")), "lines": chance.choice(("detail", "summary")),
            "several_matters": "one",
        },
        "mapping": {"rules": rules, "fallback": "hold"},
        "deposits": [{"otherwise": "Undeposited Funds"}],
        "payouts": {"fees": "Bank Charges", "aged_after": 90},
        "rounding": {"item": "Write-offs", "up_to": "0.02"},
        "retainers": {"liability": "Client Retainers Operating", "item": "Operating Retainer"},
        "openings": {"item": "Opening Balances"},
        "trust": [trust],
    }  # fmt: skip
    people = [("admin", "administrator"), ("books", "bookkeeper"), ("partner", "partner")]
    return {
        "version": 1,
        "firm": {
            "slug": "planted", "name": "Ash & Birch LLP", "time_zone": "America/New_York", "currency": "USD",
            "jurisdiction": "NC",
        },
        "people": [{"email": f"{who}@planted.test", "role": role} for who, role in people],
        "source": {"provider": "clio", "region": "us"},
        "books": [books],
        "schedule": {"bills": "on-event", "payments": "on-event", "trust": "on-event"},
    }  # fmt: skip
