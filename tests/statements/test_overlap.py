"""Files of several accounts, and files that overlap in any way."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncapp.emulators.bank import write
from tests.statements.importing import bring
from tests.statements.sheets import ACCOUNT, sep, sheet
from tests.trust import world
from trust.nouns import BankLine, BankStatement, Unreadable
from trust.statements import fitting
from trust.statements.fitting import Past


def test_one_file_may_hold_the_statements_of_several_accounts(house, account) -> None:
    other = world.pair(house, books=account.books, clio_account="IOLTA Two", bank="36", liability="42")
    both = write("bai2", sheet()).decode(), write("bai2", sheet(account="000777778836")).decode()
    body = both[0][: both[0].index("99,")] + both[1][both[1].index("02,") :]
    totals = [int(number) for number in re.findall(r"^98,(\d+)", body, re.MULTILINE)]
    head = body[: body.rindex("99,")]
    content = f"{head}99,{sum(totals)},{len(totals)},{len(head.splitlines()) + 1}/\r\n".encode()

    with pytest.raises(Unreadable, match="holds several accounts"):
        bring(account, content, "both.bai")
    first = bring(account, content, "both.bai", digits="7725")
    second = bring(other, content, "both.bai", digits="8836")

    assert first.file_id == second.file_id
    assert (first.account, second.account) == (ACCOUNT, "000777778836")


lines_of_days = st.lists(
    st.tuples(st.integers(min_value=1, max_value=30), st.sampled_from([-500, 500, 700, 1_200])),
    min_size=1, max_size=25,
)  # fmt: skip


@settings(max_examples=60)
@given(made=lines_of_days, cut=st.integers(min_value=1, max_value=29), marked=st.booleans())
def test_overlapping_files_never_lose_or_double_a_line(made, cut, marked) -> None:
    """Whatever lies in the overlap, with and without ids of the bank, the kept lines make the bank's sum."""
    days = sorted(made)
    names = [f"id:{n}" if marked else f"is:{one}:{days[:n].count(one)}" for n, one in enumerate(days)]
    whole = tuple(
        BankLine(id=name, day=sep(day), amount=amount)
        for name, (day, amount) in zip(names, days, strict=True)
    )
    early = tuple(line for line in whole if line.day <= sep(cut))
    total = sum(line.amount for line in whole)
    statement = BankStatement(
        account="", currency="USD", lines=whole, opening=0, closing=total, first_day=sep(1), last_day=sep(30)
    )

    found = fitting.fit(
        statement, first=sep(1), last=sep(30), past=Past(before=0, kept=early, by_identity=early)
    )

    assert len(found.known) == len(early)
    assert len(found.known) + len(found.new) == len(whole)
    assert sum(line.amount for line in (*early, *found.new)) == total
