"""What the card says first clears each planted cause to posted and tied, in at most three acts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests import cast
from tests.planted import hands, held, money, whole
from tests.planted.firms import random_firm
from tests.planted.measured import asked
from tests.planted.walks import MOST, Clerk
from tests.stage import stage, unwritten

ROUNDS = 3  # of walking and syncing: a hand in closed books is corrected, and its entry approved
MAPPED = (
    held.unmapped_area, held.unmapped_cost, held.unmapped_discount, held.unmapped_interest,
    held.inactive_item, held.inactive_account,
    held.inactive_class, held.inactive_customer, held.category_item, held.bundle_item, held.missing_item,
    held.same_number_same_invoice, held.number_used_twice, held.number_too_long,
    held.name_of_two, held.closed_edit, whole.cents_off,
)  # fmt: skip
HANDS = (
    hands.invoice_amount, hands.invoice_deleted, hands.payment_deleted, hands.credit_deleted,
    hands.typed_payment, hands.typed_credit, hands.typed_invoice, hands.typed_journal, hands.income_twice,
    whole.merged, whole.closed_hand,
)  # fmt: skip
MONEY = (
    money.retainer, money.bill_below_payment, money.deposited_edited, money.deposited_removed,
    money.credit_over, held.same_number_other_invoice, held.closed_period,
)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    "plants", [MAPPED, HANDS, MONEY, (whole.tax_total,)], ids=["held", "hands", "money", "the tax engine"]
)
def test_each_planted_cause_is_cleared_by_what_its_card_says_first(plants: Sequence[Any]) -> None:
    firm = random_firm(5)
    with unwritten(), stage(firm.world, file=firm.file, company=firm.company) as made:
        firm.faults, firm.oauth = made.qbo.state.faults, made.qbo.state.oauth
        doing = [plant(firm) for plant in plants]
        for one in doing:
            next(one)
        asked("sync", until_quiet=True)
        for one in doing:
            next(one, None)
        asked("sync", until_quiet=True)
        browser = cast.sign_in(Client(), User.objects.get(email="books@planted.test"))
        clerk, seen = Clerk(firm, browser), set()
        for _ in range(ROUNDS):
            for case in asked("exceptions"):
                seen.add(case["code"])
                clerk.clear(case)
            asked("sync", until_quiet=True)

        left = {f"{case['code']}: {case['cause']}" for case in asked("exceptions")}
        assert not left, "\n".join(sorted(left))
        told = asked("tieout")
        assert told["equal"], told["differences"]
        assert max(clerk.acts.values()) <= MOST, clerk.acts
        assert len(seen) >= len(plants) / 3, seen
