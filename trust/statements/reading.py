"""One door to all readers: what a file is, is told from its bytes. Pure."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import PurePosixPath

from trust.nouns import Reading, Unreadable
from trust.statements import bai, camt, content, grid, ofx, paper, swift, tabular
from trust.statements.joining import joined
from trust.statements.profile import Profile, guess

READERS = {"ofx": ofx.read, "camt": camt.read, "bai2": bai.read, "mt940": swift.read}
FEWEST_COLUMNS, FEWEST_ROWS = 3, 2  # a date, an amount and a text; heads and a line
NOT_PLAIN = (
    "The columns of this table cannot be told from their heads. Choose once which column is what; Tieout "
    "keeps it for the next file of this bank."
)


class NeedsProfile(Unreadable):
    """A table that only a person's profile can read; `table` and `delimiter` are what to build it on."""

    def __init__(self, table: list[list[str]], delimiter: str, words: str = NOT_PLAIN) -> None:
        super().__init__(words)
        self.table, self.delimiter = table, delimiter


def read(data: bytes, *, profile: Profile | None = None, currency: str = "USD") -> Reading:
    """Read a bank's file of any supported format.

    `profile` says how a CSV or workbook is read; without one plain heads say it. Raises NeedsProfile for a
    table that has none, Unreadable with the bookkeeper's sentence for everything else that is not taken.
    """
    kind = content.kind(data)
    if kind == "pdf":
        return paper.read(data, currency=currency)
    if kind == "zip":
        return _unpacked(data, profile, currency)
    if kind == "xlsx":
        table, delimiter, reader = grid.from_workbook(data), ",", grid.workbook_reader()
        return _tabular(table, delimiter, reader, profile, currency)
    body = content.text(data)
    sort = content.sort_of_text(body)
    if sort in READERS:
        return READERS[sort](body)
    return _csv(body, profile, currency)


def table_of(data: bytes, *, delimiter: str = "") -> tuple[list[list[str]], str]:
    """Return a CSV or workbook as a table, and its delimiter. Raises Unreadable for anything else."""
    if content.kind(data) == "xlsx":
        return grid.from_workbook(data), ","
    body = content.text(data)
    if content.sort_of_text(body) != "csv":
        raise Unreadable("Only a CSV or a workbook has columns to choose.")
    return grid.from_csv(body, delimiter=delimiter)


def _csv(body: str, profile: Profile | None, currency: str) -> Reading:
    table, delimiter = grid.from_csv(body, delimiter=profile.delimiter if profile else "")
    return _tabular(table, delimiter, grid.CSV_READER, profile, currency)


def _tabular(
    table: list[list[str]],
    delimiter: str,
    reader: tuple[str, str],
    profile: Profile | None,
    currency: str,
) -> Reading:
    if sum(len(row) >= FEWEST_COLUMNS for row in table) < FEWEST_ROWS:
        raise Unreadable(content.NOTHING)
    chosen = profile or guess(table, delimiter=delimiter)
    if chosen is None:
        raise NeedsProfile(table, delimiter)
    if faults := chosen.faults():
        raise NeedsProfile(table, delimiter, " ".join(faults))
    parts, warnings = tabular.parts(table, chosen, currency=currency)
    name, number = reader
    return Reading(reader=name, version=number, statements=joined(parts), warnings=tuple(warnings))


def _unpacked(data: bytes, profile: Profile | None, currency: str) -> Reading:
    """Read a ZIP of files, as portals pack several accounts."""
    with zipfile.ZipFile(BytesIO(data)) as packed:
        names = [part.filename for part in packed.infolist() if not part.is_dir()]
        wanted = [name for name in names if not PurePosixPath(name).name.startswith((".", "__"))]
        files = {name: packed.read(name) for name in sorted(wanted) if "__MACOSX" not in name}
    if not files:
        raise Unreadable("The packed file holds nothing.")
    readings = []
    for name, inside in files.items():
        if content.kind(inside) == "zip":
            raise Unreadable("The packed file holds packed files. Unpack it and bring what is inside.")
        try:
            readings.append(read(inside, profile=profile, currency=currency))
        except Unreadable as error:
            raise Unreadable(f"{PurePosixPath(name).name}: {error.words}") from error
    return replace(
        readings[0],
        statements=tuple(one for reading in readings for one in reading.statements),
        warnings=tuple(words for reading in readings for words in reading.warnings),
    )
