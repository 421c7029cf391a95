"""Check an exported audit log without Tieout: `python verifier.py audit.jsonl`. Standard library only.

Each event carries the SHA-256 of the event before it and of its own fields. A changed, removed, inserted
or reordered event breaks the chain at its number. `manifest.json` beside the file names the last hash, so
that events cut off at the end are noticed too. Of an event that is withheld only its number and the two
hashes stand here: what it says cannot be read, but it cannot be taken out or replaced either.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FIELDS = (
    "number",
    "at",
    "actor_id",
    "actor_text",
    "verb",
    "object_kind",
    "object_id",
    "object_text",
    "before",
    "after",
    "request_id",
)


@dataclass(frozen=True)
class Verdict:
    """What a check of the chain found; `first_broken` is the number of the first event that does not fit."""

    ok: bool
    count: int
    first_broken: int | None = None
    reason: str = ""
    head: str = ""
    withheld: int = 0


def canonical(event: Mapping[str, Any]) -> str:
    """Write an event's fields in the one form that is hashed: keys in order, no spaces."""
    chosen = {name: event[name] for name in FIELDS}
    return json.dumps(chosen, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(previous: str, event: Mapping[str, Any]) -> str:
    """Hash an event together with the hash of the one before it."""
    return sha256(f"{previous}\n{canonical(event)}".encode()).hexdigest()


def check(events: Iterable[Mapping[str, Any]]) -> Verdict:
    """Walk the chain from its first event and stop at the first that does not fit."""
    previous, count, withheld = "", 0, 0
    for event in events:
        number = count + 1
        reason = _flaw(event, number, previous)
        if reason:
            return Verdict(ok=False, count=count, first_broken=number, reason=reason, head=previous)
        previous, count, withheld = event["hash"], number, withheld + bool(event.get("withheld"))
    return Verdict(ok=True, count=count, head=previous, withheld=withheld)


def _flaw(event: Mapping[str, Any], number: int, previous: str) -> str:
    if event["number"] != number:
        return f"Event {number} is missing."
    if event["previous_hash"] != previous:
        return f"Event {number} does not follow event {number - 1}."
    if not event.get("withheld") and event["hash"] != digest(previous, event):
        return f"Event {number} was changed."
    return ""


def against(verdict: Verdict, *, count: int, head: str) -> Verdict:
    """Compare an intact chain with the end that was written down for it."""
    if not verdict.ok or (verdict.count == count and verdict.head == head):
        return verdict
    if verdict.count == count:
        reason = f"Event {count} is not the one that was written last."
        return Verdict(ok=False, count=count, first_broken=count, reason=reason, head=verdict.head)
    return Verdict(
        ok=False,
        count=verdict.count,
        first_broken=min(verdict.count, count) + 1,
        reason=f"The log ends at event {verdict.count}; {count} were written.",
        head=verdict.head,
    )


def main(arguments: list[str]) -> int:
    """Check one file and say the result in a sentence; 0 intact, 1 broken, 2 not readable."""
    if len(arguments) != 1:
        print("Say which file: python verifier.py audit.jsonl")  # noqa: T201
        return 2
    path = Path(arguments[0])
    try:
        with path.open(encoding="utf-8") as lines:
            verdict = check(json.loads(line) for line in lines if line.strip())
        manifest = path.with_name("manifest.json")
        if manifest.exists():
            named = json.loads(manifest.read_text(encoding="utf-8"))
            verdict = against(verdict, count=named["count"], head=named["head"])
    except (OSError, ValueError, KeyError, TypeError) as problem:
        print(f"{path} cannot be read as an audit log: {problem!r}")  # noqa: T201
        return 2
    if not verdict.ok:
        print(f"BROKEN at event {verdict.first_broken}: {verdict.reason}")  # noqa: T201
        return 1
    hidden = f", {verdict.withheld} of them withheld" if verdict.withheld else ""
    print(f"Intact: {verdict.count} events{hidden}, last hash {verdict.head}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
