"""A published mapping is evidence; a draft is a draft; the mirror follows the books."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from accounts import audit
from accounts.models import AuditEvent
from accounts.tenancy import firm_scope
from mapping import actions, mirror, queries
from mapping.findings import Finding, Severity
from mapping.models import MirrorItem, Rule, Version
from mapping.rules import RuleRow
from syncapp.core.books import Chart, Item
from syncapp.core.documents import Funds, LineKind, Payment
from syncapp.core.planning.deposits import deposit_account
from syncapp.core.planning.facts import Book, LineFacts, Target
from syncapp.core.problems import Problem
from tests import cast
from tests.cast import House
from tests.mapping import world

pytestmark = pytest.mark.django_db
ADD_A_RULE = """
insert into mapping_rule (firm_id, version_id, position, "when", item, account, class_name, location)
select firm_id, id, 99, '{}', 'Legal Fees', '', '', '' from mapping_version
"""


@pytest.fixture
def alpha() -> House:
    return cast.firm("Alpha")


@pytest.mark.parametrize(
    "attack",
    [
        "update mapping_version set note = 'changed'",
        "update mapping_version set options = '{}'",
        "update mapping_version set state = 'draft', published_at = null",
        "update mapping_version set resolved = '{}'",
        "delete from mapping_version",
        "update mapping_rule set item = 'Other'",
        "delete from mapping_rule",
        ADD_A_RULE,
    ],
)
def test_the_database_refuses_to_change_a_published_mapping(alpha: House, attack: str) -> None:
    world.published(alpha)

    with (
        firm_scope(write=alpha.firm.pk),
        pytest.raises(DatabaseError, match="published mapping"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(attack)


def test_another_firm_sees_nothing_of_it(alpha: House) -> None:
    books = world.published(alpha)
    beta = cast.firm("Beta")

    with firm_scope(write=beta.firm.pk):
        assert queries.rule_book(firm_id=alpha.firm.pk, books_id=books.pk) is None
        assert Version.objects.count() == Rule.objects.count() == MirrorItem.objects.count() == 0


def test_the_rule_book_resolves_names_and_walls_off_the_trust_pair(alpha: House) -> None:
    books = world.published(alpha)

    with firm_scope(write=None, reads=[alpha.firm.pk]):
        book = queries.rule_book(firm_id=alpha.firm.pk, books_id=books.pk)

    assert book is not None
    assert book.version == 1
    assert book.options.start_bills == date(2026, 1, 1)
    assert [row.account for row in book.options.deposits] == ["6", "7"]
    assert book.options.walled == book.walled
    assert book.place(LineFacts(line=LineKind.TIME, practice_area="Litigation")) == Target(
        account="1", item="21", rule=1
    )
    assert book.walled == {"5", "8"}
    assert book.company == world.COMPANY


def test_a_deposit_to_client_money_is_a_problem_and_never_falls_through(
    alpha: House,
) -> None:
    rows = [{"clio_bank_account": "Checking", "account": "IOLTA"}, {"otherwise": "Undeposited Funds"}]
    books = world.mirrored(alpha)
    with firm_scope(write=alpha.firm.pk):
        draft = actions.save_draft(
            books=books,
            options={**world.OPTIONS, "deposits": rows},
            rules=world.RULES,
            author=None,
            now=cast.NOW,
        )
        refused = actions.publish(draft=draft, actor=None, now=cast.NOW)
        book = queries.book_of(draft)

    assert [found.code for found in refused] == ["trust_wall"]
    assert [row.account for row in book.options.deposits] == ["5", "7"]
    landed = deposit_account(
        Payment(
            id=1,
            day=date(2026, 3, 2),
            currency="USD",
            funds=Funds.OUTSIDE,
            client_id=1,
            allocations=(),
            bank_account="Checking",
        ),
        Book(
            name="1",
            company=world.COMPANY,
            chart=book.chart,
            options=book.options,
            place=book.place,
            version=1,
            undeposited="7",
        ),
    )
    assert isinstance(landed, Problem)
    assert landed.code == "trust_wall"


def test_a_half_finished_mapping_is_kept_but_not_published(alpha: House) -> None:
    books = world.mirrored(alpha)

    with firm_scope(write=alpha.firm.pk):
        half = [RuleRow(position=1, when={"line": "time"}, item="Nothing"), RuleRow(position=2)]
        draft = actions.save_draft(books=books, options={}, rules=half, author=None, now=cast.NOW)
        refused = actions.publish(draft=draft, actor=None, now=cast.NOW)
        titles = [found.title for found in refused]

        assert queries.published(books.pk) is None
        assert queries.draft(books.pk) == draft
    assert "Choose the day from which bills go to the books." in titles
    assert "Rule 2 chooses nothing." in titles
    assert (
        "There is no product or service “Nothing” in QuickBooks. Choose another, or create it there."
        in titles
    )


def test_publishing_writes_who_and_what_in_the_log(alpha: House) -> None:
    books = world.published(alpha)

    with firm_scope(write=alpha.firm.pk):
        draft = actions.start_draft(books=books, author=alpha.bookkeeper, now=cast.NOW)
        rows = [
            *queries.rule_rows(draft),
            RuleRow(position=4, when={"line": "interest"}, item="Late Interest"),
        ]
        draft = actions.save_draft(
            books=books, options=draft.options, rules=rows, author=alpha.bookkeeper, now=cast.NOW
        )
        assert actions.publish(draft=draft, actor=alpha.bookkeeper, now=cast.NOW, note="Interest") == []
        event = AuditEvent.objects.filter(verb="mapping.published").first()
        assert event is not None
        assert audit.sentence(event) == "Alpha bookkeeper published the mapping of main, version 2"
        assert event.after
        assert event.after["lines"] == ["When line is interest: product “Late Interest”"]
        assert event.before == {"version": 1, "lines": []}
        assert audit.verify(alpha.firm.pk).ok


def test_only_one_draft_and_discarding_it_leaves_what_is_in_force(alpha: House) -> None:
    books = world.published(alpha)

    with firm_scope(write=alpha.firm.pk):
        draft = actions.start_draft(books=books, author=None, now=cast.NOW)
        assert actions.start_draft(books=books, author=None, now=cast.NOW) == draft
        actions.discard(draft=draft, actor=alpha.bookkeeper, now=cast.NOW)
        assert queries.draft(books.pk) is None
        in_force = queries.published(books.pk)
        assert in_force is not None
        assert in_force.number == 1


def test_what_the_books_no_longer_list_is_gone_and_comes_back(alpha: House) -> None:
    books = world.mirrored(alpha)
    later = cast.NOW + timedelta(hours=1)
    firm_id = alpha.firm.pk
    fewer = Chart(accounts=world.CHART.accounts, items={"20": Item(id="20", name="Fees", account="1")})

    with firm_scope(write=firm_id):
        mirror.mirror_chart(firm_id=firm_id, books_id=books.pk, chart=fewer, company=world.COMPANY, now=later)
        assert queries.chart(books.pk) == fewer
        assert MirrorItem.objects.filter(gone=True).count() == len(world.CHART.items) - 1
        mirror.mirror_chart(
            firm_id=firm_id, books_id=books.pk, chart=world.CHART, company=world.COMPANY, now=later
        )
        assert queries.chart(books.pk) == world.CHART


def test_mirroring_takes_the_same_statements_whatever_the_length(
    alpha: House, django_assert_max_num_queries
) -> None:
    books = cast.books(alpha)
    many = Chart(
        accounts=world.CHART.accounts,
        items={str(n): Item(id=str(n), name=f"Item {n}", account="1") for n in range(1000)},
    )

    with firm_scope(write=alpha.firm.pk), django_assert_max_num_queries(30):
        mirror.mirror_chart(
            firm_id=alpha.firm.pk, books_id=books.pk, chart=many, company=world.COMPANY, now=cast.NOW
        )


def test_preflight_findings_are_kept_worst_first(alpha: House) -> None:
    books = world.mirrored(alpha)
    rows = [
        Finding(code="a", severity=Severity.GOOD, title="Fine"),
        Finding(code="b", severity=Severity.BLOCKS, title="Stop", where="There"),
    ]

    with firm_scope(write=alpha.firm.pk):
        mirror.record_preflight(
            firm_id=alpha.firm.pk,
            books_id=books.pk,
            findings=rows,
            now=cast.NOW,
            capabilities={"across_subcustomers": False},
        )
        kept = queries.company_state(books.pk)
        assert kept is not None
        assert [row.code for row in queries.findings_of(kept)] == ["b", "a"]
        assert kept.checked_at == cast.NOW
        assert queries.company(books.pk) == world.COMPANY
