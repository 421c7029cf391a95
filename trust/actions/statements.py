"""Bringing in what the bank said: a file is kept as it is, its statement only when it proves itself.

Reading a file needs no database and is done before a scope is open; the rest runs in a scope that writes.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from accounts import audit
from trust.actions.matches import match_certain
from trust.actions.watching import watch
from trust.models import (
    Statement,
    StatementFile,
    StatementLine,
    StatementProfile,
    StatementUpload,
    TrustPair,
)
from trust.nouns import Reading, Unreadable
from trust.queries import statements as query
from trust.statements import fitting
from trust.statements.fitting import Told
from trust.statements.profile import Profile, profile_of, signature
from trust.statements.reading import NeedsProfile, read, table_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from accounts.models import User
    from trust.nouns import BankLine, BankStatement

LONGEST_NAME = 200
NO_ACCOUNT = "The file names no account. It was taken for {} on your word."
UNCONFIRMED = "The file is of account …{}. From now on only files of it are taken for {}."


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A bank's file in hand, and what was read from it."""

    name: str
    content: bytes
    reading: Reading
    profile: Profile | None = None

    @property
    def sha256(self) -> str:
        """Return the fingerprint of the bytes."""
        return sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """What an import would do: the file's own account, how it fits, and what to know of it."""

    statement: BankStatement
    fit: fitting.Fit
    warnings: tuple[str, ...] = field(default=())


def open_file(*, name: str, content: bytes, currency: str, profiles: Iterable[StatementProfile] = ()) -> File:
    """Read a file, a table by the saved profile with its heads if there is one.

    Raises Unreadable, and NeedsProfile for a table that neither its heads nor a profile explain.
    """
    chosen = _saved(content, profiles)
    reading = read(content, profile=chosen, currency=currency)
    return File(name=PurePath(name).name[:LONGEST_NAME], content=content, reading=reading, profile=chosen)


def _saved(content: bytes, profiles: Iterable[StatementProfile]) -> Profile | None:
    """Return the saved profile whose heads a table has."""
    for saved in profiles:
        shape = profile_of(saved.shape)
        try:
            table, _ = table_of(content, delimiter=shape.delimiter)
        except Unreadable:
            return None
        if saved.heads and signature(table, shape.head) == saved.heads:
            return shape
    return None


def consider(*, pair: TrustPair, file: File, told: Told, digits: str = "", today: date) -> Considered:
    """Say how a file fits the account, without keeping anything. Raises Unreadable with the reason.

    `digits` are the account's last digits that the person confirms; else those of the pair, else those of the
    first statement.
    """
    confirmed = pair.last_digits or query.account_of(pair)
    statement = fitting.own(file.reading.statements, digits or confirmed)
    if confirmed and not fitting.same_account(statement.account, confirmed):
        fitting.own([statement], confirmed)
    first, last = fitting.period(statement, told, covered=query.covered_until(pair), today=today)
    past = query.past(pair=pair, statement=statement, first=first, last=last)
    fit = fitting.fit(statement, first=first, last=last, past=past, told=told)
    warnings = [*file.reading.warnings, *fit.warnings]
    if not fitting.only_digits(statement.account):
        warnings.append(NO_ACCOUNT.format(pair.clio_account))
    elif not confirmed and not digits:
        warnings.append(UNCONFIRMED.format(fitting.tail(statement.account), pair.clio_account))
    return Considered(statement=statement, fit=fit, warnings=tuple(warnings))


def take(
    *,
    pair: TrustPair,
    file: File,
    told: Told,
    digits: str = "",
    by: User | None,
    today: date,
    now: datetime,
    through: str = "",
) -> Statement:
    """Keep a file and its statement, match what is certain, and look at the months that were signed.

    A file that was brought in before changes nothing: its statement is returned. `through` names what brought
    a file that no person brought in. Raises Unreadable.
    """
    TrustPair.objects.select_for_update().get(pk=pair.pk)  # one import of an account at a time
    if known := query.kept(pair=pair, sha256=file.sha256):
        return known
    found = consider(pair=pair, file=file, told=told, digits=digits, today=today)
    made = _keep(pair, file, found, told=told, by=by, now=now)
    audit.record(
        firm_id=pair.firm_id,
        actor=by or through or None,
        verb="trust.statement_taken",
        obj=pair,
        after={
            "file": file.name, "sha256": file.sha256, "period": str(made), "new": len(found.fit.new),
            "known": made.known,
        },
        now=now,
    )  # fmt: skip
    match_certain(pair=pair, actor=by, now=now)
    watch(firm_id=pair.firm_id, now=now)
    return made


