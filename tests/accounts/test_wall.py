"""The wall between firms, attacked with plain SQL as the application's role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction

from accounts import checks
from accounts.models import AuditEvent, Books, Grant
from accounts.tenancy import FirmModel, NoScope, current_firm, firm_scope
from tests import cast

if TYPE_CHECKING:
    from tests.cast import House

pytestmark = pytest.mark.django_db


@pytest.fixture
def alpha() -> House:
    return cast.firm("Alpha")


@pytest.fixture
def beta() -> House:
    return cast.firm("Beta")


def run(sql: str, *params: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def refused(sql: str, *params: Any) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        run(sql, *params)


def test_reading_without_a_scope_fails_instead_of_showing_nothing(alpha: House) -> None:
    cast.books(alpha)

    with pytest.raises(ProgrammingError, match="outside a firm scope"), transaction.atomic():
        list(Books.objects.all())


def test_a_scope_shows_its_firms_and_no_other(alpha: House, beta: House) -> None:
    cast.books(alpha)
    cast.books(beta, "other")

    with firm_scope(write=alpha.firm.pk):
        assert [books.name for books in Books.objects.all()] == ["main"]
        assert run("select * from accounts_books") == 1
    with firm_scope(write=None, reads=[alpha.firm.pk, beta.firm.pk]):
        assert Books.objects.count() == 2


def test_a_firm_that_may_be_read_cannot_be_written(alpha: House, beta: House) -> None:
    theirs = cast.books(beta)

    with firm_scope(write=alpha.firm.pk, reads=[beta.firm.pk]):
        assert Books.objects.count() == 1
        assert run("update accounts_books set name = 'mine'") == 0
        assert run("delete from accounts_books") == 0
        assert Books.objects.filter(pk=theirs.pk).select_for_update().count() in (0, 1)
        refused(
            "insert into accounts_books (firm_id, name, ledger, position) values (%s, 'x', 'qbo', 0)",
            beta.firm.pk,
        )
        with pytest.raises(DatabaseError), transaction.atomic():
            Books.objects.bulk_create([Books(firm_id=beta.firm.pk, name="x")])


def test_a_row_cannot_be_moved_into_another_firm(alpha: House, beta: House) -> None:
    cast.books(alpha)

    with firm_scope(write=alpha.firm.pk):
        refused("update accounts_books set firm_id = %s", beta.firm.pk)


def test_saving_over_a_strangers_row_changes_nothing(alpha: House, beta: House) -> None:
    theirs = cast.books(beta)

    with firm_scope(write=alpha.firm.pk):
        with pytest.raises(IntegrityError), transaction.atomic():
            Books(pk=theirs.pk, firm_id=alpha.firm.pk, name="mine").save()
        assert Books.objects.filter(pk=theirs.pk).delete()[0] == 0
    with firm_scope(write=beta.firm.pk):
        assert Books.objects.get(pk=theirs.pk).name == "main"


def test_a_foreign_key_cannot_cross_the_wall(alpha: House, beta: House) -> None:
    theirs = cast.books(beta)

    with pytest.raises(IntegrityError, match="same_firm"), firm_scope(write=alpha.firm.pk):
        Grant.objects.create(
            firm=alpha.firm,
            books_id=theirs.pk,
            provider="qbo",
            external_id="9",
            authorised_by=alpha.administrator,
            authorised_at=cast.NOW,
        )


@pytest.mark.parametrize(
    "sql",
    [
        "truncate accounts_books cascade",
        "alter table accounts_books disable row level security",
        "alter table accounts_auditevent disable trigger all",
        "drop policy r on accounts_books",
        "set session_replication_role = replica",
        "set role tieout_owner",
    ],
)
def test_the_application_role_cannot_take_the_wall_down(alpha: House, sql: str) -> None:
    with firm_scope(write=alpha.firm.pk):
        refused(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "update accounts_auditevent set verb = 'x'",
        "delete from accounts_auditevent",
        "truncate accounts_auditevent",
    ],
)
def test_the_log_is_never_changed_not_even_by_the_firm_itself(alpha: House, sql: str) -> None:
    with firm_scope(write=alpha.firm.pk):
        refused(sql)
        assert AuditEvent.objects.count() == 5


def test_a_scope_ends_with_its_block(alpha: House) -> None:
    cast.books(alpha)

    with firm_scope(write=alpha.firm.pk):
        assert current_firm() == alpha.firm.pk
    with pytest.raises(NoScope):
        current_firm()
    with pytest.raises(ProgrammingError), transaction.atomic():
        list(Books.objects.all())


def test_a_scope_that_fails_leaves_nothing_behind(alpha: House) -> None:
    def fails() -> None:
        with firm_scope(write=alpha.firm.pk):
            Books.objects.create(firm=alpha.firm, name="lost")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()

    with firm_scope(write=alpha.firm.pk):
        assert Books.objects.count() == 0


def test_a_scope_is_not_opened_inside_another_or_for_nobody(alpha: House) -> None:
    with firm_scope(write=alpha.firm.pk), pytest.raises(RuntimeError), firm_scope(write=alpha.firm.pk):
        pass
    with pytest.raises(NoScope), firm_scope(write=None):
        pass
    with firm_scope(write=None, reads=[alpha.firm.pk]), pytest.raises(NoScope):
        current_firm()


def test_every_table_of_a_firm_is_behind_the_wall() -> None:
    tables = [model._meta.db_table for model in apps.get_models() if issubclass(model, FirmModel)]
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.relname, c.relrowsecurity and c.relforcerowsecurity, "
            "(select array_agg(p.polname::text) from pg_policy p where p.polrelid = c.oid) "
            "from pg_class c where c.relname = any(%s)",
            [tables],
        )
        found = {name: (forced, sorted(policies)) for name, forced, policies in cursor.fetchall()}

    assert found == {table: (True, ["d", "i", "r", "u"]) for table in tables}


def test_a_wall_asks_for_the_scope_once_for_a_statement_and_not_for_every_row() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select tablename, policyname, qual, with_check from pg_policies")
        found = cursor.fetchall()

    asked = [
        (table, policy)
        for table, policy, *clauses in found
        for clause in clauses
        if clause is not None and "SELECT tieout_" not in clause
    ]
    assert found
    assert asked == []


def test_the_tests_themselves_run_as_the_plain_role() -> None:
    assert checks.role_problems() == []
    assert checks.application_role_is_plain(databases=["default"], argv=["manage.py", "check"]) == []
