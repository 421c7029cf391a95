"""What the commands of a firm share: finding it, `--json`, `--strict`, and the scope."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import queries
from accounts.models import Firm


class FirmCommand(BaseCommand):
    """A command about one firm. An answer that is not as wished exits 2 under `--strict`, else 0.

    It does not check the pages first, which a command never opens: that was half of its start.
    """

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the firm and the form of the answer."""
        parser.add_argument("--firm", required=True, metavar="SLUG")
        parser.add_argument("--json", action="store_true", dest="as_json", help="answer for machines")
        parser.add_argument("--strict", action="store_true", help="exit 2 when the answer is not as wished")

    def firm(self, slug: str) -> Firm:
        """Return the firm, or say that there is none."""
        found = queries.firm_by_slug(slug)
        if found is None:
            raise CommandError(f"There is no firm “{slug}”.")
        return found

    def answer(self, value: Any, lines: list[str], *, given: dict[str, Any], well: bool = True) -> None:
        """Print an answer in the form asked for."""
        if given["as_json"]:
            self.stdout.write(json.dumps(value, ensure_ascii=False))
        else:
            for line in lines:
                self.stdout.write(line)
        if given["strict"] and not well:
            sys.exit(2)

    def refuse(self, words: str, *, given: dict[str, Any]) -> None:
        """Say why it was not done; exits 1."""
        if given["as_json"]:
            self.stdout.write(json.dumps({"error": words}, ensure_ascii=False))
            sys.exit(1)
        raise CommandError(words)
