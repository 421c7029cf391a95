"""`sync --firm SLUG [--shadow] [--until-quiet]`: run the pipeline in the foreground."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from syncapp.pipeline import answers
from syncapp.pipeline.clock import schedule
from syncapp.pipeline.commanding import FirmCommand
from syncapp.pipeline.run import Order, run

PATIENCE = 600.0  # seconds that another run of the same firm is waited for


class Command(FirmCommand):
    """Pull, read, settle, post, record and reconcile one firm now."""

    help = "Run the pipeline for one firm in the foreground."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what kind of run is wanted."""
        super().add_arguments(parser)
        parser.add_argument("--shadow", action="store_true", help="plan everything, post nothing")
        parser.add_argument(
            "--until-quiet", action="store_true", help="go on until nothing is left or uncertain"
        )

    def handle(self, *_args: Any, **given: Any) -> None:
        """Run once, or until nothing is left."""
        firm = self.firm(given["firm"])
        order = Order(trigger="command", whole=True, until_quiet=given["until_quiet"], shadow=given["shadow"])
        started = time.monotonic()
        while True:
            try:
                with schedule.leased(firm_id=firm.pk, now=timezone.now()) as holder:
                    done = run(firm=firm, order=order, clock=timezone.now, holder=holder)
                break
            except schedule.Busy as error:
                if time.monotonic() - started > PATIENCE:
                    self.refuse(str(error), given=given)
                time.sleep(0.5)
        if done.state != "done":
            self.refuse(done.words, given=given)
        totals = answers.totals(done.counts)
        words = [f"{name}: {count}" for name, count in totals.items()]
        self.answer(totals, words, given=given, well=not totals["held"] and not totals["uncertain"])
