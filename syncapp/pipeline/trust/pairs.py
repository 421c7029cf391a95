"""From the words of a firm file to trust pairs: names become ids of the books, what is wrong is refused.

A pair that the file names and nobody set up yet comes into force as soon as the books are read. What stands
is never changed here: a change waits for a partner.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from accounts.models import Firm
from mapping import options as choices
from mapping import queries as mapping
from syncapp.pipeline.trust import ledger_accounts
from syncapp.records.models import Document
from trust import pairing
from trust.actions import changes
from trust.actions.pairs import add_pair, name_client
from trust.models import KINDS, MOVEMENTS
from trust.pairing import CUSTOMER, Fault, Terms
from trust.queries import openings
from trust.queries.pairs import pair_named, pairs, terms_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import Books, User
    from mapping.models import Version
    from syncapp.core.books import Chart
    from trust.models import TrustPair

ACTOR = "The firm file"
ACCOUNTS = ("bank", "liability", "operating")
SAID = ("kind", "client_as", "disbursement_as", "opening", "jurisdiction", "last_digits")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One entry of a firm file's `trust`, with what stands against it."""

    at: int  # its place in the list
    terms: Terms
    faults: tuple[Fault, ...] = ()


@dataclass(slots=True)
class Settled:
    """What became of a firm file's trust pairs, in sentences."""

    changed: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def settle(*, firm_id: int, books_id: int, now: datetime, actor: User | str = ACTOR) -> Settled:
    """Put in force what the published mapping's file says of trust and nobody set up yet.

    In a writing scope. A pair that breaks a rule is left out, with the rule in the warnings.
    """
    done = Settled()
    version = mapping.published(books_id)
    standing = {pair.clio_account.casefold(): pair for pair in pairs(firm_id)}
    if version is None or not _anything_new(version.options.get("trust", []), standing):
        return done
    for wish in read(version, now):
        pair = standing.get(wish.terms.clio_account.casefold())
        if pair is not None:
            if pair.client_id is None and wish.terms.client_id is not None:
                name_client(pair=pair, client_id=wish.terms.client_id, actor=actor, now=now)
        elif wish.faults:
            done.warnings += [f"{wish.terms.clio_account}: {fault.words}" for fault in wish.faults]
        else:
            add_pair(books=version.books, terms=wish.terms, actor=actor, now=now)
            done.changed.append(f"set up the trust account {wish.terms.clio_account}")
    if done.changed:
        ledger_accounts.keep(firm_id=firm_id, books_id=books_id, chart=mapping.chart(books_id))
    return done


def ask_changes(*, firm_id: int, books_id: int, now: datetime, actor: User | str = ACTOR) -> Settled:
    """Ask a partner for what the published mapping's file says of trust other than what stands.

    In a writing scope. Pairs that stand and are not in the file are left as they are, and told.
    """
    done = Settled()
    version = mapping.published(books_id)
    if version is None or "trust" not in version.options:
        return done
    standing = {pair.clio_account.casefold(): pair for pair in pairs(firm_id, books_id=books_id)}
    for wish in read(version, now):
        pair = standing.pop(wish.terms.clio_account.casefold(), None)
        if pair is None or wish.faults or wish.terms == terms_of(pair):
            continue
        waited = changes.waiting(pair)
        asked = changes.ask(pair=pair, terms=wish.terms, by=actor, now=now)
        if isinstance(asked, str):
            done.warnings.append(f"{pair}: {asked}")
        elif waited is None or asked.pk != waited.pk:
            done.changed.append(f"asked a partner to approve the change of the trust account {pair}")
        else:
            done.warnings.append(f"the change of the trust account {pair} waits for a partner")
    done.warnings += [
        f"the trust account {pair} is not in the file; left as it is" for pair in standing.values()
    ]
    return done


def read(version: Version, now: datetime) -> list[Wish]:
    """Read a published mapping's trust entries; none before the books are read."""
    chart = mapping.chart(version.books_id)
    if not chart.accounts:
        return []
    pins = choices.living(version.resolved, chart)
    today = today_of(version.firm_id, now)
    return wishes(version.books, version.options, chart, pins, today=today)


def _anything_new(entries: list[dict[str, Any]], standing: Mapping[str, TrustPair]) -> bool:
    """Tell whether an entry names a pair that does not stand, or a client that a pair does not know yet."""
    found = [(entry, standing.get(entry["clio_account"].strip().casefold())) for entry in entries]
    return any(pair is None or ("client" in entry and pair.client_id is None) for entry, pair in found)


