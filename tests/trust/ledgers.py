"""Made-up bank lines and entries for the laws of matching."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from trust.matching import Matching, Proposal
from trust.nouns import BankLine, Movement

FIRST = date(2026, 9, 1)


def day(number: int) -> date:
    """Return the day so many days after the first."""
    return FIRST + timedelta(days=number)


def line(
    id_: str, number: int, amount: int, *, check: str = "", reference: str = "", text: str = ""
) -> BankLine:
    """Return a bank line of a day."""
    return BankLine(id=id_, day=day(number), amount=amount, check=check, reference=reference, text=text)


def entry(
    subject: str, number: int, amount: int, *, check: str = "", reference: str = "", payee: str = ""
) -> Movement:
    """Return an entry of a day."""
    return Movement(
        subject=subject, day=day(number), amount=amount, check=check, reference=reference, payee=payee
    )


def only(found: Matching) -> Proposal:
    """Return the one proposal."""
    (one,) = [*found.automatic, *found.suggested]
    return one


days = st.integers(0, 60)
amounts = st.sampled_from([-50000, -25010, -100, 100, 200, 300, 5000, 12345, 50000]) | st.integers(
    -99999, 99999
)
checks = st.sampled_from(["", "", "1041", "1042", "001042", "1043"])
references = st.sampled_from(["", "", "REF-10023", "ref 10023", "44120"])
names = st.sampled_from(["", "Harbor Title Co.", "Ann Smith", "Smith", "County Clerk"])
texts = st.sampled_from(
    ["", "DEPOSIT", "ACH HARBOR TITLE 8823", "CHECK PAID", "WIRE IN ANN SMITH", "SMITH J", "COUNTY CLERK FEE"]
)


@st.composite
def bank_lines(draw, most: int = 14):
    """Draw lines of any shape; equal ones are frequent."""
    return [
        line(
            f"L{number}",
            draw(days),
            draw(amounts),
            check=draw(checks),
            reference=draw(references),
            text=draw(texts),
        )
        for number in range(draw(st.integers(0, most)))
    ]


@st.composite
def entries(draw, most: int = 14):
    """Draw entries of any shape."""
    return [
        entry(
            f"bank_transactions/{number}",
            draw(days),
            draw(amounts),
            check=draw(checks),
            reference=draw(references),
            payee=draw(names),
        )
        for number in range(draw(st.integers(0, most)))
    ]
