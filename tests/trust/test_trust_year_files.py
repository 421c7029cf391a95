"""Every statement of the seeded trust year is read as its bank wrote it."""

from __future__ import annotations

import pytest

from syncapp.emulators.trust_year import trust_year
from trust.statements.reading import read


@pytest.mark.parametrize("seed", [7, 23])
def test_every_statement_of_the_year_is_read_to_the_cent_and_ties_to_the_one_before(seed: int) -> None:
    year = trust_year(seed)
    closing = {name: year.opening(name) for name in year.accounts}

    for name, month, _, content in year.files():
        kept = year.kept(name)
        told = read(content).statements

        sheet = kept.month(month)
        assert len(told) == 1, (name, month)
        assert [(line.day, line.amount, line.check) for line in told[0].lines] == [
            (line.day, line.amount, line.check) for line in sheet.lines
        ]
        assert told[0].account in ("", kept.number)
        assert told[0].closing == sheet.closing
        assert told[0].opening in (None, closing[name])
        assert told[0].proof in (None, 0)
        assert len({line.id for line in told[0].lines}) == len(sheet.lines)
        closing[name] = sheet.closing
