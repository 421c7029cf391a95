"""`tieout --firm SLUG`: compare Clio with the books, as both stand now."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.pipeline import answers
from syncapp.pipeline.afresh import NotComparable, compare
from syncapp.pipeline.commanding import FirmCommand


class Command(FirmCommand):
    """Read both sides afresh and compare them, record by record and in total."""

    help = "Compare Clio with the books as both stand now."

    def handle(self, *_args: Any, **given: Any) -> None:
        """Compare and print."""
        firm = self.firm(given["firm"])
        try:
            found = compare(firm=firm, clock=timezone.now)
        except NotComparable as error:
            self.refuse(error.words, given=given)
            return
        with firm_scope(write=None, reads=[firm.pk]):
            value = answers.tie_out(found)
        lines = [f"{'Equal' if value['equal'] else 'Not equal'} as of {value['as_of']}"]
        lines += [
            f"{name}: Clio {one['clio']['total']} ({one['clio']['count']}), books {one['books']['total']} "
            f"({one['books']['count']}), difference {one['difference']}, in the queue {one['queued']}, "
            f"unexplained {one['unexplained']}"
            for name, one in value["kinds"].items()
        ]
        lines += [
            f"  {row['kind']} {row['number'] or row['clio_id']}: {row['reason']}"
            for row in value["differences"]
        ]
        self.answer(value, lines, given=given, well=value["equal"])
