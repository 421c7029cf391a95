"""What a bank's own words say of a line: a fee, interest, or something sent back. Pure."""

from __future__ import annotations

import re
from enum import StrEnum


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


def says(text: str, amount: int) -> Says:
    """Tell what a bank's text says of a line of `amount` (negative: out of the account).

    A fee for something sent back is a fee. What is paid in is no fee: a processor's name stands on deposits.
    """
    if amount < 0 and _FEE.search(text):
        return Says.FEE
    if _RETURN.search(text):
        return Says.RETURN
    return Says.INTEREST if _INTEREST.search(text) else Says.NOTHING
