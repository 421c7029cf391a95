"""What the workers do: the tick finds due firms in PostgreSQL; a task is only a wake-up."""

from __future__ import annotations

from django.utils import timezone

from accounts.models import Firm
from syncapp.celery import app
from syncapp.pipeline import digest, schedule, webhooks
from syncapp.pipeline.run import Order, run


@app.task
def tick() -> None:
    """Wake a worker for each firm that is due."""
    now = timezone.now()
    schedule.beat(now=now)
    for firm_id, holder in schedule.claim_due(now=now):
        run_firm.delay(firm_id=firm_id, holder=holder)


@app.task
def run_firm(*, firm_id: int, holder: str, **_later: object) -> None:
    """Take one firm over the road, under the lease that the tick took for it."""
    if not schedule.keep(firm_id=firm_id, holder=holder, now=timezone.now()):
        return  # the lease ran out while this waited in the queue: somebody else has the firm
    firm = Firm.objects.get(pk=firm_id)
    webhooks.keep(firm_id=firm_id, now=timezone.now())
    asked = schedule.whole_asked(firm_id=firm_id)
    whole = schedule.whole_due(firm_id=firm_id, now=timezone.now())
    order = Order(trigger="schedule", whole=whole, daily=whole and not asked)
    try:
        run(firm=firm, order=order, clock=timezone.now, holder=holder)
        digest.send_new(firm=firm, now=timezone.now())
    finally:
        schedule.release(firm_id=firm_id, holder=holder, now=timezone.now())


@app.task
def wake_firm(**_later: object) -> None:
    """Begin before the next tick: a notice made a firm due. Who has waited longest still comes first."""
    for firm_id, holder in schedule.claim_due(now=timezone.now(), limit=1):
        run_firm(firm_id=firm_id, holder=holder)
