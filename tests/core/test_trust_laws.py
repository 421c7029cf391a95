"""Laws of client money: for any history of trust events, Σ ledgers = liability = bank at every date.

The history is of Clio: rows come, change and go in two trust accounts, some when the entries are fixed. The
books are what planning makes of it, step by step; they are added up without it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syncapp.core.documents import Allocation, Funds, Matter, Money, Payment, TrustRow
from syncapp.core.ledger import TrustJournalDraft
from syncapp.core.planning.trust import changes
from syncapp.core.planning.trust.dips import dips
from syncapp.core.planning.trust.entries import NUMBER_LIMIT
from syncapp.core.planning.trust.pairs import account_key
from syncapp.core.planning.trust.plan import plan_leg
from syncapp.core.planning.wanted import Answer
from syncapp.core.problems import Problem
from tests.core.test_trust_wall import BOOK, PAIRS
from trust import rules

CALM = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
FIRST, FAR = date(2026, 1, 5), date(2030, 12, 31)
ACCOUNTS = ("IOLTA", "Escrow")
MATTERS = {n: Matter(id=n, number=f"0000{n}", client_id=n % 3 + 1) for n in range(1, 5)}
KNOWN = rules.Known(firm=frozenset({"The Firm"}))

type Clio = dict[str, Money | Payment]
type Books = dict[str, list[TrustJournalDraft]]

days = st.integers(0, 40).map(lambda n: FIRST + timedelta(days=n))
cents = st.integers(1, 100_000)


@st.composite
def moneys(draw: st.DrawFn, key: int) -> Money:
    """A row of client money: of a matter, of a client, or of nobody."""
    matter = draw(st.sampled_from([None, 1, 2, 3, 4]))
    client = MATTERS[matter].client_id if matter else draw(st.sampled_from([None, 1, 2, 3]))
    word = draw(st.sampled_from(["", "Trust Deposit", "Matter Transfer", "trust_interest", "bank_charge"]))
    return Money(
        id=key, day=draw(days), currency="USD", trust=True, bank_account=draw(st.sampled_from(ACCOUNTS)),
        amount=draw(cents) * draw(st.sampled_from([1, -1])), client_id=client, matter_id=matter, word=word,
        reference=draw(st.sampled_from(["", "1043", "ACH 8"])),
        counterparty=draw(st.sampled_from(["", "Clerk", "The Firm", "LawPay"])),
    )  # fmt: skip


@st.composite
def payments(draw: st.DrawFn, key: int) -> Payment:
    """A payment from trust, or of a trust request, with or without the trust account's own row."""
    amount, matter, into = draw(cents), draw(st.sampled_from([1, 2, 3, 4])), draw(st.booleans())
    account, day = draw(st.sampled_from(ACCOUNTS)), draw(days)
    part = Allocation(id=key, bill_id=7, amount=amount, day=day, matter_id=matter, client_id=1)
    row = TrustRow(
        id=key, bank_account=account, amount=amount if into else -amount,
        matter_id=draw(st.sampled_from([1, 2, 3, 4])), client_id=1,
    )  # fmt: skip
    where: dict[str, Any] = {"bank_account": account} if into else {"source_account": account}
    return Payment(
        id=key, day=day, currency="USD", funds=Funds.OUTSIDE if into else Funds.TRUST, client_id=1,
        allocations=(part,), into_trust=into, trust_rows=(row,) if draw(st.booleans()) else (), **where,
    )  # fmt: skip


@st.composite
def transfer(draw: st.DrawFn, key: int) -> list[Money]:
    """The two rows of a transfer, within an account or between two."""
    out = draw(moneys(key).filter(lambda row: row.matter_id is not None))
    out = replace(out, amount=-abs(out.amount), word="Transfer", counterparty="", reference="")
    matter = draw(st.sampled_from([1, 2, 3, 4]))
    into = replace(
        out, id=key + 1, amount=-out.amount, matter_id=matter, client_id=MATTERS[matter].client_id,
        bank_account=draw(st.sampled_from(ACCOUNTS)),
    )  # fmt: skip
    return [out, into]


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[Clio, bool]]:
    """States of Clio one after the other; with each, whether what stands in the books by then is fixed."""
    clio: Clio = {}
    states = []
    for step in range(draw(st.integers(1, 9))):
        key = 10 * (step + 1)
        act = draw(st.sampled_from(["money", "payment", "transfer", "edit", "remove"]))
        if act == "money" or not clio:
            clio[f"m{key}"] = draw(moneys(key))
        elif act == "payment":
            clio[f"p{key}"] = draw(payments(key))
        elif act == "transfer":
            clio |= {f"m{row.id}": row for row in draw(transfer(key))}
        else:
            name = draw(st.sampled_from(sorted(clio)))
            clio[name] = _removed(clio[name]) if act == "remove" else _edited(draw, clio[name])
        states.append((dict(clio), draw(st.booleans())))
    return states


def _removed(old: Money | Payment) -> Money | Payment:
    return replace(old, gone=True) if isinstance(old, Money) else replace(old, allocations=())


def _edited(draw: st.DrawFn, old: Money | Payment) -> Money | Payment:
    return draw(moneys(old.id)) if isinstance(old, Money) else draw(payments(old.id))


