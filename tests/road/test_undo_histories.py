"""Whatever is undone and sent again, in whatever order and through whatever faults: the books come to it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

import pytest

from accounts.tenancy import firm_scope
from syncapp.records.models import Link
from tests.road import books
from tests.road.clientmoney import assert_walled
from tests.road.undone import ALL, assert_queued, documents, look, send_again, sums, undo
from tests.stage import Stage, Standing

pytestmark = pytest.mark.django_db
SEEDS, STEPS = 3, 4
CALLS = ("batch", "update payment", "update invoice", "void invoice", "create journalentry")
TROUBLE = ("drop_after", "drop_before", "server_error")
NAMES = {
    "invoice": "Invoice",
    "payment": "Payment",
    "credit_memo": "CreditMemo",
    "journal": "JournalEntry",
    "check": "Purchase",
    "deposit": "Deposit",
}
type Sums = Counter[tuple[str, str]]


@pytest.fixture
def firm(trust_firm: Standing) -> Iterator[Stage]:
    with trust_firm.fresh() as on:
        yield on


def parts(on: Stage) -> dict[int, Sums]:
    """What each record put on each account for each customer, by the company's own ledger."""
    with firm_scope(write=None, reads=[on.firm.pk]):
        links = Link.objects.filter(firm=on.firm, live=True, object_kind__in=NAMES)
        of = {
            (NAMES[kind], key): pk or 0
            for kind, key, pk in links.values_list("object_kind", "remote_id", "document_id")
        }
    found: dict[int, Sums] = {}
    for entry in on.company.ledger.entries():
        for line in entry.lines if entry.key in of else ():
            found.setdefault(of[entry.key], Counter())[line.account, line.customer] += line.minor
    return found


def assert_is(on: Stage, each: dict[int, Sums], gone: set[int]) -> None:
    """The books are the sum of what was never undone, and of what was sent again."""
    wanted: Sums = Counter()
    for pk, lines in each.items():
        if pk not in gone:
            for key, cents in lines.items():
                wanted[key] += cents
    assert sums(on) == {key: cents for key, cents in wanted.items() if cents}


@pytest.mark.parametrize("seed", range(SEEDS))
def test_any_undo_and_any_sending_again_comes_to_what_was_never_undone(firm: Stage, seed: int) -> None:
    draw, each, gone = random.Random(seed), parts(firm), set[int]()
    ids, before = documents(firm, *ALL), sums(firm)
    for _ in range(STEPS):
        for call in draw.sample(CALLS, 2):
            firm.qbo.state.faults.add(call, 1, draw.choice(TROUBLE))
        some = draw.sample(ids, draw.randint(1, len(ids)))
        if gone and draw.random() < 0.4:
            back = draw.sample(sorted(gone), draw.randint(1, len(gone)))
            send_again(firm, back)
            gone -= set(back)
        else:
            again, taken = draw.random() < 0.3, {one.document.pk for one in look(firm, some).taken}
            undo(firm, some, again=again)
            gone |= set() if again else taken
        firm.sync()
        assert_queued(firm)
        assert_walled(firm)
    held = {pk for pk in each if pk not in gone} - set(documents(firm, *ALL))
    assert_is(firm, each, gone | held)

    send_again(firm, gone)
    firm.sync()

    assert sums(firm) == before
    assert_queued(firm)
    books.assert_idle(firm)
    assert firm.verify()["ok"]
