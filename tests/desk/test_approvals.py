"""The correcting entry of a closed period: what its card says, to whom, and what an approval keeps."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from accounts import audit
from accounts.models import AuditEvent
from accounts.roles import Role
from accounts.tenancy import firm_scope
from syncapp.pipeline.models import SyncSchedule
from syncapp.records.models import BookChoice
from tests import cast
from tests.desk import asked
from tests.desk.books import NOW

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import Books
    from tests.cast import House

pytestmark = pytest.mark.django_db
BUTTON = "Approve: post the credit of"
DECIDE = {"answer": f"approve:{asked.PRINT}"}


@pytest.mark.parametrize("role", list(Role))
def test_everybody_sees_the_entry_that_would_post(
    client: Client, alpha: House, main: Books, role: Role
) -> None:
    found = asked.correction(alpha, main)
    cast.sign_in(client, alpha.by_role()[role])

    page = client.get(reverse("desk:case", args=[found.pk])).text

    assert "Cedar Freight, Inc. now owes" in page
    assert "closed through 31 Aug 2026" in page
    assert "August 2026 does not move" in page
    assert "A correction of $300.00 waits for an approval; until then QuickBooks stays as it is." in page
    assert page.count("300.00") >= 4
    assert ">Legal Fees" in page


@pytest.mark.parametrize("role", list(Role))
def test_an_auditor_is_offered_no_button(client: Client, alpha: House, main: Books, role: Role) -> None:
    found = asked.correction(alpha, main)
    cast.sign_in(client, alpha.by_role()[role])

    page = client.get(reverse("desk:case", args=[found.pk])).text

    assert (BUTTON in page) is (role != Role.AUDITOR)
    assert ("dated 3 Oct 2026</button>" in page) is (role != Role.AUDITOR)


@pytest.mark.parametrize(
    ("kind", "words", "noun"),
    [
        ("invoice", "$300.00 more than the books say", "the invoice of"),
        ("journal", "reads differently from the books", "the entry of"),
    ],
)
def test_the_card_names_the_kind_of_the_entry(
    client: Client, alpha: House, main: Books, kind: str, words: str, noun: str
) -> None:
    found = asked.correction(alpha, main, kind=kind)
    cast.sign_in(client, alpha.bookkeeper)

    page = client.get(reverse("desk:case", args=[found.pk])).text

    assert words in page
    assert f"Approve: post {noun}" in page


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.BOOKKEEPER, Role.PARTNER])
def test_an_approval_is_kept_and_written_down(client: Client, alpha: House, main: Books, role: Role) -> None:
    found = asked.correction(alpha, main)
    person = alpha.by_role()[role]
    cast.sign_in(client, person)

    page = client.post(reverse("desk:approve", args=[found.pk]), DECIDE, follow=True).text

    with firm_scope(write=None, reads=[alpha.firm.pk]):
        kept = BookChoice.objects.get(subject="bills/10999/correction/1")
        event = AuditEvent.objects.get(verb="case.correction_approved")
        due = SyncSchedule.objects.get(firm=alpha.firm).due_at
    assert (kept.answer, kept.by_id, kept.books_id) == (DECIDE["answer"], person.pk, main.pk)
    assert audit.sentence(event) == (
        f"{person.name} approved the credit memo 10483-C1 of $300.00, dated 3 Oct 2026"
    )
    assert due < NOW + timedelta(days=3000)
    assert "Approved. It posts with the run that begins now." in page
    assert f"Approved by {person.name}" in page
    assert BUTTON not in page


@pytest.mark.parametrize("answer", ["approve:ffffffffffffffffffffffff", "approve:", "link", ""])
def test_what_was_not_seen_is_not_approved(client: Client, alpha: House, main: Books, answer: str) -> None:
    found = asked.correction(alpha, main)
    cast.sign_in(client, alpha.partner)

    page = client.post(reverse("desk:approve", args=[found.pk]), {"answer": answer}, follow=True).text

    assert "The bill changed again since this page was opened. Look at the new entry" in page
    assert BUTTON in page
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        assert not BookChoice.objects.exists()


def test_an_entry_that_changed_after_its_approval_is_asked_again(
    client: Client, alpha: House, main: Books
) -> None:
    found = asked.correction(alpha, main)
    cast.sign_in(client, alpha.partner)
    client.post(reverse("desk:approve", args=[found.pk]), DECIDE)

    with firm_scope(write=alpha.firm.pk):
        found.facts = found.facts | {"print": "f" * 24}
        found.save()

    assert BUTTON in client.get(reverse("desk:case", args=[found.pk])).text


def test_an_approval_opens_no_other_case(client: Client, alpha: House, main: Books) -> None:
    found, other = asked.correction(alpha, main), asked.removed(alpha, main)
    cast.sign_in(client, alpha.bookkeeper)

    assert client.post(reverse("desk:approve", args=[other.pk]), DECIDE).status_code == 404
    assert client.post(reverse("desk:choose", args=[found.pk]), DECIDE).status_code == 404
    assert client.post(reverse("desk:choose", args=[other.pk]), {"answer": "new"}).status_code == 404


def test_what_is_closed_is_not_approved(client: Client, alpha: House, main: Books) -> None:
    found = asked.correction(alpha, main)
    with firm_scope(write=alpha.firm.pk):
        found.closed_at = NOW
        found.save()
    cast.sign_in(client, alpha.partner)

    page = client.post(reverse("desk:approve", args=[found.pk]), DECIDE, follow=True).text

    assert "This exception is closed already." in page


def test_the_list_says_what_to_do(client: Client, alpha: House, main: Books) -> None:
    asked.correction(alpha, main)
    asked.removed(alpha, main)
    cast.sign_in(client, alpha.bookkeeper)

    page = client.get(reverse("desk:exceptions")).text

    assert "Look at the entry that would correct it, then approve it." in page
    assert "See the entry" in page
    assert "Say what happened to the payment" in page
    assert "Say what happened</a>" in page
