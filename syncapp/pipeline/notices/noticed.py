"""What was announced and is still to be looked at; what should have been announced and was not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from accounts.tenancy import firm_scope
from syncapp.clio.webhooks import RESOURCE_OF
from syncapp.records.models import Notice, SourceHead, Webhook

KEPT = timedelta(days=30)


def close(
    *,
    firm_id: int,
    provider: str,
    began: datetime,
    now: datetime,
    books_id: int | None = None,
    only: Iterable[str] | None = None,
) -> None:
    """Mark as looked at what came before a reading began (`only` these digests). In a scope that writes."""
    rows = Notice.objects.filter(
        firm_id=firm_id, provider=provider, looked_at__isnull=True, received_at__lte=began
    )
    if books_id is not None:
        rows = rows.filter(books_id=books_id)
    if only is not None:
        rows = rows.filter(digest__in=list(only))
    rows.update(looked_at=now)


def pulled(*, firm_id: int, stored: int, began: datetime, now: datetime) -> None:
    """After a pull: close the notices it answered, and notice what Clio should have announced and did not.

    Opens its own scope. What is new to us and was made since the subscription lives must have been announced;
    a notice may still be on its way, and clears the doubt when it comes.
    """
    with firm_scope(write=firm_id):
        close(firm_id=firm_id, provider="clio", began=began, now=now)
        if stored:
            for row in Webhook.objects.filter(firm_id=firm_id, state="live", missed_at__isnull=True):
                if _unannounced(row):
                    Webhook.objects.filter(firm_id=firm_id, pk=row.pk).update(missed_at=now, look_at=now)


def _unannounced(row: Webhook) -> bool:
    resource = RESOURCE_OF.get(row.model)
    heads = SourceHead.objects.filter(
        firm_id=row.firm_id, resource=resource, unread=True, version=1, gone_at__isnull=True
    )
    made = {
        str(key): created for key, created in heads.values_list("source_id", "record__payload__created_at")
    }
    new = {key for key, created in made.items() if row.live_at and _after(created, row.live_at)}
    told = Notice.objects.filter(firm_id=row.firm_id, provider="clio", entity=row.model, source_id__in=new)
    return bool(new - set(told.values_list("source_id", flat=True)))


def _after(written: object, at: datetime) -> bool:
    try:
        made = datetime.fromisoformat(str(written or ""))
    except ValueError:
        return False
    return made.tzinfo is not None and made > at


def sweep(*, firm_id: int, now: datetime) -> None:
    """Forget what was looked at a month ago. In a scope that writes the firm."""
    Notice.objects.filter(firm_id=firm_id, looked_at__lt=now - KEPT).delete()
