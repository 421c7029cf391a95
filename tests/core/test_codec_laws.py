"""Documents and drafts survive being kept as JSON, each kind of them, whatever they hold."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syncapp.core import codec, keys
from syncapp.core.documents import CLASS_OF
from syncapp.core.ledger import (
    DRAFT_OF,
    FORMS,
    DepositDraft,
    EntryLine,
    JournalDraft,
    ObjectKind,
    TrustBankLine,
    TrustLedgerLine,
    TwinDraft,
    account_subject,
)

CALM = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
decimals = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**6), max_value=10**6)
st.register_type_strategy(Decimal, decimals)


@st.composite
def journals(draw: st.DrawFn) -> JournalDraft:
    rows = draw(st.lists(st.builds(EntryLine), max_size=4))
    rest = EntryLine(account="90", amount=-sum(row.amount for row in rows))
    return JournalDraft(number=draw(st.text()), day=draw(st.dates()), lines=(*rows, rest))


@st.composite
def ledger_lines(draw: st.DrawFn) -> TrustLedgerLine:
    account = str(draw(st.integers(1, 10**6)))  # an id of the books
    ledger = draw(st.sampled_from(["matters/1", "contacts/7", "trust/firm"]))
    below = account_subject(account, ledger) if draw(st.booleans()) else ""
    return draw(
        st.builds(TrustLedgerLine, account=st.just(account), ledger=st.just(ledger), below=st.just(below))
    )


@st.composite
def twins(draw: st.DrawFn) -> TwinDraft:
    ledgers = draw(st.lists(ledger_lines().filter(lambda line: bool(line.ledger)), min_size=1, max_size=3))
    bank = TrustBankLine(account="5", amount=-sum(line.amount for line in ledgers))
    parts = {name: draw(st.text()) for name in ("number", "memo", "payee", "location")}
    form = draw(st.sampled_from(FORMS))
    return TwinDraft(form=form, day=draw(st.dates()), banks=(bank,), ledgers=tuple(ledgers), **parts)


@st.composite
def deposits(draw: st.DrawFn) -> DepositDraft:
    amounts = draw(st.lists(st.integers(0, 10**9), min_size=1, max_size=4))
    fee = draw(st.builds(EntryLine, amount=st.integers(0, sum(amounts))))
    return DepositDraft(
        day=draw(st.dates()),
        bank=draw(st.text()),
        undeposited=draw(st.text()),
        payments=tuple(f"payments/{n}" for n in range(len(amounts))),
        amounts=tuple(amounts),
        kinds=tuple(draw(st.sampled_from(ObjectKind)) for _ in amounts),
        lines=(fee,),
    )


st.register_type_strategy(JournalDraft, journals())
st.register_type_strategy(DepositDraft, deposits())
st.register_type_strategy(TwinDraft, twins())
st.register_type_strategy(TrustLedgerLine, ledger_lines())


@pytest.mark.parametrize("cls", [*CLASS_OF.values(), *DRAFT_OF.values()], ids=lambda cls: cls.__name__)
@CALM
@given(data=st.data())
def test_what_is_kept_is_read_again(cls: type[Any], data: st.DataObject) -> None:
    one = data.draw(st.from_type(cls))

    kept = json.loads(json.dumps(codec.to_json(one)))

    assert codec.from_json(cls, kept) == one
    assert keys.fingerprint(codec.to_json(codec.from_json(cls, kept))) == keys.fingerprint(kept)


@CALM
@given(st.text(min_size=1), st.text(min_size=1), st.integers(1, 9), st.sampled_from(["create", "update"]))
def test_a_key_names_what_a_thing_is(books: str, subject: str, generation: int, verb: str) -> None:
    def key(**other: Any) -> str:
        return keys.posting_key(**{
            "books": books, "subject": subject, "generation": generation, "verb": verb, "print_": "p", **other
        })  # fmt: skip

    assert key() == key()
    assert len({key(), key(generation=generation + 1), key(verb="void"), key(print_="q")}) == 4
    assert len(keys.request_id(key())) <= 36
    assert len(keys.retry_id(key(), 1)) <= 36
    assert len({keys.retry_id(key(), n) for n in range(4)}) == 4
    assert keys.trace(key()).startswith(keys.TRACE_MARK)
