"""Savepoints that cost no question of their own: their beginning and end go with the statement that follows.

A scope is a transaction; within a test's own it is a savepoint, and a run opens eighty of them. Each took
three ways to the database and back for nothing but its name. What the database is told, and in which order,
is the same; only that it hears it with what comes next.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, override

import psycopg
from django.db.backends.postgresql import base
from django.db.backends.postgresql.base import DatabaseWrapper

# Where a savepoint begins and ends, and what names a scope (`accounts.tenancy`): nobody reads their answers.
LIGHT = ("SAVEPOINT ", "RELEASE SAVEPOINT ", "select set_config('tieout.write', ")


def _owed(connection: Any) -> list[str]:
    """Return what the database is still to be told, as a list that may be added to."""
    found: list[str] = connection.__dict__.setdefault("owed", [])
    return found


class Cursor(psycopg.ClientCursor[Any]):
    """A cursor that keeps light statements for the next one that asks something."""

    @override
    def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
        """Execute a statement behind those that were kept."""
        owed = _owed(self.connection)
        if isinstance(query, str) and query.startswith(LIGHT):
            owed.append(self.mogrify(query, params) if params else query)
            return self
        if owed and isinstance(query, str):
            before = len(owed)
            query = "; ".join([*owed, query])
            owed.clear()
            super().execute(query, params, **more)
            return self.set_result(before)
        self.settle()
        return super().execute(query, params, **more)

    @override
    def executemany(self, *given: Any, **more: Any) -> None:
        """Execute one statement many times."""
        self.settle()
        super().executemany(*given, **more)

    @override
    def copy(self, *given: Any, **more: Any) -> Any:
        """Carry many rows."""
        self.settle()
        return super().copy(*given, **more)

    def settle(self) -> None:
        """Tell the database now what was kept."""
        if owed := _owed(self.connection):
            light: Any = "; ".join(owed)
            owed.clear()
            super().execute(light)


def save() -> None:
    """Let every connection that this process opens from here on save its ways."""
    module: Any = base
    module.Cursor = Cursor
    wrapper: Any = DatabaseWrapper
    settled = wrapper.create_cursor

    def create_cursor(self: Any, name: str | None = None) -> Any:
        if name:  # the server's own, which is declared in a way of its own
            Cursor(self.connection).settle()
        return settled(self, name)

    wrapper.create_cursor = create_cursor
    for end in ("_commit", "_rollback"):
        setattr(wrapper, end, _forgetting(getattr(wrapper, end)))


def _forgetting(end: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Forget the savepoints of a transaction with its end."""

    def ending(self: Any) -> Any:
        if self.connection is not None:
            _owed(self.connection).clear()
        return end(self)

    return ending
