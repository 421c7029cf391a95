"""What each page asks of the database: as much for a large firm as for a small one, and within its bound.

The pages are those of the permission matrix, named with their filters by the bench (tests/bench/pages.py),
which times the same addresses in a crowd of fifty firms.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from accounts import audit
from accounts.models import Membership
from accounts.tenancy import firm_scope
from syncapp.local import testing
from syncapp.records.models import Document, Link
from tests import cast
from tests.bench import pages
from tests.bench.crowd import Crowd, crowd
from tests.matrix import MATRIX, Who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoDbBlocker

SIZES = (4_000, 400)  # posted lines of the large firm and of the small one
NO_PAGE = {"desk:callback"}  # an address that QuickBooks and Clio send a browser back to
MOST = 26  # queries, the frame's and the session's own nineteen among them
BOUNDS = {  # what a page may ask beyond that, because it shows so many sorts of things
    "overview": 40,
    "record: a posted bill": 38,
    "record: a held bill": 30,
    "record: a payment": 41,
    "undo a record": 60,  # it plans; the bills are those that bear on it, which takes some questions to tell
    "undo a run": 60,
    "record: a client": 32,
    "trust": 56,
    "trust: one month": 50,
    "trust: matching": 40,
    "trust: what is ticked": 36,
    "trust: accounts": 36,
    "trust: a change that waits": 40,
    "trust: the report as CSV": 46,
    "trust: what awaits me": 30,
    "trust: balances on a day": 44,
    "trust: bank to paper": 40,
    "trust: is all of it there": 32,
    "trust: what rests or is missing": 41,
    "trust: a shortage": 30,
    "trust: earned fees": 38,
    "trust: minimums and evergreen levels": 38,
    "trust: may it go": 30,
    "case of 2,000 records": 29,
    "case of 2,000 records, last page": 29,
    "case with a choice": 29,
    "where it goes": 32,
    "only red": 54,
    "month end: one month": 34,
    "trust: firm money": 32,
    "trust: what is kept": 30,
    "trust: yearly pack": 68,
    "trust: yearly pack as CSV": 66,
    "deposits: what waits": 28,
    "deposits: what waits, last page": 28,
    "deposits: a slip": 36,
    "deposits: payouts": 28,
    "deposits: one payout": 36,
    "mapping: rules": 32,
    "mapping: publish": 30,
    "mapping: coverage": 30,
}


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Crowd]:
    """Two firms in a database of their own, large and small."""
    with django_db_blocker.unblock(), testing.clone(f"counts_{os.getpid()}"):
        yield crowd(SIZES)


def asked(client: Client, address: str) -> int:
    """Open a page and count the queries."""
    with CaptureQueriesContext(connection) as counted:
        answer = client.get(address)
    assert answer.status_code in {200, 302}, address
    return len(counted)


def test_every_page_costs_the_same_in_a_large_firm_and_stays_within_its_bound(made: Crowd) -> None:
    counts: dict[str, list[int]] = {}
    for firm in made.firms:
        administrator = Membership.objects.get(firm=firm, role="administrator").user
        client = cast.sign_in(Client(), administrator)
        client.get("/")  # begins the session
        for label, address in [*pages.addresses(firm), *pages.administrators(firm)]:
            counts.setdefault(label, []).append(asked(client, address))

    assert {label: both for label, both in counts.items() if len(set(both)) > 1} == {}
    assert {label: both for label, both in counts.items() if both[0] > BOUNDS.get(label, MOST)} == {}


def test_no_page_is_left_out(made: Crowd) -> None:
    firm = made.firms[0]
    opened = {
        resolve(address.partition("?")[0]).view_name
        for _, address in [*pages.addresses(firm), *pages.administrators(firm)]
    }

    asked_for = {name for name, row in MATRIX.items() if row.who is Who.FIRM and row.method == "get"}

    assert asked_for - NO_PAGE - opened == set()


def test_the_crowd_is_what_the_product_itself_would_have_written(made: Crowd) -> None:
    assert made.lines == sum(SIZES)
    for firm in made.firms:
        with firm_scope(write=None, reads=[firm.pk]):
            assert audit.verify(firm.pk).ok


def test_words_are_looked_up_in_an_index_although_the_wall_stands_before_them(made: Crowd) -> None:
    firm = made.firms[0].pk
    links = Link.objects.filter(firm_id=firm, subject__prefix="bills/9/")
    numbers = Document.objects.filter(firm_id=firm, number__contains="77").order_by("-day", "-pk")

    with firm_scope(write=None, reads=[firm]):
        by_prefix, by_part = links.explain(), numbers.values_list("pk", flat=True)[:25].explain()

    assert "Index Cond" in by_prefix
    assert "~>=~ 'bills/9/'" in by_prefix
    assert "Index Only Scan using document_search" in by_part
