"""What a report is made of. PDF and CSV are two renderings of one `Report`, so that they agree. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units."""

    minor: int


type Cell = str | int | Money | date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Labels with their values, one below the other."""

    title: str
    rows: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under heads; money stands to the right. `totals` stands below and sums what is shown."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[Cell, ...] = ()
    empty: str = "None."


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


type Part = Facts | Table | Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report. `mark` stands across its head while nobody has signed it."""

    title: str
    subject: str
    parts: tuple[Part, ...]
    currency: str
    mark: str = ""
    foot: str = ""
