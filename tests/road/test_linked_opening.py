"""An invoice that stood before posting began stands for what was open on its bill."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from syncapp.emulators.clio.world import small
from tests.road.acts import TODAY, fresh
from tests.road.byhand import links, typed
from tests.stage import firm_file, stage


def test_an_invoice_of_a_bill_that_was_partly_paid_before_the_start_stands_for_what_was_open(db: Any) -> None:
    after = str(TODAY + timedelta(days=5))
    with stage(small(7), file=firm_file(start={"bills": after, "payments": after, "credits": after})) as firm:
        bill = fresh(firm)
        firm.desk("record_payment", bills=[bill.id], amount="100", date=TODAY)
        invoice = typed(firm, bill, bill.number)
        firm.sync()

        assert links(firm, bill) == [(invoice, True)]
        told = firm.tieout(afresh=False)["differences"]
        assert not [d for d in told if d["kind"] == "invoices" and str(d["clio_id"]) == str(bill.id)]
