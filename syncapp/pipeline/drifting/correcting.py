"""What a hand changed in the closed books: the entry stays as it stands, and one of its own corrects it.

An invoice or credit that was changed is taken as it stands; the road of closed periods (`corrections`) then
proposes the entry of the difference, which a person approves. A payment or journal entry that was put on
other accounts, invoices or customers is brought back (`moved`), and what is gone is posted once more in the
open period with what paid or applied it (`gone`). QuickBooks takes no change of what its closed books hold
(qbo/API.md section 11, row 5). A date alone no entry can say: none may be dated in the closed books.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from syncapp.core.ledger import CreditMemoDraft, Draft, InvoiceDraft, JournalDraft, PaymentDraft
from syncapp.core.planning import reversing
from syncapp.core.planning.corrections import base_of, is_correction, open_day
from syncapp.pipeline import queue
from syncapp.pipeline.context import Context, draft_of
from syncapp.pipeline.drifting import applies, as_it_stands, drift, gone, hands
from syncapp.pipeline.drifting.as_it_stands import BEYOND
from syncapp.pipeline.drifting.drift import Place
from syncapp.pipeline.settling import amended, moved, wishes
from syncapp.pipeline.ties import entries
from syncapp.records.models import BookRow, Link

ITSELF = (
    "It corrects another entry itself. Put it right in QuickBooks, or accept it with a reason; the next "
    "change in Clio is corrected by an entry of its own."
)
ELSEWHERE = (
    "It applies a credit to something else now, or is money itself: no further entry says the difference. "
    "Put it right in QuickBooks, or accept it with a reason."
)
RESTS = (
    "A payment rests on what the client owes by it, would have to rest on the correcting entry instead, and "
    "QuickBooks lets no program change it. Put the entry right in QuickBooks, or accept it with a reason."
)
NUMBER = (
    "Only its number differs, and no balance does: an entry would be wrong. Set the number in QuickBooks, or "
    "accept it with a reason."
)
BOTH_CLOSED = (
    "Only its date differs, and both dates lie in the closed books: no balance of the open period is wrong, "
    "so that an entry there would be. Set the date in QuickBooks, or accept it with a reason."
)
INTO_OPEN = (
    "Only its date differs: it left the closed books for an open day. They lack it, and no entry may be "
    "dated there; what is open today is right. Set the date in QuickBooks, or accept it with a reason."
)
INTO_CLOSED = (
    "Only its date differs: it was put back into the closed books. They show it too early, and what takes it "
    "out again would have to be dated there; what is open today is right. Set the date in QuickBooks, or "
    "accept it with a reason."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What would correct an entry of the closed books, dated `day`.

    `stands` is how it stands there, None when it is gone; `lines` are accounts with minor units and, of a
    receivable, the customer; none where what corrected it before still does. `with_it` says what becomes of
    the payments and credits of what is gone.
    """

    day: date
    lines: tuple[tuple[str, int, str], ...]
    stands: Draft | None = None
    with_it: str = ""


def offered(
    context: Context, verdicts: list[queue.Verdict], rows: gone.Rows, now: datetime
) -> list[queue.Verdict]:
    """Say on each alarm of a changed entry what keeps it from being put back, and what would correct it."""
    return [
        replace(one, alarms=tuple(_told(context, alarm, rows, now) for alarm in one.alarms))
        for one in verdicts
    ]


def _told(context: Context, alarm: Any, rows: gone.Rows, now: datetime) -> Any:
    place = _place(alarm.facts.get("place", ""))
    link, through = link_at(context, place), context.book.company.closed_through
    if alarm.code not in {hands.CHANGED, hands.OTHERWISE} or link is None or through is None:
        return alarm
    if not is_closed(context, link, rows.get(place)):
        return alarm
    links = [one for one in (link_at(context, at) for at in drift.alike(alarm.facts)) if one is not None]
    every = {one.pk: offer(context, one, rows, now=now) for one in links}
    refused = next((one for one in every.values() if isinstance(one, str)), "")
    subject = "It lies" if len(links) == 1 else "They lie"
    why = f"{subject} in the books that are closed through {through:%-d %b %Y}."
    told = {"closed": "yes", "fixed": f"{why} {refused}".rstrip()}
    if not refused:
        told |= _offered(context, [(one, every[one.pk]) for one in links])
    return replace(alarm, facts=dict(alarm.facts) | told)


