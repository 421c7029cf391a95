"""What the books' rows do to a trust account. To be asked within an open scope of the firm."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from syncapp.core.ledger import UNTAGGED, account_of
from syncapp.records.models import BookRow, Link, PostedLine
from trust.nouns import Movement
from trust.queries.gathering import key_of, opened, until_

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from trust.models import TrustPair


def books(pair: TrustPair, until: date | None = None) -> list[Movement]:
    """Return what the books' rows do to the trust bank (`amount`) and to the liability (`ledgers`), apart."""
    touched = Q(data__lines__contains=[{"account": pair.bank}])
    for account in sorted(pair.liabilities):
        touched |= Q(data__lines__contains=[{"account": account}])
    rows = BookRow.objects.filter(
        touched, firm_id=pair.firm_id, books_id=pair.books_id, voided=False, deleted=False
    )
    links = Link.objects.filter(firm_id=pair.firm_id, books_id=pair.books_id, live=True)
    named = dict(links.filter(object_kind="customer").values_list("remote_id", "subject"))
    own = _own_accounts(links, pair)
    subjects = {
        (kind, key): subject
        for kind, key, subject in links.exclude(object_kind__in=["customer", "account"]).values_list(
            "object_kind", "remote_id", "subject"
        )
    }
    posted = _posted_ledgers(pair)
    found = []
    for row in rows.order_by("day", "pk"):
        subject = subjects.get((row.kind, row.remote_id))
        key = key_of(subject) if subject else f"books/{row.kind}:{row.remote_id}"
        found.append(_row(pair, row, key, named, posted.get(key, {}), own))
    return until_(opened(found, pair), until)


def _own_accounts(links: QuerySet[Link], pair: TrustPair) -> dict[str, str]:
    """Return the ledgers that have an account of their own below the liability, by that account."""
    rows = links.filter(object_kind="account").values_list("remote_id", "subject")
    told = ((remote_id, account_of(subject)) for remote_id, subject in rows)
    return {key: at[1] for key, at in told if at is not None and key in pair.liabilities}


def _row(
    pair: TrustPair,
    row: BookRow,
    key: str,
    named: dict[str, str],
    posted: dict[str, Counter[str]],
    own: dict[str, str],
) -> Movement:
    """Tell one row: a line on a ledger's own account is that ledger's, whoever is named beside it."""
    bank, by_customer, ledgers = 0, Counter[str](), Counter[str]()
    for line in row.data.get("lines") or []:
        if line["account"] == pair.bank:
            bank += line["amount"]
        elif line["account"] in own:
            ledgers[own[line["account"]]] -= line["amount"]
        elif line["account"] in pair.liabilities:
            by_customer[named.get(line.get("customer") or "", "")] -= line["amount"]
    for customer, amount in by_customer.items():
        for ledger, part in _ledgers_of(customer, amount, posted):
            ledgers[ledger] += part
    return Movement(
        subject=key,
        day=row.day or pair.start,
        amount=bank,
        ledgers=tuple(sorted((ledger, amount) for ledger, amount in ledgers.items() if amount)),
        check=row.number if row.kind == "check" else "",
        reference=str(row.data.get("reference") or ""),
        payee=row.name,
        number=row.number,
        text=str(row.data.get("memo") or ""),
    )


def _posted_ledgers(pair: TrustPair) -> dict[str, dict[str, Counter[str]]]:
    """Return which ledgers we posted under each customer, by natural key: matters may stand on a client."""
    lines = PostedLine.objects.filter(
        firm_id=pair.firm_id, entry__books_id=pair.books_id, account=pair.liability
    ).exclude(ledger="")  # on the liability itself: an account of its own tells its ledger
    found: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for subject, customer, ledger, minor in lines.values_list(
        "entry__subject", "customer", "ledger", "minor"
    ):
        found[key_of(subject)][customer][ledger] -= minor
    return found


def _ledgers_of(customer: str, amount: int, posted: dict[str, Counter[str]]) -> list[tuple[str, int]]:
    """Return the ledgers behind a customer of the books: as we posted under it, else the customer's own."""
    mine = {key: part for key, part in posted.get(customer, Counter()).items() if key != UNTAGGED.key}
    if sum(mine.values()) == amount and mine:
        return list(mine.items())
    return [(next(iter(mine)), amount)] if len(mine) == 1 else [(customer, amount)]
