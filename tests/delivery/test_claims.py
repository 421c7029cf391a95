"""A claim takes no more than it says, however PostgreSQL plans it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection

from accounts.models import Firm
from syncapp.pipeline.clock import schedule

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 10, 20, 12, tzinfo=UTC)
PLANS = ("hashjoin", "mergejoin", "hashagg", "material", "sort", "memoize")


def test_firms_are_claimed_by_the_number_under_a_plan_that_chooses_for_every_row_anew() -> None:
    for number in range(12):
        firm = Firm.objects.create(
            slug=f"f{number}", name=f"F{number}", currency="USD", time_zone="UTC", created_at=NOON
        )
        schedule.enrol(firm_id=firm.pk, now=NOON)
    with connection.cursor() as cursor:
        cursor.execute("".join(f"set local enable_{name} = off;" for name in PLANS))

    assert [len(schedule.claim_due(now=NOON, limit=5)) for _ in range(3)] == [5, 5, 2]
