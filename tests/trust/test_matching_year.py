"""A year of two trust accounts at their banks is matched: nothing is wrong, and one fault is left."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from syncapp.emulators.clio.funds import BankTransaction
from syncapp.emulators.trust_year import TrustYear, trust_year
from trust.matching import Proposal, match
from trust.nouns import BankLine, Movement

INSIDE = {"Matter Transfer", "Trust Transfer"}  # between ledgers of one account
KINDS = {"trust_interest": "interest", "bank_charge": "bank_charge"}


def entries(year: TrustYear, bank: int) -> Iterator[Movement]:
    """What Clio has of an account, as it stands in the books."""
    for row in year.world.all(BankTransaction):
        if row.bank_account_id == bank and row.transaction_type not in INSIDE:
            yield Movement(
                subject=f"bank_transactions/{row.id}", day=row.date, amount=int(row.amount * 100),
                ledgers=((f"matters/{row.matter_id}", int(row.amount * 100)),),
                check=row.confirmation if row.confirmation.isdigit() else "", reference=row.confirmation,
                kind=KINDS.get(row.transaction_type, ""),
            )  # fmt: skip


def truth(year: TrustYear, name: str) -> dict[str, set[str]]:
    """Which rows each line pays, corrections of the bank included."""
    found = {
        line: {f"bank_transactions/{row.id}" for row in rows}
        for line, rows in year.accounts[name].rows.items()
    }
    for fault in year.faults:
        if fault.account == name and len(fault.lines) == 2 and fault.row:
            found |= {line: {f"bank_transactions/{fault.row}"} for line in fault.lines}
    return found


def right(one: Proposal, known: dict[str, set[str]]) -> bool:
    """Say whether a proposal puts together what belongs together."""
    return not one.lines or set().union(*(known.get(line, set()) for line in one.lines)) == set(one.movements)


@pytest.mark.parametrize("seed", range(1, 7))
def test_the_trust_year_is_matched_rightly_but_for_its_open_fault(seed: int) -> None:
    year = trust_year(seed)
    certain = suggested = left = 0
    for name, cleared in year.accounts.items():
        lines = [
            BankLine(
                id=one.id,
                day=one.day,
                amount=one.amount,
                check=one.check,
                reference=one.reference,
                text=one.text,
            )
            for one in cleared.kept.lines
        ]
        found = match(lines, entries(year, cleared.bank.id))
        known = truth(year, name)

        assert [one for one in (*found.automatic, *found.suggested) if not right(one, known)] == []
        named = {key for one in (*found.automatic, *found.suggested) for key in one.lines}
        certain += sum(len(one.lines) for one in found.automatic)
        suggested += sum(len(one.lines) for one in found.suggested)
        left += len([one for one in lines if one.id not in named])

    assert left == 1, "the fault that is still open"
    assert suggested <= (certain + suggested) // 20
