"""What the permission matrix names in the set-up of trust: one thing of the given firm each."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from accounts.models import Books
from accounts.tenancy import firm_scope
from mapping import actions as mapping
from mapping.models import MirrorAccount
from syncapp.core import codec
from syncapp.core.ledger import TrustBankLine, TrustJournalDraft, TrustLedgerLine
from syncapp.core.problems import Problem
from syncapp.pipeline import queue
from syncapp.pipeline.trust import approval_limit, approvals
from syncapp.records.models import Document, Hold
from tests import cast
from tests.trust import world
from trust.actions import changes
from trust.approving import Waits
from trust.models import LimitChange, PairChange, TrustPair
from trust.pairing import BANK, LIABILITY
from trust.queries.pairs import terms_of

if TYPE_CHECKING:
    from tests.cast import House

SUBJECT = "bank_transactions/7"
ENTRY = json.dumps(
    codec.to_json(
        TrustJournalDraft(
            number="T7",
            day=date(2026, 9, 1),
            banks=(TrustBankLine(account=world.BANK, amount=-1200000),),
            ledgers=(
                TrustLedgerLine(
                    account=world.LIABILITY, ledger="matters/1", customer="matters/1", amount=1200000
                ),
            ),
        )
    )
)
OPERATING, SPARE, INCOME = "36", "42", "50"
CHART = {
    world.BANK: ("IOLTA Trust Account", *BANK),
    world.LIABILITY: ("Client Funds Held in Trust", *LIABILITY),
    SPARE: ("Client Funds Held in Trust 2", *LIABILITY),
    OPERATING: ("Operating Bank", "Bank", "Checking"),
    INCOME: ("Legal Fees", "Income", "ServiceFeeIncome"),
}


def company(house: House) -> Books:
    """A set of books whose chart was read."""
    books = cast.books(house, "theirs")
    with firm_scope(write=house.firm.pk):
        MirrorAccount.objects.bulk_create(
            MirrorAccount(
                firm=house.firm, books=books, remote_id=key, name=name, type=kind, subtype=detail,
                seen_at=cast.NOW,
            )
            for key, (name, kind, detail) in CHART.items()
        )  # fmt: skip
    return books


def account(house: House) -> TrustPair:
    """A trust account on that chart."""
    return world.pair(house, books=company(house), operating=OPERATING, opening="clio", post=["deposit"])


def change(house: House) -> PairChange:
    """A change of it that waits for a partner."""
    pair = account(house)
    with firm_scope(write=house.firm.pk):
        terms = replace(terms_of(pair), liability=SPARE)
        made = changes.ask(pair=pair, terms=terms, by=house.administrator, now=cast.NOW, reason="New account")
    assert isinstance(made, PairChange)
    return made


def limit(house: House, **said: Any) -> None:
    """Set the firm's limit."""
    with firm_scope(write=house.firm.pk):
        mapping.keep_settings(firm_id=house.firm.pk, settings={"approvals": said})


def loaded(house: House) -> Waits:
    """Read what planning asks."""
    with firm_scope(write=None, reads=[house.firm.pk]):
        return approvals.load(house.firm.pk)


def held(house: House, books: Books, *, amount: int = 1200000, print_: str = "a" * 64) -> Hold:
    """Hold a movement of client money, as settling does when it waits."""
    problem = loaded(house).of(subject=SUBJECT, amount=amount, print_=print_, entry=ENTRY)
    assert isinstance(problem, Problem)
    with firm_scope(write=house.firm.pk):
        document, _ = Document.objects.get_or_create(
            firm_id=house.firm.pk, kind="money", source_id=7,
            defaults={
                "resource": "bank_transactions", "day": date(2026, 9, 1), "amount": -amount,
                "read_at": cast.NOW,
            },
        )  # fmt: skip
        verdict = queue.Verdict(document=document, problem=problem)
        queue.apply(firm_id=house.firm.pk, books_id=books.pk, verdicts=[verdict], now=cast.NOW)
        return Hold.objects.get(firm_id=house.firm.pk, document=document, closed_at__isnull=True)


def a_limit(house: House) -> dict[str, Any]:
    """Name a change of the approval limit that waits for a partner."""
    limit(house, trust_over="10000.00")
    wanted = approvals.Limit(over=2_000_000, needed=1, approvers=())
    made = approval_limit.ask(
        firm=house.firm, limit=wanted, by=house.administrator, signs=False, reason="Higher", now=cast.NOW
    )
    assert isinstance(made, LimitChange)
    return {"change_id": made.pk}


def a_trust_account(house: House) -> dict[str, Any]:
    """Name a trust account for an address."""
    return {"pair_id": account(house).pk}


def a_change(house: House) -> dict[str, Any]:
    """Name a change that waits for an address."""
    return {"change_id": change(house).pk}


def waiting(house: House, books: Books) -> Hold:
    """A trust entry that waits for approval."""
    limit(house, trust_over="10000.00")
    return held(house, books)


def an_entry(house: House) -> dict[str, Any]:
    """Name a trust entry that waits for approval for an address."""
    return {"hold_id": waiting(house, cast.books(house, "theirs")).pk}
