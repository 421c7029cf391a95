"""What a ledger holds, what is done to it, and the signed line that everything comes down to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ObjectKind(StrEnum):
    """The objects of a ledger that Tieout makes."""

    CUSTOMER = "customer"
    INVOICE = "invoice"
    PAYMENT = "payment"
    CREDIT_MEMO = "credit_memo"
    JOURNAL = "journal"
    CHECK = "check"
    EXPENSE = "expense"  # money paid out without a check: only its ledger is ever ours
    DEPOSIT = "deposit"
    ACCOUNT = "account"  # of one ledger of client money, below a trust liability
    VENDOR = "vendor"  # who is paid by a check of client money


class Verb(StrEnum):
    """What is done to one object of the ledger."""

    CREATE = "create"
    UPDATE = "update"
    VOID = "void"
    DELETE = "delete"


# Written one at a time (qbo/API.md section 11, row 14).
NAME_LISTS = frozenset({ObjectKind.CUSTOMER, ObjectKind.ACCOUNT, ObjectKind.VENDOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine:
    """One signed line of a ledger entry: positive minor units are a debit.

    `ledger` is whose client money it is, on a line of a trust liability; empty everywhere else. `below` is
    the subject of that ledger's own account below `account`, where the line stands when it is given.
    """

    account: str
    amount: int
    customer: str = ""
    item: str = ""
    class_id: str = ""
    location: str = ""
    memo: str = ""
    ledger: str = ""
    below: str = ""
