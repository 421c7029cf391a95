"""The day on which the practice system says that a document was last changed."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from syncapp.clio.translate import changed_at
from syncapp.pipeline.context import Context
from syncapp.records.models import Document, DocumentVersion, SourceHead, SourceRecord


def edited_on(context: Context, row: Document) -> date:
    """Return the day, in the firm's time zone, of the change that made a document's newest version.

    It is the latest change among the rows that this version was read from, so that it stays the same however
    late it is asked. A row that is gone bears the time at which it was found gone; when the practice system
    says nothing, it is the time at which the version was read.
    """
    version = DocumentVersion.objects.filter(firm_id=row.firm_id, document=row, version=row.version).first()
    instants: list[datetime] = []
    parts = [name.rsplit("/", 2) for name in (version.sources if version else [])]
    if parts:
        named, gone = Q(pk__in=[]), Q(pk__in=[])
        for resource, source_id, number in parts:
            named |= Q(resource=resource, source_id=int(source_id), version=int(number))
            gone |= Q(resource=resource, source_id=int(source_id), gone_at__isnull=False)
        records = SourceRecord.objects.filter(named, firm_id=row.firm_id)
        instants += [at for at in map(changed_at, records.values_list("payload", flat=True)) if at]
        heads = SourceHead.objects.filter(gone, firm_id=row.firm_id)
        instants += [at for at in heads.values_list("gone_at", flat=True) if at and at <= row.read_at]
    if (undone := context.undoing.last.get(row.pk)) is not None:  # or sent again: that is the change
        instants.append(undone)
    return max(instants, default=row.read_at).astimezone(ZoneInfo(context.zone)).date()
