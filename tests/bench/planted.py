"""Faults that an independent planter hides among five witnesses, and how many of them are found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tests.bench import bankfaults, faults
from tests.bench.document import table
from tests.bench.planter import LAST, MONTH, History, Row, history
from trust import matching
from trust.matching import Group
from trust.nouns import BankLine, Movement
from trust.threeway import Facts, ThreeWay, bank_side, compare

HISTORIES = 45
FAULTS_EACH = 8
HEAD = ["fault", "planted", "found", "recall"]
FAULTS: tuple[Callable[[History], None], ...] = (
    faults.held,
    faults.not_posted,
    faults.removed,
    faults.gone_from_books,
    faults.wrong_amount,
    faults.wrong_client,
    faults.wrong_date,
    faults.offsetting,
    faults.swapped_amounts,
    faults.swapped_clients,
    faults.one_sided,
    faults.by_hand,
    faults.shifted_by_hand,
    faults.fee_by_feed,
    faults.twin,
    bankfaults.missing_deposit,
    bankfaults.bank_fee,
    bankfaults.bank_interest,
    bankfaults.transposed,
    bankfaults.other_check_amount,
    bankfaults.swapped_checks,
    bankfaults.returned,
    bankfaults.paid_twice,
    bankfaults.unknown_wire,
    bankfaults.stale_check,
    bankfaults.early_line,
)


@dataclass(slots=True)
class Score:
    """What was planted and found, by kind of fault, and what was named without cause."""

    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    named: int = 0
    right: int = 0
    missed: list[tuple[int, str, str]] = field(default_factory=list)
    false: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def recall(self) -> tuple[int, int]:
        """How many of the planted items were named."""
        return self.found.total(), self.planted.total()

    @property
    def precision(self) -> tuple[int, int]:
        """How many of the named items were planted."""
        return self.right, self.named


def measure(histories: int = HISTORIES, each: int = FAULTS_EACH, first_seed: int = 1) -> Score:
    """Plant faults in many histories, each kind in its turn, and count what the three-way names."""
    score = Score()
    turn = 0
    for seed in range(first_seed, first_seed + histories):
        made = history(seed)
        for _ in range(each):
            FAULTS[turn % len(FAULTS)](made)
            turn += 1
        _count(score, seed, made, seen(made))
    return score


def _count(score: Score, seed: int, made: History, found: ThreeWay) -> None:
    named = [frozenset((*one.subjects, *one.lines)) for one in found.differences]
    every = frozenset(item for _, items in made.planted for item in items)
    for kind, items in made.planted:
        score.planted[kind] += 1
        if any(items & one for one in named):
            score.found[kind] += 1
        else:
            score.missed.append((seed, kind, ", ".join(sorted(items))))
    for one, items in zip(found.differences, named, strict=True):
        score.named += 1
        score.right += bool(items & every)
        if not items & every:
            score.false.append((seed, one.kind.value, one.reason))


def seen(made: History) -> ThreeWay:
    """Compare a history as the product does: match it, then look at what is left."""
    tieout, books = _movements(made.tieout.values()), _movements(made.books.values())
    entries = [*tieout, *(one for one in books if one.subject.startswith("books/"))]
    lines = [
        BankLine(id=row["id"], day=row["day"], amount=row["amount"], check=row["check"], text=row["text"])
        for row in made.bank.values()
    ]
    matched = matching.match(lines, [one for one in entries if one.amount])
    bank = bank_side(
        closing=sum(line.amount for line in lines),
        lines=lines,
        entries=[one for one in entries if one.amount],
        groups=[
            Group(lines=one.lines, movements=one.movements)
            for one in (*matched.automatic, *matched.suggested)
        ],
        last=LAST,
    )
    return compare(
        Facts(
            account="IOLTA", first=MONTH, last=LAST, clio=tuple(_movements(made.clio.values())),
            tieout=tuple(tieout), books=tuple(books), bank=bank, held=made.held,
        )
    )  # fmt: skip


def _movements(rows: Iterable[Row]) -> list[Movement]:
    return [
        Movement(
            subject=row["id"], day=row["day"], amount=row["amount"], check=row["check"], payee=row["payee"],
            ledgers=tuple(sorted(row["parts"].items())),
        )
        for row in rows
    ]  # fmt: skip


def figures() -> str:
    """Plant, look, and tell recall by kind of fault and precision over all."""
    score = measure()
    rows = [
        [kind, str(count), str(score.found[kind]), _percent(score.found[kind], count)]
        for kind, count in sorted(score.planted.items())
    ]
    rows.append(["**all**", str(score.recall[1]), str(score.recall[0]), _percent(*score.recall)])
    right, named = score.precision
    return (
        f"{table(HEAD, rows)}\n\n{HISTORIES} histories of three months, {FAULTS_EACH} faults planted in each "
        f"at once. Of {named} items named {right} were planted: precision {_percent(right, named)}."
    )


def _percent(part: int, whole: int) -> str:
    """A share in percent, rounded down, so that only all of it is 100."""
    tenths = part * 1000 // whole if whole else 1000
    return f"{tenths // 10}.{tenths % 10} %"
