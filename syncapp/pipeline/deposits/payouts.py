"""Payouts of a card processor: brought in, grouped with the payments that wait, and posted as one deposit.

Clio names no payout (clio/API.md, Clio Payments payment): the processor's file does. A payout with a charge
that nothing explains is not posted: each such charge is a case of its own.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Sum

from accounts import audit
from accounts.models import User
from accounts.tenancy import firm_scope
from syncapp.core import payouts as core
from syncapp.core.money import spoken, text
from syncapp.core.payouts import Charge, Receipt
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline import queue
from syncapp.pipeline.deposits import payout_file, taken, waiting
from syncapp.pipeline.deposits.wish import CHARGE
from syncapp.pipeline.trust.alarms import tell_all
from syncapp.records.models import BankDeposit, BookLine, Document, Payout, PayoutCharge
from trust.nouns import Unreadable

CODE = "charge_without_payment"
EXPLAINED = "a payment explains it, or its payout is deposited"
LARGEST = 5_000_000  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a file came to: payouts that are new, and those that were known as they are."""

    fresh: int
    known: int


@dataclass(slots=True, kw_only=True)
class Grouped:
    """A payout with what its charges are, client money apart. `deposited`: the books' deposit of it."""

    payout: Payout
    charges: list[PayoutCharge]
    grouping: core.Grouping
    client_money: list[PayoutCharge] = field(default_factory=list)
    unknown_money: set[int] = field(default_factory=set)  # charges of client money that Clio does not know
    coming: set[int] = field(default_factory=set)  # rows whose entry a person asked for, and that posts soon
    deposited: str = ""
    made: int | None = None  # the deposit that was made of it here

    @property
    def trust_fee(self) -> int:
        """Return the fee of client money: the firm's expense."""
        return sum(one.fee for one in self.client_money)

    @property
    def fee(self) -> int:
        """Return what the processor kept, with what a person called a fee."""
        return self.payout.fee - sum(one.gross for one in self.charges if one.chosen == taken.FEE)

    @property
    def missing(self) -> list[PayoutCharge]:
        """Return the rows that nothing in Clio explains."""
        none = set(self.grouping.missing) | self.unknown_money
        return [one for one in self.charges if one.pk in none]

    @property
    def ready(self) -> bool:
        """Tell whether all of its parts are there, none of them in a deposit yet."""
        inside = any(one.deposit for one in self.grouping.found.values())
        lacks = self.missing or self.grouping.doubtful or self.coming
        return not (lacks or inside or self.deposited or self.made)

    @property
    def keys(self) -> list[str]:
        """Return the places of what it gathers."""
        return [one.key for one in self.grouping.found.values()]


def bring(
    *, firm_id: int, books_id: int, name: str, data: bytes, currency: str, by: User, now: datetime
) -> Brought | str:
    """Bring a processor's file in; return what it came to, or the sentence for what is not taken."""
    if len(data) > LARGEST:
        return "The file is larger than 5 MB."
    try:
        rows = payout_file.read(data, currency=currency)
    except Unreadable as error:
        return error.words
    by_payout: dict[str, list[payout_file.Row]] = defaultdict(list)
    for row in rows:
        by_payout[row.payout].append(row)
    fresh = 0
    with firm_scope(write=firm_id):
        for key, listed in by_payout.items():
            known = Payout.objects.filter(firm_id=firm_id, books_id=books_id, key=key).first()
            if known is not None and _said(known) != _told(listed):
                return (
                    f"Payout {key} was brought in before with other figures. Nothing of this file was taken."
                )
        for key, listed in by_payout.items():
            if not Payout.objects.filter(firm_id=firm_id, books_id=books_id, key=key).exists():
                _keep(firm_id, books_id, key, listed, name, by, now)
                fresh += 1
        run(firm_id=firm_id, books_id=books_id, currency=currency, now=now)
    return Brought(fresh=fresh, known=len(by_payout) - fresh)


type _Said = list[tuple[date, int, int, bool, str]]


def _told(rows: list[payout_file.Row]) -> _Said:
    return sorted((row.day, row.gross, row.fee, row.whole, row.reference) for row in rows)


