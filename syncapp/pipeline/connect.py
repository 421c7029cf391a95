"""Connecting Clio and a set of books, checking the company beforehand, and the first live posting."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from accounts import audit, connecting, grants
from accounts.models import Books, Firm, Grant, User
from accounts.tenancy import firm_scope
from accounts.tokens import GrantUnusable
from mapping import mirror
from mapping import preflight as checks
from mapping import queries as mapping_queries
from mapping.findings import Finding
from syncapp.clio import oauth as clio_oauth
from syncapp.clio.client import Clio
from syncapp.http import oauth
from syncapp.http.errors import Transient, VendorError
from syncapp.pipeline import vendors
from syncapp.pipeline.clock import gate, schedule
from syncapp.pipeline.notices import webhooks
from syncapp.pipeline.refresh import count
from syncapp.pipeline.trust import findings as trust_findings
from syncapp.pipeline.trust import pairs
from syncapp.qbo.client import QuickBooks
from syncapp.records import anew
from syncapp.records.models import BookCursor, BookRow, Document, Link, Proposal
from trust.queries import retention

DENIED = "{name} was not connected: the permission was not given. Nothing has changed."
GARBLED = "{name} sent an answer without what is needed. Start the connection again."
NAMES = {"clio": "Clio", "qbo": "QuickBooks"}


def redirect_uri(provider: str) -> str:
    """Return the address that a vendor sends the browser back to."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/connections/callback/{provider}/"


def begin(*, provider: str, region: str, redirect_uri: str, state: str) -> str:
    """Return the address where a person authorises us. Raises Refused or Transient."""
    authority = vendors.clio_authority(region) if provider == "clio" else vendors.qbo_authority()
    return oauth.authorize_url(authority, redirect_uri=redirect_uri, state=state)


def finish(
    *,
    firm_id: int,
    provider: str,
    books_id: int | None,
    region: str,
    callback_params: Mapping[str, str],
    redirect_uri: str,
    by: User,
    now: datetime,
) -> Grant | str:
    """Keep the grant that a callback brings; a sentence for the person when it cannot be kept."""
    name = NAMES[provider]
    if callback_params.get("error"):
        return DENIED.format(name=name)
    code = callback_params.get("code", "")
    if not code or (provider == "qbo" and not callback_params.get("realmId", "").isdigit()):
        return GARBLED.format(name=name)
    try:
        if provider == "clio":
            return _finish_clio(firm_id, region or "us", code, redirect_uri, by, now)
        if books_id is None:
            return "Choose the set of books that this company belongs to."
        return _finish_qbo(firm_id, books_id, code, callback_params["realmId"], redirect_uri, by, now)
    except Transient as error:
        return f"{name} did not answer clearly. Start the connection again. ({error})"
    except VendorError as error:
        return f"{name} did not accept the connection: {error}"


def _finish_clio(firm_id: int, region: str, code: str, redirect: str, by: User, now: datetime) -> Grant | str:
    tokens = clio_oauth.exchange(vendors.clio_authority(region), code=code, redirect_uri=redirect)
    base = clio_oauth.host(region, base_url=settings.CLIO_BASE_URL)
    clio = Clio(base, lambda _force: tokens.access, time_scale=settings.TIME_SCALE)
    who = clio.who_am_i()
    if clio.account_id is None:
        return "Clio does not say which firm this is. Give the application the Users permission in Clio."
    roles = who.get("roles") if isinstance(who.get("roles"), list) else []
    identity = {"name": str(who.get("name") or ""), "email": str(who.get("email") or ""), "roles": roles}
    grant = connecting.finish_connect(
        firm_id=firm_id,
        provider="clio",
        external_id=str(clio.account_id),
        external_name=clio.account_name,
        tokens=tokens,
        by=by,
        now=now,
        region=region,
        base_url=base,
        identity=identity,
    )
    schedule.ask(firm_id=firm_id, now=now)
    return grant


