"""Refuse to start as a database role that could walk through the wall."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.checks import CheckMessage

OWNER_COMMANDS = frozenset({"migrate", "makemigrations", "sqlmigrate", "showmigrations", "flush"})
HINT = "Give DATABASE_URL the plain application role; only DATABASE_OWNER_URL names the owner."
ROLE = """
select r.rolname, r.rolsuper, r.rolbypassrls,
       exists (select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
               where c.relkind in ('r', 'p') and n.nspname = current_schema()
                 and pg_has_role(r.oid, c.relowner, 'member'))
from pg_roles r where r.rolname = current_user
"""


def role_problems() -> list[str]:
    """Say what the connected role could do that it must not: be superuser, bypass policies, own tables."""
    with connection.cursor() as cursor:
        cursor.execute(ROLE)
        row = cursor.fetchone()
    if row is None:
        return ["The database role is unknown to PostgreSQL."]
    name, superuser, bypasses, owns = row
    problems = []
    if superuser:
        problems.append(f"The database role {name} is a superuser: row-level security does not bind it.")
    if bypasses:
        problems.append(f"The database role {name} bypasses row-level security.")
    if owns and not superuser:
        problems.append(f"The database role {name} owns tables: it could switch the wall off.")
    return problems


@register(Tags.database)
def application_role_is_plain(
    *,
    databases: Sequence[str] | None = None,
    argv: Sequence[str] | None = None,
    **_other: Any,
) -> list[CheckMessage]:
    """Check the role before web, workers and commands start; migrations run as the owner and are exempt."""
    command = (argv if argv is not None else sys.argv)[1:2]
    if "default" not in (databases or ()) or (command and command[0] in OWNER_COMMANDS):
        return []
    return [Error(problem, hint=HINT, id="accounts.E001") for problem in role_problems()]


def require_plain_role() -> None:
    """Stop the start of a web process or a worker. Raises ImproperlyConfigured with the sentence."""
    if problems := role_problems():
        raise ImproperlyConfigured(" ".join([*problems, HINT]))
