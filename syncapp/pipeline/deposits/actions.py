"""A person makes a deposit of what waits, or takes one back. Each opens its own scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from accounts import audit
from accounts.models import Firm, User
from accounts.tenancy import firm_scope
from mapping import guards
from mapping import queries as mapping
from syncapp.core.books import Account as Ledger
from syncapp.core.books import Chart
from syncapp.core.money import spoken, text
from syncapp.core.planning.wanted import closed
from syncapp.pipeline.clock import schedule
from syncapp.pipeline.deposits import waiting
from syncapp.pipeline.deposits.wish import KIND, RESOURCE, number_of
from syncapp.pipeline.months import queries as months
from syncapp.records import anew
from syncapp.records.models import BankDeposit, BookRow, Document, Payout

NOTHING = "Tick at least one of what waits."
NO_BANK = "Choose the bank account that it went to."
NO_FEES = "Choose the account for processor fees in the mapping options first."
NO_REASON = "Say in a few words why it is taken back."
GONE = "This deposit is taken back already."


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What a person wants deposited: the bank by its id in the books, and places by `waiting.Waits.key`.

    `fee` and `trust_fee` are minor units of the payout that it is; client money itself is in none of it.
    """

    day: date
    bank: str
    keys: Sequence[str]
    payout: int | None = None
    fee: int = 0
    trust_fee: int = 0
    apart: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where money of a set of books may go: its operating banks, none of client money, and its fees.

    `fees` is the account of processor fees, empty where the mapping names none.
    """

    chart: Chart
    banks: tuple[Ledger, ...] = ()
    fees: str = ""


def places(*, firm_id: int, books_id: int) -> Places:
    """Return the operating banks of a set of books and its account of processor fees. In a scope."""
    rules = mapping.rule_book(firm_id=firm_id, books_id=books_id)
    if rules is None:
        return Places(chart=mapping.chart(books_id))
    rows = (row for row in rules.chart.accounts.values() if row.type == "Bank" and row.active)
    banks = sorted((row for row in rows if not guards.is_walled(row, rules.walled)), key=lambda row: row.name)
    fees = rules.options.fee_account
    return Places(chart=rules.chart, banks=tuple(banks), fees=fees.id if fees else "")


def make(*, firm_id: int, books_id: int, slip: Slip, by: User, now: datetime) -> BankDeposit | str:
    """Have a deposit posted by the next run; return it, or why not."""
    with firm_scope(write=firm_id):
        firm = Firm.objects.select_for_update().get(pk=firm_id)
        account = waiting.read(firm_id=firm_id, books_id=books_id)
        known = {one.key: one for one in account.waits}
        chosen = [known[key] for key in dict.fromkeys(slip.keys) if key in known]
        where = places(firm_id=firm_id, books_id=books_id)
        bank = next((one for one in where.banks if one.id == slip.bank), None)
        refusal = _refusal(firm, books_id, slip, chosen)
        if not refusal and (slip.fee or slip.trust_fee) and not where.fees:
            refusal = NO_FEES
        if refusal or bank is None:
            return refusal or NO_BANK
        made = BankDeposit(firm_id=firm_id, books_id=books_id, by=by, at=now)
        _write(made, slip, bank, chosen, where.fees)
        _told(made, "deposit.made", by, now, {"total": text(made.total), "bank": bank.name})
    schedule.ask(firm_id=firm_id, now=now)
    return made


def _write(made: BankDeposit, slip: Slip, bank: Ledger, chosen: list[waiting.Waits], fees: str) -> None:
    """Keep a deposit as it was ticked, with the document that has it posted."""
    names = _names(made.firm_id, made.books_id, chosen)
    made.payout_id, made.day, made.apart = slip.payout, slip.day, slip.apart
    made.bank, made.bank_name = bank.id, bank.name[:200]
    made.rows = [_row(one, names.get(one.customer, "")) for one in chosen]
    made.fee, made.trust_fee = slip.fee, slip.trust_fee
    made.fee_account = fees if slip.fee or slip.trust_fee else ""
    made.save()
    Document.objects.create(
        firm_id=made.firm_id,
        kind=KIND,
        resource=RESOURCE,
        source_id=made.pk,
        number=number_of(made.pk),
        day=made.day,
        amount=made.total if made.rows else -made.trust_fee,
        read_at=made.at,
    )


def _refusal(firm: Firm, books_id: int, slip: Slip, chosen: list[waiting.Waits]) -> str:
    if len(chosen) != len(set(slip.keys)):
        return "Something of it does not wait any more: it was deposited, changed or taken back. Look again."
    if not chosen and not slip.trust_fee:
        return NOTHING
    if on_slip := next((one for one in chosen if one.slip), None):
        return f"{on_slip.reference or on_slip.key} is on deposit {number_of(on_slip.slip or 0)} already."
    company = mapping.company(books_id)
    shut = [
        company.closed_through if company else None,
        months.shut_through(firm_id=firm.pk, books_id=books_id),
    ]
    through = max((day for day in shut if day), default=None)
    if problem := closed(slip.day, through, "This deposit"):
        return problem.words
    latest = max((one.day for one in chosen), default=slip.day)
    if slip.day < latest:
        return f"It holds money received on {latest:%-d %b %Y}: it cannot have reached the bank before that."
    if slip.payout and _posted(firm.pk, slip.payout):
        return "This payout is deposited already."
    gathered = sum(one.amount for one in chosen)
    taken = slip.fee + (0 if slip.apart else slip.trust_fee)
    if chosen and gathered < taken and not slip.payout:
        return f"The fees come to more than what is deposited: {spoken(gathered, firm.currency)}."
    return ""


def _posted(firm_id: int, payout_id: int) -> bool:
    rows = Payout.objects.filter(firm_id=firm_id, pk=payout_id)
    return not rows.exists() or rows.filter(deposits__ended_at__isnull=True, deposits__isnull=False).exists()


def _row(one: waiting.Waits, name: str) -> dict[str, str | int]:
    """Keep what was ticked as a slip shows it: whose, by which number, of which day."""
    words = " ".join(
        part for part in ("Payment" if one.place[0] == waiting.PAYMENT else "Entry", one.reference) if part
    )
    return {
        "kind": one.place[0],
        "id": one.place[1],
        "amount": one.amount,
        "words": words,
        "name": name,
        "reference": one.reference,
        "day": one.day.isoformat(),
    }


def _names(firm_id: int, books_id: int, chosen: Sequence[waiting.Waits]) -> dict[str, str]:
    rows = BookRow.objects.filter(firm_id=firm_id, books_id=books_id, kind="customer")
    return dict(rows.filter(remote_id__in={one.customer for one in chosen}).values_list("remote_id", "name"))


def take_back(*, firm_id: int, deposit_id: int, reason: str, by: User, now: datetime) -> str | None:
    """Take a deposit back: in QuickBooks it is deleted, as no deposit can be void (qbo/API.md section 7).

    What it gathered waits again. Here it stays, with who took it back and why. A sentence on refusal.
    """
    if not reason.strip():
        return NO_REASON
    with firm_scope(write=firm_id):
        rows = BankDeposit.objects.select_for_update().filter(firm_id=firm_id, pk=deposit_id)
        made = rows.filter(ended_at__isnull=True).first()
        if made is None:
            return GONE
        made.ended_at, made.ended_by, made.ended_words = now, by, reason.strip()[:300]
        made.save(update_fields=["ended_at", "ended_by", "ended_words"])
        anew.plan(Document.objects.filter(firm_id=firm_id, kind=KIND, source_id=made.pk))
        _told(made, "deposit.taken_back", by, now, {"reason": made.ended_words})
    schedule.ask(firm_id=firm_id, now=now)
    return None


def _told(made: BankDeposit, verb: str, by: User, now: datetime, after: dict[str, object]) -> None:
    audit.record(
        firm_id=made.firm_id, actor=by, verb=verb, kind=KIND, id=made.pk, text=str(made), after=after, now=now
    )
