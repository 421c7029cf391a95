"""Rows of the bank feed as people change them, and what they bear beside the ledger: it stays theirs."""

from __future__ import annotations

from decimal import Decimal

import pytest

from syncapp.emulators.clio.world import empty
from syncapp.emulators.qbo import backdoor
from tests.road.test_trust_feed import DAY, LEFT, account, compared, left, purchase
from tests.stage import stage
from tests.trust import opened as at

pytestmark = pytest.mark.django_db


def test_an_expense_that_somebody_makes_a_check_stands_once_in_the_comparison() -> None:
    with stage(empty(), file=at.file_with(LEFT)) as on:
        at.deposit(on, at.matter(on, "Acme"), "1000.00", day=at.START)
        one = purchase(on, "75", kind="Cash")
        on.sync()
        assert compared(on).books_bank == 92500

        backdoor.edit(on.company, "Purchase", one, {"PaymentType": "Check", "DocNumber": "1077"})
        on.sync()
        assert compared(on).books_bank == 92500

        backdoor.edit(on.company, "Purchase", one, {"PaymentType": "Cash"})
        on.sync()
        assert compared(on).books_bank == 92500


def test_a_deposit_that_gets_its_ledger_keeps_its_check_number_and_method() -> None:
    with stage(empty(), file=at.file_with({**LEFT, "post": ["disbursement", "refund"]})) as on:
        of = at.matter(on, "Acme")
        at.deposit(on, of, "500.00", day=DAY)
        method = str(backdoor.add(on.company, "PaymentMethod", {"Name": "Paper"})["Id"])
        detail = {
            "AccountRef": {"value": account(on, at.IOLTA["liability"])},
            "CheckNum": "8812",
            "PaymentMethodRef": {"value": method},
        }
        line = {"DetailType": "DepositLineDetail", "Amount": Decimal(500), "DepositLineDetail": detail}
        bank = {"value": account(on, at.IOLTA["bank"])}
        given = {"TxnDate": DAY.isoformat(), "DepositToAccountRef": bank, "Line": [line]}
        one = str(backdoor.add(on.company, "Deposit", given)["Id"])

        on.sync()

        assert left(on, of) == 50000
        (named,) = on.company.get("Deposit", one)["Line"]
        assert named["DepositLineDetail"]["CheckNum"] == "8812"
        assert named["DepositLineDetail"]["PaymentMethodRef"]["value"] == method
        assert "Acme" in named["DepositLineDetail"]["Entity"]["name"]
