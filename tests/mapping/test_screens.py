"""The mapping screens answer everybody who may see, and change only for those who may map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from accounts.tenancy import firm_scope
from mapping import mirror, queries
from mapping.models import Rule
from syncapp.core.books import Chart
from tests import cast
from tests.mapping import world

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import Books
    from tests.cast import House

pytestmark = pytest.mark.django_db
READ = ["rules", "coverage", "chart", "versions"]


@pytest.fixture
def alpha() -> House:
    return cast.firm("Alpha")


@pytest.fixture
def bookkeeper(client: Client, alpha: House) -> Client:
    return cast.sign_in(client, alpha.bookkeeper)


def at(name: str, books: Books, **kwargs: int) -> str:
    return f"{reverse(f'mapping:{name}', kwargs=kwargs or None)}?books={books.pk}"


def rule_ids(alpha: House) -> list[int]:
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        return list(Rule.objects.filter(version__state="draft").values_list("pk", flat=True))


def items_of_draft(alpha: House, books: Books) -> list[str]:
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        draft = queries.draft(books.pk)
        return [row.item for row in queries.rule_rows(draft)] if draft else []


@pytest.mark.parametrize("name", READ)
def test_each_page_teaches_when_there_is_nothing(bookkeeper: Client, name: str) -> None:
    response = bookkeeper.get(reverse(f"mapping:{name}"))

    assert response.status_code == 200
    assert 'class="empty"' in response.text


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("role", ["partner", "auditor"])
def test_everybody_reads_and_nobody_without_the_right_changes(
    client: Client, alpha: House, name: str, role: str
) -> None:
    books = world.published(alpha)
    cast.sign_in(client, getattr(alpha, role))

    page = client.get(at(name, books))

    assert page.status_code == 200
    assert "Change the rules" not in page.text
    assert client.post(at("start", books)).status_code == 403
    assert client.get(at("options", books)).status_code == 403


def test_a_strangers_books_do_not_exist(bookkeeper: Client) -> None:
    theirs = world.published(cast.firm("Beta"))

    for name in (*READ, "options", "add", "publish"):
        assert bookkeeper.get(at(name, theirs)).status_code == 404
    assert bookkeeper.get(at("version", theirs, number=1)).status_code == 404


def test_the_rules_stand_in_order_with_what_is_wrong_beside_them(bookkeeper: Client, alpha: House) -> None:
    books = world.published(alpha)

    text = bookkeeper.get(at("rules", books)).text

    assert text.index("Litigation Fees") < text.index("Legal Fees")
    assert "sorts of line would be held" in text
    assert "Hold the line and ask" in text


def test_a_rule_is_added_moved_changed_and_removed_on_a_draft(bookkeeper: Client, alpha: House) -> None:
    books = world.published(alpha)
    body: dict[str, Any] = {"books": books.pk, "line": "interest", "item": "Late Interest"}

    assert bookkeeper.post(at("add", books), body).status_code == 302
    assert items_of_draft(alpha, books)[-1] == "Late Interest"
    last = rule_ids(alpha)[-1]
    bookkeeper.post(at("move", books, rule_id=last), {"books": books.pk, "direction": "up"})
    assert items_of_draft(alpha, books)[2] == "Late Interest"
    third = rule_ids(alpha)[2]
    edit = bookkeeper.get(at("edit", books, rule_id=third))
    assert "Late Interest" in edit.text
    bookkeeper.post(at("edit", books, rule_id=third), body | {"item": "Costs Recovered", "client": " A  B "})
    assert items_of_draft(alpha, books)[2] == "Costs Recovered"
    third = rule_ids(alpha)[2]
    bookkeeper.post(at("remove", books, rule_id=third), {"books": books.pk})
    assert "Costs Recovered" not in items_of_draft(alpha, books)
    gone = bookkeeper.post(at("remove", books, rule_id=third), {"books": books.pk}, follow=True)
    assert "The rules have changed since this page was opened" in gone.text


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"line": "time"}, "Choose at least a product"),
        ({"line": "time", "account": "Legal Fee Income"}, "Only discounts go to an account"),
        ({"line": "discount", "item": "Legal Fees"}, "A discount goes to an account"),
        ({"line": "time", "item": "Nothing"}, "Select a valid choice"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_in_words(
    bookkeeper: Client, alpha: House, body: dict[str, str], words: str
) -> None:
    books = world.published(alpha)

    response = bookkeeper.post(at("add", books), body | {"books": str(books.pk)})

    assert response.status_code == 422
    assert words in response.text


def test_the_first_mapping_is_proposed_given_its_dates_read_and_published(
    bookkeeper: Client, alpha: House
) -> None:
    books = world.mirrored(alpha)
    assert "Propose rules" in bookkeeper.get(at("rules", books)).text

    bookkeeper.post(at("start", books), {"books": books.pk, "propose": "yes"})
    refused = bookkeeper.post(at("publish", books), {"books": books.pk})
    assert refused.status_code == 422
    assert "Choose the day from which bills go to the books." in refused.text
    form = bookkeeper.get(at("options", books))
    assert form.status_code == 200
    body = form_values(form.context["form"], form.context["deposits"])
    body |= {"start_bills": "2026-01-01", "start_payments": "2026-01-01", "start_credits": "2026-02-01"}
    body |= {"deposits-0-clio_bank_account": "Operating", "deposits-0-account": "Operating Bank"}
    saved = bookkeeper.post(at("options", books), body | {"books": books.pk})
    assert saved.status_code == 302, saved.text
    assert "Publish version 1" in bookkeeper.get(at("publish", books)).text
    done = bookkeeper.post(at("publish", books), {"books": books.pk, "note": "First"}, follow=True)

    assert "Version 1 is in force" in done.text
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        book = queries.rule_book(firm_id=alpha.firm.pk, books_id=books.pk)
        assert book is not None
        assert [row.account for row in book.options.deposits] == ["6", "7"]
        assert book.raw["start"]["credits"] == "2026-02-01"
    versions = bookkeeper.get(at("versions", books)).text
    assert "First" in versions
    assert "Alpha bookkeeper" in versions
    assert "What it began with" in bookkeeper.get(at("version", books, number=1)).text


def form_values(form: Any, rows: Any) -> dict[str, Any]:
    found = {name: form[name].value() or "" for name in form.fields}
    found = {name: value for name, value in found.items() if value != ""}
    for field in rows.management_form:
        found[field.html_name] = field.value()
    for row in rows:
        for field in row:
            found[field.html_name] = field.value() or ""
    return found


def test_options_keep_what_the_form_does_not_ask(bookkeeper: Client, alpha: House) -> None:
    books = world.published(alpha)
    form = bookkeeper.get(at("options", books))

    body = form_values(form.context["form"], form.context["deposits"])
    bookkeeper.post(at("options", books), body | {"books": books.pk, "number_prefix": "C-"})

    with firm_scope(write=None, reads=[alpha.firm.pk]):
        draft = queries.draft(books.pk)
        assert draft is not None
        assert draft.options["trust"] == world.OPTIONS["trust"]
        assert draft.options["deposits"] == world.OPTIONS["deposits"]
        assert draft.options["invoices"]["number_prefix"] == "C-"


def test_cents_that_are_rounded_need_a_product_and_a_measure(bookkeeper: Client, alpha: House) -> None:
    books = world.published(alpha)
    form = bookkeeper.get(at("options", books))
    body = form_values(form.context["form"], form.context["deposits"]) | {"books": books.pk}
    wrong = [{"rounding_up_to": "1.00"}, {"rounding_up_to": "few"}, {"rounding_up_to": "0.05"}]
    told = [bookkeeper.post(at("options", books), body | one) for one in wrong]
    assert [page.status_code for page in told] == [422, 422, 422]
    assert "Choose the product that takes what is rounded." in told[2].text

    more = {
        "rounding_up_to": "0.05",
        "rounding_item": "Write-offs",
        "confidential_matters": " 00001-Doe\n\nid:5",
    }
    bookkeeper.post(at("options", books), body | more)

    with firm_scope(write=None, reads=[alpha.firm.pk]):
        draft = queries.draft(books.pk)
        assert draft is not None
        assert draft.options["rounding"] == {"item": "Write-offs", "up_to": "0.05"}
        assert draft.options["customers"]["confidential"] == {"matters": ["00001-Doe", "id:5"]}
        options = queries.book_of(draft, known=queries.chart(books.pk)).options
        assert options.rounding_item is not None
        assert (options.rounding_up_to, options.rounding_item.name) == (5, "Write-offs")


def test_a_template_that_cannot_be_filled_is_refused(bookkeeper: Client, alpha: House) -> None:
    books = world.published(alpha)
    form = bookkeeper.get(at("options", books))
    body = form_values(form.context["form"], form.context["deposits"])

    response = bookkeeper.post(at("options", books), body | {"books": books.pk, "client_name": "{name}"})

    assert response.status_code == 422
    assert "{name} is not known here" in response.text


def test_a_draft_is_discarded_and_the_mapping_in_force_stays(bookkeeper: Client, alpha: House) -> None:
    books = world.published(alpha)
    bookkeeper.post(at("start", books), {"books": books.pk})

    page = bookkeeper.post(at("discard", books), {"books": books.pk}, follow=True)

    assert "What was in force still is." in page.text


def test_the_lists_are_filtered_and_show_what_is_inactive_and_what_is_client_money(
    bookkeeper: Client, alpha: House
) -> None:
    books = world.published(alpha)

    accounts = bookkeeper.get(at("chart", books)).text
    items = bookkeeper.get(at("chart", books) + "&list=items&q=old").text

    assert "Client money" in accounts
    assert "Inactive" in accounts
    assert "Old Fees" in items
    assert "Legal Fees" not in items
    assert "Nothing fits this filter" in bookkeeper.get(at("chart", books) + "&q=zzz").text


def test_coverage_names_what_would_be_held(bookkeeper: Client, alpha: House) -> None:
    books = world.published(alpha)

    text = bookkeeper.get(at("coverage", books)).text

    assert "Choose a product or service for interest." in text
    assert "Rule 2" in text


def test_before_the_books_are_read_the_rules_are_shown_as_written(bookkeeper: Client, alpha: House) -> None:
    books = world.published(alpha)
    with firm_scope(write=alpha.firm.pk):
        mirror.mirror_chart(
            firm_id=alpha.firm.pk, books_id=books.pk, chart=Chart(), company=world.COMPANY, now=cast.NOW
        )

    assert "have not been read yet" in bookkeeper.get(at("rules", books)).text
    assert bookkeeper.get(at("coverage", books)).status_code == 200
