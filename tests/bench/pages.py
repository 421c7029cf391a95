"""How long the server takes for the pages that people open most, over a year of records."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.tenancy import firm_scope
from syncapp.records.models import Document
from tests import cast
from tests.stage import Stage

WARM_UP, TIMES = 3, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: milliseconds of the whole request in the process, database included."""

    name: str
    median: float
    slow: float  # nineteen of twenty are faster
    queries: int
    kilobytes: int


def pages(stage: Stage) -> list[Page]:
    """Open each page as the bookkeeper, over and over."""
    browser = cast.sign_in(
        Client(headers={"host": "127.0.0.1"}), User.objects.get(email=stage.file["people"][1]["email"])
    )
    with firm_scope(write=None, reads=[stage.firm.pk]):
        bill = Document.objects.filter(firm=stage.firm, kind="bill").order_by("-source_id")[0]
    wanted = [
        ("overview", reverse("desk:overview")),
        ("exceptions", reverse("desk:exceptions")),
        ("record trace of a bill", reverse("desk:record", kwargs={"document_id": bill.pk})),
        ("tie-out", reverse("desk:tieout")),
    ]
    return [_page(browser, name, address) for name, address in wanted]


def _page(browser: Client, name: str, address: str) -> Page:
    taken = []
    for turn in range(WARM_UP + TIMES):
        start = time.perf_counter()
        answer = browser.get(address)
        spent = (time.perf_counter() - start) * 1000
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")
        if turn >= WARM_UP:
            taken.append(spent)
    with CaptureQueriesContext(connection) as asked:
        body = browser.get(address).content
    return Page(
        name=name,
        median=statistics.median(taken),
        slow=statistics.quantiles(taken, n=20)[-1],
        queries=len(asked),
        kilobytes=len(body) // 1024,
    )
