"""Bill payments left to the bank feed, a lost answer, a refusal, and what the bank has matched already."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.emulators.clio.world import small
from syncapp.emulators.qbo import backdoor
from syncapp.records.models import Attempt, Posting
from tests.road import books
from tests.road.acts import TODAY, fresh
from tests.road.clientmoney import assert_walled, trust_file
from tests.road.test_trust_feed import account, arrived, left, purchase
from tests.road.test_trust_setup import held
from tests.stage import Stage, stage
from tests.trust import world as bank
from trust.actions import matches as matching
from trust.models import Match
from trust.nouns import BankLine
from trust.queries import matches
from trust.queries.pairs import pair_named

pytestmark = pytest.mark.django_db
POSTED = ["deposit", "refund", "transfer", "interest", "bank_charge"]  # the rest is left to the feed


def matched(on: Stage) -> tuple[set[str], int]:
    """Which entries a line of the bank has, and how many matches were ever made."""
    with firm_scope(write=None, reads=[on.firm.pk]):
        pair = pair_named(on.firm.pk, "IOLTA")
        assert pair is not None
        keys = {key for group in matches.groups(pair) for key in group.movements}
        return keys, Match.objects.filter(firm_id=on.firm.pk).count()


def attempts(on: Stage, kind: str) -> list[str]:
    """What became of each time that a kind was sent."""
    with firm_scope(write=None, reads=[on.firm.pk]):
        rows = Attempt.objects.filter(firm_id=on.firm.pk, posting__object_kind=kind)
        return list(rows.order_by("pk").values_list("outcome", flat=True))


@pytest.mark.parametrize("client_as", ["customer", "sub-account"])
def test_the_trust_leg_of_a_payment_is_named_on_the_feed_s_expense(db: Any, client_as: str) -> None:
    """The operating leg posts as ever; the answer to the naming is lost, and it is done once all the same."""
    with stage(small(7), file=trust_file(post=POSTED, client_as=client_as)) as on:
        bill = fresh(on, matter=2)
        whose = int(bill.matter_ids[0])
        on.desk("trust_deposit", matter=whose, amount="5000", reference="311")
        paid = on.desk("pay_from_trust", bill=bill.id, amount="120", date=TODAY)
        on.sync()
        before = left(on, whose)
        twin = purchase(on, "120.00", day=TODAY, kind="Cash")
        with firm_scope(write=None, reads=[on.firm.pk]):
            pair = pair_named(on.firm.pk, "IOLTA")
        assert pair is not None
        on.qbo.state.faults.add("update purchase", 1, "drop_after")

        on.sync()

        assert held(on) == []
        assert left(on, whose) == before - 12000
        assert attempts(on, "expense") == ["uncertain", "posted"]
        found = on.company.get("Purchase", twin)
        (line,) = found["Line"]
        detail = line["AccountBasedExpenseLineDetail"]
        if client_as == "customer":
            assert detail["CustomerRef"]["value"]
        else:
            parent = on.company.get("Account", detail["AccountRef"]["value"])["ParentRef"]["value"]
            assert parent == account(on, "Client Funds Held in Trust")
        with firm_scope(write=None, reads=[on.firm.pk]):
            made = Posting.objects.get(firm_id=on.firm.pk, object_kind="expense")
        assert made.subject == f"payments/{paid.id}/trust"
        if client_as == "customer":
            assert_walled(on)
        books.assert_tieout(on)
        books.assert_idle(on)


def test_what_the_bank_has_matched_stays_matched_under_clio_s_name(db: Any) -> None:
    with stage(small(7), file=trust_file(post=POSTED)) as on:
        whose = next(iter(on.world.tables["Matter"]))
        on.sync()
        twin = purchase(on, "250.10", day=TODAY, check="1066")
        on.sync()
        with firm_scope(write=None, reads=[on.firm.pk]):
            pair = pair_named(on.firm.pk, "IOLTA")
        assert pair is not None
        bank.bank(
            pair, [BankLine(id="1", day=TODAY, amount=-25010, check="1066", text="CHECK 1066")], last=TODAY
        )
        with firm_scope(write=on.firm.pk):
            matching.match_certain(pair=pair, now=timezone.now())
        assert matched(on) == ({f"books/check:{twin}"}, 1)
        row = on.desk(
            "trust_disbursement", matter=whose, amount=Decimal("250.10"), date=TODAY, payee="Clerk",
            reference="1066",
        )  # fmt: skip

        on.sync()

        assert held(on) == []
        assert matched(on) == ({f"bank_transactions/{row.id}"}, 2)


def test_what_quickbooks_refuses_to_name_is_a_case(db: Any) -> None:
    """Whether a deposit's line may stand on a liability is documented neither way (qbo/API.md section 13)."""
    with stage(small(7), file=trust_file(post=["disbursement"])) as on:
        whose = next(iter(on.world.tables["Matter"]))
        on.sync()
        deposit = arrived(on, "75.00", day=TODAY)
        on.desk("trust_deposit", matter=whose, amount=Decimal("75.00"), date=TODAY)
        backdoor.switch(on.company, deposit_liability="refuse")

        on.sync()

        (reason,) = [h["reason"] for case in on.exceptions() for h in case["holds"]]
        assert "QuickBooks does not take this type of account here." in reason
        assert "Entity" not in on.company.get("Deposit", deposit)["Line"][0]["DepositLineDetail"]
        backdoor.switch(on.company, deposit_liability="accept")
        on.sync()
        assert held(on) == []
