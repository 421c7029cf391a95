"""A payment that came back or never was: what the card asks, what it refuses in words, and what is kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import audit, queries
from accounts.models import AuditEvent
from accounts.roles import Role
from accounts.tenancy import firm_scope
from syncapp.core.planning.returns import Said, said
from syncapp.pipeline.cases import choices
from syncapp.pipeline.models import SyncSchedule
from syncapp.records.models import BookChoice, Document
from tests import cast
from tests.desk import asked
from tests.desk.books import NOW

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import Books
    from tests.cast import House

pytestmark = pytest.mark.django_db
BACK = {"what": "returned", "day": "2026-09-20", "fee": "12.00", "fee_account": "60"}
OPEN = "It is said already what happened to this payment."


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def only(model: Any, house: House, **filters: Any) -> Any:
    with firm_scope(write=None, reads=[house.firm.pk]):
        return model.objects.get(firm=house.firm, **filters)


def nothing_kept(house: House) -> bool:
    with firm_scope(write=None, reads=[house.firm.pk]):
        return not BookChoice.objects.filter(firm=house.firm).exists()


@pytest.mark.parametrize("role", list(Role))
def test_the_card_shows_both_answers_with_what_they_post(
    client: Client, alpha: House, main: Books, role: Role
) -> None:
    asked.expenses(alpha, main)
    found = asked.removed(alpha, main)
    cast.sign_in(client, alpha.by_role()[role])

    page = client.get(reverse("desk:case", args=[found.pk])).text

    assert "Clio no longer has this payment" in page
    assert "Operating Checking, in a deposit that somebody made there" in page
    assert asked.MISTAKE in page
    assert "Accounts receivable" in page
    answers = role in {Role.ADMINISTRATOR, Role.BOOKKEEPER}
    assert ("What happened to this payment of" in page) is answers
    assert ("Bank Charges" in page) is answers
    assert "Old Charges" not in page


def test_the_bank_returned_it(client: Client, alpha: House, main: Books) -> None:
    asked.expenses(alpha, main)
    found = asked.removed(alpha, main)
    cast.sign_in(client, alpha.bookkeeper)

    answer = client.post(reverse("desk:payment", args=[found.pk]), BACK, follow=True)

    kept, event = only(BookChoice, alpha), only(AuditEvent, alpha, verb="case.payment_returned")
    assert (kept.subject, kept.answer) == ("payments/78", "returned:2026-09-20:1200:60")
    assert said(kept.answer) == Said(what="returned", day=date(2026, 9, 20), fee=1_200, fee_account="60")
    assert audit.sentence(event) == (
        "Alpha bookkeeper said that the bank returned the payment of $500.00 dated 12 Sep 2026 on "
        "20 Sep 2026, for a fee of $12.00"
    )
    assert only(SyncSchedule, alpha).due_at == NOW
    assert "Kept. It posts with the run that begins now." in answer.text
    assert "Alpha bookkeeper answered on" in answer.text


def test_it_was_entered_by_mistake_and_nothing_else_is_asked(
    client: Client, alpha: House, main: Books
) -> None:
    found = asked.removed(alpha, main)
    cast.sign_in(client, alpha.administrator)

    client.post(reverse("desk:payment", args=[found.pk]), {"what": "mistake", "day": "never", "fee": "x"})

    assert only(BookChoice, alpha).answer == "mistake"
    assert audit.sentence(only(AuditEvent, alpha, verb="case.payment_mistaken")) == (
        "Alpha administrator said that the payment of $500.00 dated 12 Sep 2026 was entered by mistake"
    )


REFUSALS: list[tuple[dict[str, str], str]] = [
    ({"what": ""}, "Say what happened: returned, charged back, or entered by mistake."),
    ({"what": "lost"}, "Choose one of the answers."),
    ({"day": ""}, "Give the day on which the bank took the money back."),
    ({"day": "soon"}, "Write the date as the bank statement shows it, such as 2026-10-03."),
    ({"day": "2026-09-11"}, "The payment is dated 12 Sep 2026; the bank cannot return it before that."),
    ({"day": "2026-11-22"}, "This day has not come yet. Give the day of the bank statement."),
    ({"day": "2026-09-15"}, "The books are closed through 15 Sep 2026. Give a later day, or reopen"),
    ({"fee": "twelve"}, "Write the fee as an amount, such as 12.00."),
    ({"fee": "12.005"}, "Write the fee as an amount, such as 12.00."),
    ({"fee": "0.00"}, "A fee is more than 0.00. Leave it empty when there was none."),
    ({"fee": "-3"}, "A fee is more than 0.00. Leave it empty when there was none."),
    ({"fee": "10,000.00"}, "A bank&#x27;s fee is below $10,000.00. Look at the amount again."),
    ({"fee_account": ""}, "Choose the expense account that bears the fee."),
    ({"fee_account": "62"}, "This account is not active in the books. Choose one of the list."),
    ({"fee_account": "35"}, "This account is not active in the books. Choose one of the list."),
    ({"fee": ""}, "Give the fee, or choose “No fee” below."),
]


@pytest.mark.parametrize(("change", "sentence"), REFUSALS)
def test_what_cannot_be_is_refused_in_words_and_stays_typed(
    client: Client, alpha: House, main: Books, change: dict[str, str], sentence: str
) -> None:
    asked.expenses(alpha, main)
    found = asked.removed(alpha, main, closed_through="2026-09-15", closed="yes")
    cast.sign_in(client, alpha.bookkeeper)

    page = client.post(reverse("desk:payment", args=[found.pk]), BACK | change)

    assert page.status_code == 422
    assert sentence in page.text
    typed = next(iter(change.values()))
    assert not typed or f'value="{typed}"' in page.text or "choose" in sentence.lower()
    assert nothing_kept(alpha)


@pytest.mark.parametrize("typed", ["9,999.99", "$9999.99", "9999.99"])
def test_a_fee_is_read_as_people_write_it(client: Client, alpha: House, main: Books, typed: str) -> None:
    asked.expenses(alpha, main)
    found = asked.removed(alpha, main)
    cast.sign_in(client, alpha.bookkeeper)

    client.post(reverse("desk:payment", args=[found.pk]), BACK | {"fee": typed})

    assert only(BookChoice, alpha).answer == "returned:2026-09-20:999999:60"


def test_an_answer_too_long_to_keep_is_refused(alpha: House, main: Books) -> None:
    found, paid = asked.removed(alpha, main), asked.payment(alpha, main)
    long = Said(what="returned", day=date(2026, 9, 20), fee=1_200, fee_account="6" * 30)
    who: dict[str, Any] = {"firm_id": alpha.firm.pk, "said": long, "by": alpha.bookkeeper, "now": NOW}

    assert "too long" in (choices.returned(case_id=found.pk, **who) or "")
    assert "too long" in (choices.say_returned(document_id=paid.pk, **who) or "")
    assert nothing_kept(alpha)


def test_only_a_case_about_a_payment_takes_such_an_answer(alpha: House, main: Books) -> None:
    found = asked.correction(alpha, main)
    who: dict[str, Any] = {"firm_id": alpha.firm.pk, "by": alpha.bookkeeper, "now": NOW}

    refusal = choices.returned(case_id=found.pk, said=Said(what="mistake"), **who)

    assert refusal == "This exception does not ask about a payment."
    assert choices.returned(case_id=0, said=Said(what="mistake"), **who) == choices.CLOSED


@pytest.mark.parametrize("role", list(Role))
def test_a_standing_payment_leads_to_the_page_of_its_return(
    client: Client, alpha: House, main: Books, role: Role
) -> None:
    paid = asked.payment(alpha, main)
    cast.sign_in(client, alpha.by_role()[role])

    page = client.get(reverse("desk:record", args=[paid.pk])).text

    assert ("The bank returned this payment" in page) is (role in {Role.ADMINISTRATOR, Role.BOOKKEEPER})


def test_a_person_says_that_the_bank_returned_it(client: Client, alpha: House, main: Books) -> None:
    asked.expenses(alpha, main)
    paid = asked.payment(alpha, main)
    address = reverse("desk:returned", args=[paid.pk])
    cast.sign_in(client, alpha.bookkeeper)

    first = client.get(address).text
    done = client.post(address, BACK, follow=True).text

    assert "Did the bank return this payment of" in first
    assert "Operating Checking" in first
    assert "This payment was taken back on 20 Sep 2026" in done
    assert "Alpha bookkeeper said so on <time" in done
    assert f'href="{address}"' not in done
    kept = only(BookChoice, alpha)
    assert (kept.subject, kept.answer) == ("payments/79", "returned:2026-09-20:1200:60")
    assert only(Document, alpha, pk=paid.pk).settled is False
    assert only(SyncSchedule, alpha).due_at == NOW < NOW + timedelta(days=1)
    assert "on 20 Sep 2026, for a fee of $12.00" in audit.sentence(
        only(AuditEvent, alpha, verb="case.payment_returned")
    )


def test_what_is_said_is_said_once(client: Client, alpha: House, main: Books) -> None:
    asked.expenses(alpha, main)
    paid = asked.payment(alpha, main)
    address = reverse("desk:returned", args=[paid.pk])
    cast.sign_in(client, alpha.bookkeeper)
    client.post(address, BACK)

    again = client.post(address, BACK | {"day": "2026-09-21"}).text

    assert OPEN in again
    assert "This payment was taken back on 20 Sep 2026" in again
    assert only(BookChoice, alpha).answer == "returned:2026-09-20:1200:60"


def test_a_return_in_closed_books_is_refused(client: Client, alpha: House, main: Books) -> None:
    asked.expenses(alpha, main)
    asked.closed(alpha, main, date(2026, 9, 30))
    paid = asked.payment(alpha, main)
    cast.sign_in(client, alpha.bookkeeper)

    page = client.post(reverse("desk:returned", args=[paid.pk]), BACK)

    assert page.status_code == 422
    assert "The books are closed through 30 Sep 2026." in page.text
    assert 'value="2026-09-20"' in page.text
    assert nothing_kept(alpha)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"stands": False}, "This payment does not stand in the books"),
        ({"into_trust": True}, "This payment is client money."),
        ({"funds": "trust"}, "This payment is client money."),
        ({"funds": "operating"}, "No bank can return it."),
    ],
)
def test_what_no_bank_can_return_is_refused(
    client: Client, alpha: House, main: Books, data: dict[str, Any], sentence: str
) -> None:
    paid = asked.payment(alpha, main, **data)
    cast.sign_in(client, alpha.bookkeeper)

    assert "The bank returned" not in client.get(reverse("desk:record", args=[paid.pk])).text
    assert sentence in client.get(reverse("desk:returned", args=[paid.pk])).text
    refused = choices.say_returned(
        firm_id=alpha.firm.pk,
        document_id=paid.pk,
        said=Said(what="returned", day=date(2026, 9, 20)),
        by=alpha.bookkeeper,
        now=NOW,
    )
    assert sentence in (refused or "")
    assert nothing_kept(alpha)


def test_a_bill_is_returned_by_no_bank(client: Client, alpha: House, main: Books) -> None:
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        sent = Document.objects.get(firm=alpha.firm, kind="bill", source_id=10_483)
    cast.sign_in(client, alpha.bookkeeper)

    assert client.get(reverse("desk:returned", args=[sent.pk])).status_code == 404
    assert "returned" not in client.get(reverse("desk:record", args=[sent.pk])).text


def test_the_day_is_the_firms(client: Client, alpha: House, main: Books, monkeypatch: Any) -> None:
    late = NOW.replace(hour=3)  # still the evening of 20 November in New York
    monkeypatch.setattr(timezone, "now", lambda: late)
    assert queries.today_of(alpha.firm, late) == date(2026, 11, 20)
    asked.expenses(alpha, main)
    found = asked.removed(alpha, main)
    cast.sign_in(client, alpha.bookkeeper)

    page = client.post(reverse("desk:payment", args=[found.pk]), BACK | {"day": "2026-11-21"})

    assert "This day has not come yet." in page.text
