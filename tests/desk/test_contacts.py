"""The page of whose word holds when a contact differs, and the same in a firm file."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Firm
from accounts.tenancy import firm_scope
from syncapp.core.contacts import DEFAULTS, Winner
from syncapp.pipeline.contacts import settings
from syncapp.pipeline.firmfile.applying import apply
from syncapp.pipeline.firmfile.exporting import canonical
from syncapp.pipeline.firmfile.reading import Unreadable, read
from tests import cast
from tests.cast import NOW, House


@pytest.fixture
def house(db: Any) -> House:
    return cast.firm()


def test_an_administrator_says_whose_word_holds(house: House) -> None:
    person = cast.sign_in(Client(), house.administrator)
    page = person.get(reverse("desk:contact_rules")).text
    assert "Contacts flow from Clio to the books; nothing is written to Clio." in page
    said = {name: winner.value for name, winner in DEFAULTS.items()} | {"email": "newest", "write_clio": "on"}
    told = person.post(reverse("desk:contact_rules_change"), said, follow=True).text
    assert "Contacts flow both ways." in told
    assert (
        "Nothing would change." in person.post(reverse("desk:contact_rules_change"), said, follow=True).text
    )
    assert person.post(reverse("desk:contact_rules_change"), said | {"name": "us"}).status_code == 422
    with firm_scope(write=None, reads=[house.firm.pk]):
        flow = settings.of(house.firm.pk)
        assert AuditEvent.objects.filter(firm=house.firm, verb="firm.contacts").count() == 1
    assert (flow.winners["email"], flow.winners["name"], flow.write_clio) == (
        Winner.NEWEST, Winner.ASK, True,
    )  # fmt: skip
    assert "Save" not in cast.sign_in(Client(), house.auditor).get(reverse("desk:contact_rules")).text


FILE = """
version: 1
firm: {slug: cedar, name: Cedar LLP}
contacts: {winners: {phone: books}, write_clio: true}
books: [{name: main, ledger: qbo}]
"""


def test_a_firm_file_says_the_same(db: Any) -> None:
    apply(read(FILE), now=NOW)
    firm = Firm.objects.get(slug="cedar")
    with firm_scope(write=None, reads=[firm.pk]):
        flow = settings.of(firm.pk)
    assert (flow.winners["phone"], flow.winners["name"], flow.write_clio) == (
        Winner.BOOKS, Winner.ASK, True,
    )  # fmt: skip
    assert canonical(firm)["contacts"] == {"winners": {"phone": "books"}, "write_clio": True}
    with pytest.raises(Unreadable):
        read(FILE.replace("phone: books", "phone: ours"))
