"""The ground that every other test stands on."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection, connections


@pytest.mark.django_db
def test_tests_work_as_the_plain_application_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select rolname, rolsuper, rolbypassrls from pg_roles where rolname = current_user")

        assert cursor.fetchone() == ("tieout_app", False, False)


@pytest.mark.usefixtures("real_db")
def test_a_real_database_is_a_clone_of_its_own() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select current_database()")

        assert str(cursor.fetchone()[0]).startswith("test_real_")
        assert connections["owner"].settings_dict["NAME"].startswith("test_real_")


def test_a_child_process_works_in_the_same_clone(real_db: dict[str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select current_database()")
        (name,) = cursor.fetchone()

    with psycopg.connect(real_db["DATABASE_URL"]) as other:
        assert other.execute("select current_database(), current_user").fetchone() == (name, "tieout_app")
