"""What people decide of contacts and of what they find in the books, from these pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncapp.pipeline.adoption import linking
from syncapp.pipeline.clock import schedule
from syncapp.pipeline.contacts import relinking, settings, strangers

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Firm, User
    from syncapp.pipeline.contacts.settings import Flow
    from syncapp.records.models import BookRow


def accept_merger(*, firm_id: int, case_id: int, partner: bool, by: User, now: datetime) -> str | None:
    """Let a client stand on the customer that its own was merged into; a sentence when it cannot be."""
    refusal = relinking.accept(firm_id=firm_id, case_id=case_id, partner=partner, by=by, now=now)
    if refusal is None:
        schedule.ask(firm_id=firm_id, now=now)
    return refusal


def link_here(
    *, firm_id: int, hold_id: int, row_id: int, partner: bool, by: User, now: datetime
) -> str | None:
    """Link a held record to what a person found and wake the firm; a sentence when it cannot be."""
    refusal = linking.link(firm_id=firm_id, hold_id=hold_id, row_id=row_id, partner=partner, by=by, now=now)
    if refusal is None:
        schedule.ask(firm_id=firm_id, now=now)
    return refusal


def whose(*, row: BookRow, answer: str, by: User, now: datetime) -> str | None:
    """Keep whose a customer of the books is, `client:12`, that it is nobody's, or that it is asked again."""
    what, _, client = answer.partition(":")
    given = {"firm_id": row.firm_id, "books_id": row.books_id}
    if what == "client" and client.isdigit():
        refusal = strangers.is_client(**given, remote_id=row.remote_id, client_id=int(client), by=by, now=now)
    elif what in {"none", "ask"}:
        say = strangers.is_nobody if what == "none" else strangers.ask_again
        refusal = say(**given, remote_id=row.remote_id, by=by, now=now)
    else:
        return "Choose one of the answers."
    if refusal is None:
        schedule.ask(firm_id=row.firm_id, now=now)
    return refusal


def contact_rules(*, firm: Firm, wanted: Flow, by: User, now: datetime) -> str | None:
    """Keep whose word holds of a contact and wake the firm; a sentence when nothing would change."""
    refusal = settings.change(firm=firm, wanted=wanted, by=by, now=now)
    if refusal is None:
        schedule.ask(firm_id=firm.pk, now=now)
    return refusal
