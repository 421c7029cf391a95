"""Every failure that is known has a card: what it means for the books, and each safe way on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from accounts.tenancy import firm_scope
from syncapp.desk.cards import CARDS
from syncapp.qbo import complaints, sentences
from tests import cast
from tests.desk import asked
from tests.desk.books import bill, case, hold

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import Books
    from tests.cast import House


def test_every_card_says_what_it_means_and_offers_a_way() -> None:
    for code, card in CARDS.items():
        assert card.means.endswith((".", "!")), code
        assert card.ways, code
        for way in card.ways:
            assert way.then.endswith("."), (code, way)
            assert not way.do.endswith("."), (code, way)
        texts = " ".join([card.means, *(f"{way.do} {way.then}" for way in card.ways)])
        assert not {"payload", "successfully", "sync object"} & set(texts.lower().split()), code


# qbo/API.md section 9: what a writer of invoices, payments and entries may be told, and no other.
REFUSALS = (
    *("100", "110", "120", "130", "140", "150", "600", "610", "620", "2050", "2210", "2250", "2290"),
    *("2300", "2500", "3001", "3100", "3200", "5010", "5020", "5030", "6000", "6070", "6080", "6100"),
    *(
        "6130",
        "6140",
        "6160",
        "6180",
        "6190",
        "6200",
        "6210",
        "6220",
        "6230",
        "6240",
        "6250",
        "6430",
        "6450",
        "6480",
        "6540",
    ),
    *("10000", "424242"),
)


@pytest.mark.parametrize("code", REFUSALS)
def test_every_refusal_of_quickbooks_leads_to_a_card(code: str) -> None:
    told = complaints.problem(code, "Refused", "Something that nobody knows", subject="bills/7", number="7")
    assert told.code in CARDS
    assert set(sentences.BY_CODE) <= set(REFUSALS)


@pytest.mark.parametrize("text", [part for part, _ in sentences.BY_TEXT])
def test_what_only_the_text_tells_leads_to_a_card(text: str) -> None:
    assert complaints.problem("6000", "Business Validation Error", text, subject="bills/7").code in CARDS


@pytest.mark.django_db
def test_a_card_shows_what_it_means_the_ways_and_the_entry(client: Client, alpha: House, main: Books) -> None:
    with firm_scope(write=alpha.firm.pk):
        made = case(
            alpha, main, "inactive_item:9", "Item “Fees” is inactive in QuickBooks.", fix="books",
            facts={"kind": "item", "id": "9", "name": "Fees"},
        )  # fmt: skip
        for number, amount in ((11_001, 315_000), (11_002, 90_000)):
            hold(alpha, made, bill(alpha, number, amount))
    page = cast.sign_in(client, alpha.bookkeeper).get(reverse("desk:case", args=[made.pk])).text

    assert "Nothing is put on a default" in page
    assert "Make it active in QuickBooks from here" in page
    assert "Make product or service “Fees” active in QuickBooks and post" in page
    assert "Accounts receivable" in page
    assert page.count("4,050.00") >= 3  # both sides and the whole


@pytest.mark.django_db
def test_a_refund_is_of_the_retainer_or_of_a_payment_and_of_no_client_ledger(
    client: Client, alpha: House, main: Books
) -> None:
    with firm_scope(write=alpha.firm.pk):
        made = case(alpha, main, "refund_over_retainer:bank_transactions/7", "Too much.", fix="clio")
        held = hold(alpha, made, bill(alpha, 11_004, -32_100))
        type(held).objects.filter(pk=held.pk).update(resource="bank_transactions")
    page = cast.sign_in(client, alpha.bookkeeper).get(reverse("desk:case", args=[made.pk])).text

    assert "what a payment left on receivables" in page
    assert "Client ledgers" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["gone_from_books", "deleted_in_books", "payer_differs", "too_long"])
def test_only_a_doubtful_name_asks_for_a_customer(
    client: Client, alpha: House, main: Books, code: str
) -> None:
    with firm_scope(write=alpha.firm.pk):
        made = case(alpha, main, f"{code}:bills/11003", "It cannot post.", fix="choose")
        hold(alpha, made, bill(alpha, 11_003, 90_000))
    browser = cast.sign_in(client, alpha.bookkeeper)
    page = browser.get(reverse("desk:case", args=[made.pk])).text
    assert "Which customer" not in page
    assert CARDS[code].ways[0].do in page

    answered = browser.post(reverse("desk:choose", args=[made.pk]), {"answer": "new"}, follow=True).text
    assert "does not ask for a choice" in answered


@pytest.mark.django_db
def test_a_question_keeps_its_own_entry(client: Client, alpha: House, main: Books) -> None:
    page = cast.sign_in(client, alpha.bookkeeper).get(
        reverse("desk:case", args=[asked.correction(alpha, main).pk])
    )
    assert "A closed month does not move" in page.text
    assert "What posts then" not in page.text
