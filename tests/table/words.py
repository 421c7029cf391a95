"""The table of DESIGN section 7: every step of the delivery × every fault, and which cells make sense."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

BEGIN, END = "<!-- table -->", "<!-- end of table -->"
PLACE = re.compile(f"{BEGIN}\n(.*?)\n?{END}", re.DOTALL)
STEPS = {
    "plan": "plan written",
    "claim": "claim",
    "single": "create, alone",
    "batch": "create, in a batch",
    "update": "update",
    "void": "void",
    "delete": "deletion",
    "customer": "customer",
    "resend": "sent again",
    "refresh": "token renewed meanwhile",
    "compare": "returned object compared",
    "record": "answer recorded",
    "link": "link written",
    "entry": "entry written",
    "lookup": "uncertain looked up",
    "adopt": "adopted",
}
FAULTS = {
    "timeout_before": "time-out, not written",
    "timeout_after": "time-out, written",
    "timeout_late": "time-out, written afterwards",
    "drop_before": "connection dropped, not written",
    "drop_after": "connection dropped, written",
    "busy": "429 with Retry-After",
    "busy_bare": "429 without",
    "broken": "500, not written",
    "broken_written": "500, written",
    "away": "503 for a while",
    "fault200": "200 with a fault, not written",
    "fault200_written": "200 with a fault, written",
    "malformed": "unreadable answer, written",
    "truncated": "answer cut off, written",
    "differs": "answer other than planned",
    "expired": "401, token expired",
    "stale": "5010, changed by a person",
    "taken": "6140 or 6240, number or name taken",
    "closed": "6210, books closed",
    "deposited": "6540, payment deposited",
    "killed_before": "worker killed just before",
    "killed_after": "worker killed just after",
    "revoked": "connection revoked",
    "ended": "403, subscription ended",
}
KILLS = {"killed_before", "killed_after"}
CREATES = {"single", "batch", "customer", "resend"}
SENDS = CREATES | {"update", "void", "delete"}
LOCAL = {"plan", "claim", "compare", "record", "link", "entry", "adopt"}
WRITTEN = {"timeout_after", "timeout_late", "drop_after", "broken_written", "fault200_written"}
REFUSED = {"stale", "taken", "closed", "deposited"}
UNCLEAR = {
    *("timeout_before", "drop_before", "broken", "away", "fault200", "malformed", "truncated"),
    *WRITTEN,
    *KILLS,
}
REASONS = {
    "a": "no call is made in this step",
    "b": "an answer that differs is met where it is compared and where it is adopted",
    "c": "nothing stands yet that somebody could have changed",
    "d": "number and name are asked for when a thing is made, not when it is changed",
    "e": "a name has no date",
    "f": "only a payment that stands can lie in a deposit",
    "g": "a reading writes nothing, so before and after are the same",
    "h": "QuickBooks says this to writes only",
    "i": "the sign-in server knows no books and takes no access token",
    "j": "our own look-up meets no person's change here: it reads what stands",
}


def why_not(step: str, fault: str) -> str:
    """Return the letter of the reason why a cell makes no sense; nothing when it does."""
    if fault in KILLS:
        return ""
    if fault == "differs":
        return "" if step in {"compare", "adopt"} else "a" if step in LOCAL else "b"
    if step in LOCAL:
        return "a"
    if step == "lookup":
        return _of_reading(fault)
    if step == "refresh":
        return "i" if fault in {*REFUSED, "expired", "ended", "timeout_late", "fault200_written"} else ""
    return _of_sending(step, fault)


def _of_reading(fault: str) -> str:
    if fault in WRITTEN:
        return "g"
    if fault == "stale":
        return "j"
    return "h" if fault in {*REFUSED, "ended"} else ""


def _of_sending(step: str, fault: str) -> str:
    match fault:
        case "stale":
            return "c" if step in CREATES else ""
        case "taken":
            return "" if step in CREATES else "d"
        case "closed":
            return "e" if step == "customer" else ""
        case "deposited":
            return "" if step in {"update", "void"} else "f"
        case _:
            return ""


def both_ways(step: str, fault: str) -> bool:
    """Tell whether it matters that QuickBooks honours `requestid`: the same creation may be sent twice."""
    return step in CREATES and fault in UNCLEAR


def cells() -> list[tuple[str, str, bool]]:
    """Return every cell that makes sense: step, fault, and whether `requestid` is honoured."""
    found = [(step, fault) for step, fault in product(STEPS, FAULTS) if not why_not(step, fault)]
    return [
        (step, fault, honoured)
        for step, fault in found
        for honoured in ((False, True) if both_ways(step, fault) else (False,))
    ]


def named(fault: str, *, honoured: bool) -> str:
    """Return the name of a cell within its row."""
    return f"{fault}, honoured" if honoured else fault


def matrix(failed: frozenset[tuple[str, str, bool]] = frozenset()) -> str:
    """Return the table as Markdown: a fault in each row, a step in each column, the reasons below."""
    every = cells()
    head = ["", *STEPS.values()]
    lines = [f"| {' | '.join(head)} |".replace("|  |", "| |"), f"|---|{':-:|' * len(STEPS)}"]
    for fault, title in FAULTS.items():
        marks = [why_not(step, fault) or _mark(step, fault, every, failed) for step in STEPS]
        lines.append(f"| {title} | {' | '.join(marks)} |")
    counts = [str(sum(cell[0] == step for cell in every)) for step in STEPS]
    lines.append(f"| tests | {' | '.join(counts)} |")
    letters = {why_not(step, fault) for step, fault in product(STEPS, FAULTS)}
    reasons = [f"- {letter}: {why}" for letter, why in REASONS.items() if letter in letters]
    told = f"{len(every)} tests. ✓ ends tied; ✓✓ does so whether `requestid` is honoured or ignored."
    return "\n".join([told, "", *lines, "", "Why a cell makes no sense:", "", *reasons])


def _mark(
    step: str, fault: str, every: list[tuple[str, str, bool]], failed: frozenset[tuple[str, str, bool]]
) -> str:
    here = [cell for cell in every if cell[:2] == (step, fault)]
    return "".join("✗" if cell in failed else "✓" for cell in here)


def write(file: Path) -> None:
    """Put the table between its marks in a document. Raises ValueError when there are none."""
    text = file.read_text(encoding="utf-8")
    if not PLACE.search(text):
        raise ValueError(f"{file.name} has no place for the table: {BEGIN} … {END}")
    file.write_text(PLACE.sub(f"{BEGIN}\n{matrix()}\n{END}", text), encoding="utf-8")


if __name__ == "__main__":
    write(Path("docs/proof.md"))