def arrive(books: Books, clio: Clio, *, fixed: bool, day: date) -> None:
    """Bring the books in line with Clio by planning alone; what is held stays as it stands."""
    pairs = rules.transfers_of(one for one in clio.values() if isinstance(one, Money))
    wanted: dict[str, TrustJournalDraft] = {}
    waiting: set[str] = set()
    for reading in clio.values():
        told = rules.movements(reading, MATTERS, KNOWN, transfers=pairs)
        if isinstance(told, Problem):
            waiting.add(_row(reading))
            continue
        for account, moved in told.items():
            answer = plan_leg(account, moved, BOOK)
            if isinstance(answer, Answer):
                wanted |= {
                    one.subject: one.draft
                    for one in answer.wanted
                    if isinstance(one.draft, TrustJournalDraft)
                }
            else:
                waiting.add(_row(reading))
    for subject in sorted(books.keys() | wanted.keys()):
        if not any(subject.startswith(row) for row in waiting):
            _bring(books.setdefault(subject, []), wanted.get(subject), fixed=fixed, day=day)


def _row(reading: Money | Payment) -> str:
    return f"{'payments' if isinstance(reading, Payment) else 'bank_transactions'}/{reading.id}"


def _bring(
    entries: list[TrustJournalDraft], asked: TrustJournalDraft | None, *, fixed: bool, day: date
) -> None:
    """Do to the entries of one movement what the road does."""
    if not entries:
        entries += [asked] if asked else []
        return
    base, *earlier = entries
    if asked is not None and changes.in_place(base, earlier, asked, fixed=fixed):
        entries[0] = asked
        return
    entries += changes.amendments(base, earlier, asked, day=day if fixed else base.day)


def lines(books: Books) -> Iterator[tuple[date, str, str, int]]:
    """Every line that stands: day, account, ledger, cents."""
    for entries in books.values():
        for draft in entries:
            for line in draft.entry():
                yield draft.day, line.account, line.ledger, line.amount


@CALM
@given(histories())
def test_ledgers_liability_and_bank_agree_at_every_date_after_every_step(
    history: list[tuple[Clio, bool]],
) -> None:
    books: Books = {}
    for step, (clio, fixed) in enumerate(history):
        arrive(books, clio, fixed=fixed, day=FIRST + timedelta(days=50 + step))
        for day in {*(line[0] for line in lines(books)), FAR}:
            for pair in PAIRS.values():
                mine = [line for line in lines(books) if line[0] <= day]
                bank = sum(cents for _, account, _, cents in mine if account == pair.bank)
                owed = sum(cents for _, account, _, cents in mine if account == pair.liability)
                ledgers = [row for row in mine if row[1] == pair.liability]
                assert bank == -owed
                assert all(ledger for _, _, ledger, _ in ledgers)


@CALM
@given(histories())
def test_no_entry_leaves_the_two_accounts_of_one_pair(history: list[tuple[Clio, bool]]) -> None:
    books: Books = {}
    allowed = [{pair.bank, pair.liability} for pair in PAIRS.values()]
    for step, (clio, fixed) in enumerate(history):
        before = {subject: list(entries) for subject, entries in books.items()}
        arrive(books, clio, fixed=fixed, day=FIRST + timedelta(days=50 + step))
        for subject, entries in books.items():
            for draft in entries:
                assert any({line.account for line in draft.entry()} <= two for two in allowed)
                assert len(draft.number) <= NUMBER_LIMIT
            was = before.get(subject, [])
            assert entries[1 : len(was)] == was[1:], "a later entry is never changed"
            if fixed and was:
                assert entries[0] == was[0], "what is fixed stays as it is"


@CALM
@given(histories())
def test_the_books_are_clio_less_what_is_held(history: list[tuple[Clio, bool]]) -> None:
    """However it came there: in the end each ledger holds what Clio says, but for what is held and named."""
    books: Books = {}
    for step, (clio, fixed) in enumerate(history):
        arrive(books, clio, fixed=fixed, day=FIRST + timedelta(days=50 + step))
    last = history[-1][0]
    told, problems = rules.all_movements(last.values(), MATTERS, KNOWN)
    held = [m for name, mine in told.items() for m in mine if isinstance(plan_leg(name, m, BOOK), Problem)]
    for account, pair in ((name, PAIRS[account_key(name)]) for name in ACCOUNTS):
        if held or problems:
            continue  # what was posted before it was held stands as it was, also in the other account
        asked, found = Counter[str](), Counter[str]()
        for moved in told.get(account, []):
            asked.update(dict(moved.ledgers))
        for _, where, ledger, amount in lines(books):
            if where == pair.liability:
                found[ledger] -= amount
        assert {k: v for k, v in found.items() if v} == {k: v for k, v in asked.items() if v}
    again = {subject: list(entries) for subject, entries in books.items()}
    arrive(books, last, fixed=True, day=FAR)
    assert books == again, "nothing moves when nothing happens"


@CALM
@given(histories())
def test_a_dip_is_told_when_and_only_when_a_ledger_is_below_zero(history: list[tuple[Clio, bool]]) -> None:
    told, _ = rules.all_movements(history[-1][0].values(), MATTERS, KNOWN)
    for moved in told.values():
        balance = Counter[str]()
        for one in moved:
            balance.update(dict(one.ledgers))
        below = {ledger: cents for ledger, cents in balance.items() if cents < 0}
        assert {dip.ledger: dip.balance for dip in dips(moved) if dip.until is None} == below
        assert all(dip.lowest < 0 and dip.lowest <= dip.balance for dip in dips(moved))
