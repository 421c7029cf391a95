"""The nouns of a Clio firm as plain dataclasses, and the world that holds them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from syncapp.emulators.clio.switches import Switches

ZERO = Decimal("0.00")
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


def cents(amount: Decimal) -> Decimal:
    """Round to whole cents, half up."""
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


class NoSuchRecord(LookupError):
    """The firm has no record of this kind with this id."""


class Refused(ValueError):
    """Clio would not let a person do this; the text says why."""


@dataclass(eq=False, kw_only=True)
class Record:
    """What every record has. `etag` is a quoted string new with every revision (API.md section 2)."""

    id: int = 0
    created_at: datetime = EPOCH
    updated_at: datetime = EPOCH
    revision: int = 1

    @property
    def kind(self) -> str:
        """The name of the kind in Clio's API document."""
        return type(self).__name__

    @property
    def etag(self) -> str:
        """The entity tag, quotes included."""
        return f'"{sha256(f"{self.kind}:{self.id}:{self.revision}".encode()).hexdigest()[:32]}"'


R = TypeVar("R", bound=Record)
HOOKED = {"Bill": "bill", "Contact": "contact", "Matter": "matter", "Activity": "activity"}


@dataclass(frozen=True, slots=True)
class Planted:
    """A thing put into the world on purpose: what it is, where it is, what a test may expect of it."""

    kind: str
    resource: str
    id: int
    note: str


@dataclass(eq=False)
class World:
    """One firm (a Clio account): its records, its switches, what was planted, and its own time."""

    account_id: int = 1
    account_name: str = "Ash & Birch LLP"
    first_id: int = 1_000_001
    switches: Switches = field(default_factory=Switches)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    zone: str = "America/New_York"
    tables: dict[str, dict[int, Any]] = field(default_factory=lambda: defaultdict(dict))
    planted: list[Planted] = field(default_factory=list)
    listeners: list[Callable[[World, str, Record], None]] = field(default_factory=list)
    hidden_contacts: set[int] = field(default_factory=set)
    version: int = 0
    at: datetime | None = None
    last: datetime = EPOCH
    next_ids: dict[str, int] = field(default_factory=dict)
    next_bill_number: int = 1
    cache: dict[tuple[str, int], Any] = field(default_factory=dict)

    def now(self) -> datetime:
        """The instant of the present action: set while a world is being made, else the clock's."""
        return (self.at or self.clock()).replace(microsecond=0)

    def today(self) -> date:
        """The day that people write here, which in their evening is not the day of UTC."""
        return self.at.date() if self.at else self.now().astimezone(ZoneInfo(self.zone)).date()

    def run_from(self, clock: Callable[[], datetime]) -> None:
        """Live by a clock; on a machine whose date lies before the seeded end, by that clock moved on.

        Otherwise what people do now would carry an older `updated_at` than the seed.
        """
        lag = max(self.last - clock(), timedelta())
        self.clock = lambda: clock() + lag

    def add(self, record: R) -> R:
        """Give a record its id and keep it. Ids of different kinds may coincide (API.md section 6)."""
        kind = record.kind
        record.id = self.next_ids.get(kind, self.first_id)
        self.next_ids[kind] = record.id + 1
        record.created_at = record.updated_at = self.last = self.now()
        self.tables[kind][record.id] = record
        self._changed("created", record)
        return record

    def get(self, cls: type[R], record_id: int) -> R:
        """The record with this id. Raises NoSuchRecord."""
        try:
            found: R = self.tables[cls.__name__][int(record_id)]
        except (KeyError, TypeError, ValueError):
            raise NoSuchRecord(f"{cls.__name__} {record_id}") from None
        return found

    def all(self, cls: type[R]) -> list[R]:
        """Every record of a kind, in order of id."""
        return list(self.tables[cls.__name__].values())

    def some(self, cls: type[R], ids: Iterable[int]) -> list[R]:
        """The records of these ids that still exist."""
        table = self.tables[cls.__name__]
        return [table[i] for i in ids if i in table]

    def touch(self, *records: Record) -> None:
        """A record was changed: new etag, new updated_at, webhook."""
        for record in records:
            record.revision += 1
            record.updated_at = self.last = self.now()
            self._changed("updated", record)

    def remove(self, record: Record) -> None:
        """Erase without a tombstone."""
        self.tables[record.kind].pop(record.id, None)
        self._changed("deleted", record)

    def say(self, event: str, record: Record) -> None:
        """Tell the listeners of an event that is not a plain change (`matter_opened`, …)."""
        for listener in self.listeners:
            listener(self, event, record)

    def plant(self, kind: str, resource: str, record_id: int, note: str) -> None:
        """Note a thing that was put here on purpose."""
        self.planted.append(Planted(kind, resource, record_id, note))

    def _changed(self, event: str, record: Record) -> None:
        self.version += 1
        self.cache.clear()
        if record.kind in HOOKED:
            self.say(event, record)
