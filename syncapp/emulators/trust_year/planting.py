"""Faults between the bank and Clio. The settled ones tie again by their month's end; one is left open.

Where, how much, whose and why vary with the seed. The planter knows no detector.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from syncapp.emulators.bank import Line
from syncapp.emulators.clio.desk_trust import trust_balance
from syncapp.emulators.clio.funds import BankTransaction
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.nouns import Contact, Matter
from syncapp.emulators.clio.trustworld import workday
from syncapp.emulators.trust_year.clearing import Cleared

KINDS = ("missing_deposit", "bank_fee", "transposed_amount", "returned_check", "check_other_amount")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One planted fault. `amount` is what the bank has more than Clio, in cents, while it is open.

    `cure` is the action of a Clio user that closes it; a settled fault has none. `row` is the Clio row
    that is concerned, `lines` are the bank's marks.
    """

    kind: str
    account: str
    day: date
    amount: int
    cause: str
    matter: int | None = None
    row: int | None = None
    lines: tuple[str, ...] = ()
    cure: tuple[str, dict[str, Any]] | None = field(default=None)


def plant_settled(world: World, cleared: Cleared, chance: random.Random, months: list[date]) -> list[Fault]:
    """What the bank puts right itself: a late deposit, a check and a deposit for another amount."""
    made = _late(world, cleared, chance)
    chosen = chance.sample(months, len(months))
    for plan in (_wrong_check, _wrong_deposit):
        for month in chosen:
            if found := plan(cleared, chance, month):
                made.append(found)
                chosen.remove(month)
                break
    return made


def _until(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _late(world: World, cleared: Cleared, chance: random.Random) -> list[Fault]:
    """A deposit of a month's last working day that the bank has only in the next month."""
    planted = {p.id for p in world.planted if p.kind == "late_deposit"}
    made = []
    for line, row in cleared.alone(date.min, date.max):
        if row.id in planted:
            day = workday(_until(row.date) + timedelta(days=chance.randint(2, 4)))
            cleared.kept.change(line, replace(line, day=day))
            made.append(
                Fault(
                    kind="missing_deposit", account=cleared.bank.name, day=row.date, amount=0,
                    matter=row.matter_id, row=row.id, lines=(line.id,),
                    cause="the bank has it only in the next month",
                )
            )  # fmt: skip
    cleared.kept.lines.sort(key=lambda each: each.day)
    return made


def _wrong_check(cleared: Cleared, chance: random.Random, month: date) -> Fault | None:
    return _corrected(cleared, chance, month, kind="check_other_amount", wanted=lambda line: bool(line.check))


def _wrong_deposit(cleared: Cleared, chance: random.Random, month: date) -> Fault | None:
    return _corrected(
        cleared, chance, month, kind="transposed_amount", wanted=lambda line: line.text == "DEPOSIT"
    )


def _corrected(
    cleared: Cleared, chance: random.Random, month: date, *, kind: str, wanted: Callable[[Line], bool]
) -> Fault | None:
    """The bank reads a wrong amount and puts it right three days later, within the month."""
    pairs = [
        (line, row)
        for line, row in cleared.alone(month, month.replace(day=22))
        if wanted(line) and transposed(line.amount) != line.amount
    ]
    if not pairs:
        return None
    line, row = chance.choice(pairs)
    wrong = replace(line, amount=transposed(line.amount))
    cleared.kept.change(line, wrong)
    right = cleared.kept.add(
        day=workday(line.day + timedelta(days=3)), amount=line.amount - wrong.amount,
        text="ENCODING ERROR CORRECTION", reference=line.check or line.id,
    )  # fmt: skip
    return Fault(
        kind=kind, account=cleared.bank.name, day=line.day, amount=0, matter=row.matter_id, row=row.id,
        lines=(line.id, right.id), cause="the bank read it wrong and put it right",
    )  # fmt: skip


def transposed(cents: int) -> int:
    """The amount with two neighbouring digits the other way round; itself when all digits are the same."""
    digits = str(abs(cents))
    for i in range(1, len(digits) - 1):
        if digits[i] != digits[i + 1]:
            turned = digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]
            return int(turned) if cents > 0 else -int(turned)
    return cents


def plant_open(world: World, cleared: Cleared, chance: random.Random, month: date) -> Fault:
    """The one fault that nobody has found yet, in the last month."""
    plans = {
        "missing_deposit": _missing,
        "bank_fee": _fee,
        "transposed_amount": _typed,
        "returned_check": _returned,
        "check_other_amount": _check,
    }
    for kind in chance.sample(KINDS, len(KINDS)):
        if found := plans[kind](world, cleared, chance, month):
            return found
    raise AssertionError("a missing deposit can always be planted")


def _some_day(chance: random.Random, month: date) -> date:
    return workday(month.replace(day=chance.randint(5, 26)))


