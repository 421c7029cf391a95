"""One paper at a time to its invoice: written down before it leaves, looked for before it goes again.

QuickBooks does not say whether an upload honours `requestid` (qbo/API.md sections 4 and 8.11), so that after
a lost answer the invoice's attachments are read first. The newer paper is attached before the older one is
taken away; one that somebody hung elsewhere too stays.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings

from accounts import audit
from accounts.tenancy import firm_scope
from syncapp.clio.papers import Papers
from syncapp.core import keys
from syncapp.core.books import NotSent, Refused, Uncertain
from syncapp.http import errors
from syncapp.pipeline.journal import Clock
from syncapp.pipeline.papers.planning import HIDDEN, MOST_TRIES
from syncapp.qbo import attachments
from syncapp.qbo.client import QuickBooks
from syncapp.qbo.shapes import Json
from syncapp.records.models import BillPaper

WAITS = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12))
SILENCE = timedelta(seconds=130)  # above the vendor's own 120 s: only then is it clear what was written
EARLIER = timedelta(minutes=5)
NO_PDF = "Clio gives no PDF of this bill."
_PLAIN = re.compile(r"[^\w .#()-]+", re.ASCII)
_LONGEST = 120
MEGABYTE = 1024 * 1024


@dataclass(slots=True, kw_only=True)
class Attaching:
    """Both vendors, and whether customers get the PDF with the invoice. In no scope."""

    papers: Papers
    client: QuickBooks
    clock: Clock
    send: bool
    hidden: frozenset[int]

    def attach(self, row: BillPaper) -> None:
        """Bring one paper to its invoice. Raises Transient and Revoked: then all of them wait."""
        if row.sent_at is not None and (found := self._there(row)) is not None:
            self._attached(row, found)
            return
        if row.document_id in self.hidden:
            self._write(row, state="withheld", words=HIDDEN, sent_at=None)
            return
        content = self.papers.bill(row.document.source_id)
        if content is None:
            self._later(row, NO_PDF, tried=True)
        elif len(content) > attachments.MOST_BYTES:
            size, most = (-(-count // MEGABYTE) for count in (len(content), attachments.MOST_BYTES))
            words = f"The PDF has {size} MB, and QuickBooks takes {most} MB at most."
            self._write(row, state="failed", words=words)
        elif self._claim(row, content):
            self._judge(row, attachments.upload(self.client, self._paper(row, content)))

    def remove(self, row: BillPaper) -> None:
        """Take an older paper off its invoice. Raises Transient and Revoked."""
        now = self.clock()
        found = attachments.read(self.client, row.attachment)
        if found is not None and attachments.invoices_of(found) != [row.remote_id]:
            self._write(row, state="replaced", words="It hangs elsewhere too, so that it stays.")
            return
        outcome = attachments.remove(self.client, found) if found is not None else None
        if outcome is None:
            self._write(row, state="replaced", removed_at=now)
            return
        if row.tries + 1 >= MOST_TRIES:
            words = f"It could not be taken off the invoice: {outcome.words}"
            self._write(row, state="replaced", words=words[:300])
            return
        self._later(row, outcome.words, tried=True)

    def _there(self, row: BillPaper) -> str | None:
        """Return the id of what was sent, if it hangs at the invoice. Raises Transient, Revoked."""
        since = (row.sent_at or self.clock()) - EARLIER
        try:
            found = attachments.of_invoice(self.client, row.remote_id, since=since)
        except errors.Refused as error:  # it is not known, so that nothing goes a second time
            raise errors.Transient(error.words, error.vendor_request_id, sent=False) from error
        with firm_scope(write=None, reads=[row.firm_id]):
            mine = BillPaper.objects.filter(firm_id=row.firm_id, books_id=row.books_id)
            known = set(mine.exclude(attachment="").values_list("attachment", flat=True))
        ours = [one for one in found if str(one.get("Id")) not in known and _is(one, row)]
        return str(ours[0]["Id"]) if ours else None

    def _claim(self, row: BillPaper, content: bytes) -> bool:
        """Write down that it leaves; it may be somebody else's by now."""
        changes = {
            "sent_at": self.clock(),
            "name": _name(row.document.number or str(row.document.source_id)),
            "size": len(content),
            "digest": hashlib.sha256(content).hexdigest(),
        }
        with firm_scope(write=row.firm_id):
            mine = BillPaper.objects.filter(firm_id=row.firm_id, pk=row.pk, state="ready", key=row.key)
            taken = mine.filter(sent_at=row.sent_at).update(**changes)
        for name, value in changes.items():
            setattr(row, name, value)
        return bool(taken)

    def _paper(self, row: BillPaper, content: bytes) -> attachments.Paper:
        return attachments.Paper(
            invoice=row.remote_id,
            name=row.name,
            content=content,
            note=f"Clio bill {row.document.number}, {_mark(row)}",
            request_id=str(row.key),
            send=self.send,
        )

    def _judge(self, row: BillPaper, outcome: str | attachments.Unsent) -> None:
        """Keep what became of an upload. Raises Transient when QuickBooks asks to wait."""
        match outcome:
            case str():
                self._attached(row, outcome)
            case Uncertain():
                state = "failed" if row.tries + 1 >= MOST_TRIES else "ready"
                later = self.clock() + _scaled(SILENCE)
                self._write(row, state=state, words=outcome.words[:300], tries=row.tries + 1, next_at=later)
            case Refused():
                self._later(row, outcome.detail or outcome.words or outcome.code, tried=True)
            case NotSent():
                self._later(row, outcome.words)
                raise errors.Transient(outcome.words, retry_after=outcome.retry_after, sent=False)

    def _attached(self, row: BillPaper, attachment: str) -> None:
        now = self.clock()
        with firm_scope(write=row.firm_id):
            here = BillPaper.objects.filter(
                firm_id=row.firm_id, books_id=row.books_id, remote_id=row.remote_id
            )
            here.filter(state="attached").update(state="leaving", tries=0, next_at=now)
            here.filter(pk=row.pk).update(
                state="attached", attachment=attachment, attached_at=now, words="", sent_at=row.sent_at
            )
            after = {"name": row.name, "invoice": row.remote_id, "attachment": attachment}
            _log(row, "paper.attached", now, after=after)

    def _later(self, row: BillPaper, words: str, *, tried: bool = False) -> None:
        """Let it wait: nothing of it was written. After some tries it is given up, with the words why."""
        tries = row.tries + tried
        if row.state == "ready" and tries >= MOST_TRIES:
            self._write(row, state="failed", words=words[:300], tries=tries, sent_at=None, key=uuid4())
            return
        wait = _scaled(WAITS[min(tries, len(WAITS)) - 1] if tries else WAITS[0])
        changes = {"words": words[:300], "tries": tries, "next_at": self.clock() + wait}
        if row.state == "ready":  # what follows a clear no is another request
            changes |= {"sent_at": None, "key": uuid4()}
        self._write(row, **changes)

    def _write(self, row: BillPaper, **changes: object) -> None:
        with firm_scope(write=row.firm_id):
            BillPaper.objects.filter(firm_id=row.firm_id, pk=row.pk).update(**changes)
            if "removed_at" in changes:
                before = {"name": row.name, "invoice": row.remote_id, "attachment": row.attachment}
                _log(row, "paper.removed", self.clock(), before=before)


def _log(row: BillPaper, verb: str, now: datetime, *, before: object = None, after: object = None) -> None:
    audit.record(
        firm_id=row.firm_id, actor=None, verb=verb, kind="bill", id=row.document.source_id,
        text=f"bill {row.document.number}", before=before, after=after, now=now,
    )  # fmt: skip


def _mark(row: BillPaper) -> str:
    return keys.trace(str(row.key))


def _is(found: Json, row: BillPaper) -> bool:
    """Tell whether an attachment is what was sent: by its mark, or by the file if the note was lost."""
    note = str(found.get("Note") or "")
    same = found.get("FileName") == row.name and str(found.get("Size")) == str(row.size)
    return _mark(row) in note or (not note and same)


def _name(number: str) -> str:
    """Return the name of the file; what no file system takes is left out."""
    return f"Clio bill {_PLAIN.sub('-', number)[:_LONGEST].strip()}.pdf"


def _scaled(wait: timedelta) -> timedelta:
    return wait / settings.TIME_SCALE
