"""`connect clio|qbo --firm SLUG [--books NAME] [--callback URL]`: authorise without the screens."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from accounts import oauth_state, queries
from accounts.models import Books, Firm, User
from accounts.tenancy import firm_scope
from mapping import queries as mapping_queries
from syncapp.pipeline import connect
from syncapp.pipeline.commanding import FirmCommand
from syncapp.records.models import Cursor


class Kept(MutableMapping[str, Any]):
    """The state of connections begun here, kept with the firm between two calls of the command."""

    def __init__(self, firm_id: int) -> None:
        self.firm_id = firm_id

    def _row(self) -> Cursor:
        now = timezone.now()
        return Cursor.objects.get_or_create(firm_id=self.firm_id, name="connecting", defaults={"at": now})[0]

    def __getitem__(self, key: str) -> Any:
        with firm_scope(write=self.firm_id):
            return self._row().state[key]

    def __setitem__(self, key: str, value: Any) -> None:
        with firm_scope(write=self.firm_id):
            row = self._row()
            row.state = row.state | {key: value}
            row.save(update_fields=["state"])

    def __delitem__(self, key: str) -> None:
        self[key] = None

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class Command(FirmCommand):
    """Print the authorise address, or finish with the address that the browser was sent back to."""

    help = "Connect Clio or QuickBooks: prints the address to open, and finishes with --callback."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what is connected."""
        parser.add_argument("provider", choices=["clio", "qbo"])
        super().add_arguments(parser)
        parser.add_argument("--books", metavar="NAME", help="the set of books; the first one when left out")
        parser.add_argument("--region", default="", choices=["", "us", "ca", "eu", "au"])
        parser.add_argument("--callback", metavar="URL", help="the address that the browser was sent back to")

    def handle(self, *_args: Any, **given: Any) -> None:
        """Begin or finish."""
        firm = self.firm(given["firm"])
        books = self._books(firm, given["books"]) if given["provider"] == "qbo" else None
        if given["callback"]:
            self._finish(firm, given)
        else:
            self._begin(firm, books, given)

    def _books(self, firm: Firm, name: str | None) -> Books:
        with firm_scope(write=None, reads=[firm.pk]):
            rows = Books.objects.filter(firm_id=firm.pk).order_by("position", "id")
            found = rows.filter(name=name).first() if name else rows.first()
        if found is None:
            raise CommandError(f"The firm has no set of books{f' named “{name}”' if name else ''}.")
        return found

    def _person(self, firm: Firm) -> User:
        people = queries.people_of(firm_id=firm.pk, role="administrator", now=timezone.now())
        if not people:
            raise CommandError("The firm has no administrator: a connection is made in a person's name.")
        return people[0]

    def _begin(self, firm: Firm, books: Books | None, given: dict[str, Any]) -> None:
        provider, region = given["provider"], given["region"] or _region(firm)
        books_id = books.pk if books else None
        state = oauth_state.new_state(
            Kept(firm.pk), provider, firm.pk, books_id, now=timezone.now(), region=region
        )
        address = connect.begin(
            provider=provider, region=region, redirect_uri=connect.redirect_uri(provider), state=state
        )
        self.answer({"authorize": address}, [address], given=given)

    def _finish(self, firm: Firm, given: dict[str, Any]) -> None:
        params = dict(parse_qsl(urlsplit(given["callback"]).query))
        pending = oauth_state.claim_state(Kept(firm.pk), params.get("state", ""), now=timezone.now())
        if isinstance(pending, str):
            self.refuse(pending, given=given)
            return
        if pending.provider != given["provider"]:
            self.refuse(
                f"This address answers a connection of {connect.NAMES[pending.provider]}.", given=given
            )
            return
        person = self._person(firm)
        grant = connect.finish(
            firm_id=firm.pk,
            provider=given["provider"],
            books_id=pending.books_id,
            region=pending.region,
            callback_params=params,
            redirect_uri=connect.redirect_uri(given["provider"]),
            by=person,
            now=timezone.now(),
        )
        if isinstance(grant, str):
            self.refuse(grant, given=given)
            return
        if pending.books_id is not None:
            self._start(firm, pending.books_id, person)
        self.answer({"connected": str(grant), "id": grant.external_id}, [f"Connected {grant}."], given=given)

    def _start(self, firm: Firm, books_id: int, person: User) -> None:
        """Whoever connects by command has named the company on purpose: posting may begin."""
        with firm_scope(write=None, reads=[firm.pk]):
            company = mapping_queries.company(books_id)
        if company is not None:
            connect.start_posting(
                firm_id=firm.pk, books_id=books_id, typed_name=company.name, by=person, now=timezone.now()
            )


def _region(firm: Firm) -> str:
    with firm_scope(write=None, reads=[firm.pk]):
        said = mapping_queries.firm_settings(firm.pk).get("source", {})
    return str(said.get("region") or "us")
