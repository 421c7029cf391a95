"""`exceptions --firm SLUG`: what waits, by cause, trust first."""

from __future__ import annotations

from typing import Any

from accounts.tenancy import firm_scope
from syncapp.pipeline import answers
from syncapp.pipeline.commanding import FirmCommand


class Command(FirmCommand):
    """List the open cases with what they hold."""

    help = "List what waits for a person, by cause."

    def handle(self, *_args: Any, **given: Any) -> None:
        """Print the queue."""
        firm = self.firm(given["firm"])
        with firm_scope(write=None, reads=[firm.pk]):
            value = answers.exceptions(firm.pk)
        lines = ["Nothing is stuck."] if not value else []
        for case in value:
            lines.append(f"{case['cause']} ({case['amount']})")
            lines += [
                f"  {row['kind']} {row['number'] or row['clio_id']}: {row['amount']}"
                for row in [*case["holds"], *case["alarms"]]
            ]
        self.answer(value, lines, given=given, well=not value)
