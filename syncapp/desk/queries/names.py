"""Names for the ids that lines carry, looked up once for all lines of a page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from mapping.models import MirrorAccount, MirrorItem, MirrorTag
from syncapp.core import ledger
from syncapp.desk import words
from syncapp.records.models import BookRow, Document, PostedLine
from trust.queries import ledgers


class Names:
    """Names of accounts, items, classes and customers, looked up once for all lines of a page."""

    def __init__(self, firm_id: int) -> None:
        self.firm_id = firm_id
        self._of: dict[tuple[str, int, str], str] = {}
        self._subjects: dict[str, str] = {}
        self._customers: dict[tuple[int, str], str] = {}

    def learn(
        self,
        lines: Iterable[PostedLine | ledger.EntryLine],
        drafts: Iterable[ledger.Draft | None],
        books: set[int],
    ) -> None:
        """Read the names that lines and drafts mention, in five queries."""
        rows: list[PostedLine | ledger.EntryLine] = [*lines]
        for draft in drafts:
            rows += list(draft.entry()) if draft else []
            for sale in getattr(draft, "lines", ()):
                if isinstance(sale, ledger.SaleLine):
                    rows.append(
                        ledger.EntryLine(
                            account=sale.account, amount=0, item=sale.item, class_id=sale.class_id
                        )
                    )
        for word, model, ids in (
            ("account", MirrorAccount, {row.account for row in rows}),
            ("item", MirrorItem, {row.item for row in rows}),
        ):
            found = model.objects.filter(firm_id=self.firm_id, books__in=books, remote_id__in=ids - {""})
            for books_id, remote_id, name in found.values_list("books_id", "remote_id", "name"):
                self._of[word, books_id, remote_id] = name
        tagged = {row.class_id for row in rows} | {row.location for row in rows}
        tags = MirrorTag.objects.filter(firm_id=self.firm_id, books__in=books, remote_id__in=tagged - {""})
        for kind, books_id, remote_id, name in tags.values_list("kind", "books_id", "remote_id", "name"):
            self._of[kind, books_id, remote_id] = name
        self._learn_customers({row.customer or row.ledger for row in rows} - {""}, books)

    def _learn_customers(self, mentioned: set[str], books: set[int]) -> None:
        """Customers are mentioned by subject (`contacts/12`), or by their id in the books (`id:59`)."""
        kinds = {"contacts": "client", "matters": "matter"}
        wanted = Q(pk__in=[])
        for subject in mentioned:
            prefix, _, source_id = subject.partition("/")
            if prefix in kinds and source_id.isdigit():
                wanted |= Q(kind=kinds[prefix], source_id=int(source_id))
        found = Document.objects.filter(wanted, firm_id=self.firm_id)
        for kind, number, data in found.values_list("kind", "source_id", "data"):
            name = data.get("name") or f"{data.get('number') or ''} {data.get('description') or ''}".strip()
            self._subjects[f"{words.PREFIX[kind]}/{number}"] = str(name)
        ids = {subject.removeprefix("id:") for subject in mentioned if "/" not in subject}
        rows = BookRow.objects.filter(
            firm_id=self.firm_id, books__in=books, kind="customer", remote_id__in=ids
        )
        for books_id, remote_id, name in rows.values_list("books_id", "remote_id", "name"):
            self._customers[books_id, remote_id] = name

    def account(self, books: int, remote_id: str) -> str:
        """Return the name of an account."""
        return self._of.get(("account", books, remote_id), f"Account {remote_id}")

    def item(self, books: int, remote_id: str) -> str:
        """Return the name of a product or service."""
        return self._of.get(("item", books, remote_id), f"Item {remote_id}") if remote_id else ""

    def tag(self, books: int, remote_id: str, *, kind: str = "class") -> str:
        """Return the name of a class or a location: QuickBooks counts the ids of each by themselves."""
        return self._of.get((kind, books, remote_id), remote_id) if remote_id else ""

    def customer(self, books: int, mentioned: str) -> str:
        """Return the name of a customer: each set of books counts its ids by itself."""
        known = self._customers.get((books, mentioned.removeprefix("id:")))
        return known or self._subjects.get(mentioned) or ledgers.OWN.get(mentioned, mentioned)

    def line(
        self, books: int, account: str, minor: int, customer: str, item: str, memo: str
    ) -> dict[str, Any]:
        """Return a signed line as a debit or a credit."""
        return {
            "account": self.account(books, account),
            "name": self.customer(books, customer),
            "memo": self.item(books, item) or memo,
            "debit_minor": max(0, minor),
            "credit_minor": -minor if minor < 0 else 0,
        }
