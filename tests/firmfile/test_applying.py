"""A firm applied, exported and applied to an empty installation is the same firm."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command

from accounts import audit
from accounts import queries as accounts
from accounts.models import AuditEvent, Firm
from accounts.tenancy import firm_scope
from mapping import mirror, queries
from mapping import options as choices
from mapping.models import Version
from syncapp.core.books import Account, Chart, Company, Item, Tag
from syncapp.core.documents import LineKind
from syncapp.core.planning.facts import LineFacts, Target
from syncapp.core.problems import Problem
from syncapp.pipeline.firmfile.applying import apply
from syncapp.pipeline.firmfile.exporting import export
from syncapp.pipeline.firmfile.reading import Unreadable, read
from tests.firmfile.example import EXAMPLE

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
TYPES = {
    "Operating Bank": ("Bank", "Checking"),
    "IOLTA Trust Account": ("Bank", "TrustAccounts"),
    "Client Funds Held in Trust": ("Other Current Liability", "TrustAccountsLiabilities"),
}
pytestmark = pytest.mark.django_db


def the_firm() -> Firm:
    firm = accounts.firm_by_slug("ash-birch")
    assert firm is not None
    return firm


def mirrored(firm: Firm, *, without: str = "", currency: str = "USD") -> int:
    """Mirror a chart that has all the names of the example's first set of books, but one."""
    with firm_scope(write=firm.pk):
        books = accounts.books_of(firm_id=firm.pk)[0]
        version = queries.published(books.pk)
        assert version is not None
        items, accounts_, at = {}, {}, 100
        for _place, kind, text in choices.names_used(version.options, queries.rule_rows(version)):
            at += 1
            if text == without:
                continue
            if kind == "item" and not text.startswith("id:"):
                items[str(at)] = Item(id=str(at), name=text, account="1")
            elif kind == "account":
                type_, subtype = TYPES.get(text, ("Income", ""))
                accounts_[str(at)] = Account(id=str(at), name=text, type=type_, subtype=subtype)
        accounts_["1"] = Account(id="1", name="Income", type="Income")
        chart = Chart(
            accounts=accounts_,
            items=items,
            classes={"5": Tag(id="5", name="Litigation")},
            locations={"7": Tag(id="7", name="Raleigh")},
        )
        company = Company(id="c1", name="Ash & Birch", currency=currency)
        mirror.mirror_chart(firm_id=firm.pk, books_id=books.pk, chart=chart, company=company, now=NOW)
        return books.pk


def test_applying_creates_the_firm_and_applying_again_changes_nothing() -> None:
    first = apply(read(EXAMPLE), now=NOW)
    again = apply(read(EXAMPLE), now=NOW)

    assert "created the firm Ash & Birch LLP" in first.changed
    assert "added books@ash-birch.test as bookkeeper" in first.changed
    assert "published the mapping of main, version 1, 8 rules" in first.changed
    assert again.changed == []
    firm = the_firm()
    assert [member.role for member in accounts.members(firm_id=firm.pk)].count("bookkeeper") == 1
    with firm_scope(write=None, reads=[firm.pk]):
        assert audit.verify(firm.pk).ok
        assert Version.objects.count() == 1


def test_what_is_exported_and_applied_is_exported_the_same() -> None:
    apply(read(EXAMPLE), now=NOW)
    text = export(the_firm())

    assert read(text) == read(EXAMPLE)
    elsewhere = text.replace("slug: ash-birch", "slug: elsewhere").replace("@ash-birch.", "@elsewhere.")
    apply(read(elsewhere), now=NOW)
    other = accounts.firm_by_slug("elsewhere")
    assert other is not None
    assert export(other) == elsewhere


