"""What the bank has otherwise than the books: lines without a movement, other amounts, what is overdue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from syncapp.core.money import spoken
from trust.bankwords import Says, says
from trust.nouns import BankLine, Movement
from trust.threeway import words
from trust.threeway.drift import Stray
from trust.threeway.nouns import Bank, Difference, Facts, What, Witness

AT_BANK = (Witness.BANK, Witness.BOOKS_BANK)
RETURN_DAYS = 30  # within which a bank sends an item back
NEAR_DAYS = 15  # within which a line is taken for a movement of another amount by its digits alone

SAID = {
    Says.RETURN: (What.RETURNED, "sends something back that the books do not show"),
    Says.FEE: (What.BANK_FEE, "took money of clients for a fee: the firm owes it to trust"),
    Says.INTEREST: (What.BANK_INTEREST, "is interest that the books do not have"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AtBank:
    """What of the bank's lines explains a difference, and what is outstanding once it is told apart."""

    outstanding: tuple[Movement, ...]
    differences: tuple[Difference, ...]


def at_bank(
    bank: Bank, facts: Facts, strayed: Sequence[Stray] = (), *, ignored: frozenset[str] = frozenset()
) -> AtBank:
    """Explain the lines that no movement answers.

    `strayed` are the movements that Tieout has otherwise than Clio: the bank has seen what Clio says.
    `ignored` movements are no part of what is outstanding.
    """
    open_items = [one for one in bank.outstanding if one.subject not in ignored]
    found: list[Difference] = []
    told = list(strayed)
    for line in bank.unmatched:
        stray = next((one for one in told if _is_of(line, one, facts)), None)
        if stray is not None:
            told.remove(stray)
        near = next((one for one in open_items if stray and one.subject == stray.key), None)
        if stray is not None and near is None and not stray.theirs.bank:
            found.append(_seen(line, stray))
            continue
        near = near or _near(line, open_items, bank.unmatched, facts)
        if near is None:
            found.append(_alone(line, bank))
            continue
        open_items.remove(near)
        found.append(_other_amount(line, near))
    found += [late for one in open_items if (late := _late(one, facts)) is not None]
    return AtBank(outstanding=tuple(open_items), differences=tuple(found))


def _is_of(line: BankLine, stray: Stray, facts: Facts) -> bool:
    """Tell whether a line is a movement as Clio has it, which Tieout does not have so."""
    if stray.ours.bank != line.amount or stray.theirs.bank == line.amount:
        return False
    if line.check and stray.form.check and line.check != stray.form.check:
        return False
    limit = facts.limits.check_days if line.amount < 0 else NEAR_DAYS
    return -1 <= (line.day - stray.form.day).days <= limit


def _seen(line: BankLine, stray: Stray) -> Difference:
    name = words.movement(stray.form, line.amount)
    return Difference(
        kind=stray.kind,
        amount=line.amount,
        day=line.day,
        reason=words.sentence(f"{words.line(line)} is {name}, which is not in the books"),
        between=AT_BANK,
        effect=line.amount,
        ledger=stray.ledgers[0],
        subjects=(stray.key,),
        lines=(line.id,),
    )


def _near(
    line: BankLine, items: Sequence[Movement], lines: Sequence[BankLine], facts: Facts
) -> Movement | None:
    """Return the one outstanding movement that this line is, for another amount."""
    alike = [
        one
        for one in items
        if one.amount != line.amount
        and (one.amount > 0) == (line.amount > 0)
        and -1 <= (line.day - one.day).days <= facts.limits.check_days
    ]
    by_check = [one for one in alike if line.check and one.check == line.check]
    if by_check:
        return by_check[0]
    written = [
        one
        for one in alike
        if not (one.check and line.check)
        and (line.day - one.day).days <= NEAR_DAYS
        and (transposed(one.amount, line.amount) or _same_reference(one, line))
    ]
    rivals = [
        other
        for other in lines
        if other is not line and any(transposed(one.amount, other.amount) for one in written)
    ]
    return written[0] if len(written) == 1 and not rivals else None


def _same_reference(one: Movement, line: BankLine) -> bool:
    return bool(one.reference) and one.reference == line.reference


