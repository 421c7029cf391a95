"""`mailbox [--json]`: look now at the mailbox to which banks send statements, and bring them in."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from syncapp.http.errors import VendorError
from syncapp.pipeline import mailbox

NONE = "No mailbox is named: set MAILBOX_URL, such as imaps://user:password@host:993/INBOX."
BUSY = "Another look at the mailbox is going on."


class Command(BaseCommand):
    """Read what came since the last look; say what became of each file."""

    help = "Look at the mailbox of statements now."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the form of the answer."""
        parser.add_argument("--json", action="store_true", dest="as_json", help="answer for machines")

    def handle(self, *_args: Any, **given: Any) -> None:
        """Look once."""
        if not settings.MAILBOX_URL:
            raise CommandError(NONE)
        try:
            found = mailbox.look(clock=timezone.now)
        except VendorError as error:
            raise CommandError(error.words) from error
        if found is None:
            raise CommandError(BUSY)
        rows = [
            {"account": str(one.pair), "file": str(one), "sender": one.sender, "state": one.state,
             "words": one.words}
            for one in found.arrivals
        ]  # fmt: skip
        if given["as_json"]:
            self.stdout.write(json.dumps({"letters": found.letters, "arrivals": rows}, ensure_ascii=False))
            return
        self.stdout.write(f"Letters looked at: {found.letters}")
        for row in rows:
            self.stdout.write(f"{row['account']}: {row['file']} {row['state']}. {row['words']}".rstrip())
