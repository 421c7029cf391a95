"""BAI2, read by `bai2` with its control totals checked. Pure.

Amounts are whole cents without a point, the sign comes from the type code; 010 is the opening ledger, 015 the
closing ledger; 100 and 400 are sums and no lines. The day of a line is the day of its group.
"""

from __future__ import annotations

import re
from importlib.metadata import version

from bai2.bai2 import parse_from_string
from bai2.constants import AsOfDateModifier, GroupStatus, TypeCodes
from bai2.exceptions import IntegrityException
from bai2.models import Account, Group, TransactionDetail

from trust.nouns import Reading, Unreadable
from trust.statements.joining import Part, joined
from trust.statements.lines import Row, one_line

OPENING, CLOSING = "010", "015"
PAID_BY_CHECK = {"474", "475", "476"}
KNOWN = frozenset(TypeCodes)
# code of a line → a code of the same sign that every reader knows (BAI2, appendix: 900 on are the bank's own)
CREDITS, DEBITS = ("399", [(100, 399), (900, 919)]), ("699", [(400, 699), (920, 959)])
DETAIL_FIELDS = 7
TOTALS = "The file's control totals do not agree with its lines: it is damaged or was changed. ({})"
WITHDRAWN = "The bank marks this file as a test or as taken back. Bring the statement itself."
INTERIM = "The file holds reports of a day not yet closed. They are left out: the final report brings them."


def read(body: str) -> Reading:
    """Read a BAI2 file. Raises Unreadable for a damaged one and for what the bank has taken back."""
    try:
        found = parse_from_string(_repaired(body))
    except IntegrityException as error:
        raise Unreadable(TOTALS.format(one_line(str(error), 120))) from error
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable("The BAI2 file is damaged: a record is missing or broken.") from error
    groups: list[Group] = found.children
    if any(group.header.group_status in {GroupStatus.deletion, GroupStatus.test_only} for group in groups):
        raise Unreadable(WITHDRAWN)
    final = [group for group in groups if group.header.as_of_date_modifier is not INTERIM_DAY]
    parts = [_part(group, account) for group in final for account in group.children]
    if not parts:
        raise Unreadable("The file holds no closed day. Bring the prior-day report.")
    warnings = (INTERIM,) if len(final) < len(groups) else ()
    return Reading(reader="bai2", version=version("bai2"), statements=joined(parts), warnings=warnings)


INTERIM_DAY = AsOfDateModifier.interim_same_day


def _repaired(body: str) -> str:
    """Fill what banks leave out of short records, and give codes of their own a known one of that sign."""
    records = [line.strip() for line in body.splitlines() if line.strip()]
    following = [*records[1:], ""]
    return "\n".join(
        _detail(record, goes_on=after.startswith("88")) if record.startswith("16,") else record
        for record, after in zip(records, following, strict=True)
    )


def _detail(record: str, *, goes_on: bool) -> str:
    fields = record.removesuffix("/").split(",")
    if len(fields) > 1:
        fields[1] = _known(fields[1].strip())
    if not goes_on and len(fields) < DETAIL_FIELDS:
        fields += [""] * (DETAIL_FIELDS - len(fields))
    return ",".join(fields) + ("/" if record.endswith("/") else "")


def _known(code: str) -> str:
    if code in KNOWN and _sign(code):
        return code
    for stand_in, spans in (CREDITS, DEBITS):
        if code.isdigit() and any(low <= int(code) <= high for low, high in spans):
            return stand_in
    raise Unreadable(
        f"The file has a line of type {one_line(code, 10)}, which is neither a credit nor a debit."
    )


def _sign(code: str) -> int:
    if not re.fullmatch(r"\d{3}", code):
        return 0
    for sign, (_, spans) in ((1, CREDITS), (-1, DEBITS)):
        if any(low <= int(code) <= high for low, high in spans):
            return sign
    return 0


def _part(group: Group, account: Account) -> Part:
    balances = {item.type_code.code: item.amount for item in account.header.summary_items if item.type_code}
    day = group.header.as_of_date
    return Part(
        account=one_line(account.header.customer_account_number or ""),
        currency=account.header.currency or group.header.currency or "USD",
        rows=tuple(_row(group, line) for line in account.children),
        opening=balances.get(OPENING),
        closing=balances.get(CLOSING),
        first_day=day,
        last_day=day,
    )


def _row(group: Group, line: TransactionDetail) -> Row:
    code = line.type_code.code
    mine = one_line(line.customer_reference or "")
    check = mine if code in PAID_BY_CHECK and mine.isdigit() else ""
    return Row(
        day=group.header.as_of_date,
        amount=_sign(code) * abs(line.amount or 0),
        mark=one_line(line.bank_reference or ""),
        check=check,
        reference="" if check else mine,
        text=(line.text or line.type_code.description or "").removesuffix("/"),
    )
