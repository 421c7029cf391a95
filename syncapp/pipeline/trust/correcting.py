"""An entry of client money that a hand changed and that stays as it is: a later entry says what was posted.

Fixed is what a line of the bank is matched with, or lies in a closed or signed period (DESIGN section 9, e).
What stands there is taken as it stands; the ordinary later entry of the movement (`changes`) brings the
ledgers back. One that is gone is posted once more, dated in the open period.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from syncapp.core.ledger import TrustBankLine, TrustJournalDraft, TrustLedgerLine, account_of
from syncapp.core.planning.trust import changes as core
from syncapp.pipeline.context import Context, draft_of
from syncapp.pipeline.drifting import drift, taking
from syncapp.pipeline.ties import entries
from syncapp.pipeline.trust import changes
from syncapp.records.models import BookRow, Link
from trust.queries import ledgers, matches

if TYPE_CHECKING:
    from accounts.models import User

BEYOND = (
    "It stands on accounts that are no client's money, or on a client that is not known here: no entry "
    "within the trust account can correct it. Put it right in QuickBooks."
)
SAME = (
    "Only its date or its number differs, and no ledger does: no entry is right. Set it in QuickBooks as it "
    "was posted."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A correcting entry as it would post. `why` says what keeps the entry itself as it is.

    `closed`: QuickBooks takes no change of it at all. Without a `draft` none can be made.
    """

    why: str
    closed: bool
    draft: TrustJournalDraft | None = None
    beyond: str = BEYOND  # what is said without a draft


def offer(context: Context, link: Link, row: BookRow | None, *, now: datetime) -> Offer | None:
    """Say which entry would correct what a hand did; None where it is simply put back. In a scope."""
    posted = draft_of(link.object_kind, link.content or {})
    if not isinstance(posted, TrustJournalDraft):
        return None
    days = {posted.day, (row.day if row is not None and not row.deleted else None) or posted.day}
    through = context.book.company.closed_through
    closed = through is not None and min(days) <= through
    why = _why(context, link, posted, days, through if closed else None)
    if not why:
        return None
    day = changes.open_day(context, posted, drift.today(context, now))
    draft = _draft(context, link, row, posted, day)
    return Offer(why=why, closed=closed, draft=draft, beyond=_beyond(context, link, row, posted))


def _beyond(context: Context, link: Link, row: BookRow | None, posted: TrustJournalDraft) -> str:
    stands = None if gone(row) else standing(context, link, row)
    return SAME if stands is not None and not core.amendments(stands, (), posted, day=posted.day) else BEYOND


def _why(
    context: Context, link: Link, posted: TrustJournalDraft, days: set[date], through: date | None
) -> str:
    if through is not None:
        return f"It lies in the books that are closed through {through:%-d %b %Y}."
    if any(changes.locked(context, posted, day) for day in days):
        return "It lies in a month of the trust account that is submitted or signed."
    if matches.is_matched(firm_id=context.firm_id, subjects=[link.subject]):
        return "A line of the bank is matched with it."
    return ""


def _draft(
    context: Context, link: Link, row: BookRow | None, posted: TrustJournalDraft, day: date
) -> TrustJournalDraft | None:
    if gone(row):
        return (
            replace(posted, day=day)
            if core.is_amendment(link.subject)
            else core.posted_again(posted, day=day)
        )
    stands = standing(context, link, row)
    if stands is None:
        return None
    drafts = core.amendments(stands, (), posted, day=day)
    return drafts[0] if len(drafts) == 1 else None


def gone(row: BookRow | None) -> bool:
    """Tell whether nothing of an entry stands in the books."""
    return row is None or row.deleted or row.voided


def standing(context: Context, link: Link, row: BookRow | None) -> TrustJournalDraft | None:
    """Read an entry of ours as it stands now; None where it is more than client money of one account."""
    posted = draft_of(link.object_kind, link.content or {})
    if row is None or not isinstance(posted, TrustJournalDraft):
        return None
    liability = posted.ledgers[0].account
    banks = {pair.bank for pair in context.book.pairs.values() if pair.liability == liability}
    on_bank: list[TrustBankLine] = []
    on_ledgers: list[TrustLedgerLine] = []
    for line in row.data.get("lines") or []:
        account, amount = str(line["account"]), int(line["amount"])
        if account in banks:
            on_bank.append(TrustBankLine(account=account, amount=amount))
        elif found := _ledger(context, posted, account, line.get("customer") or "", amount):
            on_ledgers.append(found)
        elif amount:
            return None
    sums = sum(one.amount for one in on_bank) + sum(one.amount for one in on_ledgers)
    if sums or not on_ledgers:
        return None
    stands = TrustJournalDraft(
        number=row.number or posted.number,
        day=row.day or posted.day,
        banks=tuple(one for one in on_bank if one.amount),
        ledgers=tuple(on_ledgers),
        memo=posted.memo,
        currency=posted.currency,
    )
    return None if entries.difference(stands, row, context) else stands


def _ledger(
    context: Context, posted: TrustJournalDraft, account: str, remote_id: str, amount: int
) -> TrustLedgerLine | None:
    """Say whose a line on the liability is: as we posted it there, else by its account or its customer."""
    customer = context.customer(remote_id) if remote_id else ""
    alike = [
        one
        for one in posted.ledgers
        if context.place(one.entry_line()) == account and (one.below or one.customer == customer)
    ]
    same = [one for one in alike if one.amount == amount] or alike
    if len({one.ledger for one in same}) == 1:
        return replace(same[0], amount=amount, memo="")
    if same:
        return None  # several ledgers stand on one customer: nobody can tell whose it is
    below = context.subject_of.get(("account", account), "")
    at = account_of(below) if below else None
    liability = posted.ledgers[0].account
    if at is not None and at[0] == liability:
        return TrustLedgerLine(account=liability, ledger=at[1], customer="", amount=amount, below=below)
    if account != liability or customer.partition("/")[0] not in {"contacts", "matters", "trust"}:
        return None
    return TrustLedgerLine(account=liability, ledger=customer, customer=customer, amount=amount)


def take(context: Context, link: Link, row: BookRow | None, found: Offer, *, by: User, now: datetime) -> None:
    """Take what stands there as it stands, so that the later entry is what is left to post. In a scope."""
    draft = found.draft
    if draft is None:
        raise ValueError(f"no entry can correct {link.subject}")
    posted = draft_of(link.object_kind, link.content or {})
    stands = None if gone(row) else standing(context, link, row)
    taking.take(link, stands, now=now)
    taking.keep_day(link, was=getattr(posted, "day", draft.day), day=draft.day, by=by, now=now)


def facts(context: Context, found: Offer | None) -> dict[str, str]:
    """Return what a card shows of a correcting entry: its lines with their ledgers, its day, and why."""
    if found is None:
        return {}
    told = {"fixed": found.why if found.draft else f"{found.why} {found.beyond}"}
    told |= {"closed": "yes"} if found.closed else {}
    if found.draft is None:
        return told
    lines = [line for line in found.draft.entry() if line.amount]
    names = ledgers.names(context.firm_id, {line.ledger for line in lines if line.ledger})
    shown = [
        drift.shown_line(context, context.place(line), line.amount)
        | ({"name": names.get(line.ledger, line.ledger)} if line.ledger else {})
        for line in lines
    ]
    return told | {"correction": json.dumps(shown), "correction_day": found.draft.day.isoformat()}
