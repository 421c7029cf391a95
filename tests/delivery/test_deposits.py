"""A payment in a deposit: parted, changed, applied again, taken back; its money is never touched."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from syncapp.core.planning.returns import MISTAKE, Said
from syncapp.emulators.qbo import backdoor
from syncapp.pipeline.cases import choices
from syncapp.pipeline.deposits import actions
from tests.delivery.scene import TODAY, Scene, scene
from tests.stage import firm_file

pytestmark = pytest.mark.django_db


def test_a_payment_over_several_matters_is_parted_and_deposited_where_one_is_refused() -> None:
    with scene(payment_across_subcustomers="refuse") as at:
        client = at.client()
        bills = [at.bill(at.matter(client.id).id) for _ in range(2)]
        at.pay(*[bill.id for bill in bills], amount="2500")

        at.sync()

        payments, (deposit,) = at.store("Payment"), at.store("Deposit")
        assert len(payments) == 2
        assert sum(one["TotalAmt"] for one in payments) == deposit["TotalAmt"] == Decimal(2500)
        assert deposit["DepositToAccountRef"]["value"] == at.on.company.account("Operating Bank")
        assert not at.holds()
        at.assert_once()


def test_a_parted_payment_entered_by_mistake_leaves_with_its_deposit() -> None:
    with scene(payment_across_subcustomers="refuse") as at:
        client = at.client()
        bills = [at.bill(at.matter(client.id).id) for _ in range(2)]
        paid = at.pay(*[bill.id for bill in bills], amount="2500")
        at.sync()
        at.on.desk("remove_payment", payment=paid)
        at.sync()
        (case,) = at.cases()
        assert (case.code, case.facts["deposit"]) == ("payment_removed", "ours")

        refused = choices.returned(
            firm_id=at.on.firm.pk,
            case_id=case.pk,
            said=Said(what=MISTAKE),
            by=at.on.person,
            now=timezone.now(),
        )
        at.sync()

        assert refused is None
        assert not at.store("Deposit")
        assert not [one for one in at.store("Payment") if one["TotalAmt"]]
        assert not at.holds()
        at.assert_ties()


def deposited(at: Scene) -> tuple[Any, Any, int]:
    """A payment that lies in a deposit, with two bills of its client."""
    matter = at.fresh_matter()
    one, other = at.bill(matter), at.bill(matter)
    paid = at.pay(one.id, amount="700")
    at.sync()
    bank = at.on.company.account("Operating Bank")
    backdoor.deposit(at.on.company, [at.store("Payment")[0]["Id"]], account=bank, day=TODAY)
    return one, other, paid


@pytest.mark.parametrize("act", ["edit", "remove"])
def test_a_deposited_payment_that_changes_is_held_and_never_made_again(act: str) -> None:
    file = _undeposited()
    with scene(file=file) as at:
        _, _, paid = deposited(at)
        if act == "edit":
            at.on.desk("edit_payment", payment=paid, amount="650")
        else:
            at.on.desk("remove_payment", payment=paid)

        at.sync()

        (hold,) = at.holds()
        assert hold.code == ("deposited" if act == "edit" else "payment_removed")
        (payment,) = at.store("Payment")
        assert payment["TotalAmt"] == Decimal(700)
        assert len(at.store("Deposit")) == 1


def _undeposited() -> dict[str, Any]:
    file = firm_file()
    file["books"][0]["deposits"] = [{"otherwise": "Undeposited Funds"}]
    return file


def test_a_payment_that_is_applied_again_keeps_its_deposit() -> None:
    with scene(file=_undeposited(), deposited_relink_ok=True) as at:
        _, other, paid = deposited(at)
        at.on.desk("remove_payment", payment=paid)
        at.pay(other.id, amount="700")

        at.sync()

        (payment,), (deposit,) = at.store("Payment"), at.store("Deposit")
        assert payment["TotalAmt"] == deposit["TotalAmt"] == Decimal(700)
        linked = [line["LinkedTxn"][0] for line in payment["Line"]]
        invoice = next(row for row in at.store("Invoice") if row["DocNumber"] == other.number)
        assert [(one["TxnType"], one["TxnId"]) for one in linked] == [("Invoice", invoice["Id"])]
        assert not at.holds()
        at.assert_once()


def test_a_payment_moved_in_clio_keeps_the_deposit_that_was_made_here() -> None:
    with scene(file=_undeposited(), deposited_relink_ok=True) as at:
        matter = at.fresh_matter()
        one, other = at.bill(matter), at.bill(matter)
        paid = at.pay(one.id, amount="700")
        at.sync()
        key = f"payment:{at.store('Payment')[0]['Id']}"
        slip = actions.Slip(day=TODAY, bank=at.on.company.account("Operating Bank"), keys=[key])
        actions.make(
            firm_id=at.on.firm.pk, books_id=at.on.books.pk, slip=slip, by=at.on.person, now=timezone.now()
        )
        at.sync()
        (before,) = at.store("Deposit")
        at.on.desk("remove_payment", payment=paid)
        at.pay(other.id, amount="700")
        at.sync()

        (payment,), (deposit,) = at.store("Payment"), at.store("Deposit")
        invoice = next(row for row in at.store("Invoice") if row["DocNumber"] == other.number)
        assert [line["LinkedTxn"][0]["TxnId"] for line in payment["Line"]] == [invoice["Id"]]
        assert deposit == before
        assert not at.holds()
        at.assert_once()
        assert at.on.tieout(afresh=False)["kinds"]["entries"]["unexplained"] == "0.00"
