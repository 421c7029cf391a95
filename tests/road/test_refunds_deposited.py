"""What the bank received beyond what Clio says of a payment goes back to the client, and both sides tie."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from accounts.tenancy import firm_scope
from syncapp.core.planning.refunds import BY_CARD
from syncapp.emulators.clio.world import empty
from syncapp.emulators.qbo import backdoor
from syncapp.records.models import BookChoice
from tests.road import books
from tests.road.acts import owed
from tests.road.closing import receivable
from tests.road.test_deposited_payments import NOW, WAS, paid
from tests.stage import Stage, Standing, firm_file, standing


@pytest.fixture(scope="module")
def drawer(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Standing]:
    """A firm without work whose payments wait in Undeposited Funds until somebody deposits them."""
    file = firm_file(deposits=[{"otherwise": "Undeposited Funds"}])
    with django_db_blocker.unblock(), standing(empty(), synced=True, file=file) as made:
        yield made


@pytest.mark.parametrize("relinked", [False, True])
def test_a_credit_that_clio_never_had_is_paid_back(drawer: Standing, *, relinked: bool) -> None:
    """Whether QuickBooks lets a deposited payment pay less, or the credit became a retainer."""
    with drawer.fresh() as on:
        backdoor.switch(on.company, deposited_relink_ok=relinked)
        case = paid(on)
        case.edit(NOW)
        case.choose("credit")
        deposited = case.bank()

        back(on, case.bill.client_id, WAS - NOW)

        assert case.codes() == {"client_credit"}
        assert (case.money, case.bank()) == (WAS, deposited), "payment and deposit are as the bank has them"
        assert receivable(on) == owed(on, case.bill)
        assert case.bank("Client Retainers Operating") == 0
        assert Decimal(on.tieout()["kinds"]["receivables"]["difference"]) == 0
        books.assert_tieout(on)


def back(on: Stage, client: int, amount: Decimal) -> None:
    """The card processor pays the client back, Clio has it, and a person says how it went."""
    row = on.desk("refund_overpayment", client=client, amount=amount).id
    said = {"subject": f"bank_transactions/{row}", "answer": BY_CARD, "by": on.person, "at": timezone.now()}
    with firm_scope(write=on.firm.pk):
        BookChoice.objects.create(firm=on.firm, books=on.books, **said)
    on.sync()
