"""What the bank said of a trust account. To be asked within an open scope of the firm."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Max, Sum

from trust.models import (
    Statement,
    StatementFile,
    StatementLine,
    StatementProfile,
    StatementUpload,
    TrustPair,
)
from trust.nouns import BankLine, BankStatement
from trust.queries.openings import opening_of
from trust.statements.fitting import Past

if TYPE_CHECKING:
    from django.db.models import QuerySet

ONE_DAY = timedelta(days=1)


def line_rows(*, pair: TrustPair, first: date, last: date) -> QuerySet[StatementLine]:
    """Return the bank's lines of a trust account from `first` to `last`, both included, oldest first."""
    return StatementLine.objects.filter(firm_id=pair.firm_id, pair=pair, day__range=(first, last))


def lines(pair: TrustPair, first: date, last: date) -> list[BankLine]:
    """Return the bank's lines of a trust account from `first` to `last`, both included, oldest first."""
    columns = ("identity", "day", "amount", "check_number", "reference", "text")
    return [
        BankLine(id=identity, day=day, amount=amount, check=check, reference=reference, text=text)
        for identity, day, amount, check, reference, text in line_rows(
            pair=pair, first=first, last=last
        ).values_list(*columns)
    ]


def bank_line(row: StatementLine) -> BankLine:
    """Return a kept line as the word that matching and the three-way share."""
    return BankLine(
        id=row.identity,
        day=row.day,
        amount=row.amount,
        check=row.check_number,
        reference=row.reference,
        text=row.text,
    )


def statements(pair: TrustPair) -> QuerySet[Statement]:
    """Return the statements of a trust account, the latest first, each with its file but not its bytes."""
    rows = Statement.objects.filter(firm_id=pair.firm_id, pair=pair)
    return rows.select_related("file", "by").defer("file__content")


def covering(*, pair: TrustPair, first: date, last: date) -> list[Statement]:
    """Return the statements that say something of the days from `first` to `last`, the earliest first."""
    rows = statements(pair).filter(first_day__lte=last, last_day__gte=first)
    return list(rows.order_by("first_day", "last_day", "id"))


def covered_until(pair: TrustPair) -> date | None:
    """Return the last day that any statement of the account covers; None before the first."""
    latest: date | None = statements(pair).aggregate(latest=Max("last_day"))["latest"]
    return latest


def balance_on(pair: TrustPair, day: date) -> int | None:
    """Return the bank's balance at the end of `day`, in minor units; None when no statement tells it.

    A day between two statements has the balance that the earlier closed with: the later must open with it.
    """
    rows = statements(pair)
    over = rows.filter(first_day__lte=day + ONE_DAY, last_day__gte=day).order_by("last_day", "id").first()
    if over is not None:
        return over.closing - _sum(pair, day + ONE_DAY, over.last_day)
    before = rows.filter(last_day__lt=day).order_by("-last_day", "-id").first()
    after = rows.filter(first_day__gt=day).exists()
    return before.closing if before is not None and after else None


def _sum(pair: TrustPair, first: date, last: date) -> int:
    if first > last:
        return 0
    total: int | None = line_rows(pair=pair, first=first, last=last).aggregate(total=Sum("amount"))["total"]
    return total or 0


def past(*, pair: TrustPair, statement: BankStatement, first: date, last: date) -> Past:
    """Return what a trust account has already of a statement's days and lines, and around them."""
    before, before_day = balance_on(pair, first - ONE_DAY), first - ONE_DAY
    if before is None:
        earlier = statements(pair).filter(last_day__lt=first).order_by("-last_day", "-id").first()
        if earlier is not None:
            before, before_day = earlier.closing, earlier.last_day
    if before is None and (opening := opening_of(pair)) is not None and opening.day == before_day:
        before = opening.statement
    after, after_day = balance_on(pair, last), last
    if after is None:
        later = statements(pair).filter(first_day__gt=last).order_by("first_day", "id").first()
        if later is not None:
            after, after_day = later.opening, later.first_day - ONE_DAY
    ids = [line.id for line in statement.lines]
    same = StatementLine.objects.filter(firm_id=pair.firm_id, pair=pair, identity__in=ids)
    return Past(
        before=before,
        before_day=before_day,
        after=after,
        after_day=after_day,
        kept=tuple(lines(pair, first, last)),
        by_identity=tuple(bank_line(row) for row in same),
    )


def account_of(pair: TrustPair) -> str:
    """Return the account number that the first file of this pair had; empty before one said it."""
    rows = Statement.objects.filter(firm_id=pair.firm_id, pair=pair).exclude(account="")
    return rows.order_by("id").values_list("account", flat=True).first() or ""


def file_by_hash(*, firm_id: int, sha256: str) -> StatementFile | None:
    """Return the kept file with these bytes, without them."""
    return StatementFile.objects.filter(firm_id=firm_id, sha256=sha256).defer("content").first()


def kept(*, pair: TrustPair, sha256: str) -> Statement | None:
    """Return the statement of this account that was brought in from a file with these bytes."""
    return statements(pair).filter(file__sha256=sha256).first()


def profiles(firm_id: int) -> QuerySet[StatementProfile]:
    """Return the saved CSV profiles of a firm."""
    return StatementProfile.objects.filter(firm_id=firm_id)


def upload_of(*, pair: TrustPair, person_id: int) -> StatementUpload | None:
    """Return the file that a person put aside for this account, with its bytes."""
    return StatementUpload.objects.filter(firm_id=pair.firm_id, pair=pair, by_id=person_id).first()


def statement_by_id(*, pair: TrustPair, statement_id: int) -> Statement | None:
    """Return a statement of this account, without the file's bytes."""
    return statements(pair).filter(pk=statement_id).first()


def content_of(statement: Statement) -> bytes:
    """Return the bank's file of a statement, byte for byte."""
    found = StatementFile.objects.filter(firm_id=statement.firm_id, pk=statement.file_id)
    return bytes(found.values_list("content", flat=True).get())
