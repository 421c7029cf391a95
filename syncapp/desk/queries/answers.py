"""What a card asks a person, read from the facts of its case. Each is asked inside a scope of the firm."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from accounts import queries as firms
from mapping import queries as mapping
from mapping.models import MirrorAccount
from syncapp.core.ledger import ObjectKind, PaymentDraft
from syncapp.core.planning.returns import MISTAKE, said
from syncapp.desk import sums, words
from syncapp.pipeline.cases import choices
from syncapp.pipeline.context import draft_of
from syncapp.records.models import BookChoice

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from accounts.models import Firm
    from syncapp.records.models import Case, Document, Link

FEES = ("Expense", "Other Expense")
DEPOSIT = {"ours": "in a deposit that Tieout made", "theirs": "in a deposit that somebody made there"}
ITS_BANK = "The bank account of its deposit"
RECEIVABLE = "Accounts receivable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A correcting entry as a card shows it; amounts in minor units."""

    noun: str
    kind: str
    day: date
    was_day: date
    closed_through: date | None
    total: int
    currency: str
    customer: str
    answer: str
    lines: list[dict[str, Any]]
    totals: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """What may be said of client money that the books have already; `rows` only where one is to be chosen.

    `left` says that the firm leaves such movements to its bank feed.
    """

    ways: frozenset[str]
    rows: list[tuple[str, str]]
    left: bool


def twin(case: Case) -> Twin:
    """Read what a case `trust_twin` asks."""
    facts = case.facts
    rows = json.loads(facts["rows"]) if facts.get("rows") else {}
    ways = frozenset(facts.get("ways", "two").split(","))
    return Twin(ways=ways, rows=list(rows.items()), left=facts.get("left") == "yes")


def deposits(case: Case) -> list[tuple[str, str]]:
    """Read which deposits a case `trust_return_of` asks about: the answer and the words of each."""
    return list(json.loads(case.facts.get("rows") or "{}").items())


def correction(case: Case) -> Proposed:
    """Read the proposal of a case `closed_correction`."""
    facts = case.facts
    lines = [
        {
            "account": row["account"],
            "memo": row["memo"],
            "debit_minor": int(row["debit"]),
            "credit_minor": int(row["credit"]),
        }
        for row in json.loads(facts["entry"])
    ]
    return Proposed(
        noun=words.CORRECTING.get(facts["kind"], "entry"),
        kind=facts["kind"],
        day=date.fromisoformat(facts["day"]),
        was_day=date.fromisoformat(facts["was_day"]),
        closed_through=_day(facts["closed_through"]),
        total=int(facts["total"]),
        currency=facts["currency"],
        customer=facts["customer"],
        answer=f"{choices.APPROVE}:{facts['print']}",
        lines=lines,
        totals=sums.of(lines),
    )


def added_up(cases: Iterable[Case]) -> list[dict[str, Any]]:
    """Add up the correcting entries of some cases, by account and side."""
    sums: dict[tuple[str, str], int] = {}
    for case in cases:
        for line in correction(case).lines:
            for side in ("debit_minor", "credit_minor"):
                if line[side]:
                    sums[line["account"], side] = sums.get((line["account"], side), 0) + line[side]
    return [{"account": account, side: minor} for (account, side), minor in sorted(sums.items())]


def kept(case: Case) -> BookChoice | None:
    """Return the answer that a case has already, with who gave it."""
    rows = BookChoice.objects.filter(firm_id=case.firm_id, books=case.books, subject=case.facts["for"])
    return rows.select_related("by").first()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A payment of which a person says what happened to it; the amount in minor units."""

    books_id: int
    amount: int
    currency: str
    day: date
    bank: str
    client: str
    closed_through: date | None
    gone: bool = False
    closed: bool = False
    deposit: str = ""
    mistake: str = ""

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Return the entry of a return by the bank: the client owes it again, the bank has it no more."""
        return [
            {"account": RECEIVABLE, "name": self.client, "debit_minor": self.amount},
            {"account": self.bank, "credit_minor": self.amount},
        ]

    @property
    def totals(self) -> dict[str, int]:
        """Return the sums of both sides."""
        return sums.of(self.lines)


def removed(case: Case, client: str) -> Asked:
    """Read what a case `payment_removed` asks about."""
    facts = case.facts
    return Asked(
        books_id=case.books_id or 0,
        amount=int(facts["amount"]),
        currency=facts["currency"],
        day=date.fromisoformat(facts["day"]),
        bank=facts["bank"],
        client=client,
        closed_through=_day(facts["closed_through"]),
        gone=facts["removed"] == "yes",
        closed=facts["closed"] == "yes",
        deposit=DEPOSIT.get(facts["deposit"], ""),
        mistake=facts["mistake"],
    )


def standing(document: Document, link: Link, client: str, currency: str) -> Asked:
    """Read the same of a payment that stands, of which Clio says nothing."""
    company = mapping.company(link.books_id)
    return Asked(
        books_id=link.books_id,
        amount=document.amount,
        currency=str(document.data.get("currency") or currency),
        day=document.day or link.at.date(),
        bank=_bank(link),
        client=client,
        closed_through=company.closed_through if company else None,
    )


def _bank(link: Link) -> str:
    """Name the account that the payment went into; a deposit may have taken it further."""
    draft = draft_of(ObjectKind.PAYMENT.value, link.content) if link.content else None
    if not isinstance(draft, PaymentDraft):
        return ITS_BANK
    row = MirrorAccount.objects.filter(books_id=link.books_id, remote_id=draft.account).first()
    return row.name if row and row.type == "Bank" else ITS_BANK


def limits(asked: Asked, firm: Firm, now: datetime) -> dict[str, Any]:
    """Return what a form about a payment must know to refuse in words."""
    return {
        "paid_day": asked.day,
        "today": firms.today_of(firm, now),
        "closed_through": asked.closed_through,
        "currency": asked.currency,
        "accounts": fee_accounts(asked.books_id),
    }


def fee_accounts(books_id: int) -> list[tuple[str, str]]:
    """Offer the expense accounts of a set of books that are active, by name."""
    rows = MirrorAccount.objects.filter(books_id=books_id, gone=False, active=True, type__in=FEES)
    return list(rows.order_by("name", "remote_id").values_list("remote_id", "name"))


def said_before(document: Document) -> tuple[BookChoice, date | None] | None:
    """Return what a person said of a payment before; the day when the bank returned it."""
    choice = choices.said_of(firm_id=document.firm_id, document=document)
    if choice is None:
        return None
    told = said(choice.answer)
    return choice, told.day if told and told.what != MISTAKE else None


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None
