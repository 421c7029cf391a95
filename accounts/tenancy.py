"""The wall between firms: a scope is a transaction that names whom it may read and whom it may write."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection, models, transaction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SET = "select set_config('tieout.write', %s, true), set_config('tieout.reads', %s, true)"
FIRE_DEFERRED = "set constraints all immediate; set constraints all deferred"
UNSET = "select set_config('tieout.write', '', true), set_config('tieout.reads', '', true)"
# What the end of a transaction does by itself; a test's outer transaction would otherwise keep what was set.
END = f"{FIRE_DEFERRED}; {UNSET}"


class NoScope(RuntimeError):
    """Rows of a firm were asked for outside a scope that names the firm."""


@dataclass(frozen=True)
class Scope:
    """What the open scope may touch: ids of firms."""

    write: int | None
    reads: frozenset[int]


_scope: ContextVar[Scope | None] = ContextVar("tieout_scope", default=None)


@contextmanager
def firm_scope(write: int | None, reads: Iterable[int] = ()) -> Iterator[None]:
    """Open a transaction that writes one firm's rows and reads those it may read. No HTTP inside.

    `write` is always readable too. Raises NoScope when no firm is named, RuntimeError when a
    transaction is already open (a scope is durable: what it did is committed when it ends).
    """
    readable = frozenset(reads) | (frozenset() if write is None else {write})
    if not readable:
        raise NoScope("A scope must name at least one firm.")
    listed = ",".join(str(firm) for firm in sorted(readable))
    within_a_test = connection.in_atomic_block
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(SET, ["" if write is None else str(write), listed])
        token = _scope.set(Scope(write, readable))
        try:
            yield
        finally:
            _scope.reset(token)
        if within_a_test:
            cursor.execute(UNSET if write is None else END)  # who only reads leaves nothing to check


def current_scope() -> Scope:
    """Return the open scope. Raises NoScope outside one."""
    scope = _scope.get()
    if scope is None:
        raise NoScope("Open a firm_scope first: these rows belong to a firm.")
    return scope


def current_firm() -> int:
    """Return the id of the firm that the open scope may write. Raises NoScope when there is none."""
    write = current_scope().write
    if write is None:
        raise NoScope("This scope only reads. Open one that writes.")
    return write


class FirmModel(models.Model):
    """A row that belongs to one firm and lives behind row-level security (see `accounts.walls.Wall`)."""

    id = models.BigAutoField(primary_key=True)
    firm = models.ForeignKey("accounts.Firm", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True
