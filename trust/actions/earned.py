"""Signing the list of transfers, taking one off it, what people say of bills and levels; within a scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts import audit
from syncapp.core.money import text
from trust.models import (
    BillWord,
    EarnedStanding,
    LedgerLevel,
    TransferEnd,
    TransferLine,
    TransferSheet,
)
from trust.models.earned import DISPUTED, SENT
from trust.queries import earned as query
from trust.queries import levels, signing, transfers
from trust.queries.ledgers import names
from trust.queries.pairs import pairs

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from accounts.models import User
    from trust.models import TrustPair
    from trust.queries.earned import Drawn, Row
    from trust.queries.transfers import Line

CHANGED = "The list changed since this page was opened. Look at it again, then sign it."
NOTHING = "Choose at least one transfer to sign."
OVER = "Nothing of this transfer is left to be recorded."
CONTESTED = "The client disputes it"


def sign(
    *,
    pair: TrustPair,
    chosen: Collection[str],
    seen: str,
    name: str,
    actor: User,
    today: date,
    now: datetime,
) -> TransferSheet | str:
    """Sign the chosen lines of the list as it stands, if it is still the one that was `seen`.

    Tieout moves no money: a person records the payments in Clio, and each is checked against this list.
    """
    if refused := signing.signer(pair, actor, today).refused:
        return refused
    found = query.drawn(pair, today)
    if found.digest != seen:
        return CHANGED
    rows = [row for row in found.rows if row.key in chosen]
    if not rows:
        return NOTHING
    sheet = TransferSheet.objects.create(
        firm_id=pair.firm_id,
        pair=pair,
        as_of=today,
        digest=seen,
        left=_left(found, chosen),
        name=name,
        by=actor,
        at=now,
    )
    TransferLine.objects.bulk_create(_line(sheet, row) for row in rows)
    told = {"total": text(sum(row.line.amount for row in rows)), "transfers": len(rows), "name": name}
    audit.record(
        firm_id=pair.firm_id, actor=actor, verb="trust.transfers_signed", obj=sheet, after=told, now=now
    )
    refresh(pair=pair, today=today, now=now)
    return sheet


def _line(sheet: TransferSheet, row: Row) -> TransferLine:
    return TransferLine(
        firm_id=sheet.firm_id,
        sheet=sheet,
        ledger=row.line.ledger,
        bill=row.line.bill,
        number=row.line.number,
        amount=row.line.amount,
        balance=row.balance,
        sent=row.line.sent,
        overdue=row.line.overdue,
    )


def _left(found: Drawn, chosen: Collection[str]) -> list[dict[str, str]]:
    """Write down what the list left out, and what the partner did not choose."""
    out = [
        {
            "ledger": one.left.ledger,
            "number": one.left.number,
            "amount": text(one.left.amount),
            "words": one.left.words,
        }
        for one in found.stays
    ]
    return out + [
        {
            "ledger": row.line.ledger,
            "number": row.line.number,
            "amount": text(row.line.amount),
            "words": "It was not chosen.",
        }
        for row in found.rows
        if row.key not in chosen
    ]


def take_off(*, line: Line, words: str, actor: User, now: datetime) -> TransferEnd | str:
    """Take the rest of a signed transfer off its list, with the reason; a payment of it is outside then."""
    if not line.rest:
        return OVER
    row = line.row
    made = TransferEnd.objects.create(
        firm_id=row.firm_id, line=row, amount=line.rest, words=words, by=actor, at=now
    )
    audit.record(
        firm_id=row.firm_id,
        actor=actor,
        verb="trust.transfer_taken_off",
        obj=row,
        text=f"bill {row.number or row.bill}",
        after={"amount": text(line.rest), "words": words},
        now=now,
    )
    return made


def dispute(
    *,
    firm_id: int,
    bill: int,
    number: str,
    ledger: str,
    amount: int | None,
    words: str,
    actor: User,
    now: datetime,
) -> BillWord:
    """Say how much of a bill's part the client contests: None is all of it, 0 nothing any more.

    What was signed of it and is not yet recorded comes off its list: the disputed part stays in trust.
    """
    made = BillWord.objects.create(
        firm_id=firm_id,
        bill=bill,
        ledger=ledger,
        what=DISPUTED,
        amount=amount,
        words=words,
        by=actor,
        at=now,
    )
    audit.record(
        firm_id=firm_id,
        actor=actor,
        verb="trust.dispute_over" if amount == 0 else "trust.disputed",
        kind="bill",
        id=bill,
        text=f"bill {number}",
        after={"amount": "all of it" if amount is None else text(amount), "words": words},
        now=now,
    )
    if amount != 0:
        for line in _signed_for(firm_id, bill, ledger):
            take_off(line=line, words=f"{CONTESTED}: {words}"[:500], actor=actor, now=now)
    return made


def _signed_for(firm_id: int, bill: int, ledger: str) -> list[Line]:
    """Return what is signed and open of a bill's part; a client's money without a matter pays any of his."""
    signed = [line for pair in pairs(firm_id) for line in transfers.signed_of(pair).open]
    return [
        line
        for line in signed
        if line.row.bill == bill and (line.row.ledger == ledger or line.row.ledger.startswith("contacts/"))
    ]


def sent(
    *, firm_id: int, bill: int, number: str, day: date | None, words: str, actor: User, now: datetime
) -> BillWord:
    """Say on which day a bill went to the client without Clio, and how; None takes it back."""
    made = BillWord.objects.create(
        firm_id=firm_id, bill=bill, what=SENT, day=day, words=words, by=actor, at=now
    )
    audit.record(
        firm_id=firm_id,
        actor=actor,
        verb="trust.bill_sent",
        kind="bill",
        id=bill,
        text=f"bill {number}",
        after={"day": day.isoformat() if day else "", "words": words},
        now=now,
    )
    return made


def set_level(
    *,
    firm_id: int,
    account: str,
    ledger: str,
    minimum: int,
    evergreen: int,
    actor: User | str,
    now: datetime,
    name: str = "",
) -> LedgerLevel | None:
    """Set what a ledger keeps and is filled up to, both in minor units; None when it stands so already.

    The firm file may give the `name` of a matter instead of its ledger.
    """
    ledger = ledger or levels.matters_named(firm_id, [name]).get(name.casefold(), "")
    standing = levels.rows_of(firm_id, account).get(ledger or f"name:{name}")
    before = _said(standing.minimum, standing.evergreen) if standing else _said(0, 0)
    after = _said(minimum, evergreen)
    if before == after:
        return None
    who = None if isinstance(actor, str) else actor
    made = LedgerLevel.objects.create(
        firm_id=firm_id, account=account, ledger=ledger, name="" if ledger else name, minimum=minimum,
        evergreen=evergreen, by=who, at=now,
    )  # fmt: skip
    audit.record(
        firm_id=firm_id,
        actor=actor,
        verb="trust.level_set",
        obj=made,
        text=f"level of {names(firm_id, [ledger]).get(ledger, name)} in {account}",
        before=before,
        after=after,
        now=now,
    )
    return made


def _said(minimum: int, evergreen: int) -> dict[str, str]:
    return {"minimum": text(minimum), "evergreen": text(evergreen)}


def refresh(*, pair: TrustPair, today: date, now: datetime) -> Drawn:
    """Draw up an account's list anew and keep what the pages that only name it say of it."""
    found = query.drawn(pair, today)
    EarnedStanding.objects.update_or_create(
        firm_id=pair.firm_id,
        pair=pair,
        defaults={
            "amount": found.total,
            "overdue": found.overdue_total,
            "lines": len(found.rows),
            "ledgers": found.ledger_count,
            "unrecorded": found.signed.unrecorded,
            "since": found.since,
            "signed_since": min((line.row.sheet.as_of for line in found.signed.open), default=None),
            "at": now,
        },
    )
    return found
