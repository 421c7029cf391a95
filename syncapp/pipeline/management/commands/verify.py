"""`verify --firm SLUG`: the audit chain, the posted entries, the links, the books."""

from __future__ import annotations

from typing import Any

from accounts.tenancy import firm_scope
from syncapp.pipeline import answers
from syncapp.pipeline.commanding import FirmCommand


class Command(FirmCommand):
    """Check what must never be wrong."""

    help = "Check the audit chain, the posted entries, the links and the books."

    def handle(self, *_args: Any, **given: Any) -> None:
        """Check and print."""
        firm = self.firm(given["firm"])
        with firm_scope(write=None, reads=[firm.pk]):
            value = answers.verify(firm.pk)
        lines = [
            f"{name}: {'ok' if check['ok'] else 'WRONG'} {check}" for name, check in value["checks"].items()
        ]
        self.answer(value, lines, given=given, well=value["ok"])
