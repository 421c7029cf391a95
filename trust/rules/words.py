"""What a row of client money calls itself: it tells apart only what its links leave alike. Pure."""

from __future__ import annotations

import re

from syncapp.core.documents import Money

FEE = "fee"  # a card or processor fee, which client money never bears
_CHECK = re.compile(r"(?:(?:check|cheque|chk|ck)?\s*(?:no\.?|number|#)?\s*)?0*(\d{1,12})", re.IGNORECASE)
_PROCESSORS = re.compile(
    r"\b(?:stripe|lawpay|affinipay|paypal|headnote|gravity legal|authorize\.net|interchange|"
    r"(?:square|merchant|(?:credit )?card|processing|processor|clio payments|chargeback) "
    r"(?:fees?|services?|charges?|discount|processing))\b",
    re.IGNORECASE,
)
_BANK = re.compile(
    r"\b(?:bank|service|wire|nsf|overdraft|maintenance|returned item|stop payment|analysis)"
    r" (?:charges?|fees?)\b",
    re.IGNORECASE,
)
_CHARGE = re.compile(r"\b(?:charges?|fees?)\b", re.IGNORECASE)
_INTEREST = re.compile(r"\binterest\b|\biolta remittance\b", re.IGNORECASE)


def kind_of(money: Money, *, between_accounts: bool = False) -> str:
    """Return which of `trust.models.pairs.MOVEMENTS` a row is, or FEE."""
    text = f"{money.word} {money.description} {money.counterparty}".replace("_", " ")
    owned = money.client_id is not None or money.matter_id is not None
    if between_accounts:
        return "transfer"
    if not owned and _INTEREST.search(text):
        return "interest"
    if money.amount < 0 and "refund" not in text.casefold() and _PROCESSORS.search(text):
        return FEE
    if (_BANK if owned else _CHARGE).search(text) and (money.amount < 0 or not owned):
        return "bank_charge"
    if money.amount > 0:
        return "deposit"
    return "refund" if "refund" in text.casefold() else "disbursement"


def check_number(reference: str) -> str:
    """Return the number of a check when a reference is nothing else; empty for any other reference."""
    found = _CHECK.fullmatch(reference.strip())
    return found.group(1) if found else ""
