"""What a bank's own words say of a line: a fee, interest, or something sent back. Pure."""

from __future__ import annotations

import re
from enum import StrEnum

from trust.nouns import Movement


class Says(StrEnum):
    """What the words of a line tell of it; most tell nothing."""

    NOTHING = ""
    RETURN = "return"
    FEE = "fee"
    INTEREST = "interest"


_RETURN = re.compile(
    r"\b(return(?:ed)?|rtn|retd?|nsf|chargeback|bounced|dishono[u]?red|refer to maker|reversal|reversed|"
    r"stop payment)\b",
    re.IGNORECASE,
)
_FEE = re.compile(
    r"\b(fees?|charges?|svc|service chg|svc chg|analysis|maintenance|stripe|square|lawpay|paypal|merchant|"
    r"clio payments|discount rate|overdraft)\b",
    re.IGNORECASE,
)
_INTEREST = re.compile(
    r"\b(interest|int paid|int pmt|int payment|iolta (?:remit\w*|transfer))\b", re.IGNORECASE
)


KINDS = {"fee": Says.FEE, "bank_charge": Says.FEE, "interest": Says.INTEREST}  # of movements


def says(text: str, amount: int) -> Says:
    """Tell what a bank's text says of a line of `amount` (negative: out of the account).

    A fee for something sent back is a fee. What is paid in is no fee: a processor's name stands on deposits.
    """
    if amount < 0 and _FEE.search(text):
        return Says.FEE
    if _RETURN.search(text):
        return Says.RETURN
    return Says.INTEREST if _INTEREST.search(text) else Says.NOTHING


def fits(text: str, movement: Movement) -> bool:
    """Tell whether a line of this text may be the movement by its amount alone.

    A line that says what it is may only be a movement of that kind, or a row that somebody entered in the
    books without a check; a line that says nothing may be any.
    """
    said = says(text, movement.amount)
    if said is Says.NOTHING:
        return True
    by_hand = movement.subject.startswith("books/") and not movement.check
    return by_hand or KINDS.get(movement.kind) is said or says(movement.text, movement.amount) is said