def _missing(world: World, cleared: Cleared, chance: random.Random, month: date) -> Fault:
    """Client money that reached the bank and that nobody recorded."""
    used = {t.matter_id for t in world.all(BankTransaction) if t.bank_account_id == cleared.bank.id}
    matter = chance.choice([m for m in world.all(Matter) if m.id in used])
    amount, day = chance.randint(40_000, 390_000), _some_day(chance, month)
    payer = world.get(Contact, matter.client_id).name
    reference = f"WIRE {chance.randint(1100, 98000)}"
    line = cleared.kept.add(day=day, amount=amount, text=f"WIRE CREDIT {payer}".upper(), reference=reference)
    given = {"matter": matter.id, "amount": _text(amount), "reference": reference}
    return _open(cleared, "missing_deposit", line, amount, "trust_deposit", given, matter=matter.id,
                 cause="the client's wire was never recorded in Clio")  # fmt: skip


def _fee(_: World, cleared: Cleared, chance: random.Random, month: date) -> Fault:
    """A charge that nobody recorded."""
    amount = -chance.randint(1500, 9500)
    line = cleared.kept.add(day=_some_day(chance, month), amount=amount, text="WIRE TRANSFER FEE")
    given = {"amount": _text(-amount), "description": "Wire transfer fee"}
    return _open(cleared, "bank_fee", line, amount, "bank_charge", given,
                 cause="the bank took a fee that was never recorded in Clio")  # fmt: skip


def _typed(_: World, cleared: Cleared, chance: random.Random, month: date) -> Fault | None:
    """A deposit that was typed into Clio with two digits the wrong way round."""
    return _differs(
        cleared, chance, month, "transposed_amount",
        lambda line: line.amount > 0 and not line.text.startswith(("INTEREST", "TRANSFER")),
        transposed, "two digits were typed the wrong way round in Clio",
    )  # fmt: skip


def _check(_: World, cleared: Cleared, chance: random.Random, month: date) -> Fault | None:
    """A check that was paid for another amount than Clio has."""
    return _differs(
        cleared, chance, month, "check_other_amount", lambda line: bool(line.check),
        lambda cents: cents + 100 * chance.randint(1, 90), "the check was written for another amount",
    )  # fmt: skip


def _differs(
    cleared: Cleared,
    chance: random.Random,
    month: date,
    kind: str,
    wanted: Callable[[Line], bool],
    other: Callable[[int], int],
    cause: str,
) -> Fault | None:
    pairs = [
        (line, row)
        for line, row in cleared.alone(month, _until(month))
        if wanted(line) and row.payment_id is None and row.date >= month and abs(line.amount) > 10_000
        and other(line.amount) != line.amount
    ]  # fmt: skip
    if not pairs:
        return None
    line, row = chance.choice(pairs)
    amount = other(line.amount)
    cleared.kept.change(line, replace(line, amount=amount))
    cure = ("edit_trust_row", {"row": row.id, "amount": _text(abs(amount))})
    return Fault(
        kind=kind, account=cleared.bank.name, day=line.day, amount=amount - line.amount, cause=cause,
        matter=row.matter_id, row=row.id, lines=(line.id,), cure=cure,
    )  # fmt: skip


def _returned(world: World, cleared: Cleared, chance: random.Random, month: date) -> Fault | None:
    """A client's check that came back, which nobody told the firm."""
    pairs = [
        (line, row)
        for line, row in cleared.alone(month, month.replace(day=26))
        if line.text == "DEPOSIT" and row.matter_id is not None
        and trust_balance(world, matter=row.matter_id, bank=cleared.bank.id) >= row.amount
    ]  # fmt: skip
    if not pairs:
        return None
    line, row = chance.choice(pairs)
    back = cleared.kept.add(
        day=workday(line.day + timedelta(days=2)), amount=-line.amount, text="RETURNED DEPOSITED ITEM",
        reference=row.confirmation,
    )  # fmt: skip
    given = {"row": row.id}
    return _open(cleared, "returned_check", back, -line.amount, "return_deposit", given,
                 matter=row.matter_id, row=row.id, cause="the client's check came back unpaid")  # fmt: skip


def _open(
    cleared: Cleared, kind: str, line: Line, amount: int, action: str, given: dict[str, Any], *, cause: str,
    matter: int | None = None, row: int | None = None,
) -> Fault:  # fmt: skip
    """A fault that a line of the bank alone makes; its cure is dated as the line is."""
    bank = {} if action == "return_deposit" else {"bank_account": cleared.bank.id}
    cure = (action, {**given, **bank, "date": line.day.isoformat()})
    return Fault(
        kind=kind, account=cleared.bank.name, day=line.day, amount=amount, cause=cause, matter=matter,
        row=row, lines=(line.id,), cure=cure,
    )  # fmt: skip


def _text(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
