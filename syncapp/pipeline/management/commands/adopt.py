"""`adopt --firm SLUG [--accept certain|ID…]`: what stands in the books already, and linking it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.pipeline.adoption import accepting, proposing
from syncapp.pipeline.afresh import NotComparable, read_afresh
from syncapp.pipeline.commanding import FirmCommand
from syncapp.qbo.shapes import ENTITY_OF
from syncapp.records.models import Proposal

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

_ENTITY = {kind.value: name for kind, name in ENTITY_OF.items()} | {"expense": "Purchase"}


class Command(FirmCommand):
    """Read both sides afresh, list what stands already, and link what is accepted. Nothing is posted."""

    help = "List what stands in the books already and would be linked instead of posted."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what is to be linked."""
        super().add_arguments(parser)
        parser.add_argument(
            "--accept",
            nargs="+",
            action="extend",  # also when the word stands more than once
            default=[],
            metavar="ID",
            help="`certain`, or ids of the list",
        )

    def handle(self, *_args: Any, **given: Any) -> None:
        """Recognise, link what is accepted, and print the list."""
        firm, now = self.firm(given["firm"]), timezone.now()
        ids = [word for word in given["accept"] if word != "certain"]
        if strange := [word for word in ids if not word.isdigit()]:
            self.refuse(f"“{strange[0]}” is no id of the list. Give ids, or the word certain.", given=given)
            return
        try:
            books = read_afresh(firm=firm, clock=timezone.now)
        except NotComparable as error:
            self.refuse(error.words, given=given)
            return
        problem = proposing.propose(firm_id=firm.pk, books_id=books.pk, now=now)
        if problem is not None:
            self.refuse(problem.words, given=given)
            return
        with firm_scope(write=None, reads=[firm.pk]):
            rows = list(Proposal.objects.filter(firm_id=firm.pk, books=books, state="open").order_by("pk"))
        if unknown := set(map(int, ids)) - {row.pk for row in rows}:
            self.refuse(f"There is no open proposal {min(unknown)}.", given=given)
            return
        for wanted in ([None] if "certain" in given["accept"] else []) + (
            [list(map(int, ids))] if ids else []
        ):
            done = accepting.accept(
                firm_id=firm.pk, books_id=books.pk, ids=wanted, by="manage.py adopt", now=timezone.now()
            )
            if isinstance(done, str) and done != accepting.GONE:
                self.refuse(done, given=given)
                return
        self._tell(firm.pk, rows, given)

    def _tell(self, firm_id: int, rows: list[Proposal], given: dict[str, Any]) -> None:
        with firm_scope(write=None, reads=[firm_id]):
            adopted = set(
                Proposal.objects.filter(firm_id=firm_id, state="adopted").values_list("pk", flat=True)
            )
        value = [
            {
                "id": str(row.pk),
                "kind": row.resource,
                "clio_id": row.source_id,
                "books_id": f"{_ENTITY.get(row.object_kind, row.object_kind)}:{row.remote_id}",
                "confidence": row.confidence,
                "reasons": row.reasons,
                "adopted": row.pk in adopted,
            }
            for row in rows
        ]
        lines = ["Nothing stands in the books that would be posted."] if not value else []
        lines += [
            f"{'adopted ' if one['adopted'] else ''}{one['id']} {one['confidence']}: {one['kind']} "
            f"{one['clio_id']} is {one['books_id']} ({'; '.join(one['reasons'])})"
            for one in value
        ]
        self.answer(value, lines, given=given, well=all(one["adopted"] for one in value))