def transposed(one: int, other: int) -> bool:
    """Tell whether two amounts have the same digits in another order: their difference divides by nine."""
    return one != other and (one - other) % 9 == 0 and sorted(str(abs(one))) == sorted(str(abs(other)))


def _other_amount(line: BankLine, one: Movement) -> Difference:
    return Difference(
        kind=What.OTHER_AMOUNT,
        amount=line.amount - one.amount,
        day=line.day,
        reason=words.sentence(
            f"{words.movement(one, one.amount)} cleared the bank for {spoken(abs(line.amount))} "
            f"on {words.day(line.day)}"
        ),
        between=AT_BANK,
        effect=line.amount - one.amount,
        ledger=_ledger(one),
        subjects=(one.subject,),
        lines=(line.id,),
    )


def _alone(line: BankLine, bank: Bank) -> Difference:
    """Tell what a line is that no movement up to the last day answers."""
    name = words.line(line)
    kind, one, why = What.ONLY_AT_BANK, None, f"{name} is not in the books"
    later = _matched_with(line, bank)
    if later is not None:
        kind, one = What.EARLIER_AT_BANK, later
        why = f"{name} is {words.movement(later, later.amount)}: the books have it in a later period"
    elif (sent_back := _returned(line, bank)) is not None:
        kind, one = What.RETURNED, sent_back
        why = f"{name} sends back {words.movement(sent_back, sent_back.amount)}"
    elif (twice := _twice(line, bank)) is not None:
        kind, one = What.TWICE_AT_BANK, twice
        why = f"{name} is there a second time: {words.movement(twice, twice.amount)} has cleared already"
    elif (said := says(line.text, line.amount)) in SAID:
        kind, why = SAID[said][0], f"{name} {SAID[said][1]}"
    return Difference(
        kind=kind,
        amount=line.amount,
        day=line.day,
        reason=words.sentence(why),
        between=AT_BANK,
        effect=line.amount,
        ledger=_ledger(one) if one else "",
        subjects=(one.subject,) if one else (),
        lines=(line.id,),
    )


def _ledger(one: Movement) -> str:
    return one.ledgers[0][0] if one.ledgers else ""


def _matched_with(line: BankLine, bank: Bank) -> Movement | None:
    """Return the movement that this very line was matched with: a later one, or it would not stand here."""
    for match in bank.matched:
        if any(one.id == line.id for one in match.lines) and match.movements:
            return match.movements[0]
    return None


def _returned(line: BankLine, bank: Bank) -> Movement | None:
    """Return what a line undoes: its amount the other way round, shortly before, by its words or number."""
    for match in bank.matched:
        if sum(one.amount for one in match.lines) != -line.amount or not match.movements:
            continue
        apart = (line.day - max(one.day for one in match.lines)).days
        checks = {one.check for one in match.lines} - {""}
        if 0 <= apart <= RETURN_DAYS and (
            says(line.text, line.amount) is Says.RETURN or (line.check and line.check in checks)
        ):
            return match.movements[0]
    return None


def _twice(line: BankLine, bank: Bank) -> Movement | None:
    """Return the movement that an equal line has cleared already: the same check, or the same reference."""
    for match in bank.matched:
        for one in match.lines:
            same = (line.check and one.check == line.check) or (
                line.reference and one.reference == line.reference
            )
            if one.amount == line.amount and same and match.movements:
                return match.movements[0]
    return None


def _late(one: Movement, facts: Facts) -> Difference | None:
    age = (facts.last - one.day).days
    limit = facts.limits.deposit_days if one.amount > 0 else facts.limits.check_days
    if age <= limit:
        return None
    deposit = one.amount > 0
    why = f"{words.movement(one, one.amount)} has not reached the bank in {age} days"
    if not deposit:
        why = f"{words.movement(one, one.amount)} has been outstanding for {age} days"
    return Difference(
        kind=What.LATE_DEPOSIT if deposit else What.STALE_CHECK,
        amount=one.amount,
        day=one.day,
        reason=words.sentence(why),
        between=AT_BANK,
        ledger=_ledger(one),
        subjects=(one.subject,),
    )
