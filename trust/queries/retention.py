"""Which records of client money are kept until when. To be asked within an open scope of the firm."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from accounts.queries import today_of
from syncapp.records.models import Document
from trust import retention
from trust.models import DeletionRequest, HoldLift, LegalHold
from trust.models.keeping import FIRM
from trust.queries import ledgers, rules, witnesses
from trust.queries.pairs import pairs
from trust.retention import Kept, Reason

if TYPE_CHECKING:
    from accounts.models import Firm
    from trust.jurisdictions import Jurisdiction
    from trust.models import TrustPair

MATTERS, CONTACTS = "matters", "contacts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is kept together: `kind` and `key` name it in addresses, `subject` in holds and requests."""

    kind: str
    key: str
    name: str
    kept: Kept

    @property
    def subject(self) -> str:
        """Return its natural key."""
        return FIRM if self.kind == FIRM else f"{self.kind}/{self.key}"

    @property
    def holdable(self) -> bool:
        """Tell what a legal hold is set on: a matter, a client or the firm; the rest follows from these."""
        return self.kind in {MATTERS, CONTACTS, FIRM}


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """All records of a firm's client money: of its ledgers by name, and of its accounts by year."""

    ledgers: tuple[Record, ...]
    years: tuple[Record, ...]
    holds: tuple[LegalHold, ...]

    @property
    def every(self) -> tuple[Record, ...]:
        """Return ledgers and years."""
        return (*self.ledgers, *self.years)

    def find(self, kind: str, key: str, firm: str) -> Record | None:
        """Return one record by what an address says; the firm's as a whole under its own name."""
        if kind == FIRM:
            kept = retention.together(one.kept for one in self.every)
            own = tuple(hold.reason for hold in self.holds if hold.subject == FIRM)
            kept = Kept(reasons=kept.reasons, holds=tuple(dict.fromkeys((*own, *kept.holds))))
            return Record(kind=FIRM, key="all", name=firm, kept=kept)
        return next((one for one in self.every if (one.kind, one.key) == (kind, key)), None)


@dataclass(frozen=True, slots=True)
class _Seen:
    """One ledger in one account: its first and last day, what it holds, and what keeps it."""

    first: date
    last: date
    balance: int
    reason: Reason

    def in_year(self, year: int) -> bool:
        return self.first.year <= year and (self.last.year >= year or self.balance != 0)


def standing_holds(firm_id: int) -> list[LegalHold]:
    """List the legal holds that nobody has lifted."""
    lifted = HoldLift.objects.filter(firm_id=firm_id).values("hold_id")
    rows = LegalHold.objects.filter(firm_id=firm_id).exclude(pk__in=lifted)
    return list(rows.select_related("by"))


def records(firm: Firm, today: date, *, books_id: int | None = None) -> Records:
    """Tell of every record until when it is kept, as of a day; of one set of books if it is named."""
    holds = standing_holds(firm.pk)
    owners, closed = _matters(firm.pk)
    seen: dict[str, list[_Seen]] = defaultdict(list)
    years: list[Record] = []
    for pair in pairs(firm.pk, books_id=books_id).select_related("firm", "books"):
        place = rules.rules_of(pair)
        found = _seen(pair, place, today, closed)
        for key, one in found.items():
            seen[key].append(one)
        years += _years(pair, place, today, found, holds, owners)
    names = ledgers.names(firm.pk, seen)
    rows = [
        Record(
            kind=key.partition("/")[0],
            key=key.partition("/")[2],
            name=names.get(key, key),
            kept=Kept(reasons=tuple(one.reason for one in parts), holds=_held([key], holds, owners)),
        )
        for key, parts in seen.items()
    ]
    return Records(
        ledgers=tuple(sorted(rows, key=lambda one: one.name.casefold())),
        years=tuple(years),
        holds=tuple(holds),
    )


def why_not_forgotten(firm: Firm, books_id: int, now: datetime) -> str:
    """Say why the links of a set of books stay: records of client money are kept; empty when none is."""
    today = today_of(firm, now)
    found = records(firm, today, books_id=books_id).every
    if all(one.kept.may_go(today) for one in found):
        return ""
    whole = retention.together(one.kept for one in found)
    until = f"until {whole.until:%-d %b %Y}" if whole.until else "and nobody can name the day yet"
    held = " They are under legal hold." if whole.holds else ""
    return f"These books carry client money, whose records are kept {until}.{held} Nothing was forgotten."


