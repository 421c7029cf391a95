"""Invoices that somebody typed into QuickBooks, and what a bill is linked to."""

from __future__ import annotations

from accounts.tenancy import firm_scope
from syncapp.emulators.clio.nouns import Bill
from syncapp.emulators.clio.sums import sums
from syncapp.emulators.qbo import backdoor, seed
from syncapp.records.models import Link
from tests.road.acts import TODAY
from tests.stage import Stage


def typed(on: Stage, bill: Bill, number: str, *, amount: str = "", customer: str = "") -> str:
    """An invoice that somebody typed into QuickBooks."""
    on_customer = customer or backdoor.add(on.company, "Customer", {"DisplayName": f"By hand {number}"})["Id"]
    line = {
        "Amount": amount or str(sums(on.world, bill).total),
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": {"value": seed.item(on.company, "Legal Fees")}},
    }
    given = {
        "CustomerRef": {"value": on_customer},
        "DocNumber": number,
        "TxnDate": TODAY.isoformat(),
        "Line": [line],
    }
    return str(backdoor.add(on.company, "Invoice", given)["Id"])


def links(on: Stage, bill: Bill) -> list[tuple[str, bool]]:
    with firm_scope(write=None, reads=[on.firm.pk]):
        rows = Link.objects.filter(firm=on.firm, subject=f"bills/{bill.id}").order_by("generation")
        return list(rows.values_list("remote_id", "live"))
