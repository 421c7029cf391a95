"""What the bank feed or a hand has put into the books already is not posted a second time (issue A1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.emulators.clio.world import empty
from syncapp.emulators.qbo import backdoor
from syncapp.pipeline import refresh
from syncapp.pipeline.cases import choices
from syncapp.pipeline.trust import strays, twin_answers, twins
from syncapp.records.models import BookCursor, Case
from tests.road.test_trust_setup import held, posted
from tests.stage import SCALE, Stage, stage
from tests.trust import opened as at

pytestmark = pytest.mark.django_db
DAY = at.START + timedelta(days=20)


@pytest.fixture
def on(db: Any) -> Iterator[Stage]:
    """A firm whose trust account holds 1,000.00 for one matter."""
    with stage(empty(), file=at.file_with(at.IOLTA)) as made:
        at.deposit(made, at.matter(made, "Acme"), "1000.00", day=at.START)
        made.sync()
        yield made


def acme(on: Stage) -> int:
    return int(next(iter(on.world.tables["Matter"])))


def paid(on: Stage, amount: str, *, check: str = "") -> None:
    """A check out of trust in Clio."""
    on.desk(
        "trust_disbursement", matter=acme(on), amount=Decimal(amount), date=DAY, payee="County Clerk",
        reference=check,
    )  # fmt: skip


def feed(on: Stage, amount: str, *, day: date = DAY, check: str = "") -> str:
    """The same check as the bank feed makes it in QuickBooks, without a client; return its id."""
    ids = {row["Name"]: key for key, row in on.company.store["Account"].items()}
    line = {
        "DetailType": "AccountBasedExpenseLineDetail",
        "Amount": Decimal(amount),
        "AccountBasedExpenseLineDetail": {"AccountRef": {"value": ids[at.IOLTA["liability"]]}},
    }
    given = {
        "PaymentType": "Check", "AccountRef": {"value": ids[at.IOLTA["bank"]]}, "TxnDate": day.isoformat(),
        "DocNumber": check, "Line": [line],
    }  # fmt: skip
    return str(backdoor.add(on.company, "Purchase", given)["Id"])


def left(on: Stage) -> int:
    """What our own book holds for the matter."""
    return posted(on)[f"matters/{acme(on)}"]


def test_a_twin_keeps_the_movement_until_it_is_gone_from_the_books(on: Stage) -> None:
    paid(on, "250.10", check="1042")
    twin = feed(on, "250.10", check="1042", day=DAY + timedelta(days=5))

    on.sync()

    assert held(on) == ["trust_twin"]
    assert left(on) == 100000
    (reason,) = [hold["reason"] for case in on.exceptions() for hold in case["holds"]]
    assert "a check 1042 of $250.10 in “IOLTA Trust Account”, dated 26 Nov 2025" in reason
    backdoor.delete(on.company, "Purchase", twin)
    on.sync()
    assert held(on) == []
    assert left(on) == 100000 - 25010


def test_a_person_says_that_they_are_two(on: Stage) -> None:
    paid(on, "250.10")
    feed(on, "250.10")
    on.sync()
    with firm_scope(write=None, reads=[on.firm.pk]):
        case = Case.objects.get(firm_id=on.firm.pk, code="trust_twin", closed_at__isnull=True)

    def say(answer: str) -> str | None:
        return choices.choose(
            firm_id=on.firm.pk, case_id=case.pk, answer=answer, by=on.person, now=timezone.now()
        )

    assert say("link") == twins.NOT_ASKED
    assert say(twin_answers.TWO) is None
    on.sync()

    assert held(on) == []
    assert left(on) == 100000 - 25010
    feed(on, "250.10", day=DAY + timedelta(days=1))
    on.sync()
    assert held(on) == []  # what is posted stays; a later twin is an alarm


def alarms(on: Stage) -> list[str]:
    """What the alarms of a twin that came late say."""
    return [
        alarm["reason"] for case in on.exceptions() if case["code"] == strays.LATE for alarm in case["alarms"]
    ]


def test_a_twin_that_comes_after_our_entry_is_a_case_that_names_both(on: Stage) -> None:
    paid(on, "250.10", check="1042")
    on.sync()
    numbers = [row["DocNumber"] for row in on.company.store["JournalEntry"].values()]
    entry = next(number for number in numbers if "1042" in number)
    twin = feed(on, "250.10", check="1042", day=DAY + timedelta(days=2))

    on.sync()

    (reason,) = alarms(on)
    assert "a check 1042 of $250.10, dated 23 Nov 2025, that Tieout did not make" in reason
    assert f"beside the journal entry {entry}, dated 21 Nov 2025" in reason
    assert "trust_stray" not in [case["code"] for case in on.exceptions()]
    backdoor.delete(on.company, "Purchase", twin)
    on.sync()
    assert on.exceptions() == []


def test_the_next_plain_tick_posts_what_waited_for_a_deleted_twin(on: Stage) -> None:
    """Without QuickBooks' notices too: the books are looked at for as long as a twin keeps something."""
    paid(on, "250.10", check="1042")
    twin = feed(on, "250.10", check="1042")
    on.sync()
    backdoor.delete(on.company, "Purchase", twin)
    with firm_scope(write=on.firm.pk):
        cursor = BookCursor.objects.get(firm_id=on.firm.pk)
        ago = timezone.now() - refresh.BEFORE_POSTING * 2 / SCALE
        cursor.facts = {**cursor.facts, "asked_at": ago.isoformat()}
        cursor.save(update_fields=["facts"])

    on.sync(whole=False)

    assert held(on) == []
    assert left(on) == 100000 - 25010


@pytest.mark.parametrize(
    ("amount", "check", "days"), [("250.11", "1042", 0), ("250.10", "1043", 0), ("250.10", "1042", 6)]
)
def test_what_differs_in_amount_number_or_time_is_no_twin(
    on: Stage, amount: str, check: str, days: int
) -> None:
    paid(on, "250.10", check="1042")
    feed(on, amount, check=check, day=DAY + timedelta(days=days))

    on.sync()

    assert held(on) == []
    assert left(on) == 100000 - 25010


def test_a_deposit_made_by_hand_is_a_twin_too(on: Stage) -> None:
    at.deposit(on, acme(on), "75.00", day=DAY)
    at.in_books(on, "75.00", day=DAY - timedelta(days=3))

    on.sync()

    assert held(on) == ["trust_twin"]
    assert left(on) == 100000
