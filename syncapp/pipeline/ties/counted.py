"""What one object of the books counts for the record that it stands for. Minor units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from syncapp.core.documents import Kind
from syncapp.core.ledger import InvoiceDraft, JournalDraft
from syncapp.core.planning.corrections import base_of, is_correction, owed
from syncapp.core.planning.returns import WON, is_return
from syncapp.pipeline.context import draft_of
from syncapp.records.models import BookRow, Link

_SALES = {"invoice": 1, "credit_memo": -1}


def counted(kind: str, link: Link, row: BookRow, beside: Iterable[Link] = ()) -> int | None:
    """Return what an object adds to its document's amount in the books; None when it is no part of it.

    A credit of a bill takes from it, an invoice takes back a credit, and the entry of a return takes back a
    payment, with what corrects it among what stands `beside` it for the document. A deposit moves what was
    counted already; a bank's fee and a zero payment count nothing.
    """
    if link.object_kind == "journal":
        return _journal(kind, link, beside)
    if link.object_kind in {"deposit", "check", "expense"}:
        return None
    if kind == Kind.PAYMENT.value:  # money received, or a credit on the retainer item
        return -row.total if link.object_kind == "invoice" else row.total
    if link.object_kind == "payment":
        return None
    if kind == Kind.BILL.value and link.adopted and isinstance(link.content, dict):
        draft = draft_of(link.object_kind, link.content)
        return draft.total if isinstance(draft, InvoiceDraft) else 0
    sign = _SALES.get(link.object_kind, 1)
    return row.total * (-sign if kind == Kind.CREDIT.value else sign)


def _journal(kind: str, link: Link, beside: Iterable[Link]) -> int | None:
    """Read a journal entry by what was posted: QuickBooks gives it no total (qbo/API.md section 8.9)."""
    draft = draft_of(link.object_kind, link.content) if link.content is not None else None
    if not isinstance(draft, JournalDraft):
        return None
    if link.subject.endswith(WON):
        return draft.total
    if is_return(link.subject):
        return -_with_corrections(draft, (one for one in beside if _corrects(one, link)))
    if not is_correction(link.subject):
        return None
    return -owed(draft) if kind in {Kind.CREDIT.value, Kind.PAYMENT.value} else owed(draft)


def _corrects(one: Link, link: Link) -> bool:
    return is_correction(one.subject) and base_of(one.subject) == link.subject


def _with_corrections(entry: JournalDraft, corrections: Iterable[Link]) -> int:
    """Return what an entry comes to with the entries that correct it."""
    drafts = [draft_of(one.object_kind, one.content) for one in corrections if one.content is not None]
    by_account: Counter[str] = Counter()
    for draft in (entry, *drafts):
        for line in draft.entry():
            by_account[line.account] += line.amount
    return sum(amount for amount in by_account.values() if amount > 0) if drafts else entry.total
