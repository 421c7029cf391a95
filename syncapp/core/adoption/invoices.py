"""Bills and invoices: by number and amount, by day and customer; an amount that differs is told."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

from syncapp.core.adoption.nouns import NEAR_DAYS, Found, Record, Sight, Standing, Sure
from syncapp.core.money import spoken

INVOICE = "invoice"


def evidence(sight: Sight) -> Counter[tuple[str, str]]:
    """Count the invoices of each customer that are a client's bills to the number, the cent and the day."""
    rows = _by_number(sight.standing)
    found: Counter[tuple[str, str]] = Counter()
    for record in sight.records:
        if record.kind != INVOICE:
            continue
        fits = [
            one for one in _numbered(rows, record) if (one.amount, one.day) == (record.amount, record.day)
        ]
        if len(fits) == 1:
            found.update((client, fits[0].customer) for client in record.clients)
    return found


def _by_number(standing: list[Standing]) -> dict[str, list[Standing]]:
    rows: dict[str, list[Standing]] = defaultdict(list)
    for one in standing:
        if one.kind == INVOICE and one.number:
            rows[one.number.casefold()].append(one)
    return rows


def _numbered(rows: dict[str, list[Standing]], record: Record) -> list[Standing]:
    names = dict.fromkeys(number.casefold() for number in record.numbers)
    return [one for name in names for one in rows.get(name, [])]


def invoices(sight: Sight) -> list[Found]:
    """Pair bills with invoices. What two bills could be, or what could be two bills, is never certain."""
    rows = _by_number(sight.standing)
    bills = [one for one in sight.records if one.kind == INVOICE]
    asked = Counter(number.casefold() for one in bills for number in set(one.numbers))
    found: list[Found] = []
    left: list[Record] = []
    taken: set[str] = set()
    for bill in bills:
        numbered = _numbered(rows, bill)
        if not numbered:
            left.append(bill)
            continue
        twice = len(numbered) > 1 or any(asked[n.casefold()] > 1 for n in bill.numbers)
        here = [_by_its_number(sight, bill, one, twice=twice) for one in numbered]
        taken |= {one.books_id for one in here}
        found += here
    return found + _without_number(sight, left, taken, frozenset(asked))


def _by_its_number(sight: Sight, bill: Record, one: Standing, *, twice: bool) -> Found:
    reasons = [f"number {one.number}"]
    against: list[str] = []
    if one.amount == bill.amount or bill.open in (one.amount, one.balance):
        reasons.append(f"the same amount, {spoken(one.amount, sight.currency)}")
    else:
        clio = spoken(bill.amount, sight.currency)
        against.append(f"the amounts differ: Clio {clio}, QuickBooks {spoken(one.amount, sight.currency)}")
    owner = sight.owner(one.customer)
    if owner in bill.clients:
        reasons.append("its customer is this client")
    elif owner:
        against.append("its customer is another client")
    same_day = one.day == bill.day
    reasons.append("the same day" if same_day else apart(bill.day, one.day))
    if twice:
        against.append("the number stands more than once")
    sure = Sure.CERTAIN if same_day and owner and not against else Sure.LIKELY
    if not owner:
        reasons.append("whose its customer is, is not certain yet")
    return Found(
        subject=bill.subject,
        kind=INVOICE,
        books_id=one.id,
        sure=Sure.DOUBTFUL if against else sure,
        reasons=(*reasons, *against),
        conflict=bool(against),
    )


def _without_number(sight: Sight, bills: list[Record], taken: set[str], asked: frozenset[str]) -> list[Found]:
    """Show what has the customer, the amount and the day of a bill under a number that no bill has.

    Whose the customer is may be unknown where the number is the bill's with something added.
    """
    rows: dict[tuple[str, int, date], list[Standing]] = defaultdict(list)
    for one in sight.standing:
        if one.kind == INVOICE and one.id not in taken and one.number.casefold() not in asked:
            rows[sight.owner(one.customer), one.amount, one.day].append(one)
    keys = Counter((client, bill.amount, bill.day) for bill in bills for client in bill.clients)
    found = []
    for bill in bills:
        fits = [
            one for client in sorted(bill.clients) for one in rows.get((client, bill.amount, bill.day), [])
        ]
        fits += [one for one in rows.get(("", bill.amount, bill.day), []) if _renumbered(bill, one)]
        several = len(fits) > 1 or any(keys[client, bill.amount, bill.day] > 1 for client in bill.clients)
        for one in fits:
            same = "customer, day" if sight.owner(one.customer) else "day"
            reasons = (f"the same {same} and amount, {spoken(one.amount, sight.currency)}",
                       f"it bears the number {one.number or 'of none'}, not {bill.number}")  # fmt: skip
            found.append(
                Found(
                    subject=bill.subject,
                    kind=INVOICE,
                    books_id=one.id,
                    sure=Sure.DOUBTFUL if several or not sight.owner(one.customer) else Sure.LIKELY,
                    reasons=(*reasons, *(("it is not the only one that fits",) if several else ())),
                    conflict=several,
                )
            )
    return found


def _renumbered(bill: Record, one: Standing) -> bool:
    """Tell whether an invoice bears a bill's number with something before or after it."""
    shown = one.number.casefold()
    return any(shown.startswith(n.casefold()) or shown.endswith(n.casefold()) for n in bill.numbers)


def apart(one: date, other: date) -> str:
    """Say how far apart two days are."""
    days = abs((one - other).days)
    return f"{days} day{'' if days == 1 else 's'} apart" if days <= NEAR_DAYS else f"dated {other} there"