def _said(payout: Payout) -> _Said:
    rows = PayoutCharge.objects.filter(firm_id=payout.firm_id, payout=payout)
    return sorted((row.day, row.gross, row.fee, row.whole, row.reference) for row in rows)


def _keep(
    firm_id: int, books_id: int, key: str, rows: list[payout_file.Row], name: str, by: User, now: datetime
) -> None:
    mine = [row for row in rows if not row.whole]
    gross, fee = sum(row.gross for row in mine), sum(row.fee for row in mine)
    payout = Payout.objects.create(
        firm_id=firm_id, books_id=books_id, key=key, day=max(row.paid for row in rows), gross=gross, fee=fee,
        net=gross - fee, name=name[:200], by=by, at=now,
    )  # fmt: skip
    PayoutCharge.objects.bulk_create(
        PayoutCharge(
            firm_id=firm_id, payout=payout, position=position, day=row.day, gross=row.gross, fee=row.fee,
            whole=row.whole, reference=row.reference, text=row.text, kind=row.kind,
        )
        for position, row in enumerate(rows, start=1)
    )  # fmt: skip
    audit.record(
        firm_id=firm_id, actor=by, verb="payout.brought", kind="payout", id=payout.pk, text=f"payout {key}",
        after={"charges": len(rows), "net": text(payout.net)}, now=now,
    )  # fmt: skip


def grouped(*, firm_id: int, books_id: int, payouts: list[Payout]) -> list[Grouped]:
    """Group some payouts with what stands in the books now. In a reading scope."""
    if not payouts:
        return []
    receipts = _receipts(firm_id, books_id)
    rows = PayoutCharge.objects.filter(firm_id=firm_id, payout__in=payouts).order_by("position")
    by_payout: dict[int, list[PayoutCharge]] = defaultdict(list)
    for row in rows:
        by_payout[row.payout_id].append(row)
    entries = taken.entries(firm_id=firm_id, books_id=books_id, charges=rows)
    found = []
    for payout in payouts:
        charges = by_payout[payout.pk]
        coming = {one.pk for one in charges if entries.get(one.chosen, "?") == ""}
        mine = [
            Charge(
                id=one.pk, day=one.day, amount=one.gross, reference=one.reference,
                chosen=entries.get(one.chosen, one.chosen),
            )
            for one in charges
            if one.gross and not one.whole and one.chosen != taken.FEE and one.pk not in coming
        ]  # fmt: skip
        one = Grouped(payout=payout, charges=charges, grouping=core.group(mine, receipts), coming=coming)
        one.client_money = [row for row in charges if row.whole]
        one.unknown_money = _unknown(firm_id, one.client_money)
        one.made = next((row.pk for row in payout.deposits.all() if row.ended_at is None), None)
        inside = {receipt.deposit for receipt in one.grouping.found.values()}
        if one.made is None and one.grouping.found and len(inside) == 1:
            one.deposited = inside.pop()
        found.append(one)
    return found


def _receipts(firm_id: int, books_id: int) -> list[Receipt]:
    """Return what waits, and what lies in a deposit of the books already; what is on a slip is neither."""
    account = waiting.read(firm_id=firm_id, books_id=books_id)
    found = [
        Receipt(key=one.key, day=one.day, amount=one.amount, reference=one.reference)
        for one in account.waits
        if one.slip is None
    ]
    inside = account.inside
    lines = BookLine.objects.filter(
        firm_id=firm_id, books_id=books_id, account=account.id, row__deleted=False
    )
    lines = lines.filter(row__remote_id__in=[key for _, key in inside], row__kind__in=waiting.DEPOSITABLE)
    sums = lines.order_by().values_list("row__kind", "row__remote_id", "row__day", "row__data__reference")
    for kind, key, day, reference, amount in sums.annotate(total=Sum("minor")):
        place = (kind, key)
        if day is not None and place in inside:
            receipt = Receipt(
                key=":".join(place), day=day, amount=amount, reference=reference or "", deposit=inside[place]
            )
            found.append(receipt)
    return found


