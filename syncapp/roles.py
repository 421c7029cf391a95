"""Two database roles: the owner migrates, the application's role works and owns nothing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connections
from psycopg import sql

RIGHTS = (
    "grant usage on schema public to {role}",
    "alter default privileges in schema public grant select, insert, update, delete on tables to {role}",
    "alter default privileges in schema public grant usage, select on sequences to {role}",
)


class OwnerMigrates:
    """A router: tables are made through the alias `owner`, never through the application's role."""

    def allow_migrate(self, db: str, app_label: str, **_hints: object) -> bool:  # noqa: ARG002 - Django's own
        """Say whether migrations may run on this alias."""
        return db == "owner"


def grant_rights(using: str, **_signal: Any) -> None:
    """Before the first table exists, let the application's role use whatever the owner makes.

    Rights are given to tables as they are made, so a migration that takes some away again is obeyed.
    """
    if using != "owner":
        return
    role = settings.DATABASES["default"]["USER"]
    if role == settings.DATABASES["owner"]["USER"]:
        return
    with connections["owner"].cursor() as cursor:
        for statement in RIGHTS:
            cursor.execute(sql.SQL(statement).format(role=sql.Identifier(role)))
