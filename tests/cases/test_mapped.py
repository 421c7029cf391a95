"""Several causes that no rule takes are placed by one choice, seen before it is in force, and tie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests import cast
from tests.delivery.scene import TODAY, Scene, scene
from tests.stage import firm_file

if TYPE_CHECKING:
    from syncapp.records.models import Case

pytestmark = pytest.mark.django_db


def two_causes(at: Scene) -> list[Case]:
    """Bills of two practice areas, and no rule for time."""
    for name in ("Family", "Real Estate"):
        area = next(one.id for one in at.on.world.tables["PracticeArea"].values() if one.name == name)
        client = at.client().id
        matter = at.on.desk(
            "create_matter", client=client, description="Advice", open_date=TODAY, practice_area=area
        )
        at.bill(matter.id)
    at.sync()
    found = at.cases()
    assert [case.code for case in found] == ["unmapped", "unmapped"]
    return list(found)


def test_two_causes_are_mapped_by_one_choice_and_tie() -> None:
    rules = [row for row in firm_file()["books"][0]["mapping"]["rules"] if row["when"].get("line") != "time"]
    with scene(file=firm_file(mapping={"rules": rules})) as at:
        ids = [case.pk for case in two_causes(at)]
        browser = cast.sign_in(Client(), User.objects.get(email="books@ash-birch.test"))
        address = reverse("desk:map_many")

        asked = browser.post(address, {"case": ids}).text
        seen = browser.post(address, {"case": ids, "choice": "Legal Fees"}).text
        one = browser.post(address, {"case": ids[:1]})
        browser.post(address, {"case": ids, "choice": "Legal Fees", "sure": "1"})
        at.sync()

        assert "Where do the lines of 2 exceptions go?" in asked
        assert "Put 2 rules in force and post 2 records" in seen
        assert "Accounts Receivable" in seen
        assert one["Location"] == reverse("desk:map_here", args=ids[:1])
        assert (len(at.store("Invoice")), at.holds(), at.cases()) == (2, [], [])
        assert at.on.tieout()["equal"]


def test_what_asks_for_no_mapping_leads_back(client: Client) -> None:
    house = cast.firm("Alpha")
    cast.sign_in(client, house.bookkeeper)

    answer = client.post(reverse("desk:map_many"), {"case": "1", "next": "/exceptions/?q=7"})

    assert answer["Location"] == "/exceptions/?q=7"