def _finish_qbo(
    firm_id: int, books_id: int, code: str, realm: str, redirect: str, by: User, now: datetime
) -> Grant | str:
    tokens = oauth.exchange(vendors.qbo_authority(), code=code, redirect_uri=redirect)
    client = QuickBooks(
        settings.QBO_API_BASE_URL,
        realm,
        lambda _force: tokens.access,
        time_scale=settings.TIME_SCALE,
        now=lambda: now,
    )
    company = client.company()
    currency = Firm.objects.values_list("currency", flat=True).get(pk=firm_id)
    if company.currency != currency:
        return (
            f"“{company.name}” keeps its books in {company.currency}, the firm in {currency}. Tieout does "
            "not convert currencies: connect the company that keeps the firm's currency."
        )
    grant = connecting.finish_connect(
        firm_id=firm_id,
        provider="qbo",
        external_id=realm,
        external_name=company.name,
        tokens=tokens,
        by=by,
        now=now,
        books_id=books_id,
        identity={"country": company.country, "plan": company.plan},
    )
    if isinstance(grant, Grant):
        chart = client.chart()
        with firm_scope(write=firm_id):
            mirror.mirror_chart(firm_id=firm_id, books_id=books_id, chart=chart, company=company, now=now)
            pairs.settle(firm_id=firm_id, books_id=books_id, now=now)
            BookCursor.objects.get_or_create(firm_id=firm_id, books_id=books_id)
        count(firm_id=firm_id, books_id=books_id, client=client)
        check(firm_id=firm_id, books_id=books_id, now=now)
        schedule.ask(firm_id=firm_id, now=now)
    return grant


def disconnect(*, firm_id: int, grant_id: int, by: User, now: datetime) -> None:
    """Take our webhooks back, revoke a grant at the vendor and here; every link and every record stays.

    A vendor that has let go of it already, or does not answer, keeps nobody from ending it here. A run that
    is going makes no further call with it.
    """
    with firm_scope(write=None, reads=[firm_id]):
        grant = Grant.objects.get(firm_id=firm_id, pk=grant_id)
        try:
            held = grants.read(grant_id, firm_id=firm_id, now=now)
        except GrantUnusable:
            held = None
    if grant.provider == "clio":
        webhooks.forget(firm_id=firm_id, held=held)
    if held is not None:
        with suppress(VendorError):
            if grant.provider == "clio":
                clio_oauth.revoke(vendors.clio_authority(grant.region), access=held.access)
            else:
                oauth.revoke(vendors.qbo_authority(), refresh=held.refresh, access=held.access)
    connecting.disconnect(grant_id=grant_id, firm_id=firm_id, by=by, now=now)
    gate.end(grant_id)


def preflight(*, firm_id: int, books_id: int, now: datetime) -> list[Finding]:
    """Read the company's settings and lists again and check them. Calls the vendor: no scope may be open.

    Raises NotConnected, Transient, Refused.
    """
    client = vendors.open_books(firm_id=firm_id, books_id=books_id)
    company, chart = client.company(), client.chart()
    with firm_scope(write=firm_id):
        mirror.mirror_chart(firm_id=firm_id, books_id=books_id, chart=chart, company=company, now=now)
        pairs.settle(firm_id=firm_id, books_id=books_id, now=now)
    count(firm_id=firm_id, books_id=books_id, client=client)
    return check(firm_id=firm_id, books_id=books_id, now=now)


def check(*, firm_id: int, books_id: int, now: datetime) -> list[Finding]:
    """Check the company's settings and lists as last read and keep what is found."""
    firm = Firm.objects.get(pk=firm_id)
    with firm_scope(write=firm_id):
        book = mapping_queries.rule_book(firm_id=firm_id, books_id=books_id)
        company = mapping_queries.company(books_id)
        if company is None:
            return []
        found = checks.findings(
            company=company,
            chart=book.chart if book else mapping_queries.chart(books_id),
            clio=_clio_facts(firm_id, books_id),
            rules=book.rules if book else (),
            options=book.options if book else None,
            today=now.astimezone(ZoneInfo(firm.time_zone)).date(),
            firm_currency=firm.currency,
        )
        found += trust_findings.findings(books=Books.objects.get(firm_id=firm_id, pk=books_id), now=now)
        mirror.record_preflight(firm_id=firm_id, books_id=books_id, findings=found, now=now)
    return found