def _offered(context: Context, every: list[tuple[Link, Any]]) -> dict[str, str]:
    """Return what would correct one entry, or many that were put elsewhere at once, all of it added up."""
    _, found = every[0]
    lines = found.lines if len(every) == 1 else _added_up([one for _, one in every])
    shown = [
        drift.shown_line(context, account, amount) | {"name": _name(context, customer)}
        for account, amount, customer in lines
    ]
    told = {"correction": json.dumps(shown), "correction_day": found.day.isoformat()}
    told |= {"with_it": found.with_it} if found.with_it else {}
    told |= {"again": "yes"} if found.stands is None else {}
    told |= {} if lines else {"stays": "yes"}
    return told | ({"approve": "yes"} if any(_to_approve(context, *one) for one in every) else {})


def _added_up(every: Iterable[Offer]) -> list[tuple[str, int, str]]:
    """Add up what corrects many entries, by account and side."""
    sums: Counter[tuple[str, bool]] = Counter()
    for account, amount, _ in (line for one in every for line in one.lines):
        sums[account, amount > 0] += amount
    return [(account, amount, "") for (account, _), amount in sorted(sums.items())]


def _place(named: str) -> Place:
    kind, _, remote_id = named.partition(":")
    return kind, remote_id


def link_at(context: Context, place: Place) -> Link | None:
    """Return what of ours stands at a place of the books; None where nothing does."""
    return context.links.get(context.subject_of.get(place, ""))


def is_closed(context: Context, link: Link, row: BookRow | None) -> bool:
    """Tell whether an entry was posted into the closed books, or stands there now."""
    through = context.book.company.closed_through
    day = getattr(draft_of(link.object_kind, link.content or {}), "day", None)
    days = [day, row.day if row is not None and not row.deleted else None]
    return through is not None and any(one is not None and one <= through for one in days)


def offer(context: Context, link: Link, rows: gone.Rows, *, now: datetime) -> Offer | str:
    """Return what would correct an entry of the closed books; a sentence where no entry of ours can."""
    posted, through = draft_of(link.object_kind, link.content or {}), context.book.company.closed_through
    if through is None or link.subject.startswith(reversing.BOOKS):
        return BEYOND
    if _without_base(context, link):
        return ITSELF
    row = rows.get((link.object_kind, link.remote_id))
    day = open_day(drift.today(context, now), through)
    if row is None or gone.is_gone(posted, row):
        why = gone.refusal(posted)
        with_it = gone.told(context, link, posted, rows)
        return why or Offer(day=day, lines=tuple(_of_posted(context, posted)), with_it=with_it)
    stands = as_it_stands.read(context, posted, row)
    if isinstance(stands, str):
        return stands
    if entries.difference(stands, row, context) or _of_another(context, link, posted, stands):
        return BEYOND  # something else of it differs too
    if link.subject.endswith(amended.APPLY):
        if applies.only_dated(posted, stands):
            return _same_balances(posted, stands, through)
        return _applied_less(context, link, stands, day=day)
    again = isinstance(posted, PaymentDraft) and moved.stood_as(context, link.subject, posted).applied
    asked = wishes.asked_now(context, link) if again else None
    found = moved.lines(context, link, posted, stands, asked=asked, day=day)
    paid_by = _resting(context, link, rows, found or ()) if isinstance(posted, JournalDraft) else []
    if any(one.fixed for one in paid_by):
        return RESTS
    if found or (found is not None and _still_corrected(context, link, stands)):
        with_it = gone.put_on_it(paid_by)
        return Offer(day=day, lines=tuple(found), stands=stands, with_it=with_it)
    return BEYOND if found is None else _same_balances(posted, stands, through)


def _still_corrected(context: Context, link: Link, stands: Draft) -> bool:
    """Tell whether what brought a payment back before does so where a hand put it since: nothing posts."""
    before = context.content(link.subject)
    if not isinstance(stands, PaymentDraft) or not isinstance(before, PaymentDraft):
        return False
    applied = moved.stood_as(context, link.subject, stands).applied
    return bool(applied) and stands.applications != before.applications and stands.day == before.day