def _seen(
    pair: TrustPair, place: Jurisdiction, today: date, closed: dict[str, date | None]
) -> dict[str, _Seen]:
    """Return the clients' ledgers of one account; the firm's float and the programme's interest never end."""
    balances: Counter[str] = Counter()
    days: dict[str, tuple[date, date]] = {}
    for one in witnesses.clio(pair, today):
        for key, amount in one.ledgers:
            first, last = days.get(key, (one.day, one.day))
            days[key] = (min(first, one.day), max(last, one.day))
            balances[key] += amount
    return {
        key: _Seen(
            *days[key],
            balances[key],
            retention.of_ledger(
                str(pair),
                place,
                last_day=days[key][1],
                balance=balances[key],
                closed_on=closed.get(key),
                currency=pair.firm.currency,
            ),
        )
        for key in days
        if key.partition("/")[0] in {MATTERS, CONTACTS}
    }


def _years(
    pair: TrustPair,
    place: Jurisdiction,
    today: date,
    found: dict[str, _Seen],
    holds: list[LegalHold],
    owners: dict[str, str],
) -> Iterator[Record]:
    earliest = min([pair.start, *(one.first for one in found.values())])
    for year in range(today.year, earliest.year - 1, -1):
        named = {key: one for key, one in found.items() if one.in_year(year)}
        held = _held(named, holds, owners)
        for sort, words in retention.sorts(place).items():
            reasons = retention.of_year(
                str(pair), place, year, sort, ledgers=(one.reason for one in named.values())
            )
            yield Record(
                kind=sort,
                key=f"{pair.pk}-{year}",
                name=f"{pair}, {year}: {words}",
                kept=Kept(reasons=reasons, holds=held),
            )


def _held(keys: Iterable[str], holds: list[LegalHold], owners: dict[str, str]) -> tuple[str, ...]:
    """Return the reasons of the holds on any of these ledgers: its own, its client's, or the firm's."""
    under = {FIRM, *keys}
    under |= {owners[key] for key in under if key in owners}
    return tuple(dict.fromkeys(hold.reason for hold in holds if hold.subject in under))


def _matters(firm_id: int) -> tuple[dict[str, str], dict[str, date | None]]:
    """Return whose each matter is, and when each matter and each client with all matters was closed."""
    rows = Document.objects.filter(firm_id=firm_id, kind="matter").exclude(data={})
    owners: dict[str, str] = {}
    closed: dict[str, date | None] = {}
    of_client: dict[str, list[date | None]] = defaultdict(list)
    for number, client, day in rows.values_list("source_id", "data__client_id", "data__closed_on"):
        ended = date.fromisoformat(day) if day else None
        owners[f"{MATTERS}/{number}"] = f"{CONTACTS}/{client}"
        closed[f"{MATTERS}/{number}"] = ended
        of_client[f"{CONTACTS}/{client}"].append(ended)
    for client_key, days in of_client.items():
        closed[client_key] = None if None in days else max(day for day in days if day)
    return owners, closed


def requests(firm_id: int, subject: str = "") -> list[DeletionRequest]:
    """List what was asked to be deleted, the newest first: of one record, or whatever was free to go."""
    rows = DeletionRequest.objects.filter(firm_id=firm_id).select_related("by")
    return list(rows.filter(subject=subject) if subject else rows.filter(refused=False)[:100])


def holds_on(firm_id: int, subject: str) -> list[tuple[LegalHold, HoldLift | None]]:
    """List the holds ever set on one record, the newest first, each with its end."""
    rows = LegalHold.objects.filter(firm_id=firm_id, subject=subject).select_related("by").order_by("-id")
    ends = HoldLift.objects.filter(firm_id=firm_id, hold__subject=subject).select_related("by")
    lifted = {one.hold_id: one for one in ends}
    return [(row, lifted.get(row.pk)) for row in rows]
