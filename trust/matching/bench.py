"""What lies on the two sides of matching, and pairing it by check number and by reference. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field

from trust.bankwords import Says, says
from trust.matching.names import plain_check, plain_reference
from trust.matching.nouns import How, Proposal, Window
from trust.nouns import BankLine, Movement


def _spoken_days(line: BankLine, movement: Movement) -> str:
    apart = (line.day - movement.day).days
    if apart == 0:
        return "Same day"
    unit = "day" if abs(apart) == 1 else "days"
    return f"{abs(apart)} {unit} {'after' if apart > 0 else 'before'} the entry"


@dataclass(slots=True, kw_only=True)
class Bench:
    """What still lies on the two sides. Both are sorted, so that the order they came in never matters."""

    lines: dict[str, BankLine]
    movements: dict[str, Movement]
    window: Window
    found: list[Proposal] = field(default_factory=list)
    contested: set[BankLine | Movement] = field(default_factory=set)  # a number names several: never certain

    @classmethod
    def of(cls, lines: Iterable[BankLine], movements: Iterable[Movement], window: Window) -> Bench:
        """Lay out what moves money; a movement between ledgers has no bank line."""
        listed = sorted((line for line in lines if line.amount), key=lambda line: (line.day, line.id))
        booked = sorted((one for one in movements if one.amount), key=lambda one: (one.day, one.subject))
        return cls(
            lines={line.id: line for line in listed},
            movements={one.subject: one for one in booked},
            window=window,
        )

    def take(self, proposal: Proposal) -> None:
        """Keep a proposal; what it names is no longer free."""
        for line in proposal.lines:
            del self.lines[line]
        for movement in proposal.movements:
            del self.movements[movement]
        self.found.append(proposal)

    def pair(
        self,
        line: BankLine,
        movement: Movement,
        how: How,
        *reasons: str,
        certain: bool,
        rule: int | None = None,
    ) -> None:
        """Take one line as one movement."""
        said = (*reasons, _spoken_days(line, movement))
        self.take(
            Proposal(
                lines=(line.id,),
                movements=(movement.subject,),
                how=how,
                certain=certain,
                reasons=said,
                rule=rule,
            )
        )

    def within(self, line: BankLine, movement: Movement) -> bool:
        """Say whether the days fit."""
        return -self.window.before <= (line.day - movement.day).days <= self.window.after


def contradict(line: BankLine, movement: Movement) -> bool:
    """Say whether both name a check, and not the same: a payer's number on a deposit says nothing."""
    if movement.amount > 0:
        return False
    theirs, ours = plain_check(line.check), plain_check(movement.check)
    return bool(theirs and ours and theirs != ours)


_KINDS = {
    Says.FEE: {"fee", "bank_charge"},
    Says.INTEREST: {"interest"},
    Says.RETURN: set[str](),
    Says.NOTHING: set[str](),
}


def unlike(line: BankLine, movement: Movement) -> bool:
    """Say whether amount and day alone do not make them the same.

    Another check, or the bank names a fee, interest or a return and the entry is none. What somebody or the
    feed entered in the books without a check may be either.
    """
    if contradict(line, movement):
        return True
    said = says(line.text, line.amount)
    if said is Says.NOTHING or movement.kind in _KINDS[said]:
        return False
    if movement.subject.startswith("books/") and not movement.check:
        return False
    return says(f"{movement.text} {movement.payee}", movement.amount) is not said


def by_check(bench: Bench, *, certain: bool) -> None:
    """Pair payments by check number and amount; a number that came twice is only suggested."""
    _by_number(
        bench,
        How.CHECK,
        lambda line: plain_check(line.check) if line.amount < 0 else "",
        lambda one: plain_check(one.check) if one.amount < 0 else "",
        after=bench.window.check_after,
        say=lambda line: f"Check {plain_check(line.check)}",
        certain=certain,
    )


def by_reference(bench: Bench, *, certain: bool) -> None:
    """Pair by reference and amount; a reference that came twice is only suggested."""
    _by_number(
        bench,
        How.REFERENCE,
        lambda line: plain_reference(line.reference),
        lambda one: plain_reference(one.reference),
        after=bench.window.late,
        say=lambda line: f"Reference {line.reference}",
        certain=certain,
    )


def _by_number(
    bench: Bench,
    how: How,
    of_line: Callable[[BankLine], str],
    of_movement: Callable[[Movement], str],
    *,
    after: int,
    say: Callable[[BankLine], str],
    certain: bool,
) -> None:
    """Pair what has one number and one amount, or suggest the oldest two where it came more than once."""
    sides: dict[Hashable, tuple[list[BankLine], list[Movement]]] = defaultdict(lambda: ([], []))
    for line in bench.lines.values():
        if number := of_line(line):
            sides[number, line.amount][0].append(line)
    for movement in bench.movements.values():
        if (number := of_movement(movement)) and (key := (number, movement.amount)) in sides:
            sides[key][1].append(movement)
    for lines, movements in sides.values():
        if len(lines) == len(movements) == 1:
            apart = (lines[0].day - movements[0].day).days
            sure = -bench.window.before <= apart <= after and not contradict(lines[0], movements[0])
            if sure and certain:
                bench.pair(lines[0], movements[0], how, say(lines[0]), certain=True)
                continue
        if certain and movements:
            bench.contested.update(lines, movements)
        elif not certain:
            _suggest(bench, lines, movements, how, say)


def _suggest(
    bench: Bench,
    lines: list[BankLine],
    movements: list[Movement],
    how: How,
    say: Callable[[BankLine], str],
) -> None:
    doubt = () if len(lines) == len(movements) == 1 else ("this number and amount came more than once",)
    for line, movement in zip(lines, movements, strict=False):
        if not contradict(line, movement):
            bench.pair(line, movement, how, say(line), *doubt, certain=False)
