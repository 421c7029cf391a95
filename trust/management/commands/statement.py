"""`statement FILE [--firm SLUG --account NAME]`: read a bank file, print its lines and proof, bring it in."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.queries import firm_by_slug, today_of
from accounts.tenancy import firm_scope
from syncapp.core import money
from trust import answers
from trust.actions import statements as actions
from trust.nouns import Unreadable
from trust.queries import statements as query
from trust.queries.pairs import pair_named
from trust.statements import fitting
from trust.statements.content import LARGEST
from trust.statements.fitting import Told

if TYPE_CHECKING:
    from accounts.models import Firm
    from trust.models import TrustPair

UNPROVED = (
    "The file names no opening balance, so nothing here proves it. Bringing it in proves it against the last."
)


class Command(BaseCommand):
    """Read a bank's file of any supported format; with a firm and a trust account, bring it in."""

    help = "Read a bank's statement and prove it; with --firm and --account, bring it in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, where it goes, and what the file leaves out."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--firm", metavar="SLUG", default="")
        parser.add_argument("--account", metavar="NAME", default="", help="the trust account's name in Clio")
        parser.add_argument(
            "--digits", default="", help="last digits of the account, where the file has several"
        )
        parser.add_argument("--opening", type=_money, help="opening balance, where the file names none")
        parser.add_argument("--closing", type=_money, help="closing balance, where the file names none")
        parser.add_argument("--from", type=_day, dest="first", help="first day, where the file names none")
        parser.add_argument("--to", type=_day, dest="last", help="last day, where the file names none")
        parser.add_argument("--json", action="store_true", dest="as_json", help="answer for machines")
        parser.add_argument("--strict", action="store_true", help="exit 2 when nothing proves the file")

    def handle(self, *_args: Any, **given: Any) -> None:
        """Read, prove, print; bring it in when a trust account is named."""
        told = Told(
            opening=given["opening"], closing=given["closing"], first=given["first"], last=given["last"]
        )
        try:
            content = _content(given["file"])
            value = self._imported(content, told, given) if given["firm"] else _alone(content, told, given)
        except Unreadable as error:
            if not given["as_json"]:
                raise CommandError(error.words) from error
            self.stdout.write(json.dumps({"error": error.words}, ensure_ascii=False))
            sys.exit(1)
        if given["as_json"]:
            self.stdout.write(json.dumps(value, ensure_ascii=False))
        else:
            for line in _spoken(value):
                self.stdout.write(line)
        if given["strict"] and not value["proof"]["ok"]:
            sys.exit(2)

    def _imported(self, content: bytes, told: Told, given: dict[str, Any]) -> dict[str, Any]:
        """Bring the file in and say what became of it. Raises Unreadable."""
        firm = firm_by_slug(given["firm"])
        if firm is None:
            raise Unreadable(f"There is no firm “{given['firm']}”.")
        with firm_scope(write=None, reads=[firm.pk]):
            profiles = list(query.profiles(firm.pk))
        name = given["file"].name
        file = actions.open_file(name=name, content=content, currency=firm.currency, profiles=profiles)
        with firm_scope(write=firm.pk):
            return _taken(_pair(firm, given["account"]), firm, file, told, given["digits"])


def _taken(pair: TrustPair, firm: Firm, file: actions.File, told: Told, digits: str) -> dict[str, Any]:
    now = timezone.now()
    known = query.kept(pair=pair, sha256=file.sha256)
    made = known or actions.take(
        pair=pair, file=file, told=told, digits=digits, by=None, today=today_of(firm, now), now=now
    )
    statement = fitting.own(file.reading.statements, digits or made.account)
    return answers.imported(made, statement, reader=file.reading.reader, again=known is not None)


def _pair(firm: Firm, account: str) -> TrustPair:
    found = pair_named(firm.pk, account)
    if found is None:
        raise Unreadable(f"There is no trust account “{account}” that is set up for this firm.")
    return found


def _alone(content: bytes, told: Told, given: dict[str, Any]) -> dict[str, Any]:
    """Read a file without keeping anything; of several accounts the first, unless digits name one."""
    file = actions.open_file(name=given["file"].name, content=content, currency="USD")
    listed = file.reading.statements
    statement = fitting.own(listed, given["digits"]) if given["digits"] else listed[0]
    warnings = list(file.reading.warnings)
    if len(listed) > 1:
        others = ", ".join(f"…{fitting.tail(one.account)}" for one in listed if one is not statement)
        warnings.append(f"The file holds other accounts too: {others}. Name one with --digits.")
    opening = statement.opening if statement.opening is not None else told.opening
    closing = statement.closing if statement.closing is not None else told.closing
    value = answers.read(statement, reader=file.reading.reader, opening=opening, closing=closing)
    if opening is None:
        warnings.append(UNPROVED)
    return value | {"warnings": warnings}


def _spoken(value: dict[str, Any]) -> list[str]:
    rows = [
        f"{line['date']}  {line['amount']:>14}  {line['check']:<8} {line['text']}" for line in value["lines"]
    ]
    proof = value["proof"]
    verdict = "proved" if proof["ok"] else f"not proved, difference {proof['difference'] or 'unknown'}"
    made = value.get("imported")
    kept = [f"{made['new']} lines are new, {made['known']} were here already."] if made else []
    return [
        f"Account {value['account'] or 'unnamed'}, read by {value['reader']}",
        f"Opening {value['opening'] or 'not named'}",
        *rows,
        f"Closing {value['closing'] or 'not named'}: {verdict}",
        *kept,
        *value["warnings"],
    ]


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            megabytes = path.stat().st_size // (1024 * 1024)
            raise Unreadable(
                f"The file has {megabytes} MB; a statement has less than {LARGEST // (1024 * 1024)}."
            )
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"The file {path.name} cannot be opened: {error.strerror}.") from error


def _money(text: str) -> int:
    try:
        return money.minor(text.replace(",", ""))
    except money.NotMoneyError as error:
        raise ArgumentTypeError(str(error)) from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"“{text}” is no day: write it as 2026-09-30") from error
