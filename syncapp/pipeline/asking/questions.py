"""What a case asks, in plain words: the question as it is proposed, and the answers that fit it.

A record is named by its number, day and amount, never by its client: a letter leaves the firm. Only where
the client is the question (which customer is it) do names stand in the choices, and only as they are in the
books. Pure over rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from syncapp.core import money
from syncapp.core.planning.returns import MISTAKE
from syncapp.pipeline.cases import choices
from syncapp.pipeline.cases.alike import NUMBER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from syncapp.records.models import BookRow, Case, Hold

NAMED = 5  # records that a question names
CUSTOMER = "doubtful_customer"
NOUNS = {
    "bills": "bill",
    "allocations": "payment",
    "credit_memos": "credit",
    "interest_charges": "interest charge",
    "bank_transactions": "bank transaction",
}
NUMBERED = frozenset({"bills", "credit_memos", "interest_charges"})  # their numbers name nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What the person may answer: the words, and what the card takes for it ("" when only a person can)."""

    label: str
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is proposed to be asked."""

    words: str
    choices: tuple[Choice, ...] = ()


def of(
    case: Case, holds: Sequence[Hold], *, means: str, currency: str, candidates: Sequence[BookRow] = ()
) -> Question:
    """Propose what to ask about a case. `means` is what its card says of the books, without a client."""
    about = "\n".join(f"- {_record(hold, currency)}" for hold in holds[:NAMED])
    more = f"\n- and {len(holds) - NAMED} more" if len(holds) > NAMED else ""
    made = _asked(case, candidates)
    words = made.words or f"{means or 'This cannot be posted as it stands.'}\n\nWhat shall we do?"
    if not about:
        return Question(words=words, choices=made.choices)
    return Question(words=f"{words}\n\nIt is about:\n{about}{more}", choices=made.choices)


def _record(hold: Hold, currency: str) -> str:
    noun = NOUNS.get(hold.resource, "record")
    name = f"{noun} {hold.number}" if hold.resource in NUMBERED and hold.number else noun
    dated = f", dated {_day(hold.document.day)}" if hold.document.day else ""
    return f"{name} of {money.spoken(hold.amount, currency)}{dated}"


def _asked(case: Case, candidates: Sequence[BookRow]) -> Question:
    facts = case.facts
    if case.code == NUMBER:
        same = choices.LINK if facts.get("same") == "yes" else ""
        return Question(
            words="The books have an invoice of this number already, and it is not from us. Is it the same "
            "invoice, or another one?",
            choices=(
                Choice(label="It is the same invoice", answer=same),
                Choice(label="It is another invoice", answer=choices.RENUMBER),
            ),
        )
    if case.code == choices.REMOVED:
        return Question(
            words="This payment was removed or changed in Clio after it was in the books. What happened?",
            choices=(
                Choice(label="The bank returned it"),
                Choice(label="It was entered by mistake", answer=MISTAKE),
            ),
        )
    if case.code == choices.CORRECTION:
        total = money.spoken(int(facts["total"]), facts["currency"])
        return Question(
            words=f"This bill changed in Clio after its month was closed, by {total}. Shall it "
            f"be posted as a correction dated {_day(date.fromisoformat(facts['day']))}?",
            choices=(
                Choice(label="Yes, post the correction", answer=f"{choices.APPROVE}:{facts['print']}"),
                Choice(label="No, the change in Clio is to be undone"),
            ),
        )
    if case.code == CUSTOMER:
        named = tuple(Choice(label=f"It is {row.name}", answer=row.remote_id) for row in candidates)
        return Question(
            words="Which customer of the books is the client of this record?",
            choices=(*named, Choice(label="None of these: a new customer", answer="new")),
        )
    return Question(words="")


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
