"""The pages on which a month is prepared, asked about, signed, suspended and reopened."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.urls import reverse

from accounts.tenancy import firm_scope
from tests import cast
from tests.trust import named, september, world
from trust.actions import watching
from trust.models import Duty, PairChange, Reconciliation, SignOff

pytestmark = pytest.mark.django_db
SIGNATURE = {"name": "Pat Partner", "bar_number": "NC 12345", "agree": "on"}


@pytest.fixture
def house():
    made = cast.firm("Alpha")
    september.approve_text(made)
    return made


@pytest.fixture
def pair(house):
    return named.empty_account(house, jurisdiction="NC", last_digits="7725")


def at(pair, name: str = "month") -> str:
    return reverse(f"trust:{name}", kwargs={"pair_id": pair.pk, "month": named.ADDRESS})


def go(client, user, pair, act, /, **body: str):
    cast.sign_in(client, user)
    return client.post(at(pair, act), body, follow=True)


def seen(client, user, pair) -> str:
    cast.sign_in(client, user)
    return str(client.get(at(pair)).context["figures"].digest)


def prepared(client, house, pair):
    return go(client, house.bookkeeper, pair, "submit", position="Bookkeeper")


def signed(client, house, pair):
    return go(client, house.partner, pair, "sign", seen=seen(client, house.partner, pair), **SIGNATURE)


def test_the_bookkeeper_prepares_and_the_partner_signs(client, house, pair) -> None:
    page = prepared(client, house, pair)
    assert "Awaits signature" in page.text
    assert "sign_form" not in page.context

    page = signed(client, house, pair)

    assert "Pat Partner" in page.text
    assert "bar number NC 12345" in page.text
    assert page.context["pill"]["label"] == "Signed"
    assert "All three ways agree." in page.text


def test_the_page_shows_the_text_with_its_source_and_date_before_the_signature(client, house, pair) -> None:
    prepared(client, house, pair)
    cast.sign_in(client, house.partner)

    page = client.get(at(pair))

    assert "I certify that I have reviewed this." in page.text
    assert "counsel (1 Oct 2026)" in page.text
    assert page.context["sign_form"].initial["name"] == "Alpha partner"


def test_a_text_that_the_firm_has_not_approved_is_approved_first(client) -> None:
    house = cast.firm("Beta")
    pair = named.empty_account(house, jurisdiction="NC")
    prepared(client, house, pair)
    cast.sign_in(client, house.partner)

    page = client.get(at(pair))
    address = reverse("trust:rule", kwargs={"code": "NC", "key": "certification"})
    assert address in page.text
    client.post(f"{address}set/", {"words": "I certify it.", "source": "Counsel", "dated": "1 Oct 2026"})

    assert "sign_form" in client.get(at(pair)).context


def test_an_entry_that_changes_after_the_signature_suspends_it_and_both_signatures_remain(
    client, house, pair
) -> None:
    prepared(client, house, pair)
    signed(client, house, pair)
    key = world.booked(pair, "77", date(2026, 9, 12), -75_00)

    page = client.get(at(pair))
    assert page.context["pill"]["label"] == "Signature suspended"
    assert "(75.00)" in page.text
    with firm_scope(write=house.firm.pk):
        assert watching.watch(firm_id=house.firm.pk, now=cast.NOW) == 1
        assert watching.watch(firm_id=house.firm.pk, now=cast.NOW) == 0

    world.unbooked(pair, key)
    prepared(client, house, pair)
    page = signed(client, house, pair)

    assert page.context["pill"]["label"] == "Signed"
    with firm_scope(write=house.firm.pk):
        acts = list(SignOff.objects.order_by("pk").values_list("act", flat=True))
    assert acts == ["prepared", "signed", "suspended", "prepared", "signed"]


def test_nobody_signs_what_moved_while_the_page_was_open(client, house, pair) -> None:
    prepared(client, house, pair)
    digest = seen(client, house.partner, pair)
    world.booked(pair, "77", date(2026, 9, 12), -75_00)

    page = go(client, house.partner, pair, "sign", seen=digest, **SIGNATURE)

    assert page.status_code == 422
    assert "A figure has moved" in page.text
    with firm_scope(write=house.firm.pk):
        assert not SignOff.objects.filter(act="signed").exists()


def test_a_question_is_answered_before_the_signature(client, house, pair) -> None:
    prepared(client, house, pair)
    go(client, house.partner, pair, "ask", words="Why is this deposit so old?")
    cast.sign_in(client, house.partner)
    assert "sign_form" not in client.get(at(pair)).context

    cast.sign_in(client, house.bookkeeper)
    page = client.get(at(pair))
    assert "Why is this deposit so old?" in page.text
    question = str(page.context["answer_form"].initial["question"])
    page = go(client, house.bookkeeper, pair, "answer", question=question, words="The bank lost it.")

    assert "The bank lost it." in page.text
    assert signed(client, house, pair).context["pill"]["label"] == "Signed"
    report = client.get(at(pair, "report"), {"format": "csv"}).content.decode("utf-8-sig")
    assert "Why is this deposit so old?" in report
    assert "The bank lost it." in report


def test_only_a_lawyer_reopens_what_was_signed_and_says_why(client, house, pair) -> None:
    prepared(client, house, pair)
    signed(client, house, pair)

    page = go(client, house.bookkeeper, pair, "reopen", reason="I want to.")
    assert "Only a lawyer reopens" in page.text
    page = go(client, house.partner, pair, "reopen", reason="The bank corrected its statement.")

    assert "The bank corrected its statement." in page.text
    with firm_scope(write=house.firm.pk):
        assert Reconciliation.objects.get().state == "open"


def test_a_month_that_does_not_tie_cannot_be_prepared_or_signed(client, house, pair) -> None:
    world.booked(pair, "77", date(2026, 9, 12), -75_00)

    page = prepared(client, house, pair)

    assert page.status_code == 422
    assert "do not agree" in page.text
    with firm_scope(write=house.firm.pk):
        assert not SignOff.objects.exists()


def test_what_awaits_each_person(client, house, pair) -> None:
    cast.sign_in(client, house.bookkeeper)
    mine = client.get(reverse("trust:awaiting")).context["mine"]
    assert f"Prepare September 2026 of {pair}" in [one.words for one, _ in mine]

    prepared(client, house, pair)
    cast.sign_in(client, house.partner)
    page = client.get(reverse("trust:awaiting"))

    assert f"Sign September 2026 of {pair}" in [one.words for one, _ in page.context["mine"]]


def test_a_change_of_an_account_awaits_the_partner_in_the_same_list(client, house, pair) -> None:
    with firm_scope(write=house.firm.pk):
        PairChange.objects.create(
            firm=house.firm, pair=pair, terms={}, before={}, proposed_text="Alpha administrator",
            proposed_at=cast.NOW,
        )  # fmt: skip
    cast.sign_in(client, house.partner)

    page = client.get(reverse("trust:awaiting"))

    assert f"Decide on the change of the trust account {pair}" in page.text


def test_two_offices_stand_on_one_page_each_with_its_own_state_and_signer(client, house, pair) -> None:
    second = cast.books(house, "second")
    world.pair(house, books=second, clio_account="IOLTA Seattle", jurisdiction="WA")
    cast.sign_in(client, house.partner)

    page = client.get(reverse("trust:overview"))

    assert "Client money does not tie." in page.text  # Seattle has no statement yet
    for words in ("North Carolina", "Washington", "any partner signs", "for reading"):
        assert words in page.text


def test_the_report_comes_as_pdf_and_as_csv_and_stays_as_it_was_signed(client, house, pair) -> None:
    prepared(client, house, pair)
    signed(client, house, pair)
    with firm_scope(write=house.firm.pk):
        row = SignOff.objects.get(act="signed")
    world.booked(pair, "77", date(2026, 9, 12), -75_00)

    printed = client.get(at(pair, "report"), {"format": "pdf"})
    now = client.get(at(pair, "report"), {"format": "csv"}).content.decode("utf-8-sig")
    then = client.get(at(pair, "report"), {"format": "csv", "as": row.pk}).content.decode("utf-8-sig")

    assert printed.content.startswith(b"%PDF-")
    assert printed["Content-Type"] == "application/pdf"
    assert ["NOT SIGNED"] in list(csv.reader(io.StringIO(now)))
    assert ["NOT SIGNED"] not in list(csv.reader(io.StringIO(then)))
    assert "NC 12345" in then
    assert "(7) The adjusted bank balance with 1 and 2,agrees" in then
    assert "(7) The adjusted bank balance with 1 and 2,does not agree" in now


def test_a_partner_sets_a_rule_with_its_source_and_a_bookkeeper_only_reads_it(client, house) -> None:
    address = reverse("trust:rule", kwargs={"code": "NC", "key": "check_signer"})
    body = {"value": "reason", "words": "With a reason.", "source": "Counsel", "dated": "2 Oct 2026"}
    cast.sign_in(client, house.bookkeeper)
    assert client.get(address).context["form"] is None
    assert client.post(f"{address}set/", body).status_code == 403

    cast.sign_in(client, house.partner)
    assert client.post(f"{address}set/", body | {"source": ""}).status_code == 422
    page = client.post(f"{address}set/", body, follow=True)

    assert "Set by the firm" in page.text
    assert "Counsel (2 Oct 2026)" in page.text


def test_signers_and_deputies_are_named_and_taken_back(client, house, pair) -> None:
    cast.sign_in(client, house.partner)
    person = {"pair": str(pair.pk), "duty": "signs"}
    refused = client.post(reverse("trust:name"), person | {"person": str(house.bookkeeper.pk)})
    page = client.post(reverse("trust:name"), person | {"person": str(house.partner.pk)}, follow=True)
    assert refused.status_code == 422
    assert "Signs reconciliations" in page.text

    days = {"first_day": "2026-10-01", "last_day": "2026-10-14"}
    same = {"absent": str(house.partner.pk), "deputy": str(house.partner.pk)}
    assert client.post(reverse("trust:deputy"), same | days).status_code == 422
    with firm_scope(write=house.firm.pk):
        duty = Duty.objects.get()
    page = client.post(reverse("trust:take_back", kwargs={"duty_id": duty.pk}), follow=True)

    assert "Nobody is named yet." in page.text
