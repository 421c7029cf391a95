"""The figures of one scrape, read from PostgreSQL: every process that is asked gives the same answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import connection
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from accounts import queries as firms
from accounts.tenancy import firm_scope
from syncapp.clio import shapes
from syncapp.metrics import questions
from syncapp.metrics.questions import Figure, Kind, Question
from syncapp.pipeline.clock import schedule

PATIENCE = "set local statement_timeout = '10s'"  # a scrape never becomes the database's burden
POLLED = [shape.resource for shape in shapes.ALL if not shape.seldom]


class Figures(Collector):
    """All figures as they are at one instant."""

    def __init__(self, *, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterable[Metric]:
        """Ask everything in one scope that reads every firm and writes none."""
        every = firms.firm_ids()
        yield GaugeMetricFamily("tieout_firms", "Firms.", value=len(every))
        if not every:
            yield from _families(questions.TICK, self._rows(questions.TICK))
            return
        with firm_scope(write=None, reads=every):
            with connection.cursor() as cursor:
                cursor.execute(PATIENCE)
            found = [(question, self._rows(question)) for question in questions.ALL]
        for question, rows in found:
            yield from _families(question, rows)

    def _rows(self, question: Question) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(question.sql, {"now": self._now, "polled": POLLED, "offered": schedule.OFFERED})
            return list(cursor.fetchall())


def text(*, now: datetime) -> bytes:
    """Return the whole page."""
    registry = CollectorRegistry()
    registry.register(Figures(now=now))
    return generate_latest(registry)


def _families(question: Question, rows: list[tuple[Any, ...]]) -> Iterator[Metric]:
    for place, figure in enumerate(question.figures, start=len(question.labels)):
        family = _family(figure, question.labels)
        for row in rows:
            if row[place] is not None:
                family.add_metric([str(part) for part in row[: len(question.labels)]], row[place])
        yield family


def _family(figure: Figure, labels: tuple[str, ...]) -> GaugeMetricFamily | CounterMetricFamily:
    family = CounterMetricFamily if figure.kind is Kind.COUNTER else GaugeMetricFamily
    return family(f"tieout_{figure.name}", figure.says, labels=labels)
