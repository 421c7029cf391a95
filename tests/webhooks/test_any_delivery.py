"""Whatever becomes of the vendors' calls, the books are the same: calls only change how soon."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, Phase, given, note
from hypothesis import settings as rules
from hypothesis import strategies as st

from syncapp.emulators.clio.model import Refused
from syncapp.emulators.clio.sums import sums
from syncapp.emulators.qbo import backdoor, hooks
from syncapp.pipeline.tasks import wake_firm
from tests.webhooks.post import TOKEN, Post, post

CENT = Decimal("0.01")
type Act = Callable[[Post, int], Any]


def a_bill(mail: Post, number: int) -> int:
    """One of the bills, the newest for 0."""
    bills = list(mail.scene.on.world.tables["Bill"])
    if not bills:
        raise Refused("There is none.")
    return int(bills[-1 - number % len(bills)])


def pay(mail: Post, number: int) -> None:
    bill = a_bill(mail, number)
    owed = sums(mail.scene.on.world, mail.scene.on.world.tables["Bill"][bill]).balance
    mail.scene.pay(
        bill, amount=str(owed if number % 2 else (owed / 2).quantize(CENT)), reference=f"N{number}"
    )


def edit(mail: Post, number: int) -> None:
    lines = mail.scene.on.world.tables["Bill"][a_bill(mail, number)].line_ids
    if not lines:
        raise Refused("It has no lines.")
    mail.scene.on.desk("edit_line", line=lines[0], price=f"{number + 1}.50")


def person(mail: Post, number: int) -> None:
    backdoor.add(mail.scene.on.company, "Customer", {"DisplayName": f"Walk-in {number}"})


def again(mail: Post, number: int) -> None:
    """A call that was answered comes once more."""
    if mail.hooks.delivered:
        old = mail.hooks.delivered[-1 - number % len(mail.hooks.delivered)]
        headers = {"X-Hook-Signature": old.signature, "Content-Type": "application/json"}
        mail.to_us(old.url, old.body, headers)


def twice(mail: Post, _: int) -> None:
    mail.hooks.double()
    hooks.double(mail.scene.on.company)


def in_disorder(mail: Post, _: int) -> None:
    mail.hooks.reorder()
    hooks.reorder(mail.scene.on.company)


ACTS: dict[str, Act] = {
    "bill": lambda mail, _: mail.scene.bill(mail.scene.fresh_matter()),
    "pay": pay,
    "edit": edit,
    "void": lambda mail, n: mail.scene.on.desk("void_bill", bill=a_bill(mail, n)),
    "a person in QuickBooks": person,
}
CALLS: dict[str, Act] = {
    "Clio calls": lambda mail, _: mail.clio(),
    "QuickBooks calls": lambda mail, _: mail.books(),
    "Clio's calls are lost": lambda mail, _: mail.hooks.drop(),
    "QuickBooks' calls are lost": lambda mail, n: hooks.drop(mail.scene.on.company, count=n % 4),
    "twice": twice,
    "in disorder": in_disorder,
    "once more": again,
    "a worker wakes": lambda mail, _: wake_firm(),
}
EVERY = ACTS | CALLS
STEPS = st.lists(
    st.tuples(
        st.one_of(
            st.sampled_from(list(ACTS)),
            st.sampled_from(list(CALLS)),
            st.sampled_from(("bill", "Clio calls", "a worker wakes")),
        ),
        st.integers(0, 40),
    ),
    min_size=6,
    max_size=14,
)


@contextmanager
def undone() -> Iterator[None]:
    """Leave nothing behind in the database of the test."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)


@rules(
    max_examples=int(os.environ.get("WEBHOOK_EXAMPLES", "5")),
    derandomize="WEBHOOK_EXAMPLES" not in os.environ,
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.generate),  # a failure names its steps; shrinking them takes minutes
    suppress_health_check=list(HealthCheck),
)
@given(steps=STEPS)
def test_any_calls_in_any_order_lead_to_the_same_books(
    db: Any, settings: Any, steps: list[tuple[str, int]]
) -> None:
    settings.QBO_WEBHOOK_VERIFIER_TOKEN = TOKEN
    with undone(), post() as mail:
        mail.subscribe_wholly()
        for name, number in steps:
            try:
                EVERY[name](mail, number)
                note(f"{name} {number}")
            except Refused:
                continue  # Clio does not let people do this

        mail.scene.on.sync(whole=False)  # the poll, which is all that is left to see what was lost

        mail.scene.assert_ties()
        assert set(mail.answers) == {200}
