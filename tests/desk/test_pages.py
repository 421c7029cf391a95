"""The pages over the pipeline: what each says, to whom, and at what price in queries."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.roles import Role
from accounts.tenancy import firm_scope
from syncapp.records.models import BookChoice, Case, Hold, Run
from tests import cast
from tests.desk import books as seeded
from tests.desk.books import MOST_QUERIES, one, plan
from tests.desk.year import year

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import Books
    from tests.cast import House

pytestmark = pytest.mark.django_db
PAGES = ["overview", "setup", "exceptions", "tieout", "runs", "connections", "search", "trace"]


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_for_every_role(
    client: Client, alpha: House, main: Books, page: str, role: Role
) -> None:
    cast.sign_in(client, alpha.by_role()[role])

    response = client.get(reverse(f"desk:{page}"))

    assert response.status_code == 200
    assert response.text.count("<h1") == 1


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_for_a_firm_without_anything(client: Client, alpha: House, page: str) -> None:
    cast.sign_in(client, alpha.administrator)

    assert client.get(reverse(f"desk:{page}")).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_a_page_costs_the_same_whatever_the_queue(
    client: Client, alpha: House, main: Books, page: str, django_assert_max_num_queries: Any
) -> None:
    with firm_scope(write=alpha.firm.pk):
        for number in range(60):
            cause = seeded.case(alpha, main, f"unmapped:{number}", f"Choose a product for {number}.")
            for part in range(2):
                seeded.hold(alpha, cause, seeded.bill(alpha, 20_000 + number * 2 + part, 1_000))
    cast.sign_in(client, alpha.bookkeeper)

    with django_assert_max_num_queries(MOST_QUERIES):
        client.get(reverse(f"desk:{page}"), {"q": "10"})


def test_books_that_tie_say_so_first(client: Client, alpha: House) -> None:
    year(alpha, equal=True)
    cast.sign_in(client, alpha.partner)

    page = client.get("/").text

    assert "Everything ties: 1,204 invoices and 988 payments, difference $0.00." in page
    assert "2,426 records" in page


def test_books_that_do_not_tie_say_by_how_much(client: Client, alpha: House, main: Books) -> None:
    cast.sign_in(client, alpha.partner)

    page = client.get("/").text

    assert "Not equal: $13,812.40 of invoices." in page
    assert "nothing is unexplained" in page
    assert "Trust" in page


def test_a_new_firm_sees_its_four_steps(client: Client, alpha: House) -> None:
    cast.sign_in(client, alpha.administrator)

    page = client.get("/").text

    assert "4 steps until Alpha ties." in page
    assert "Connect Clio" in page


def test_the_first_sync_shows_how_far_it_is(client: Client, alpha: House) -> None:
    cast.books(alpha)
    with firm_scope(write=alpha.firm.pk):
        progress = {"what": "bills", "done": 731, "of": 0}
        Run.objects.create(
            firm=alpha.firm,
            trigger="person",
            stage="pull",
            progress=progress,
            started_at=seeded.NOW,
            beat_at=seeded.NOW,
        )
    cast.sign_in(client, alpha.partner)

    assert "Reading Clio: bills" in client.get("/").text
    assert "731 so far" in client.get(reverse("desk:progress")).text


def test_progress_says_of_how_many_where_that_is_known(client: Client, alpha: House) -> None:
    with firm_scope(write=alpha.firm.pk):
        progress = {"what": "post", "done": 120, "of": 804}
        Run.objects.create(
            firm=alpha.firm,
            trigger="person",
            stage="post",
            progress=progress,
            started_at=seeded.NOW,
            beat_at=seeded.NOW,
        )
    cast.sign_in(client, alpha.partner)

    page = client.get(reverse("desk:progress")).text

    assert "Posting to the books" in page
    assert "120 of 804" in page


def test_progress_that_is_over_reads_the_page_again(client: Client, alpha: House) -> None:
    cast.sign_in(client, alpha.partner)

    assert client.get(reverse("desk:progress"))["HX-Refresh"] == "true"


def test_client_money_comes_first_and_money_adds_up(client: Client, alpha: House, main: Books) -> None:
    cast.sign_in(client, alpha.bookkeeper)

    page = client.get(reverse("desk:exceptions")).text

    assert "3 causes hold 10 records; 1 more needs a look." in page
    assert "$13,462.40 is held, $250.00 of it client money." in page
    assert page.index("Trust is not set up") < page.index("Filing fees")


@pytest.mark.parametrize(
    ("query", "causes"),
    [
        ({"code": "inactive_item"}, 1),
        ({"severity": "trust"}, 1),
        ({"resource": "bills"}, 3),
        ({"q": "10600"}, 1),
        ({"q": "nobody"}, 0),
    ],
)
def test_the_address_filters_the_queue(
    client: Client, alpha: House, main: Books, query: Any, causes: int
) -> None:
    cast.sign_in(client, alpha.bookkeeper)

    page = client.get(reverse("desk:exceptions"), query)

    assert page.context["totals"].cases == causes
    assert len(page.context["rows"]) == causes


def test_an_empty_queue_says_so(client: Client, alpha: House) -> None:
    cast.sign_in(client, alpha.bookkeeper)

    assert "Nothing is stuck." in client.get(reverse("desk:exceptions")).text


def test_the_export_holds_what_the_page_shows(client: Client, alpha: House, main: Books) -> None:
    cast.sign_in(client, alpha.auditor)

    answer = client.get(reverse("desk:exceptions_export"), {"code": "inactive_item", "format": "csv"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert len(rows) == 1 + 8 + 1
    assert rows[1][7:9] == ["10500", "1526.55"]
    assert rows[-1][8:10] == ["12212.40", "0.00"]
    assert one(alpha, AuditEvent, verb="export.made").object_text == "exceptions, 8 records"


@pytest.mark.parametrize("name", ["exceptions_export", "tieout_export"])
def test_a_sheet_is_a_workbook(client: Client, alpha: House, main: Books, name: str) -> None:
    cast.sign_in(client, alpha.partner)

    answer = client.get(reverse(f"desk:{name}"), {"format": "xlsx"})

    assert "xl/workbook.xml" in ZipFile(io.BytesIO(answer.content)).namelist()


def test_a_name_is_never_a_formula_in_a_file(client: Client, alpha: House, main: Books) -> None:
    with firm_scope(write=alpha.firm.pk):
        cause = seeded.case(alpha, main, "unmapped:x", '=HYPERLINK("http://elsewhere")')
        seeded.hold(alpha, cause, seeded.bill(alpha, 30_000, 1_000))
    cast.sign_in(client, alpha.auditor)

    answer = client.get(reverse("desk:exceptions_export"), {"code": "unmapped"}).content.decode("utf-8-sig")

    assert "'=HYPERLINK" in answer


def test_a_retry_says_what_it_will_do_and_then_does_it(client: Client, alpha: House, main: Books) -> None:
    cast.sign_in(client, alpha.bookkeeper)
    found = one(alpha, Case, code="inactive_item")

    asked = client.post(reverse("desk:retry"), {"case": found.pk})
    assert "Try 8 records of $12,212.40 again?" in asked.text
    assert one(alpha, Hold, retry_asked_at__isnull=False) is None

    done = client.post(reverse("desk:retry"), {"case": found.pk, "sure": "1", "next": "/exceptions/"})
    assert (done.status_code, done["Location"]) == (302, "/exceptions/")
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        assert Hold.objects.filter(firm=alpha.firm, retry_asked_at__isnull=False).count() == 8
    assert plan(alpha).due_at < seeded.NOW + timedelta(days=3000)


def test_everything_can_be_tried_again(client: Client, alpha: House, main: Books) -> None:
    cast.sign_in(client, alpha.bookkeeper)

    assert "Try 10 records" in client.post(reverse("desk:retry"), {"all": "1"}).text


def test_a_retry_of_nothing_is_a_sentence(client: Client, alpha: House, main: Books) -> None:
    cast.sign_in(client, alpha.bookkeeper)

    assert (
        "Nothing was chosen"
        in client.post(reverse("desk:retry"), {"next": "https://else.test"}, follow=True).text
    )


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.PARTNER])
def test_who_only_reads_is_offered_nothing_to_press(
    client: Client, alpha: House, main: Books, role: Role
) -> None:
    cast.sign_in(client, alpha.by_role()[role])

    assert "Try selected again" not in client.get(reverse("desk:exceptions")).text
    assert "Sync now" not in client.get(reverse("desk:runs")).text
    assert client.post(reverse("desk:retry"), {"all": "1", "sure": "1"}).status_code == 403


def test_a_case_says_why_and_what_to_press(client: Client, alpha: House, main: Books) -> None:
    cast.sign_in(client, alpha.bookkeeper)
    found = one(alpha, Case, code="doubtful_customer")

    page = client.get(reverse("desk:case", args=[found.pk])).text

    assert "Which customer in QuickBooks is Cedar Freight, Inc.?" in page
    assert "make a new customer" in page
    assert "Clio bill 10600" in page


def test_a_person_chooses_the_customer(client: Client, alpha: House, main: Books) -> None:
    cast.sign_in(client, alpha.bookkeeper)
    found = one(alpha, Case, code="doubtful_customer")

    client.post(reverse("desk:choose", args=[found.pk]), {"answer": "59"})

    assert one(alpha, BookChoice).answer == "59"


def test_an_alarm_is_closed_with_a_reason_only(client: Client, alpha: House, main: Books) -> None:
    cast.sign_in(client, alpha.bookkeeper)
    alarm = one(alpha, Hold, alarm=True)

    client.post(reverse("desk:close_alarm", args=[alarm.pk]), {"reason": ""})
    assert one(alpha, Hold, alarm=True).closed_at is None

    client.post(reverse("desk:close_alarm", args=[alarm.pk]), {"reason": "Refunded by check 1204"})
    assert one(alpha, Hold, alarm=True).closed_words == "Refunded by check 1204"
