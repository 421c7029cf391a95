"""`threeway --firm SLUG --account NAME --month YYYY-MM`: the three-way of one trust account and month."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.pipeline.afresh import NotComparable, read_afresh
from syncapp.pipeline.commanding import FirmCommand
from syncapp.pipeline.trust import threeway
from trust.queries import pairs


class Command(FirmCommand):
    """Read Clio and the books afresh and compare all witnesses of one trust account."""

    help = "Compare the bank, the books, the client ledgers and Tieout's own lines for one month."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the account, by its name in Clio, and the month."""
        super().add_arguments(parser)
        parser.add_argument(
            "--account", required=True, metavar="NAME", help="the trust account's name in Clio"
        )
        parser.add_argument("--month", required=True, metavar="YYYY-MM")

    def handle(self, *_args: Any, **given: Any) -> None:
        """Compare and print."""
        firm = self.firm(given["firm"])
        try:
            month = date.fromisoformat(f"{given['month']}-01")
        except ValueError:
            self.refuse(f"“{given['month']}” is no month: write it as 2026-09.", given=given)
            return
        try:
            read_afresh(firm=firm, clock=timezone.now)
        except NotComparable as error:
            self.refuse(error.words, given=given)
            return
        with firm_scope(write=None, reads=[firm.pk]):
            pair = pairs.pair_named(firm.pk, given["account"])
            value = threeway.answer(pair, month) if pair else None
        if value is None:
            words = f"There is no trust account “{given['account']}” that is set up for this firm."
            self.refuse(words, given=given)
            return
        self.answer(value, threeway.lines_of(value), given=given, well=value["signable"])
