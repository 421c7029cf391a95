"""A rule of the firm file answers within the run itself: what it releases is posted and tied (F85)."""

from __future__ import annotations

import pytest

from accounts.tenancy import firm_scope
from syncapp.emulators.qbo import backdoor, seed
from syncapp.records.models import AutoUse
from tests.delivery.scene import TODAY, scene
from tests.stage import firm_file

pytestmark = pytest.mark.django_db
RULES = {
    "auto": [
        {
            "name": "Own numbers",
            "cause": "duplicate_number",
            "answer": "renumber",
            "by": "books@ash-birch.test",
        },
        {
            "name": "Corrections",
            "cause": "closed_correction",
            "answer": "approve",
            "by": "books@ash-birch.test",
            "up_to": "5000.00",
        },
    ]
}


def test_what_a_rule_answers_is_posted_by_the_same_run() -> None:
    with scene(file=firm_file() | {"cases": RULES}) as at:
        at.sync()
        company = at.on.company
        customer = backdoor.add(company, "Customer", {"DisplayName": "Somebody else"})["Id"]
        fees = {"ItemRef": {"value": seed.item(company, "Legal Fees")}}
        line = {"Amount": "12.34", "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": fees}
        given = {"CustomerRef": {"value": customer}, "DocNumber": "1", "TxnDate": TODAY.isoformat()}
        backdoor.add(company, "Invoice", {**given, "Line": [line]})
        bill = at.bill(at.fresh_matter())
        at.sync()
        assert at.holds() == []
        assert {case.code for case in at.cases()} == {"typed_in_books"}, "the stranger's invoice alone"
        assert sorted(row["DocNumber"] for row in at.store("Invoice")) == ["1", "1-C"]

        backdoor.close_books(company, TODAY)
        at.on.desk("edit_line", line=bill.line_ids[0], quantity="1")
        at.sync()

        assert (len(at.store("CreditMemo")), at.holds()) == (1, [])
        assert {case.code for case in at.cases()} == {"typed_in_books"}, "the stranger's invoice alone"
        with firm_scope(write=None, reads=[at.on.firm.pk]):
            uses = AutoUse.objects.filter(firm=at.on.firm).order_by("pk")
            assert [use.rule for use in uses] == ["Own numbers", "Corrections"]
