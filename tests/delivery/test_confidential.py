"""A confidential matter posts and ties, and its client's name reaches the books nowhere (F26)."""

from __future__ import annotations

import pytest
import yaml
from django.utils import timezone

from syncapp.emulators.qbo import backdoor
from syncapp.pipeline.firmfile.applying import apply
from syncapp.pipeline.firmfile.reading import read
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


def test_a_customer_from_before_keeps_its_name_until_it_is_renamed_and_nothing_asks_it_back() -> None:
    with scene() as at:
        client = at.client("Secretive Person")
        matter = at.matter(client.id)
        at.bill(matter.id)
        at.sync()
        named = [row for row in at.store("Customer") if "Secretive" in row["DisplayName"]]
        assert len(named) == 2

        file = at.on.file
        hidden = {"confidential": {"matters": [matter.display_number]}}
        file["books"][0]["customers"] = {**file["books"][0].get("customers", {}), **hidden}
        apply(read(yaml.safe_dump(file, sort_keys=False)), now=timezone.now())
        at.sync()
        assert [row for row in at.store("Customer") if "Secretive" in row["DisplayName"]] == named
        for row in named:
            code = {"DisplayName": f"Code {row['Id']}", "GivenName": "", "FamilyName": "", "CompanyName": ""}
            backdoor.edit(at.on.company, "Customer", row["Id"], code)
        bill = at.bill(matter.id)
        at.sync()

        assert at.on.exceptions() == []
        assert {row["DisplayName"] for row in at.store("Customer")} >= {f"Code {row['Id']}" for row in named}
        [invoice] = [row for row in at.store("Invoice") if row["DocNumber"] == bill.number]
        assert invoice["CustomerRef"]["value"] in {row["Id"] for row in named}
        assert at.on.tieout()["equal"]