def _unknown(firm_id: int, charges: list[PayoutCharge]) -> set[int]:
    """Return the charges of client money that no deposit into trust in Clio explains."""
    if not charges:
        return set()
    first, last = min(one.day for one in charges), max(one.day for one in charges)
    rows = Document.objects.filter(firm_id=firm_id, of_trust=True)
    rows = rows.filter(day__gte=first - core.WITHIN, day__lte=last + core.WITHIN)
    known = [
        Receipt(key=str(pk), day=day, amount=amount, reference=number)
        for pk, day, amount, number in rows.values_list("pk", "day", "amount", "number")
        if day is not None
    ]
    mine = [Charge(id=one.pk, day=one.day, amount=one.gross, reference=one.reference) for one in charges]
    return set(core.group(mine, known).missing)


def choose(*, firm_id: int, payout_id: int, said: dict[int, str], by: User, now: datetime) -> tuple[int, int]:
    """Keep which payment a person says that each doubtful charge is; an empty word takes it back.

    Returns how many entries are taken out of the books by that, with the next run, and how many stay: a
    refund that has posted out of the payout is what it is.
    """
    back = stays = 0
    with firm_scope(write=firm_id):
        mine = PayoutCharge.objects.filter(firm_id=firm_id, payout_id=payout_id, pk__in=said)
        rows = []
        for row in mine.select_related("payout"):
            if not said[row.pk] and row.chosen.startswith(taken.FOR):
                if not taken.take_back(firm_id=firm_id, books_id=row.payout.books_id, charge=row, now=now):
                    stays += 1
                    continue
                back += 1
            row.chosen = said[row.pk][:60]
            rows.append(row)
        PayoutCharge.objects.bulk_update(rows, ["chosen"])
        audit.record(
            firm_id=firm_id, actor=by, verb="payout.chosen", kind="payout", id=payout_id,
            text=f"payout {Payout.objects.get(firm_id=firm_id, pk=payout_id).key}",
            after={"charges": len(rows)}, now=now,
        )  # fmt: skip
    return back, stays


def run(*, firm_id: int, books_id: int, currency: str, now: datetime) -> None:
    """Raise a case for each charge that no payment explains, and end those that are explained since.

    In a writing scope.
    """
    made = BankDeposit.objects.filter(firm_id=firm_id, payout__isnull=False, ended_at__isnull=True)
    rows = Payout.objects.filter(firm_id=firm_id, books_id=books_id).exclude(pk__in=made.values("payout_id"))
    open_ = list(rows.prefetch_related("deposits"))
    verdicts: dict[str, list[queue.Verdict]] = {CODE: [], taken.CODE: []}
    for one in grouped(firm_id=firm_id, books_id=books_id, payouts=open_):
        if one.deposited:
            continue
        for charge in one.missing:
            problem = (taken.problem if charge.gross < 0 else _problem)(one.payout, charge, currency)
            verdicts[problem.code].append(queue.Verdict(document=_document(charge, now), alarms=(problem,)))
    ends = dict.fromkeys(verdicts, EXPLAINED)
    tell_all(firm_id=firm_id, books_id=books_id, ends=ends, verdicts=verdicts, now=now)


def _document(charge: PayoutCharge, now: datetime) -> Document:
    document, _ = Document.objects.get_or_create(
        firm_id=charge.firm_id,
        kind=CHARGE,
        source_id=charge.pk,
        defaults={
            "resource": "payouts",
            "number": charge.reference,
            "day": charge.day,
            "amount": charge.gross,
            "settled": True,
            "outcome": "skipped",
            "outcome_words": "It did not come from Clio.",
            "read_at": now,
        },
    )
    return document


def _problem(payout: Payout, charge: PayoutCharge, currency: str) -> Problem:
    money, what = spoken(charge.gross, currency), "client money" if charge.whole else "the merchant account"
    about = " ".join(part for part in (charge.reference, charge.text) if part)
    named = f" ({about[:80]})" if about else ""
    return Problem(
        code=CODE,
        fix=Fix.CLIO,
        cause=f"charge:{charge.pk}",
        title=f"A charge of {money} on {charge.day:%-d %b %Y}{named} has no payment in Clio.",
        words=f"Payout {payout.key} holds a charge of {money} into {what}{named}, and no payment of that "
        f"amount within {core.WITHIN.days} days waits for a deposit. Record it in Clio with its date and "
        "amount: the payout is not posted before all of it is there.",
        facts={"payout": str(payout.pk)},
    )
