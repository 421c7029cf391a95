"""Changing many rows at once: one statement with the new values as its table.

Django's own `bulk_update` writes a case for each row and column, and half of a first sync went there
(docs/benchmarks.md).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection, models

from accounts.tenancy import FirmModel

MOST = 2000  # rows in one statement
MANY = 1000  # rows after which the tables are counted anew


def rewrite(rows: Sequence[FirmModel], names: Sequence[str]) -> None:
    """Write some columns of rows that exist already, all of one model. In a scope that writes their firm.

    Numbers in JSON columns must be whole, as all that we write ourselves is: money is in minor units.
    """
    if not rows:
        return
    meta = rows[0]._meta  # noqa: SLF001 - Django's documented way to a model's fields
    columns: list[tuple[str, str, Any]] = []
    for name in names:
        field: Any = meta.get_field(name)
        columns.append((field.column, field.attname, field.db_type(connection)))
    quote = connection.ops.quote_name
    table, new = quote(meta.db_table), ", ".join(f"{quote(name)} {kind}" for name, _, kind in columns)
    changes = ", ".join(f"{quote(name)} = new.{quote(name)}" for name, _, _ in columns)
    statement = (
        f"update {table} old set {changes} from jsonb_to_recordset(%s::jsonb) as new(id bigint, {new}) "  # noqa: S608 - names of our own models
        "where old.id = new.id and old.firm_id = %s"
    )
    with connection.cursor() as cursor:
        for start in range(0, len(rows), MOST):
            values = [_values(row, columns) for row in rows[start : start + MOST]]
            cursor.execute(statement, [json.dumps(values, default=str), rows[0].firm_id])


def learn() -> None:
    """Let PostgreSQL count its tables again, after a large batch. In no scope.

    Its own rounds come a minute apart, and without them it takes a firm for a two-hundredth of each table.
    """
    with connection.cursor() as cursor:
        cursor.execute("select tieout_learn()")


def plan_anew() -> None:
    """Let PostgreSQL work out anew how it checks the keys of what a large batch writes. In a scope.

    It works that out once for a connection. What it chose while a new firm's tables were nearly empty reads
    all rows of the firm for each key, until the tables are next analysed: minutes of a first sync.
    """
    with connection.cursor() as cursor:
        cursor.execute("discard plans")


def _values(row: models.Model, columns: Sequence[tuple[str, str, Any]]) -> dict[str, Any]:
    return {"id": row.pk} | {column: getattr(row, attribute) for column, attribute, _ in columns}