def base_link(context: Context, link: Link) -> Link | None:
    """Return what a correction corrects; None where that stands no more."""
    return context.links.get(base_of(link.subject))


def _without_base(context: Context, link: Link) -> bool:
    """Tell whether a correction, or what applied one, has nothing any more that it could be posted for."""
    if not is_correction(link.subject):
        return False
    of = link.subject.removesuffix(amended.APPLY)
    return base_link(context, link) is None or of not in context.links


def _of_another(context: Context, link: Link, posted: Draft, stands: Draft) -> bool:
    """Tell whether the journal entry that corrects a sale names another client: no entry of it says that."""
    if not (isinstance(posted, JournalDraft) and isinstance(stands, JournalDraft)):
        return False
    if not is_correction(link.subject) or not corrects_sale(context, link):
        return False
    return not {line.customer for line in stands.lines} <= {line.customer for line in posted.lines}


def _resting(
    context: Context, link: Link, rows: gone.Rows, found: Iterable[tuple[str, int, str]]
) -> list[gone.Follower]:
    """Return the money that rests on what the client owes by an entry, where that moves."""
    owes = any(account == context.book.receivable for account, _, _ in found)
    paid_by = gone.followers(context, link.subject, rows) if owes else []
    return [one for one in paid_by if one.draft.amount]


def _applied_less(context: Context, link: Link, stands: Draft, *, day: date) -> Offer | str:
    """Return what corrects a payment of nothing that a hand had apply the credit otherwise."""
    base, before = base_link(context, link), context.content(link.subject)
    if base is None or base.pk == link.pk or corrects_sale(context, link):
        less = applies.less(before, stands)
        return Offer(day=day, lines=tuple(less), stands=stands) if less else ELSEWHERE
    paid = draft_of(base.object_kind, base.content or {})
    if not (isinstance(paid, PaymentDraft) and isinstance(stands, PaymentDraft)) or stands.amount:
        return ELSEWHERE
    stood = moved.stood_as(context, base.subject, paid)
    stood = replace(stood, applying={**stood.applying, link.subject: stands})
    asked = wishes.asked_now(context, base)
    made = moved.missing(context, asked, stood, day=day, number="", words="")
    if made is None or not isinstance(before, PaymentDraft) or stands.customer != before.customer:
        return ELSEWHERE
    return Offer(day=day, lines=tuple(moved.told(context, [made])), stands=stands)


def _to_approve(context: Context, link: Link, found: Offer) -> bool:
    """Tell whether what corrects an entry is shown once more, and approved."""
    posted = draft_of(link.object_kind, link.content or {})
    if found.stands is not None:
        return isinstance(found.stands, InvoiceDraft | CreditMemoDraft)
    return (
        is_correction(link.subject) and not isinstance(posted, PaymentDraft) and corrects_sale(context, link)
    )


def corrects_sale(context: Context, link: Link) -> bool:
    """Tell whether a correction corrects an invoice or a credit."""
    base = base_link(context, link)
    return base is not None and base.object_kind in {"invoice", "credit_memo"}


def _name(context: Context, customer: str) -> str:
    link = context.links.get(customer)
    row = context.names.by_id.get(link.remote_id) if link is not None else None
    return row.name if row is not None else ""


def _of_posted(context: Context, posted: Draft) -> Iterable[tuple[str, int, str]]:
    """Give the lines of what is gone; what applied a credit moves what is open, and no account."""
    if isinstance(posted, PaymentDraft) and not posted.amount:
        applied = sum(part.amount for part in posted.applications) // 2
        return [(posted.receivable, applied, posted.customer), (posted.receivable, -applied, posted.customer)]
    receivable = context.book.receivable if isinstance(posted, JournalDraft) else ""
    return [
        (context.place(line), line.amount, line.customer if line.account == receivable else "")
        for line in posted.entry()
        if line.amount
    ]


def _same_balances(posted: Draft, stands: Draft, through: date) -> str:
    """Say what to do where only a date or a number differs."""
    was, now = getattr(posted, "day", through), getattr(stands, "day", through)
    if was == now:
        return NUMBER
    if was <= through and now <= through:
        return BOTH_CLOSED
    return INTO_OPEN if was <= through else INTO_CLOSED
