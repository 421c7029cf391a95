"""Laws of matching: nothing twice, nothing by a cent, nothing by the order it came in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.trust import ledgers
from trust.matching import Group, Matching, Proposal, match, standing
from trust.nouns import BankLine, Movement


def all_of(found: Matching) -> list[Proposal]:
    return [*found.automatic, *found.suggested]


@given(ledgers.bank_lines(), ledgers.entries())
def test_a_line_and_an_entry_stand_in_one_proposal_at_most(lines, entries) -> None:
    found = all_of(match(lines, entries))

    used = [key for one in found for key in one.lines]
    booked = [key for one in found for key in one.movements]
    assert len(used) == len(set(used))
    assert len(booked) == len(set(booked))
    assert set(used) <= {line.id for line in lines}
    assert set(booked) <= {one.subject for one in entries}


@given(ledgers.bank_lines(), ledgers.entries())
def test_both_sides_of_a_proposal_are_the_same_amount(lines, entries) -> None:
    seen = {line.id: line.amount for line in lines}
    booked = {one.subject: one.amount for one in entries}

    for one in all_of(match(lines, entries)):
        assert one.movements
        assert one.lines or sum(booked[key] for key in one.movements) == 0
        assert sum(seen[key] for key in one.lines) == sum(booked[key] for key in one.movements)


@given(ledgers.bank_lines(), ledgers.entries(), st.randoms())
def test_the_order_things_come_in_changes_nothing(lines, entries, chance) -> None:
    found = match(lines, entries)

    chance.shuffle(lines)
    chance.shuffle(entries)

    assert match(lines, entries) == found


@given(ledgers.bank_lines(), ledgers.entries())
def test_a_check_is_never_another_check(lines, entries) -> None:
    seen = {line.id: line for line in lines}
    booked = {one.subject: one for one in entries}

    for one in all_of(match(lines, entries)):
        for line in (seen[key] for key in one.lines):
            for movement in (booked[key] for key in one.movements):
                if movement.amount < 0 and line.check and movement.check:
                    assert line.check.lstrip("0") == movement.check.lstrip("0")


@given(ledgers.bank_lines(), ledgers.entries())
def test_what_two_fit_equally_well_is_never_certain(lines, entries) -> None:
    """Double every entry: whatever was certain has a rival now, so nothing but a suggestion may remain."""
    twins = [replace(one, subject=f"{one.subject}b") for one in entries]

    found = match(lines, [*entries, *twins])

    assert [one for one in found.automatic if len(one.lines) == 1 and len(one.movements) == 1] == []


@st.composite
def histories(draw):
    """Draw a year of entries with their own check numbers and amounts, and the bank lines they became."""
    lines, entries, truth = [], [], {}
    for number in range(draw(st.integers(0, 30))):
        amount = draw(st.sampled_from([-1, 1])) * (10_000 + number * 1_111)
        check = str(2000 + number) if amount < 0 and draw(st.booleans()) else ""
        entry = ledgers.entry(f"bank_transactions/{number}", draw(ledgers.days), amount, check=check)
        entries.append(entry)
        delay = draw(st.integers(0, 90 if check else 5))
        if draw(st.booleans()):
            lines.append(
                BankLine(id=f"L{number}", day=entry.day + timedelta(days=delay), amount=amount, check=check)
            )
            truth[f"L{number}"] = entry.subject
    return lines, entries, truth


@given(histories())
def test_distinct_money_is_matched_of_itself_all_of_it_and_rightly(history) -> None:
    lines, entries, truth = history

    found = match(lines, entries)

    assert {one.lines[0]: one.movements[0] for one in found.automatic} == truth
    assert found.suggested == ()


@st.composite
def kept_matches(draw, lines: list[BankLine], entries: list[Movement]):
    """Draw any matches at all, also such as a later change has put out of balance."""
    free_lines, free_entries, found = [one.id for one in lines], [one.subject for one in entries], []
    for _number in range(draw(st.integers(0, 6))):
        some = [free_lines.pop() for _ in range(min(draw(st.integers(0, 3)), len(free_lines)))]
        others = [free_entries.pop() for _ in range(min(draw(st.integers(0, 3)), len(free_entries)))]
        found.append(Group(lines=tuple(some), movements=tuple(others)))
    return found


@given(st.data(), ledgers.bank_lines(), ledgers.entries(), ledgers.days)
def test_what_is_outstanding_always_explains_the_bank_against_the_books(data, lines, entries, number) -> None:
    """Whatever was matched with whatever: bank + outstanding − unmatched = books, on every day."""
    groups = data.draw(kept_matches(lines, entries))
    day = ledgers.day(number)

    found = standing(groups, lines, entries, day)

    bank = sum(line.amount for line in lines if line.day <= day)
    books = sum(one.amount for one in entries if one.day <= day)
    left = sum(one.amount for one in found.outstanding) - sum(line.amount for line in found.unmatched)
    assert bank + left == books
    assert all(one.amount and one.day <= day for one in found.outstanding)
    assert all(one.amount and one.day <= day for one in found.unmatched)


@given(ledgers.bank_lines(), ledgers.entries())
def test_what_was_matched_and_lies_behind_is_not_outstanding(lines, entries) -> None:
    found = all_of(match(lines, entries))
    groups = [Group(lines=one.lines, movements=one.movements) for one in found]

    left = standing(groups, lines, entries, ledgers.day(1000))

    matched = {key for group in groups for key in (*group.lines, *group.movements)}
    assert not matched & {one.subject for one in left.outstanding}
    assert not matched & {one.id for one in left.unmatched}
