"""The approval limit on its page: judged, tightened at once by a partner, loosened only by another one."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import actions
from accounts.audit import sentence
from accounts.models import AuditEvent
from accounts.roles import Role
from accounts.tenancy import firm_scope
from syncapp.pipeline.trust import approval_limit, approvals
from syncapp.pipeline.trust.approval_limit import tightens
from syncapp.pipeline.trust.approvals import Limit
from syncapp.records.models import Hold
from tests import cast
from tests.cast import House
from tests.trust.setting_up import held, limit

PAGE = "desk:trust_limit"


@pytest.fixture
def house(db: Any) -> House:
    return cast.firm()


def asks(client: Client, person: Any, **said: Any) -> Any:
    cast.sign_in(client, person)
    given = {"over": "10,000.00", "needed": "1", "approvers": [], "reason": "The partners agreed."}
    return client.post(reverse("desk:trust_limit_ask"), given | said, follow=True)


def decides(client: Client, person: Any, change_id: int, decision: str = "approve") -> Any:
    cast.sign_in(client, person)
    address = reverse("desk:trust_limit_decide", kwargs={"change_id": change_id})
    return client.post(address, {"decision": decision, "note": "Agreed."}, follow=True)


def in_force(house: House) -> Limit:
    with firm_scope(write=None, reads=[house.firm.pk]):
        return approvals.limit_of(house.firm)


def waits(house: House) -> int:
    with firm_scope(write=None, reads=[house.firm.pk]):
        change = approval_limit.waiting(house.firm.pk)
    assert change is not None
    return change.pk


def test_a_first_limit_by_a_partner_is_in_force_at_once(client: Client, house: House) -> None:
    page = asks(client, house.partner)

    assert "It only tightens the limit, so it is in force." in page.text
    assert in_force(house) == Limit(over=1_000_000, needed=1, approvers=())
    assert "Trust entries of $10,000.00 or more wait for one approval by a partner." in page.text


def test_an_administrator_asks_and_a_partner_decides(client: Client, house: House) -> None:
    page = asks(client, house.administrator, approvers=[house.administrator.email])

    assert in_force(house).over is None
    assert "A change waits for a partner" in page.text
    assert "Approve the change" not in page.text
    cast.sign_in(client, house.partner)
    awaiting = client.get(reverse("trust:awaiting"))
    assert "Decide on the change of the approval limit" in [one.words for one, _ in awaiting.context["mine"]]

    decides(client, house.partner, waits(house))
    assert in_force(house) == Limit(over=1_000_000, needed=1, approvers=(house.administrator.email,))


def test_who_loosens_it_does_not_approve_it(client: Client, house: House) -> None:
    limit(house, trust_over="10000.00")
    asks(client, house.partner, over="50000.00")
    change = waits(house)

    assert in_force(house).over == 1_000_000
    page = decides(client, house.partner, change)
    assert "You asked for this change yourself." in page.text
    assert in_force(house).over == 1_000_000
    second = cast.person("second@alpha.test", "Second Partner")
    actions.ensure_member(firm=house.firm, email=second.email, role=Role.PARTNER, now=cast.NOW)
    decides(client, second, change)
    assert in_force(house).over == 5_000_000


def test_what_waits_is_planned_anew_when_the_limit_changes(client: Client, house: House) -> None:
    books = cast.books(house)
    limit(house, trust_over="10000.00")
    hold = held(house, books)
    asks(client, house.administrator, over="")
    decides(client, house.partner, waits(house))

    assert in_force(house).over is None
    with firm_scope(write=None, reads=[house.firm.pk]):
        assert Hold.objects.get(pk=hold.pk).retry_asked_at is not None


def test_it_is_refused_or_taken_back(client: Client, house: House) -> None:
    limit(house, trust_over="10000.00")
    asks(client, house.administrator, over="20000.00")
    assert "The limit stays as it was." in decides(client, house.partner, waits(house), "refuse").text

    asks(client, house.bookkeeper, over="20000.00")
    address = reverse("desk:trust_limit_take_back", kwargs={"change_id": waits(house)})
    cast.sign_in(client, house.administrator)
    assert "Only who asked for the change takes it back" in client.post(address, follow=True).text
    cast.sign_in(client, house.bookkeeper)
    page = client.post(address, follow=True)
    assert "Withdrawn by" in page.text
    assert "Refused by" in page.text
    assert in_force(house).over == 1_000_000


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"over": "0"}, "A limit is an amount above zero."),
        ({"over": "ten"}, "Write an amount, such as 10,000.00."),
        ({"over": ""}, "Nothing of the limit would change."),
        ({"needed": "2"}, "Two approvals need two people. The firm has fewer than two partners today"),
        ({"reason": " "}, "This field is required."),
        ({"approvers": ["stranger@elsewhere.test"]}, "is not one of the available choices"),
    ],
)
def test_a_limit_that_could_never_work_is_refused(client: Client, house: House, said, words) -> None:
    page = asks(client, house.partner, **said)

    assert page.status_code == 422
    assert words in page.text
    assert in_force(house).over is None


def test_two_approvals_need_two_named_people(client: Client, house: House) -> None:
    page = asks(client, house.partner, needed="2", approvers=[house.partner.email])
    assert "Name at least two who may approve." in page.text

    asks(client, house.partner, needed="2", approvers=[house.partner.email, house.administrator.email])
    assert in_force(house).needed == 2


def test_each_step_is_in_the_log_in_a_sentence(client: Client, house: House) -> None:
    asks(client, house.administrator)
    decides(client, house.partner, waits(house))

    with firm_scope(write=None, reads=[house.firm.pk]):
        rows = AuditEvent.objects.filter(verb__startswith="trust.limit").order_by("number")
        said = [sentence(row) for row in rows]
    assert said[0].endswith("asked to change the approval limit of trust entries: The partners agreed.")
    assert said[1].endswith("put a change of the approval limit of trust entries in force")


def test_what_tightens() -> None:
    ten = Limit(over=1_000, needed=1, approvers=())

    assert tightens(Limit(over=None, needed=1, approvers=()), ten)
    assert tightens(ten, Limit(over=999, needed=2, approvers=()))
    assert not tightens(ten, Limit(over=1_001, needed=2, approvers=()))
    assert not tightens(ten, Limit(over=None, needed=1, approvers=()))
    assert not tightens(ten, Limit(over=1_000, needed=1, approvers=("a@b.test",)))
    assert not tightens(Limit(over=1_000, needed=2, approvers=()), ten)