def test_a_change_is_published_as_a_new_version_and_the_old_one_stays() -> None:
    apply(read(EXAMPLE), now=NOW)

    done = apply(read(EXAMPLE.replace("item: Legal Fees", "item: Professional Fees")), now=NOW)

    assert done.changed == ["published the mapping of main, version 2, 8 rules"]
    firm = the_firm()
    with firm_scope(write=None, reads=[firm.pk]):
        event = AuditEvent.objects.filter(verb="mapping.published").first()
        assert event is not None
        assert event.before
        assert event.after
        assert event.before["lines"] == ["When line is time: product “Legal Fees”"]
        assert event.after["lines"] == ["When line is time: product “Professional Fees”"]


def test_before_the_books_are_read_names_are_kept_and_lines_wait() -> None:
    apply(read(EXAMPLE), now=NOW)
    firm = the_firm()

    with firm_scope(write=None, reads=[firm.pk]):
        books = accounts.books_of(firm_id=firm.pk)[0]
        book = queries.rule_book(firm_id=firm.pk, books_id=books.pk)
        assert book is not None
        placed = book.place(LineFacts(line=LineKind.TIME))

    assert isinstance(placed, Problem)
    assert placed.code == "chart_not_read"


def test_once_the_books_are_read_names_are_pinned_and_a_rename_changes_nothing() -> None:
    apply(read(EXAMPLE), now=NOW)
    firm = the_firm()
    books_id = mirrored(firm)

    with firm_scope(write=firm.pk):
        chart = queries.chart(books_id)
        legal = chart.item_named("Legal Fees")
        assert legal is not None
        renamed = Chart(
            accounts=chart.accounts,
            items={**chart.items, legal.id: Item(id=legal.id, name="Fees 2027", account="1")},
        )
        company = Company(id="c1", name="Ash & Birch")
        mirror.mirror_chart(firm_id=firm.pk, books_id=books_id, chart=renamed, company=company, now=NOW)
        book = queries.rule_book(firm_id=firm.pk, books_id=books_id)
        assert book is not None
        placed = book.place(LineFacts(line=LineKind.TIME))

    assert isinstance(placed, Target)
    assert placed.item == legal.id
    unlisted = EXAMPLE.replace(", class: Litigation", "").replace(", location: id:7", "")
    assert apply(read(unlisted), now=NOW).changed == [
        "published the mapping of main, version 2, 8 rules",
        "set up the trust account IOLTA",
    ]


def test_a_name_that_the_books_lack_is_an_error_with_its_place_and_changes_nothing() -> None:
    apply(read(EXAMPLE), now=NOW)
    mirrored(the_firm(), without="Costs Recovered")

    with pytest.raises(Unreadable) as refused:
        apply(read(EXAMPLE.replace("name: Ash & Birch LLP", "name: Other")), now=NOW)

    assert str(refused.value) == (
        'books[0].mapping.rules[4].item: there is no item "Costs Recovered" in QuickBooks'
    )
    assert the_firm().name == "Ash & Birch LLP"


def test_a_mapping_without_start_dates_is_kept_as_a_draft() -> None:
    start = "    start: {bills: 2026-01-01, payments: 2026-01-01, credits: 2026-01-01, trust: 2026-01-01}\n"
    text = EXAMPLE.replace(start, "")

    first, again = apply(read(text), now=NOW), apply(read(text), now=NOW)

    assert (
        "kept the mapping of main as a draft: Choose the day from which bills go to the books."
        in first.changed
    )
    assert again.changed == []


def test_the_command_prints_what_changed_and_refuses_with_the_place(tmp_path: Path) -> None:
    file = tmp_path / "firm.yaml"
    file.write_text(EXAMPLE)
    out = StringIO()

    call_command("firm", "apply", str(file), "--json", stdout=out)
    answer = json.loads(out.getvalue())
    exported = StringIO()
    call_command("firm", "export", "--firm", "ash-birch", stdout=exported)

    assert answer["firm"] == "ash-birch"
    assert "created the firm Ash & Birch LLP" in answer["changed"]
    assert read(exported.getvalue()) == read(EXAMPLE)
    file.write_text(EXAMPLE.replace("lines: detail", "lines: x"))
    with pytest.raises(CommandError, match=r"books\[0\]\.invoices\.lines"):
        call_command("firm", "apply", str(file))
