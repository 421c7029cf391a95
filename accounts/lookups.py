"""A lookup that an index serves behind the wall.

LIKE may not be asked of rows that the wall has not let through yet, so PostgreSQL neither uses an index for
it there nor trusts its statistics; `^@` is known to give nothing away (its function is leakproof).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Lookup

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler


@CharField.register_lookup
class Prefix(Lookup):
    """`subject__prefix="bills/9/"`: begins with these very characters. Served by `varchar_pattern_ops`."""

    lookup_name = "prefix"

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        """Write the comparison."""
        left, given = self.process_lhs(compiler, connection)
        right, sought = self.process_rhs(compiler, connection)
        return f"{left} ^@ {right}", [*given, *sought]
