"""One account as its bank keeps it: the lines of all time, and the statement of any month of them."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from itertools import count

from syncapp.emulators.bank import SUFFIX, Line, Sheet, write


@dataclass(slots=True, kw_only=True)
class Kept:
    """An account of a firm at its bank. `name` is what the firm calls it in Clio.

    `formats` are what this bank hands out, month by month in turn.
    """

    name: str
    number: str
    formats: tuple[str, ...]
    lines: list[Line] = field(default_factory=list)
    marks: count[int] = field(default_factory=lambda: count(1))

    def mark(self, day: date) -> str:
        """The bank's own mark for one more line."""
        return f"{day:%Y%m%d}{self.number[-4:]}{next(self.marks):05d}"

    def add(
        self, *, day: date, amount: int, text: str, check: str = "", reference: str = "", mark: str = ""
    ) -> Line:
        """Take a line in, in signed cents; its place is after the others of its day."""
        line = Line(
            day=day, amount=amount, text=text, check=check, reference=reference, id=mark or self.mark(day)
        )
        self.lines.append(line)
        self.lines.sort(key=lambda each: each.day)  # stable
        return line

    def change(self, old: Line, new: Line) -> None:
        """Say something else in a line's place."""
        self.lines[self.lines.index(old)] = new

    def balance(self, day: date) -> int:
        """Cents in the account at the end of a day."""
        return sum(line.amount for line in self.lines if line.day <= day)

    def sheet(self, first: date, last: date) -> Sheet:
        """The statement of a period, both days included."""
        inside = tuple(line for line in self.lines if first <= line.day <= last)
        closing = self.balance(last)
        return Sheet(
            account=self.number,
            first_day=first,
            last_day=last,
            opening=closing - sum(line.amount for line in inside),
            closing=closing,
            lines=inside,
        )

    def month(self, day: date) -> Sheet:
        """The statement of the month in which a day lies."""
        last = monthrange(day.year, day.month)[1]
        return self.sheet(day.replace(day=1), day.replace(day=last))

    def format_of(self, day: date) -> str:
        """The format in which the bank hands out a month."""
        return self.formats[(day.year * 12 + day.month) % len(self.formats)]

    def file(self, day: date, *, form: str = "") -> tuple[str, bytes]:
        """The name and the bytes of a month's statement, in the month's format or in another."""
        chosen = form or self.format_of(day)
        name = f"{self.number[-4:]}-{day:%Y-%m}.{SUFFIX[chosen]}"
        return name, write(chosen, self.month(day))
