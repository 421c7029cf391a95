"""Closing the books, answering what is asked, and what must be true of closed books ever after."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.emulators.qbo import backdoor, reports
from syncapp.pipeline.cases import choices
from syncapp.records.models import Case
from tests.road import books
from tests.road.acts import TODAY
from tests.stage import Stage

FAR = date(2030, 12, 31)


def close(firm: Stage, day: date | None = TODAY) -> dict[str, int]:
    """Close the books, and say what they show on the closing day."""
    backdoor.close_books(firm.company, day)
    return on_closing_day(firm, day or TODAY)


def on_closing_day(firm: Stage, day: date = TODAY) -> dict[str, int]:
    return {row.name: row.minor for row in reports.trial_balance(firm.company, until=day)}


def case_of(firm: Stage, code: str) -> Case:
    """The one open case of a cause; there must be just one."""
    with firm_scope(write=None, reads=[firm.firm.pk]):
        return Case.objects.get(firm=firm.firm, code=code, closed_at__isnull=True)


def approve(firm: Stage) -> None:
    """Sync, look at the one proposal, approve it, sync."""
    firm.sync()
    case = case_of(firm, "closed_correction")
    refused = choices.choose(
        firm_id=firm.firm.pk,
        case_id=case.pk,
        answer=f"approve:{case.facts['print']}",
        by=firm.person,
        now=timezone.now(),
    )
    assert refused is None
    firm.sync()


def receivable(firm: Stage) -> Decimal:
    """What all clients owe by the books."""
    ages = reports.receivables(firm.company, until=FAR)
    return Decimal(sum(sum(row.values()) for row in ages.values())) / 100


def assert_corrected(firm: Stage, closed: dict[str, int]) -> None:
    """It is as `assert_settled` says, and nothing moves again."""
    assert_settled(firm, closed)
    books.assert_idle(firm)
    assert firm.verify()["ok"], firm.verify()


def assert_settled(firm: Stage, closed: dict[str, int]) -> None:
    """The closed books stand as they stood, everything ties, and nothing is held for it."""
    assert on_closing_day(firm) == closed
    assert not [case for case in firm.exceptions() if case["code"] in {"closed_correction", "closed_period"}]
    books.assert_tieout(firm, afresh=True)
    assert firm.verify()["ok"], firm.verify()
