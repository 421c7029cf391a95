"""What trust accounts held on their start dates, and what the bank had not yet seen of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trust.models import Opening, OpeningItem, OpeningLine
from trust.models.setup import WAITING
from trust.nouns import Movement

if TYPE_CHECKING:
    from trust.models import TrustPair

NO_OPENING = "none"


def opening_of(pair: TrustPair) -> Opening | None:
    """Return the opening of a trust account, waiting or agreed; None before it was looked at."""
    return Opening.objects.filter(firm_id=pair.firm_id, pair=pair).select_related("prepared_by").first()


def opened(pair: TrustPair) -> Opening | None:
    """Return the opening that was agreed with the books; None while it waits."""
    found = opening_of(pair)
    return found if found is not None and found.state != WAITING else None


def given(pair: TrustPair) -> bool:
    """Tell whether an opening was agreed or given from a file: then that stands, whatever was chosen."""
    found = opening_of(pair)
    return found is not None and (found.state != WAITING or found.source == "file")


def waits(pair: TrustPair) -> str:
    """Say why nothing of a trust account posts yet; empty when its opening is agreed or it has none."""
    if pair.opening == NO_OPENING:
        return ""
    found = opening_of(pair)
    if found is not None and found.state != WAITING:
        return ""
    why = found.words if found is not None and found.words else "It is compared by the next run."
    if pair.opening != "clio" and (found is None or found.source != "file"):
        why = "Give the file with whose money it held."
    return f"The opening of {pair.clio_account} is not agreed with the books yet. {why}"


def ledgers(pair: TrustPair) -> dict[str, int]:
    """Return what each ledger held at the opening, as far as it was agreed or given; positive is held."""
    lines = OpeningLine.objects.filter(firm_id=pair.firm_id, opening__pair=pair).order_by("ledger")
    return dict(lines.values_list("ledger", "amount"))


def outstanding(pair: TrustPair) -> list[Movement]:
    """Return the checks and deposits that the bank had not yet seen at the opening.

    Their subjects are `opening/<id>`; they do nothing to a ledger, which had them already.
    """
    items = OpeningItem.objects.filter(firm_id=pair.firm_id, opening__pair=pair)
    return [
        Movement(
            subject=f"opening/{item.pk}",
            day=item.day,
            amount=item.amount,
            check=item.number if item.kind == "check" else "",
            reference=item.number,
            payee=item.payee,
            text="Outstanding at the opening",
        )
        for item in items.order_by("day", "pk")
    ]
