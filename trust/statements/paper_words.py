"""The words of a PDF by where they stand: a program of its own, which a hostile PDF can only end.

`python paper_words.py < FILE` answers JSON: `rows`, each a list of left edge, right edge and word, or
`refused`. A PDF of a few hundred kilobytes can unfold to gigabytes, and nothing within the reader bounds it.
So it runs with so much memory and time and no more, without the environment that holds our secrets. It
imports nothing of ours.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import Any

MEMORY = 384 * 1024 * 1024  # bytes of address space; the libraries take 50 MB
SECONDS = 40  # of the processor
MOST_PAGES = 200
SAME_LINE = 3


def main() -> None:
    """Read a PDF from standard input and write what it says."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    json.dump(_answer(sys.stdin.buffer.read()), sys.stdout)


def _answer(data: bytes) -> dict[str, Any]:
    import pdfplumber

    try:
        with pdfplumber.open(BytesIO(data)) as paper:
            if len(paper.pages) > MOST_PAGES:
                return {"refused": "pages"}
            rows = []
            for page in paper.pages:
                rows += list(_lines(page.extract_words(x_tolerance=2)))
                page.close()
            return {"rows": rows}
    except Exception as error:  # noqa: BLE001 - the reader raises whatever a broken file makes it
        return {"refused": _why(error)}


def _why(error: BaseException | None) -> str:
    """Tell why the reader gave up; it hides what ran out of memory behind errors of its own."""
    locked = "password" in repr(error).lower() or "encrypt" in repr(error).lower()
    while error is not None:
        if isinstance(error, MemoryError):
            return "much"
        error = error.__cause__ or error.__context__
    return "locked" if locked else "damaged"


def _lines(words: list[dict[str, Any]]) -> Iterator[list[tuple[int, int, str]]]:
    """Put words that stand at one height into one row, left to right."""
    row: list[dict[str, Any]] = []
    for word in sorted(words, key=lambda found: (found["top"], found["x0"])):
        if row and word["top"] - row[0]["top"] > SAME_LINE:
            yield _row(row)
            row = []
        row.append(word)
    if row:
        yield _row(row)


def _row(words: list[dict[str, Any]]) -> list[tuple[int, int, str]]:
    ordered = sorted(words, key=lambda found: found["x0"])
    return [(round(word["x0"]), round(word["x1"]), str(word["text"])) for word in ordered]


if __name__ == "__main__":
    main()
