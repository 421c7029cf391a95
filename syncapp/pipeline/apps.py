"""The road: one verb for each stage, and what makes it go by itself."""

from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings
from django.db import connection


class PipelineConfig(AppConfig):
    """Load the broker's app, scale waits, and forbid calls to vendors while a transaction is open."""

    name = "syncapp.pipeline"
    label = "pipeline"

    def ready(self) -> None:
        """Give web and commands a broker, and `http` the time scale and the guard of invariant 6."""
        import syncapp.celery
        import syncapp.pipeline.verbs  # noqa: F401 - the log speaks of the road in every process
        from syncapp.http import session

        session.configure(time_scale=settings.TIME_SCALE)
        session.forbid_when(transaction_is_open, "HTTP inside a transaction")


def transaction_is_open() -> bool:
    """Tell whether product code holds a transaction open; a test's outermost one does not count."""
    return connection.in_atomic_block and any(not block._from_testcase for block in connection.atomic_blocks)  # type: ignore[attr-defined]  # noqa: SLF001
