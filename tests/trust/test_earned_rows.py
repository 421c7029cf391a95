"""What the list of earned fees is drawn from, and how what is recorded is held against what was signed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.roles import Role
from accounts.tenancy import firm_scope
from syncapp.core.documents import BillLine, Kind, LineKind, Money
from syncapp.records.models import Concern, Document
from tests import cast
from tests.cast import House
from tests.trust import fees
from tests.trust.fees import TODAY
from trust.actions import earned as verbs
from trust.actions import naming
from trust.lists import Why
from trust.models import TrustPair
from trust.queries import awaiting, earned, transfers
from trust.queries.earned import Drawn

LATER = cast.NOW + timedelta(hours=1)


@pytest.fixture
def house(db: Any) -> House:
    return cast.firm("Alpha")


@pytest.fixture
def pair(house: House) -> TrustPair:
    """An account with one matter that holds 1,000.00."""
    made = fees.account(house)
    fees.matter(house, 11, client=1, holds=100_000)
    return made


def drawn(of: TrustPair, *, days: int = 0) -> Drawn:
    with firm_scope(write=None, reads=[of.firm_id]):
        return earned.drawn(of, TODAY + timedelta(days=days))


def lines(found: Drawn) -> list[tuple[str, int, int]]:
    return [(row.line.ledger, row.line.bill, row.line.amount) for row in found.rows]


def stays(found: Drawn) -> list[tuple[int, int, Why]]:
    return [(one.left.bill, one.left.amount, one.left.why) for one in found.stays]


def test_a_bill_counts_from_the_day_it_first_went_out_at_its_present_amount(
    house: House, pair: TrustPair
) -> None:
    day = TODAY - timedelta(days=40)
    fees.bill(house, 1, 60_000, amount=70_000)
    fees.bill(house, 1, 60_000, amount=60_000, sent=day + timedelta(days=5))
    fees.bill(house, 1, 60_000, amount=60_000, sent=TODAY)

    (row,) = drawn(pair).rows

    assert row.line.sent == day + timedelta(days=5)


def test_a_bill_sent_by_post_counts_from_the_day_that_a_person_noted(
    house: House, pair: TrustPair, client: Client
) -> None:
    fees.bill(house, 1, 60_000, sent=None)
    assert stays(drawn(pair)) == [(1, 60_000, Why.NOT_SENT)]
    cast.sign_in(client, house.bookkeeper)
    address = reverse("trust:bill_sent", kwargs={"pair_id": pair.pk, "bill": 1})
    tomorrow = {"day": "2027-09-14", "words": "By post"}
    assert client.post(address, tomorrow).status_code == 422

    client.post(address, {"day": "2026-09-01", "words": "By post, with the closing letter"})

    (row,) = drawn(pair).rows
    assert (row.line.days, row.line.amount) == (13, 60_000)
    shown = client.get(reverse("trust:earned_bill", kwargs={"pair_id": pair.pk, "bill": 1}))
    assert "A person noted when it was sent." in shown.text
    assert "By post, with the closing letter" in shown.text


def test_the_firms_days_are_a_rule_with_its_source(house: House, pair: TrustPair, client: Client) -> None:
    fees.bill(house, 1, 60_000, sent=TODAY - timedelta(days=10))
    assert len(drawn(pair).rows) == 1
    cast.sign_in(client, house.partner)
    address = reverse("trust:set_rule", kwargs={"code": "strict", "key": "withdrawal"})
    words = {"words": "Fifteen days to object.", "source": "The engagement letter", "dated": "1 Sep 2026"}

    client.post(address, words | {"value": "15"})

    found = drawn(pair)
    assert (found.rows, stays(found)) == ((), [(1, 60_000, Why.WAITING)])
    assert found.stays[0].left.words == "The client may object until 19 Sep 2026."
    assert lines(drawn(pair, days=5)) == [("matters/11", 1, 60_000)]
    rules = client.get(reverse("trust:rules"), {"place": "strict"})
    assert "earned fees move 15 days after the bill was sent" in rules.text


def test_a_bill_of_several_matters_asks_each_for_its_own_part(house: House, pair: TrustPair) -> None:
    fees.matter(house, 12, client=1, holds=50_000)
    billed = tuple(
        BillLine(id=number, kind=LineKind.TIME, amount=amount, matter_id=number)
        for number, amount in ((11, 60_000), (12, 30_000))
    )
    fees.bill(house, 1, 70_000, amount=90_000, matters=(11, 12), lines=billed)
    fees.payment(house, 5, 20_000, bill=1, at=cast.NOW)
    assert sorted(lines(drawn(pair))) == [("matters/11", 1, 46_667), ("matters/12", 1, 23_333)]

    with firm_scope(write=house.firm.pk):
        paid = Document.objects.get(kind=Kind.PAYMENT.value)
        Concern.objects.create(firm=house.firm, document=paid, subject="bills/1")

    assert sorted(lines(drawn(pair))) == [("matters/11", 1, 40_000), ("matters/12", 1, 30_000)]


def test_a_bill_is_listed_once_though_its_client_has_money_in_two_accounts(
    house: House, pair: TrustPair
) -> None:
    second = fees.account(house, books="ours", clio_account="Second", bank="36", liability="42", position=1)
    fees.deposit(house, 21, client=1, holds=80_000, pair="Second", matter=11)
    fees.bill(house, 1, 150_000)
    assert lines(drawn(pair)) == [("matters/11", 1, 100_000)]
    assert lines(drawn(second)) == [("matters/11", 1, 50_000)]

    fees.signed(house, second)

    assert lines(drawn(pair)) == [("matters/11", 1, 100_000)]
    assert lines(drawn(second)) == []


def test_another_clients_bill_is_left_for_a_partner_and_money_of_the_client_alone_pays_any_matter(
    house: House, pair: TrustPair
) -> None:
    fees.matter(house, 12, client=2, holds=0)
    fees.bill(house, 1, 60_000, client=2, matters=(11,))
    fees.bill(house, 2, 40_000, client=2, matters=(12,))
    fees.deposit(house, 22, client=2, holds=30_000)

    found = drawn(pair)

    assert lines(found) == [("contacts/2", 2, 30_000)]
    assert stays(found) == [(1, 60_000, Why.OTHER_PAYER), (2, 10_000, Why.NO_MONEY)]


def test_money_that_a_later_day_takes_is_not_there(house: House, pair: TrustPair) -> None:
    fees.bill(house, 1, 90_000)
    later = TODAY + timedelta(days=3)
    out = Money(
        id=77, day=later, currency="USD", amount=-30_000, trust=True, bank_account="IOLTA", client_id=1,
        matter_id=11, counterparty="Clerk",
    )  # fmt: skip
    fees.read(house, Kind.MONEY, out, day=later, amount=-30_000)

    assert lines(drawn(pair)) == [("matters/11", 1, 70_000)]


# What is recorded against what was signed


def outside(of: TrustPair) -> list[tuple[str, int]]:
    with firm_scope(write=None, reads=[of.firm_id]):
        found = transfers.signed_of(of)
    return [(one.recorded.subject, one.amount) for one in found.outside]


def test_who_signs_no_lists_is_told_nothing_and_what_was_there_before_the_first_is_not_checked(
    house: House, pair: TrustPair
) -> None:
    fees.bill(house, 1, 60_000)
    fees.payment(house, 5, 9_000, bill=7, at=cast.NOW - timedelta(days=3))
    assert outside(pair) == []
    fees.signed(house, pair)
    assert outside(pair) == []

    fees.payment(house, 5, 9_500, bill=7, at=LATER)
    fees.payment(house, 6, 60_000, bill=1, at=LATER)
    fees.payment(house, 7, 100, bill=1, at=LATER + timedelta(minutes=1))

    assert outside(pair) == [("payments/5", 500), ("payments/7", 100)]
    fees.payment(house, 7, 0, bill=1, at=LATER + timedelta(minutes=2))
    assert outside(pair) == [("payments/5", 500)]


def test_what_is_signed_is_on_no_second_list_and_is_recorded_or_taken_off(
    house: House, pair: TrustPair
) -> None:
    fees.bill(house, 1, 60_000)
    fees.bill(house, 2, 60_000, sent=TODAY - timedelta(days=20))
    fees.signed(house, pair)
    assert lines(drawn(pair)) == []
    assert stays(drawn(pair)) == [(2, 20_000, Why.NO_MONEY)]
    fees.payment(house, 6, 25_000, bill=1, at=LATER)
    fees.bill(house, 1, 35_000, amount=60_000)

    with firm_scope(write=house.firm.pk):
        open_ = transfers.signed_of(pair).open
        assert [(one.row.bill, one.recorded, one.rest) for one in open_] == [
            (1, 25_000, 35_000),
            (2, 0, 40_000),
        ]
        verbs.take_off(line=open_[0], words="Wrong bill", actor=house.partner, now=LATER + timedelta(hours=1))
        again = transfers.signed_of(pair).lines[0]
        assert verbs.take_off(line=again, words="Twice", actor=house.partner, now=LATER) == verbs.OVER
    fees.payment(house, 7, 35_000, bill=1, at=LATER + timedelta(hours=2))

    assert outside(pair) == [("payments/7", 35_000)]


def test_the_partner_named_for_the_account_signs_and_no_other(
    house: House, pair: TrustPair, client: Client
) -> None:
    fees.bill(house, 1, 60_000)
    with firm_scope(write=house.firm.pk):
        naming.name(pair=pair, person=house.administrator, duty="signs", actor=house.partner, now=cast.NOW)
    cast.sign_in(client, house.partner)
    address = reverse("trust:earned", kwargs={"pair_id": pair.pk})
    shown = client.get(address)
    assert "You do not sign for this account." in shown.text
    assert "form" not in shown.context
    found = shown.context["found"]
    body = {"seen": found.digest, "name": "Pat", "line": [row.key for row in found.rows]}

    answer = client.post(reverse("trust:sign_transfers", kwargs={"pair_id": pair.pk}), body, follow=True)

    assert "Signed transfers" not in answer.text
    assert transfers_of(pair) == 0


def transfers_of(pair: TrustPair) -> int:
    with firm_scope(write=None, reads=[pair.firm_id]):
        return len(transfers.sheets(pair))


def test_what_waits_is_on_the_overview_and_in_what_awaits_the_partner(
    house: House, pair: TrustPair, client: Client
) -> None:
    fees.bill(house, 1, 60_000)
    with firm_scope(write=house.firm.pk):
        verbs.refresh(pair=pair, today=TODAY, now=cast.NOW)
        words = [one.words for one in awaiting.waiting(house.member(Role.PARTNER), LATER) if one.mine]
    assert "Sign the transfers of earned fees of IOLTA: $600.00" in words
    cast.sign_in(client, house.partner)
    assert "Earned and not moved" in client.get(reverse("trust:overview")).text

    fees.signed(house, pair)

    with firm_scope(write=None, reads=[house.firm.pk]):
        words = [one.words for one in awaiting.waiting(house.member(Role.BOOKKEEPER), LATER) if one.mine]
        verbs_seen = {event.verb for event in AuditEvent.objects.filter(firm=house.firm)}
    assert "Record the signed transfers of IOLTA in Clio: $600.00" in words
    assert "trust.transfers_signed" in verbs_seen


# Minimum balances and evergreen levels


def test_a_level_keeps_its_minimum_and_asks_for_what_the_fees_leave_short(
    house: House, pair: TrustPair, client: Client
) -> None:
    fees.bill(house, 1, 90_000)
    cast.sign_in(client, house.bookkeeper)
    at = {"pair_id": pair.pk}
    given = {"matter": "00011-client", "minimum": "300.00", "evergreen": "1000.00"}
    address = reverse("trust:set_level", kwargs=at)
    unknown = client.post(address, given | {"matter": "00099-nobody"})
    assert (unknown.status_code, "Clio has no matter of this number" in unknown.text) == (422, True)
    assert client.post(address, given | {"evergreen": "200.00"}).status_code == 422

    page = client.post(address, given, follow=True)

    found = drawn(pair)
    assert lines(found) == [("matters/11", 1, 70_000)]
    assert stays(found) == [(1, 20_000, Why.KEPT)]
    (asked,) = page.context["asked"]
    assert (asked.ask, asked.due) == (90_000, 90_000)
    assert "1 client is to be asked for" in page.text
    client.post(address, given | {"minimum": "0", "evergreen": "0"})
    assert lines(drawn(pair)) == [("matters/11", 1, 90_000)]
