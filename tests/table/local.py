"""The steps that call nobody: the worker dies in them, and what came back is not what was planned."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from django.db import connection

from syncapp.emulators.qbo import backdoor
from syncapp.qbo import compare
from tests.table.ground import Row, row
from tests.table.line import Act, Killed
from tests.table.words import cells

STATEMENTS = {
    "plan": r'insert into "?records_posting\b',
    "claim": r"update records_posting set state = 'sending'|set state = 'sending'",
    "record": r'insert into "?records_attempt\b',
    "adopt": r'insert into "?records_attempt\b',
    "link": r'(insert into|update) "?records_link\b',
    "entry": r'insert into "?records_postedentry\b',
}
BY_TRANSACTION = {"plan", "claim", "record", "adopt"}  # these end with their transaction
COMMITTED = re.compile(r"^release savepoint", re.IGNORECASE)


def tell(step: str) -> dict[str, list[str]]:
    """Tell one row; return what was not as it must be, by cell."""
    with row() as told:
        matter = told.at.fresh_matter()
        told.at.bill(matter)
        told.settle_down(whole=True)
        for fault in [fault for at, fault, _ in cells() if at == step]:
            bill = told.at.bill(matter)
            if fault == "differs":
                told.arm(bill.number, _differing(told, step, bill.number))
            else:
                if step == "adopt":
                    _lost(told, bill.number, fault)
                with _dying(step, after=fault == "killed_after"):
                    told.expect(fault, told.once() is None, "the worker was not killed")
            told.settle_down()
            if fault == "differs":
                _put_right(told)
            told.assert_well(fault)
        told.settle_down(whole=True)
        told.verified()
        return told.wrong


def _lost(told: Row, number: str, fault: str) -> None:
    """The worker is gone before it could read the answer, so that the next run finds it in the books."""
    told.arm(number, Act("killed_after"))
    told.expect(fault, told.once() is None, "the worker was not killed")


@contextmanager
def _dying(step: str, *, after: bool) -> Iterator[None]:
    """Let the worker die before or after a step."""
    if step == "compare":
        with patch.object(compare, "differences", _killing(compare.differences, after=after)):
            yield
        return
    with connection.execute_wrapper(_Death(STATEMENTS[step], after=after, whole=step in BY_TRANSACTION)):
        yield


def _killing(real: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
    def compare_and_die(*given: Any) -> Any:
        if after:
            real(*given)
        raise Killed

    return compare_and_die


class _Death:
    """Kills the worker before the statement of a step, after it, or after its transaction is committed."""

    def __init__(self, pattern: str, *, after: bool, whole: bool) -> None:
        self.pattern = re.compile(pattern, re.IGNORECASE)
        self.after, self.whole = after, whole
        self.begun = False

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: Any, context: Any) -> Any:
        """Pass a statement on, or die."""
        text = str(sql).strip()
        here = bool(self.pattern.search(text)) and not self.begun
        if here and not self.after:
            raise Killed
        found = execute(sql, params, many, context)
        if here and not self.whole:
            raise Killed
        if self.begun and COMMITTED.search(text):
            raise Killed
        self.begun = self.begun or here
        return found


def _differing(told: Row, step: str, number: str) -> Act:
    """What QuickBooks shows is not what was asked for: in its answer, or where a lost one is looked for."""
    if step == "compare":
        return Act("differs")
    typed = Act("read", lambda: _type(told, number, Decimal("7.00")))
    return Act("drop_after", lambda: setattr(told.line, "next_read", typed))


def _type(told: Row, number: str, amount: Decimal) -> None:
    """Somebody types another amount into the first line of our invoice."""
    company = told.at.on.company
    (made,) = (one for one in company.store["Invoice"].values() if one["DocNumber"] == number)
    told.typed = (number, made["Line"][0]["Amount"])
    detail = {"SalesItemLineDetail": {"ItemRef": made["Line"][0]["SalesItemLineDetail"]["ItemRef"]}}
    lines = [{**made["Line"][0], **detail, "Amount": amount}, *made["Line"][1:]]
    backdoor.edit(company, "Invoice", made["Id"], {"Line": lines})


def _put_right(told: Row) -> None:
    """A person is told, and puts it right in QuickBooks."""
    alarms = [alarm.code for alarm in told.at.holds(alarm=True)]
    told.expect("differs", "posted_differs" in alarms, f"alarms: {alarms}")
    if told.typed is not None:
        _type(told, *told.typed)
