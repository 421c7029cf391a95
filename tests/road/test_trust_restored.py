"""An entry of client money that somebody changed or deleted in QuickBooks is posted again as it was."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.roles import Role
from accounts.tenancy import firm_scope
from syncapp.emulators.qbo import backdoor, merging
from syncapp.pipeline.trust import restoring
from syncapp.records.models import Case
from tests import cast
from tests.road import books
from tests.road.clientmoney import assert_money, assert_walled
from tests.stage import Stage, Standing

BOOKKEEPER, PARTNER = Role.BOOKKEEPER, Role.PARTNER
pytestmark = pytest.mark.django_db


@pytest.fixture
def firm(trust_firm: Standing) -> Iterator[Stage]:
    with trust_firm.fresh() as on:
        yield on


def entry(on: Stage, reference: str) -> dict[str, Any]:
    """A journal entry of the company by the beginning of its number."""
    rows = on.company.store["JournalEntry"].values()
    return next(row for row in rows if str(row.get("DocNumber", "")).startswith(reference))


def deposited(on: Stage) -> None:
    where = next(iter(on.world.tables["Matter"]))
    on.desk("trust_deposit", matter=where, amount="500", reference="77")
    on.sync()


def stray(on: Stage) -> Case:
    with firm_scope(write=None, reads=[on.firm.pk]):
        return Case.objects.get(firm=on.firm, code="trust_stray", closed_at__isnull=True)


def restored(on: Stage) -> str | None:
    """Have it restored as the card offers it."""
    case = stray(on)
    with firm_scope(write=None, reads=[on.firm.pk]):
        [one] = restoring.changed(firm_id=on.firm.pk, case=case, now=timezone.now())
    return restoring.restore(
        firm_id=on.firm.pk, case_id=case.pk, place=one.facts["place"], shown=one.facts["print"],
        by=on.person, now=timezone.now(),
    )  # fmt: skip


def test_a_deleted_entry_of_client_money_is_posted_again_once(firm: Stage) -> None:
    deposited(firm)
    backdoor.delete(firm.company, "JournalEntry", entry(firm, "77-")["Id"])
    firm.sync()

    assert restored(firm) is None
    firm.sync()

    assert entry(firm, "77-")
    assert "trust_stray" not in {case["code"] for case in firm.exceptions()}
    assert_money(firm, but={})
    assert_walled(firm)
    books.assert_tieout(firm)
    books.assert_idle(firm)


def test_an_edited_entry_of_client_money_is_put_back_and_only_a_partner_sees_the_button(firm: Stage) -> None:
    deposited(firm)
    row = entry(firm, "77-")
    before = [Decimal(str(line["Amount"])) for line in row["Line"]]
    wrong = [dict(line, Amount="500.01") for line in row["Line"]]
    backdoor.edit(firm.company, "JournalEntry", row["Id"], {"Line": wrong})
    firm.sync()
    case = stray(firm)

    cast.second_factor(firm.person)
    page = cast.sign_in(Client(), firm.person).get(reverse("desk:case", args=[case.pk])).text
    assert "As it was posted" in page
    assert "A partner has it posted again" in page
    assert restored(firm) is None
    firm.sync()

    assert [Decimal(str(line["Amount"])) for line in entry(firm, "77-")["Line"]] == before
    assert "trust_stray" not in {case["code"] for case in firm.exceptions()}
    books.assert_tieout(firm)
    books.assert_idle(firm)


def test_a_partner_takes_a_restoring_back_before_it_posts_and_nobody_else_may(firm: Stage) -> None:
    deposited(firm)
    backdoor.delete(firm.company, "JournalEntry", entry(firm, "77-")["Id"])
    firm.sync()
    case, before = stray(firm), books.picture(firm.company)
    assert restored(firm) is None
    people = {
        role: cast.person(f"{role.value}@trust.test", role.value.title()) for role in (BOOKKEEPER, PARTNER)
    }
    for role, user in people.items():
        actions.ensure_member(firm=firm.firm, email=user.email, role=role, ends_on=None, now=cast.NOW)
    address = reverse("desk:answer_take_back", args=[case.pk])

    refused = cast.sign_in(Client(), people[BOOKKEEPER]).post(address)
    taken = cast.sign_in(Client(), people[PARTNER]).post(address, follow=True).text
    firm.sync()

    assert refused.status_code == 403
    assert "Taken back. Nothing of it posts" in taken
    assert books.picture(firm.company) == before
    assert stray(firm).pk == case.pk


def test_client_money_of_a_customer_that_was_merged_is_no_second_case(firm: Stage) -> None:
    deposited(firm)
    sides = [line["JournalEntryLineDetail"] for line in entry(firm, "77-")["Line"]]
    gone = next(side["Entity"]["EntityRef"]["value"] for side in sides if "Entity" in side)
    stranger = backdoor.add(firm.company, "Customer", {"DisplayName": "Somebody Of The Books"})["Id"]
    firm.company.switches.merge_touches = firm.company.switches.merge_tells = True
    merging.merge(firm.company, gone, stranger, who="Dana")
    firm.sync(whole=True)

    codes = {case["code"] for case in firm.exceptions()}
    assert "customer_merged" in codes  # that asks it all: whose the money is that stands there now
    assert "trust_stray" not in codes
