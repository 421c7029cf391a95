"""How the pages of client money say a figure, a state, a list and what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trust.signing.states import Act, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trust.models import SignOff
    from trust.signing.figures import Figures

PILLS = {
    State.OPEN: ("Not prepared", "waiting"),
    State.PREPARED: ("Awaits signature", "waiting"),
    State.ASKED: ("Question open", "waiting"),
    State.SIGNED: ("Signed", "proven"),
    State.SUSPENDED: ("Signature suspended", "wrong"),
}
TITLES = {
    Act.PREPARED: "Prepared for signature",
    Act.ASKED: "Question",
    Act.ANSWERED: "Answer",
    Act.SIGNED: "Signed",
    Act.SUSPENDED: "Suspended: a figure moved",
    Act.REOPENED: "Reopened",
}
TONES = {Act.SIGNED: "proven", Act.SUSPENDED: "wrong", Act.ASKED: "waiting", Act.REOPENED: "waiting"}


def pill(state: State) -> dict[str, str]:
    """Return the label and the tone of a state."""
    label, tone = PILLS[state]
    return {"label": label, "tone": tone}


def verdict(found: Figures) -> str:
    """Say in one sentence whether the month ties; the figures decide, nobody else."""
    if found.statement is None:
        return "The bank statement is missing."
    if found.signable:
        return "All three ways agree."
    if found.equal:
        return "The figures agree, but something stands in the way."
    if found.only_ours:
        return "The three ways agree, but not with what Tieout posted."
    return "The three ways do not agree."


def tie(found: Figures) -> dict[str, Any]:
    """Return the three ways side by side; the books' bank and liability stand apart."""
    bank = found.adjusted_bank
    return {
        "currency": found.currency,
        "sides": [
            {"label": "Bank, adjusted", "minor": bank, "note": "" if bank is not None else "no statement"},
            {"label": "Books, trust bank", "minor": found.books_bank, "equal": bank == found.books_bank},
            {
                "label": "Books, trust liability",
                "minor": found.books_liability,
                "equal": found.books_bank == found.books_liability,
            },
            {
                "label": "Client ledgers",
                "minor": found.positive,
                "equal": found.books_liability == found.positive and not found.negatives,
                "note": "" if not found.negatives else "some are below zero",
            },
        ],
    }


def outstanding(found: Figures) -> dict[str, Any]:
    """Return how many items are outstanding and the age of the oldest on the month's last day."""
    items = [*found.deposits, *found.checks]
    oldest = min((one.day for one in items), default=None)
    return {"count": len(items), "days": (found.last - oldest).days if oldest else 0}


def history(rows: Sequence[SignOff], report: str) -> list[dict[str, Any]]:
    """Return all that was done, for the timeline, in its order; each leads to the `report` as known then."""
    return [
        {
            "href": f"{report}?format=pdf&as={row.pk}" if row.figures else "",
            "title": TITLES[Act(row.act)],
            "tone": TONES.get(Act(row.act), ""),
            "who": _who(row),
            "at": row.at,
            "text": " ".join(filter(None, [row.text, _apart(row), _hash(row)])),
        }
        for row in rows
    ]


def _who(row: SignOff) -> str:
    parts = [row.name, row.position, f"bar number {row.bar_number}" if row.bar_number else ""]
    deputy = f"deputy for {row.deputy_for}" if row.deputy_for else ""
    return ", ".join(filter(None, [*parts, deputy]))


def _apart(row: SignOff) -> str:
    return f"One person had both duties: {row.separation}" if row.separation else ""


def _hash(row: SignOff) -> str:
    return f"Figures {row.digest[:16]}…" if row.digest and row.act != Act.SUSPENDED else ""
