"""Every table of a firm stands behind the wall, and every address in the permission matrix."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model

# model → reason. Reached only through accounts.queries and pipeline.schedule (STACK, tenancy).
OUTSIDE_THE_WALL = {
    "accounts.Membership": "says which firms a person may enter, so it is read before a scope exists",
    "accounts.Invitation": "opened by a stranger with a token, before a scope exists",
    "accounts.ExternalAccount": "one company belongs to one firm: its uniqueness spans firms",
    "pipeline.SyncSchedule": "the beat tick claims due firms across all of them",
}
MATRIX = "tests.matrix"
COMMANDS = {"r", "a", "w", "d"}


def firm_models() -> list[type[Model]]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if any(field.name == "firm" for field in model._meta.fields)
        and model._meta.label not in OUTSIDE_THE_WALL
    ]


def url_names(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from url_names(pattern.url_patterns, inner)
        else:
            yield f"{space}{pattern.name or pattern.pattern}"


def rows(sql: str, *values: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return list(cursor.fetchall())


@pytest.mark.django_db
@pytest.mark.parametrize("model", firm_models(), ids=lambda model: model._meta.label)
def test_a_table_of_a_firm_is_behind_the_wall(model) -> None:
    table = model._meta.db_table

    forced = rows("select relrowsecurity, relforcerowsecurity from pg_class where oid = %s::regclass", table)
    commands = rows("select polcmd::text from pg_policy where polrelid = %s::regclass", table)

    assert forced == [(True, True)]
    assert {command for (command,) in commands} == COMMANDS
    assert len(commands) == len(COMMANDS)


@pytest.mark.django_db
@pytest.mark.parametrize("model", firm_models(), ids=lambda model: model._meta.label)
def test_a_reference_within_a_firm_names_the_firm_too(model) -> None:
    walled = {other._meta.db_table for other in firm_models()}
    table = model._meta.db_table
    keys = rows(
        """select c.confrelid::regclass::text,
                  array(select attname::text from unnest(c.conkey) with ordinality k(number, place)
                        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by place)
           from pg_constraint c where c.contype = 'f' and c.conrelid = %s::regclass""",
        table,
    )
    composite = {
        (parent, column)
        for parent, columns in keys
        if isinstance(columns, list) and "firm_id" in columns
        for column in columns
    }

    plain = [
        field.column
        for field in model._meta.fields
        if field.is_relation and field.remote_field and field.related_model
        if field.related_model._meta.db_table in walled
        and (field.related_model._meta.db_table, field.column) not in composite
    ]
    assert plain == []


@pytest.mark.django_db
@pytest.mark.parametrize("label", sorted(OUTSIDE_THE_WALL))
def test_what_stands_outside_the_wall_still_exists(label) -> None:
    if not apps.is_installed(f"syncapp.{label.split('.', maxsplit=1)[0]}") and not label.startswith(
        "accounts"
    ):
        return
    assert apps.get_model(label) is not None


def test_every_address_is_in_the_permission_matrix() -> None:
    if find_spec(MATRIX) is None:
        pytest.fail("tests/matrix.py is missing: it says who may open which address")
    matrix = import_module(MATRIX)
    known = set(matrix.MATRIX)
    served = set(url_names(get_resolver().url_patterns))

    assert served - known == set(), "these addresses have no row"
    assert known - served == set(), "these rows have no address"
