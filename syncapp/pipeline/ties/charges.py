"""What our journal entries on receivables leave open: payments owed again, and corrections. Minor units."""

from __future__ import annotations

from collections import Counter, defaultdict

from syncapp.core.ledger import JournalDraft
from syncapp.core.planning.corrections import base_of
from syncapp.core.planning.returns import is_return
from syncapp.pipeline.context import Context
from syncapp.pipeline.settling import amended
from syncapp.records.models import BookRow, Link


def by_entry(context: Context, rows: dict[tuple[str, str], BookRow]) -> dict[str, int]:
    """Return what our journal entries on receivables leave open, in minor units, by id of the books."""
    subjects = [s for s in context.amending if s in context.links]
    links = [context.links[s] for s in subjects if context.links[s].object_kind == "journal"]
    debits: dict[str, int] = {}
    credits_: dict[str, int] = {}
    for link in links:
        row, draft = rows.get(("journal", link.remote_id)), context.content(link.subject)
        if isinstance(draft, JournalDraft) and row is not None and not row.deleted:
            on_clients = [line.amount for line in draft.lines if line.account == context.book.receivable]
            debits[link.remote_id] = sum(amount for amount in on_clients if amount > 0)
            credits_[link.remote_id] = -sum(amount for amount in on_clients if amount < 0)
    for place, row in rows.items():
        if not debits or place[0] != "payment" or row.deleted or row.voided:
            continue
        uses = context.subject_of.get(place, "").endswith(amended.APPLY)
        for target, amount in row.data.get("links") or []:
            _, _, key = target.partition("JournalEntry:")
            if key in debits:
                side = credits_ if uses or debits[key] < amount else debits
                side[key] -= amount
    return {key: debit - credits_[key] for key, debit in debits.items()}


def taken_back(
    context: Context, rows: dict[tuple[str, str], BookRow], charged: dict[str, int]
) -> Counter[tuple[str, str]]:
    """Return what of a payment's credit its own corrections charge again: of the payment nothing is open.

    What two corrections of one payment leave open on both sides is nothing either.
    """
    found: Counter[tuple[str, str]] = Counter()
    for base, mine in _corrections(context, charged).items():
        credit = -sum(charged[key] for key in mine if charged[key] < 0)
        debit = sum(charged[key] for key in mine if charged[key] > 0)
        both = min(credit, debit)
        for sign in (1, -1):
            _take(charged, mine, both, sign=sign)
        place = (context.links[base].object_kind, context.links[base].remote_id)
        row = rows.get(place) if place[0] == "payment" else None
        part = min(debit - both, row.balance) if row is not None and not row.deleted else 0
        found[place] = max(part, 0)
        _take(charged, mine, found[place], sign=1)
    return found


def _corrections(context: Context, charged: dict[str, int]) -> dict[str, list[str]]:
    """Return, by payment or return that stands, the journal entries that correct it, by id of the books.

    A return is one of them itself: what it charges another client is taken back by what corrects it.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for subject in sorted(context.amending & context.links.keys()):
        base, key = base_of(subject), context.links[subject].remote_id
        if base != subject and not is_return(subject) and base in context.links and key in charged:
            of = context.links[base]
            found[base] += [key] if of.object_kind in {"payment", "journal"} else []
            if of.object_kind == "journal" and of.remote_id in charged and of.remote_id not in found[base]:
                found[base].append(of.remote_id)
    return dict(found)


def _take(charged: dict[str, int], keys: list[str], amount: int, *, sign: int) -> None:
    for key in keys:
        part = min(max(charged[key] * sign, 0), amount)
        charged[key] -= part * sign
        amount -= part


def on_bill(links: list[Link], charged: dict[str, int], need: int) -> int:
    """Take from the entries that bear on a bill what it still lacks: one entry may bear on several bills."""
    found = 0
    for link in links:
        left = charged.get(link.remote_id, 0) if link.object_kind == "journal" else 0
        part = min(left, max(need - found, 0)) if left > 0 else max(left, min(need - found, 0))
        found += part
        if left:
            charged[link.remote_id] -= part
    return found
