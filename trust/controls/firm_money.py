"""Words of a bank or of Clio that speak of the firm's own money: fees, software, wages, cash, own transfers.

They find what a person looks at; a client's payee may bear such a name: then its ledger is named. Pure.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Sort(StrEnum):
    """What of the firm may have been taken from client money."""

    CARD = "Card or processor fee"
    SOFTWARE = "Software or subscription"
    PAYROLL = "Payroll or its taxes"
    CASH = "Cash machine or card purchase"
    OPERATING = "Transfer to operating without a bill"
    BANK = "Bank charge"


_WORDS: dict[Sort, re.Pattern[str]] = {
    Sort.CARD: re.compile(
        r"\b(?:stripe|lawpay|affinipay|paypal|headnote|gravity legal|authorize\.net|interchange|chargeback|"
        r"(?:square|merchant|(?:credit )?card|processing|processor|clio payments|bankcard) "
        r"(?:fees?|services?|charges?|discount|processing))\b",
        re.IGNORECASE,
    ),
    Sort.SOFTWARE: re.compile(
        r"\b(?:intuit|quickbooks|themis solutions|clio (?:manage|grow|subscription)|microsoft|msft|"
        r"office 365|adobe|google (?:workspace|gsuite|cloud)|dropbox|zoom\.us|zoom video|docusign|"
        r"lexisnexis|westlaw|amazon web services|subscription|software)\b",
        re.IGNORECASE,
    ),
    Sort.PAYROLL: re.compile(
        r"\b(?:payroll|adp|gusto|paychex|paycom|wages|salary|salaries|eftps|irs usataxpymt|941 tax|"
        r"direct dep(?:osit)? payroll)\b",
        re.IGNORECASE,
    ),
    Sort.CASH: re.compile(
        r"\b(?:atm|cash withdrawal|cash w/d|pos (?:purchase|debit)|debit card|card purchase|checkcard)\b",
        re.IGNORECASE,
    ),
    Sort.OPERATING: re.compile(
        r"\b(?:transfer|xfer|trnsfr|tfr|online banking)\b.*"
        r"\b(?:operating|business|office|general|checking|chk)\b|"
        r"\bto operating\b|\boperating (?:account|bank)\b",
        re.IGNORECASE,
    ),
    Sort.BANK: re.compile(
        r"\b(?:bank|service|wire|nsf|overdraft|maintenance|returned item|stop payment|analysis|svc|monthly)"
        r" (?:charges?|fees?|chg)\b",
        re.IGNORECASE,
    ),
}


def sort_of(text: str, amount: int) -> Sort | None:
    """Tell what of the firm a movement's words speak of; None for what comes in, and for other words."""
    if amount >= 0:
        return None
    return next((sort for sort, words in _WORDS.items() if words.search(text)), None)
