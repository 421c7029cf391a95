"""The set-up screens of trust: wrong accounts refused with the rule, changes, openings, limits."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.tenancy import firm_scope
from mapping import mirror
from mapping.models import MirrorAccount
from syncapp.core.books import Company
from syncapp.pipeline.trust import findings as trust_findings
from syncapp.records.models import BookChoice
from tests import cast
from tests.cast import House
from tests.desk.books import bill, case, hold
from tests.trust import setting_up as made
from tests.trust import world
from trust.models import Opening, OpeningItem, PairChange, TrustPair
from trust.pairing import BANK_RULE, LIABILITY_RULE

pytestmark = pytest.mark.django_db
TERMS = {
    "clio_account": "IOLTA",
    "kind": "pooled",
    "bank": world.BANK,
    "liability": world.LIABILITY,
    "operating": made.OPERATING,
    "start": "2026-09-01",
    "opening": "clio",
    "post": ["deposit", "disbursement"],
    "jurisdiction": "NC",
    "last_digits": "7725",
}


@pytest.fixture
def house() -> House:
    return cast.firm()


def ask(user: User, name: str, data: dict[str, Any] | None = None, **kwargs: Any) -> Any:
    """Open or post an address as somebody."""
    client = cast.sign_in(Client(), user)
    address = reverse(name, kwargs=kwargs)
    answer: Any = client.get(address) if data is None else client.post(address, data)
    answer.words = answer.content.decode() if answer.content else ""
    return answer


def pairs(house: House) -> list[TrustPair]:
    with firm_scope(write=None, reads=[house.firm.pk]):
        return list(TrustPair.objects.filter(firm=house.firm))


def test_a_trust_account_is_set_up_by_hand(house: House) -> None:
    made.company(house)

    form = ask(house.administrator, "desk:trust_account_add")
    answer = ask(house.administrator, "desk:trust_account_add", TERMS)

    assert "Of the right type" in form.words
    (pair,) = pairs(house)
    assert answer["Location"] == reverse("desk:trust_account", kwargs={"pair_id": pair.pk})
    assert (pair.bank, pair.liability, pair.post) == (
        world.BANK,
        world.LIABILITY,
        ["deposit", "disbursement"],
    )
    page = ask(house.partner, "desk:trust_account", pair_id=pair.pk)
    assert "IOLTA Trust Account (Bank, Trust account)" in page.words
    assert "posts nothing yet" in page.words


def test_an_account_that_begins_empty_waits_for_a_partner(house: House) -> None:
    made.company(house)
    page = ask(house.administrator, "desk:trust_account_add", TERMS | {"opening": "none"})

    (pair,) = pairs(house)
    assert pair.opening == "clio", "not in force yet: it waits for an opening that ties"
    assert page["Location"] == reverse("desk:trust_account", kwargs={"pair_id": pair.pk})
    shown = ask(house.partner, "desk:trust_account", pair_id=pair.pk).words
    assert "A change of IOLTA waits for a partner." in shown
    assert "is not agreed with the books yet" in shown
    with firm_scope(write=None, reads=[house.firm.pk]):
        change = PairChange.objects.get()
    assert change.reason == "The account is new and begins empty."
    assert "Decide on the change of the trust account IOLTA" in ask(house.partner, "trust:awaiting").words
    refused = ask(
        house.administrator, "desk:trust_change_decide", {"decision": "approve"}, change_id=change.pk
    )
    assert refused.status_code == 403
    assert pairs(house)[0].opening == "clio"

    ask(house.partner, "desk:trust_change_decide", {"decision": "approve"}, change_id=change.pk)
    assert pairs(house)[0].opening == "none"
    assert "IOLTA posts from 1 Sep 2026." in ask(house.partner, "desk:trust_account", pair_id=pair.pk).words


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [({"liability": made.INCOME}, LIABILITY_RULE), ({"bank": made.OPERATING, "operating": ""}, BANK_RULE)],
)
def test_a_wrong_account_is_refused_with_the_rule(house: House, wrong: dict[str, str], rule: str) -> None:
    made.company(house)

    answer = ask(house.administrator, "desk:trust_account_add", TERMS | wrong)

    assert answer.status_code == 422
    assert answer.words.count(rule) >= 2  # beside the field and in the error
    assert not pairs(house)


def test_what_is_paid_out_may_be_checks_and_a_change_waits_for_a_partner(house: House) -> None:
    made.company(house)
    form = ask(house.administrator, "desk:trust_account_add")
    assert "Checks with their payee" in form.words
    ask(house.administrator, "desk:trust_account_add", TERMS)
    (pair,) = pairs(house)
    assert pair.disbursement_as == "journal"
    assert "Journal entries" in ask(house.partner, "desk:trust_account", pair_id=pair.pk).words

    checks = TERMS | {"disbursement_as": "check"}
    ask(house.administrator, "desk:trust_account_change", checks, pair_id=pair.pk)
    with firm_scope(write=None, reads=[house.firm.pk]):
        change = PairChange.objects.get(firm=house.firm)
    seen = ask(house.partner, "desk:trust_change", change_id=change.pk).words
    assert "Disbursements and refunds post as" in seen
    assert pairs(house)[0].disbursement_as == "journal"
    ask(house.partner, "desk:trust_change_decide", {"decision": "approve"}, change_id=change.pk)

    assert pairs(house)[0].disbursement_as == "check"


def test_ledgers_may_have_accounts_of_their_own_and_the_page_says_what_room_there_is(house: House) -> None:
    books = made.company(house)
    form = ask(house.administrator, "desk:trust_account_add")
    assert "An account of their own below the liability" in form.words
    assert "count against the accounts that the QuickBooks plan takes" in form.words

    ask(house.administrator, "desk:trust_account_add", TERMS | {"client_as": "sub-account"})

    (pair,) = pairs(house)
    assert pair.client_as == "sub-account"
    page = ask(house.partner, "desk:trust_account", pair_id=pair.pk).words
    assert "Accounts of ledgers" in page
    assert "0 below Client Funds Held in Trust." in page
    with firm_scope(write=house.firm.pk):
        accounts = MirrorAccount.objects.filter(firm=house.firm, gone=False, active=True).count()
        company = Company(id="1", name="Alpha", plan="QuickBooks Online Plus", most_accounts=accounts)
        mirror.mirror_company(firm_id=house.firm.pk, books_id=books.pk, company=company, now=timezone.now())
        told = trust_findings.findings(books=books, now=timezone.now())
    page = ask(house.partner, "desk:trust_account", pair_id=pair.pk).words
    assert f"QuickBooks Online Plus takes {accounts} accounts, {accounts} stand." in page
    assert [found.code for found in told if found.severity == "warns"] == ["trust_accounts"]
    asked = ask(
        house.administrator, "desk:trust_account_change", TERMS | {"client_as": "customer"}, pair_id=pair.pk
    )
    assert asked.status_code == 302
    with firm_scope(write=None, reads=[house.firm.pk]):
        change = PairChange.objects.get(firm=house.firm)
    seen = ask(house.partner, "desk:trust_change", change_id=change.pk).words
    assert "Clients in the books" in seen
    assert "Named on the liability line" in seen


def test_one_bank_serves_one_trust_account(house: House) -> None:
    made.account(house)

    answer = ask(house.administrator, "desk:trust_account_add", TERMS | {"clio_account": "IOLTA 2"})

    assert answer.status_code == 422
    assert (
        "is the trust bank of “IOLTA” already. One account serves one trust account of Clio." in answer.words
    )
    assert len(pairs(house)) == 1


def test_a_change_waits_for_the_partner_who_sees_its_effect(house: House) -> None:
    pair = made.account(house)
    wanted = TERMS | {"liability": made.SPARE, "post": ["deposit"], "reason": "Bank moved"}

    asked = ask(house.administrator, "desk:trust_account_change", wanted, pair_id=pair.pk)

    with firm_scope(write=None, reads=[house.firm.pk]):
        change = PairChange.objects.get(firm=house.firm)
    assert asked["Location"] == reverse("desk:trust_change", kwargs={"change_id": change.pk})
    assert pairs(house)[0].liability == world.LIABILITY
    seen = ask(house.partner, "desk:trust_change", change_id=change.pk)
    assert "Today’s three-way" in seen.words
    assert "Client Funds Held in Trust 2" in seen.words
    assert "Approve the change" in seen.words
    assert (
        "Approve the change" not in ask(house.administrator, "desk:trust_change", change_id=change.pk).words
    )
    assert "A change waits" in ask(house.auditor, "desk:trust_accounts").words
    ask(house.partner, "desk:trust_change_decide", {"decision": "approve"}, change_id=change.pk)
    assert pairs(house)[0].liability == made.SPARE
    assert "This change was approved." in ask(house.partner, "desk:trust_change", change_id=change.pk).words
    assert "Approved" in ask(house.partner, "desk:trust_account", pair_id=pair.pk).words


def test_a_partner_refuses_with_a_word(house: House) -> None:
    change = made.change(house)

    ask(
        house.partner, "desk:trust_change_decide", {"decision": "refuse", "note": "Not now"},
        change_id=change.pk,
    )  # fmt: skip

    assert pairs(house)[0].liability == world.LIABILITY
    page = ask(house.bookkeeper, "desk:trust_change", change_id=change.pk).words
    assert "This change was refused." in page
    assert "Not now" in page


def test_the_form_says_what_would_not_change(house: House) -> None:
    pair = made.account(house)
    same = {
        "kind": "pooled", "bank": pair.bank, "liability": pair.liability, "operating": pair.operating,
        "start": "2026-09-01", "opening": "clio", "post": ["deposit"],
    }  # fmt: skip

    answer = ask(house.bookkeeper, "desk:trust_account_change", same, pair_id=pair.pk)

    assert answer.status_code == 422
    assert "Nothing of this trust account would change." in answer.words


def test_an_opening_is_given_from_a_file_or_refused_with_its_line(house: House) -> None:
    pair = made.account(house)

    def give(text: str) -> Any:
        file = SimpleUploadedFile("opening.csv", text.encode())
        return ask(house.bookkeeper, "desk:trust_opening_file", {"file": file}, pair_id=pair.pk)

    refused = give("kind,ledger,amount\nledger,Nobody,5\n")
    assert refused.status_code == 422
    assert "Line 2: Clio has no matter or client “Nobody”." in refused.words
    assert give("kind,ledger,amount\nledger,trust/firm,50\n").status_code == 302

    page = ask(house.partner, "desk:trust_opening", pair_id=pair.pk).words
    assert "Firm funds in trust" in page
    assert "$50.00" in page


def test_the_banks_side_of_an_opening_is_kept(house: House) -> None:
    pair = made.account(house)
    said = {"statement": "1,250.10", "outstanding": "check, 2026-08-29, 250.10, 1042, County Clerk\n"}

    refused = ask(
        house.bookkeeper, "desk:trust_opening_statement", said | {"outstanding": "cheque, x"}, pair_id=pair.pk
    )
    kept = ask(house.bookkeeper, "desk:trust_opening_statement", said, pair_id=pair.pk)

    assert refused.status_code == 422
    assert "Line 1: write check or deposit first." in refused.words
    assert kept.status_code == 302
    with firm_scope(write=None, reads=[house.firm.pk]):
        assert Opening.objects.get().statement == 125010
        assert OpeningItem.objects.get().amount == -25010
    assert "County Clerk" in ask(house.partner, "desk:trust_opening", pair_id=pair.pk).words


def test_an_entry_over_the_limit_is_approved_on_its_page(house: House) -> None:
    hold_id = made.an_entry(house)["hold_id"]

    page = ask(house.partner, "desk:trust_approvals").words
    assert "1 trust entry waits for approval, " in page
    assert "It cannot stop money" in page
    assert "its partners" in ask(house.bookkeeper, "desk:trust_approvals").words
    ask(house.bookkeeper, "desk:trust_approve", {"print": "a" * 64}, hold_id=hold_id)
    ask(house.partner, "desk:trust_approve", {"print": "a" * 64}, hold_id=hold_id)

    assert "1 of 1 approval" in ask(house.partner, "desk:trust_approvals").words


def test_the_card_of_a_twin_asks_whether_they_are_two(house: House) -> None:
    books = cast.books(house)
    with firm_scope(write=house.firm.pk):
        facts = {"subject": "bank_transactions/7", "kind": "check", "books_id": "12", "number": "1042"}
        twin = case(house, books, "trust_twin:bank_transactions/7", "A twin", fix="books", facts=facts)
        hold(house, twin, bill(house, 5, 100))

    card = ask(house.bookkeeper, "desk:case", case_id=twin.pk).words
    ask(house.bookkeeper, "desk:choose", {"answer": "two"}, case_id=twin.pk)

    assert "They are two movements: post both" in card
    assert "They are two movements" not in ask(house.auditor, "desk:case", case_id=twin.pk).words
    with firm_scope(write=None, reads=[house.firm.pk]):
        choice = BookChoice.objects.get(firm=house.firm)
    assert (choice.subject, choice.answer) == ("twin of bank_transactions/7 check:12", "two")
