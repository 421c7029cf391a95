"""Bringing files in, for the tests of statements."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.tenancy import firm_scope
from tests import cast
from trust.actions import statements as actions
from trust.models import Statement, TrustPair
from trust.nouns import BankLine
from trust.queries import statements as query
from trust.statements.fitting import Told

TODAY = date(2026, 10, 20)


def bring(account: TrustPair, content: bytes, name: str = "september.qbo", **more: Any) -> Statement:
    told = more.pop("told", Told())
    file = actions.open_file(name=name, content=content, currency="USD", profiles=more.pop("profiles", ()))
    with firm_scope(write=account.firm_id):
        return actions.take(pair=account, file=file, told=told, by=None, today=TODAY, now=cast.NOW, **more)


def kept(account: TrustPair) -> list[BankLine]:
    with firm_scope(write=None, reads=[account.firm_id]):
        return query.lines(account, date(2020, 1, 1), date(2030, 1, 1))


def balance(account: TrustPair, day: date) -> int | None:
    with firm_scope(write=None, reads=[account.firm_id]):
        return query.balance_on(account, day)