def _keep(
    pair: TrustPair, file: File, found: Considered, *, told: Told, by: User | None, now: datetime
) -> Statement:
    fit = found.fit
    made = Statement.objects.create(
        firm_id=pair.firm_id,
        pair=pair,
        file=_file(pair, file, by, now),
        account=found.statement.account[:60],
        currency=found.statement.currency,
        opening=fit.opening,
        closing=fit.closing,
        opening_from=fit.opening_from,
        first_day=fit.first,
        last_day=fit.last,
        state="opening_worked_out" if fit.opening_from == "worked_out" else "proved",
        seen=len(found.statement.lines),
        known=len(fit.known),
        known_amount=sum(line.amount for line in fit.known),
        warnings=list(found.warnings),
        told=_told(told, file.profile),
        by=by,
        at=now,
    )
    StatementLine.objects.bulk_create(_lines(made, fit.new), batch_size=2_000)
    return made


def _lines(made: Statement, new: Iterable[BankLine]) -> list[StatementLine]:
    return [
        StatementLine(
            firm_id=made.firm_id,
            pair=made.pair,
            statement=made,
            identity=line.id,
            position=number,
            day=line.day,
            amount=line.amount,
            check_number=line.check,
            reference=line.reference,
            text=line.text,
        )
        for number, line in enumerate(new)
    ]


def _file(pair: TrustPair, file: File, by: User | None, now: datetime) -> StatementFile:
    """Return the kept file; another account of it may have been brought in before."""
    known = query.file_by_hash(firm_id=pair.firm_id, sha256=file.sha256)
    return known or StatementFile.objects.create(
        firm_id=pair.firm_id,
        name=file.name,
        content=file.content,
        size=len(file.content),
        sha256=file.sha256,
        reader=file.reading.reader,
        version=file.reading.version,
        by=by,
        at=now,
    )


def _told(told: Told, profile: Profile | None) -> dict[str, Any]:
    said = {name: value if isinstance(value, int) else str(value) for name, value in asdict(told).items()}
    kept: dict[str, Any] = {name: value for name, value in said.items() if value != "None"}
    return kept | ({"profile": profile.kept()} if profile else {})


def save_profile(
    *, firm_id: int, name: str, content: bytes, shape: Profile, by: User, now: datetime
) -> StatementProfile:
    """Keep how a bank's table is read; the same name is that bank's profile written anew.

    Raises Unreadable when the profile does not read the file that it is built on.
    """
    table, _ = table_of(content, delimiter=shape.delimiter)
    if faults := shape.faults():
        raise NeedsProfile(table, shape.delimiter, " ".join(faults))
    read(content, profile=shape)
    saved, made = StatementProfile.objects.update_or_create(
        firm_id=firm_id,
        name=name.strip()[:80],
        defaults={"heads": signature(table, shape.head), "shape": shape.kept(), "by": by, "at": now},
    )
    audit.record(
        firm_id=firm_id,
        actor=by,
        verb="trust.profile_saved",
        obj=saved,
        after={"shape": saved.shape, "new": made},
        now=now,
    )
    return saved


def stage(*, pair: TrustPair, name: str, content: bytes, by: User, now: datetime) -> StatementUpload:
    """Put a file aside for a person to look at; what he put aside before for this account is gone."""
    made, _ = StatementUpload.objects.update_or_create(
        firm_id=pair.firm_id,
        pair=pair,
        by=by,
        defaults={
            "name": PurePath(name).name[:LONGEST_NAME], "content": content, "shape": {}, "told": {},
            "at": now,
        },
    )  # fmt: skip
    return made


def remember(*, upload: StatementUpload, told: dict[str, str]) -> None:
    """Keep what a person said of a file that was not taken, so that leaving the page loses nothing."""
    upload.told = told
    upload.save(update_fields=["told"])


def drop(*, pair: TrustPair, by: User) -> None:
    """Throw away what a person put aside for this account."""
    StatementUpload.objects.filter(firm_id=pair.firm_id, pair=pair, by=by).delete()