def wishes(
    books: Books,
    raw: Mapping[str, Any],
    chart: Chart,
    pins: Mapping[str, Mapping[str, str]],
    *,
    today: date,
) -> list[Wish]:
    """Read the `trust` entries of a set of books against its chart. In a reading scope.

    `raw` is the firm file's entry. Each is judged beside those before it and all pairs that stand.
    """
    firm = Firm.objects.get(pk=books.firm_id)
    elsewhere = [pair for pair in pairs(books.firm_id) if pair.books_id != books.pk]
    named = [pair.clio_account.casefold() for pair in elsewhere]
    listed = [_terms(books, entry, raw, chart, pins, today=today) for entry in raw.get("trust", [])]
    mine = {terms.clio_account.casefold() for terms in listed}
    standing = pairs(books.firm_id, books_id=books.pk)
    beside = [terms_of(pair) for pair in standing if pair.clio_account.casefold() not in mine]
    found: list[Wish] = []
    for at, (entry, terms) in enumerate(zip(raw.get("trust", []), listed, strict=True)):
        faults = pairing.faults(
            terms,
            accounts=chart.accounts,
            others=[*beside, *(wish.terms for wish in found)],
            currency=firm.currency,
            ledger=mapping.LEDGER_WORDS[books.ledger],
        )
        if terms.clio_account.casefold() in named:
            words = f"“{terms.clio_account}” is a trust account of another set of books already."
            faults.append(Fault(term="clio_account", words=words))
        faults += _client_fault(books.firm_id, entry, terms)
        found.append(Wish(at=at, terms=terms, faults=tuple(faults)))
    return found


def _terms(
    books: Books,
    entry: Mapping[str, Any],
    raw: Mapping[str, Any],
    chart: Chart,
    pins: Mapping[str, Mapping[str, str]],
    *,
    today: date,
) -> Terms:
    """Return an entry with ids; an account that the books do not have is empty."""
    pair = pair_named(books.firm_id, entry["clio_account"])
    stands = terms_of(pair) if pair is not None else _fresh(entry["clio_account"].strip(), today)
    ids = {key: _account(chart, str(entry[key]), pins) for key in ACCOUNTS if key in entry}
    said = entry.get("start") or raw.get("start", {}).get("trust")
    given = {key: entry[key] for key in SAID if key in entry}
    if pair is not None and openings.given(pair):
        given.pop("opening", None)
    client = _client(books.firm_id, str(entry.get("client", "")))
    return replace(
        stands,
        **ids,
        **given,
        start=date.fromisoformat(said) if said else stands.start,
        post=tuple(entry.get("post", stands.post)),
        client_id=stands.client_id if client is None and "client" not in entry else client,
    )


def _fresh(clio_account: str, today: date) -> Terms:
    """Return what a pair says where its file says nothing."""
    return Terms(
        clio_account=clio_account,
        kind=KINDS[0],
        bank="",
        liability="",
        operating="",
        client_as=CUSTOMER,
        opening=openings.NO_OPENING,
        start=today,
        post=MOVEMENTS,
    )


def _account(chart: Chart, text: str, pins: Mapping[str, Mapping[str, str]]) -> str:
    found = chart.account_named(choices.pinned("account", text, pins)) if text else None
    return found.id if found else ""


def _client(firm_id: int, text: str) -> int | None:
    """Return Clio's id of a client by full name or `id:123`; None for none, or for one not read yet."""
    if text.startswith("id:"):
        return int(text[3:]) if text[3:].isdigit() else None
    if not text:
        return None
    rows = Document.objects.filter(firm_id=firm_id, kind="client", data__name__iexact=text)
    ids = list(rows.order_by("source_id").values_list("source_id", flat=True)[:2])
    return ids[0] if len(ids) == 1 else None


def _client_fault(firm_id: int, entry: Mapping[str, Any], terms: Terms) -> list[Fault]:
    """Refuse a client that Clio does not have, or has twice, once Clio was read."""
    text = entry.get("client", "")
    if not text or terms.client_id is not None:
        return []
    rows = Document.objects.filter(firm_id=firm_id, kind="client")
    if not rows.exists():
        return []
    same = rows.filter(data__name__iexact=text).exists()
    words = (
        f'Clio has more than one client "{text}"; write id:123'
        if same
        else f'there is no client "{text}" in Clio'
    )
    return [Fault(term="client", words=words)]


def today_of(firm_id: int, now: datetime) -> date:
    """Return the day of the firm's calendar."""
    zone: str = Firm.objects.values_list("time_zone", flat=True).get(pk=firm_id)
    return now.astimezone(ZoneInfo(zone)).date()
