"""`trace --firm SLUG KIND ID`: the whole road of one record."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandParser

from accounts.tenancy import firm_scope
from syncapp.pipeline import answers
from syncapp.pipeline.commanding import FirmCommand


class Command(FirmCommand):
    """Print how a record came into the books."""

    help = "Print the whole road of one record; KIND is Clio's resource, such as bills."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the record."""
        super().add_arguments(parser)
        parser.add_argument("kind")
        parser.add_argument("id", type=int)

    def handle(self, *_args: Any, **given: Any) -> None:
        """Find and print."""
        firm = self.firm(given["firm"])
        with firm_scope(write=None, reads=[firm.pk]):
            document = answers.find(firm.pk, given["kind"], given["id"])
            value = answers.trace(document) if document is not None else None
        if value is None:
            self.refuse(f"Tieout knows no {given['kind']} {given['id']} of this firm.", given=given)
            return
        self.answer(value, [json.dumps(value, indent=2, ensure_ascii=False)], given=given)
