"""A confidential matter posts and ties, and its client's name reaches the books nowhere (F26)."""

from __future__ import annotations

import pytest

from tests.delivery.scene import scene
from tests.stage import firm_file

pytestmark = pytest.mark.django_db


def test_nothing_in_the_books_names_a_client_of_a_confidential_matter() -> None:
    hidden = {"practice_areas": ["Family"], "matters": ["00001-Secretive"]}
    with scene(file=firm_file(customers={"confidential": hidden}, invoices={"narrative": True})) as at:
        client = at.client("Secretive Person")
        matter = at.matter(client.id)
        assert matter.display_number == "00001-Secretive"
        bill = at.bill(matter.id, subject="About Secretive Person")
        at.bill(at.fresh_matter())
        at.pay(bill.id, amount="100.00")
        at.sync()

        assert (at.holds(), len(at.store("Invoice")), len(at.store("Payment"))) == ([], 2, 1)
        assert "Secretive" not in repr(dict(at.on.company.store))
        names = {row["DisplayName"] for row in at.store("Customer")}
        assert {f"Client {client.id}", f"Matter {matter.id} Client {client.id}", "Client 2 Inc."} <= names
        assert at.on.tieout()["equal"]
