"""What the card of a payment that changed in its deposit offers: each repair with its entry."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from syncapp.core.money import spoken
from syncapp.desk import sums
from syncapp.desk.queries import answers
from syncapp.pipeline.deposited.asking import AGAIN, ENTRY

if TYPE_CHECKING:
    from syncapp.records.models import BookChoice, Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """One repair: the answer that it gives, its words, and the entry as it then stands in minor units."""

    answer: str
    do: str
    then: str
    caption: str
    lines: list[dict[str, Any]]

    @property
    def totals(self) -> dict[str, int]:
        """Return the sums of both sides."""
        return sums.of(self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposited:
    """A payment in a deposit, as it was and as Clio says now; amounts in minor units."""

    was: int
    now: int
    currency: str
    day: date
    bank: str
    repairs: list[Repair]


def deposited(case: Case) -> Deposited | None:
    """Read a case `deposited`; None for one that has no safe repair."""
    facts = case.facts
    if not facts.get("ways"):
        return None
    was, now, currency = int(facts["was"]), int(facts["now"]), facts["currency"]
    asked = Deposited(
        was=was,
        now=now,
        currency=currency,
        day=date.fromisoformat(facts["day"]),
        bank=facts["bank"],
        repairs=[],
    )
    asked.repairs.extend(_repair(asked, way, facts["print"]) for way in json.loads(facts["ways"]))
    return asked


def kept(case: Case) -> BookChoice | None:
    """Return the repair that was chosen for the payment as it is now, with who chose it. In a scope."""
    chosen = answers.kept(case)
    return chosen if chosen is not None and chosen.answer.endswith(case.facts["print"]) else None


def _repair(asked: Deposited, way: dict[str, Any], shown: str) -> Repair:
    gap = spoken(abs(asked.was - asked.now), asked.currency)
    was, now = spoken(asked.was, asked.currency), spoken(asked.now, asked.currency)
    if way["way"] == AGAIN:
        total = spoken(way["total"], asked.currency)
        apart = f" The bank line then differs by {gap}, which is flagged." if asked.was != asked.now else ""
        do, caption = "Open the deposit, change the payment, deposit it again", "As both then stand"
        then = f"The payment becomes {now} and the deposit {total}.{apart}"
    elif way["way"] == ENTRY:
        do, caption = f"Post a correcting entry of {gap}", "What posts, dated the day of the change"
        then = f"The payment and its deposit stay as they are; the bank account falls by {gap}."
    else:
        do = f"The bank received {was}: keep {gap} as the client's credit"
        then = f"The deposit stays. {now} pays the bills; a case stays open until Clio says {was} too."
        caption = "What stands then"
    lines = [
        {
            "account": line["account"],
            "memo": line["memo"],
            "debit_minor": line["debit"],
            "credit_minor": line["credit"],
        }
        for line in way["lines"]
    ]
    return Repair(answer=f"{way['way']}:{shown}", do=do, then=then, caption=caption, lines=lines)