def _clio_facts(firm_id: int, books_id: int) -> checks.ClioFacts:
    grant = Grant.objects.filter(firm_id=firm_id, provider="clio").first()
    identity = grant.identity if grant else {}
    roles = {str(role).lower() for role in identity.get("roles", [])}
    sees = None if not roles else bool(roles & {"admin", "administrator"} or {"billing", "accounts"} <= roles)
    bills = Document.objects.filter(firm_id=firm_id, kind="bill").values_list("number", flat=True)
    numbers = [int(number) for number in bills if number.isdigit()]
    ours = BookRow.objects.filter(firm_id=firm_id, books_id=books_id, kind="invoice", deleted=False)
    theirs = [
        int(n)
        for n in ours.exclude(data__memo__contains="tieout:").values_list("number", flat=True)
        if n.isdigit()
    ]
    return checks.ClioFacts(
        person=str(identity.get("name", "")),
        role=", ".join(sorted(roles)),
        sees_everything=sees,
        next_number=str(max(numbers) + 1) if numbers else "",
        highest_number=str(max(theirs)) if theirs else "",
    )


def purge(*, firm_id: int, books_id: int, typed_name: str, by: User, now: datetime) -> str | None:
    """Forget what of Clio stands for what in a set of books, apart from disconnecting (FEATURES F10).

    Nothing is deleted in QuickBooks, and posting stops: a new start would find the old invoices by number and
    hold what is doubtful, never double it. A sentence when the name typed is not the company's, or when
    records of client money are kept.
    """
    with firm_scope(write=firm_id):
        company = mapping_queries.company(books_id)
        live = Grant.objects.filter(firm_id=firm_id, books_id=books_id, disconnected_at__isnull=True)
        if company is None:
            return "There is nothing to forget: these books were never connected."
        if live.exists():
            return "Disconnect QuickBooks first. Disconnecting alone keeps every link."
        if typed_name.strip().casefold() != company.name.strip().casefold():
            return f"That is not the company's name. It is called “{company.name}”. Nothing was forgotten."
        if kept := retention.why_not_forgotten(Firm.objects.get(pk=firm_id), books_id, now):
            return kept
        forgotten = Link.objects.filter(firm_id=firm_id, books_id=books_id, live=True).update(live=False)
        cursor = BookCursor.objects.filter(firm_id=firm_id, books_id=books_id).first()
        if cursor is not None:
            cursor.facts = {key: value for key, value in cursor.facts.items() if key != "started"}
            cursor.full_at = cursor.changes_since = None
            cursor.save(update_fields=["facts", "full_at", "changes_since"])
        BookRow.objects.filter(firm_id=firm_id, books_id=books_id).delete()
        Proposal.objects.filter(firm_id=firm_id, books_id=books_id).delete()
        kinds = ["bill", "interest", "payment", "credit", "money"]
        anew.plan(Document.objects.filter(firm_id=firm_id, kind__in=kinds))
        books = Books.objects.get(firm_id=firm_id, pk=books_id)
        audit.record(
            firm_id=firm_id,
            actor=by,
            verb="links.forgotten",
            obj=books,
            text=company.name,
            after={"links": forgotten},
            now=now,
        )
    return None


def start_posting(
    *, firm_id: int, books_id: int, typed_name: str, by: User | str, now: datetime
) -> str | None:
    """Let posting begin once a person has typed the company's name (F3); a sentence when it differs."""
    with firm_scope(write=firm_id):
        company = mapping_queries.company(books_id)
        if company is None:
            return "Connect QuickBooks first."
        if typed_name.strip().casefold() != company.name.strip().casefold():
            return f"That is not the name of the connected company. It is called “{company.name}”."
        cursor, _ = BookCursor.objects.get_or_create(firm_id=firm_id, books_id=books_id)
        if not cursor.facts.get("started"):
            cursor.facts = cursor.facts | {"started": now.isoformat()}
            cursor.save(update_fields=["facts"])
            books = Books.objects.get(firm_id=firm_id, pk=books_id)
            audit.record(
                firm_id=firm_id,
                actor=by,
                verb="posting.started",
                obj=books,
                text=company.name,
                after={"company": company.name},
                now=now,
            )
    schedule.ask(firm_id=firm_id, now=now)
    return None
