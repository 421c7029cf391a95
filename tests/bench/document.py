"""The page of the figures: each part stands between its own marks, so that one can be measured anew alone."""

from __future__ import annotations

import re
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a table that reads well as text and as Markdown."""
    widths = [max(len(row[at]) for row in [head, *rows]) for at in range(len(head))]
    lines = [head, ["-" * width for width in widths], *rows]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in lines
    )


def each(amount: float, of: int) -> str:
    """Return an amount for each of so many, or a dash for none."""
    return f"{amount / of:.2f}" if of else "–"


def keep(part: str, figures: str) -> None:
    """Put the figures of one part in their place on the page. Raises LookupError when it has none."""
    text = DOCUMENT.read_text(encoding="utf-8")
    first, last = f"<!-- {part} -->", f"<!-- end of {part} -->"
    if first not in text or last not in text:
        raise LookupError(f"docs/benchmarks.md has no place for {part}")
    marked = re.compile(re.escape(first) + ".*?" + re.escape(last), re.DOTALL)
    kept = f"{first}\n{figures.strip()}\n{last}"
    DOCUMENT.write_text(marked.sub(lambda _found: kept, text), encoding="utf-8")
