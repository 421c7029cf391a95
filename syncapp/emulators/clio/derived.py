"""Lists that Clio computes: who owes, and what is unbilled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from syncapp.emulators.clio.desk_trust import trust_balance
from syncapp.emulators.clio.model import ZERO, World
from syncapp.emulators.clio.nouns import Activity, Bill, Contact, Currency, Matter
from syncapp.emulators.clio.sums import sums
from syncapp.emulators.clio.values import activity_status


def outstanding(world: World) -> list[dict[str, Any]]:
    """One row per client with unpaid revenue bills."""
    rows = []
    for contact in world.all(Contact):
        bills = [
            b
            for b in world.all(Bill)
            if b.client_id == contact.id and b.state == "awaiting_payment" and b.bill_kind != "trust_kind"
        ]
        if not bills:
            continue
        rows.append(
            {
                "id": contact.id,
                "etag": contact.etag,
                "created_at": contact.created_at,
                "updated_at": contact.updated_at,
                "contact": contact,
                "currency": next(iter(world.all(Currency)), None),
                "associated_matter_ids": sorted({m for b in bills for m in b.matter_ids}),
                "outstanding_bills": bills,
                "total_outstanding_balance": sum((sums(world, b).balance for b in bills), ZERO),
                "pending_payments_total": ZERO,
                "newest_issued_bill_due_date": max((b.due_at for b in bills if b.due_at), default=None),
                "last_payment_date": max((b.paid_at.date() for b in bills if b.paid_at), default=None),
                "reminders_enabled": False,
            }
        )
    return rows


def billable_matters(world: World) -> list[dict[str, Any]]:
    """One row per matter with unbilled work."""
    rows = []
    for matter in world.all(Matter):
        work = [
            a
            for a in world.all(Activity)
            if a.matter_id == matter.id and activity_status(world, a) == "unbilled"
        ]
        if work:
            usd = next(iter(world.all(Currency)), None)
            rows.append(
                {
                    "id": matter.id,
                    "client": world.get(Contact, matter.client_id),
                    "display_number": matter.display_number,
                    "amount_in_trust": trust_balance(world, matter=matter.id),
                    "currency_code": "USD",
                    "currency_id": usd.id if usd else None,
                    "unbilled_amount": sum((a.amount for a in work), ZERO),
                    "unbilled_hours": sum((a.hours for a in work if a.type == "TimeEntry"), ZERO),
                }
            )
    return rows


DERIVED: dict[str, Callable[[World], list[dict[str, Any]]]] = {
    "OutstandingClientBalance": outstanding,
    "BillableMatter": billable_matters,
}
