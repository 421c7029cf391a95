"""Customers and sub-customers: the names that entries are about."""

from __future__ import annotations

from dataclasses import dataclass

from syncapp.core.ledger.kinds import EntryLine, ObjectKind


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerDraft:
    """A customer, or under `parent` a sub-customer."""

    name: str
    parent: str = ""
    company: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    address: tuple[str, ...] = ()
    notes: str = ""
    active: bool = True

    @property
    def kind(self) -> ObjectKind:
        """Return which object this is."""
        return ObjectKind.CUSTOMER

    def entry(self) -> tuple[EntryLine, ...]:
        """A name moves no money."""
        return ()

    def needs(self) -> tuple[str, ...]:
        """Return the subjects that must stand in the ledger first."""
        return (self.parent,) if self.parent else ()
