"""What every long-running process and every command of ours asks before it works."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection


def require_safe_ground() -> None:
    """Refuse a database that does not answer, or a role that could walk through the firms' wall.

    Raises ImproperlyConfigured with the sentence.
    """
    from accounts.checks import require_plain_role

    try:
        require_plain_role()
    except OperationalError as error:
        raise ImproperlyConfigured("The database that DATABASE_URL names does not answer.") from error
    finally:
        close_pool()  # a worker forks next; a pool must not be shared


def close_pool() -> None:
    """Let go of the database. A process that ends without it waits twenty seconds for the pool's threads."""
    connection.close()
    if "pool" in connection.settings_dict["OPTIONS"]:
        connection.close_pool()  # type: ignore[attr-defined]
