"""The one door that every page of a firm has for an auditor: what is open, and the list of what was opened.

An auditor who is held to trust accounts and days (`Membership.window`) finds each page closed, unless an app
opened it here by its name in the URL configuration, with a reach that looks at the address. Whatever the
auditor asks for is written into the log, open or not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts import audit
from accounts.models import AuditEvent, Membership
from accounts.roles import Role
from accounts.tenancy import firm_scope

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from accounts.access import FirmRequest
    from accounts.models import User
    from accounts.windows import Window

OPENED, REFUSED = "auditor.opened", "auditor.refused"
KIND = "auditor"  # of the events that list what an auditor asked for
CLOSED = "This page shows more than what you were asked to look at."


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The address at which the auditor finds the answer within the window."""

    address: str


type Answer = Elsewhere | str | None
type Reach = Callable[[FirmRequest, Window, Mapping[str, Any]], Answer]
type Tells = Callable[[int, Window, list[AuditEvent]], set[int]]  # the numbers of those that may be read

_OPEN: dict[str, Reach] = {}
_CALLED: dict[str, str] = {}
_ACCOUNTS: list[Callable[[int], list[str]]] = []
_TELLS: list[Tells] = []


def open_pages(pages: Mapping[str, Reach], called: Mapping[str, str]) -> None:
    """Open pages to auditors, by their names in the URL configuration; `called` is how people call each.

    A reach answers None where the address lies within the window, a sentence where it does not, or the
    address that does. It is asked in an open scope of the firm.
    """
    _OPEN.update(pages)
    _CALLED.update(called)


def opened_pages() -> frozenset[str]:
    """Return the names of the pages that auditors may open."""
    return frozenset(_OPEN)


def know_accounts(asked: Callable[[int], list[str]]) -> None:
    """Let people choose from the trust accounts that `asked` names for a firm."""
    _ACCOUNTS[:] = [asked]


def accounts_of(firm_id: int) -> list[str]:
    """List the firm's trust accounts by their names in Clio. In a reading scope."""
    return [name for asked in _ACCOUNTS for name in asked(firm_id)]


def tell_events(chosen: Tells) -> None:
    """Let `chosen` say which events of the log an auditor may read; without it, only his own."""
    _TELLS[:] = [chosen]


def reader_of(request: FirmRequest) -> Callable[[list[AuditEvent]], frozenset[int]] | None:
    """Return what says which events this person may read; None for who may read the whole log."""
    window = request.member.window
    if window is None:
        return None

    def told(events: list[AuditEvent]) -> frozenset[int]:
        own = {event.number for event in events if event.actor_id == request.user.pk}
        return frozenset(own.union(*(chosen(request.firm.pk, window, events) for chosen in _TELLS)))

    return told


def let_in(request: FirmRequest, *, allowed: bool, now: datetime) -> HttpResponse | None:
    """Answer an auditor who may not come in, and list what was asked for; None lets the page be made.

    `allowed` says whether the role carries what the page asks for.
    """
    if request.member.role != Role.AUDITOR:
        return None
    window = request.member.window
    with firm_scope(write=request.firm.pk):
        answer = None if window is None else _asked(request, window) if allowed else CLOSED
        if isinstance(answer, Elsewhere):
            return redirect(answer.address)
        _list(request, opened=allowed and answer is None, now=now)
    if answer is None:
        return None
    return render(request, "accounts/outside.html", {"why": answer, "window": window}, status=403)


def _asked(request: FirmRequest, window: Window) -> Answer:
    match = request.resolver_match
    reach = _OPEN.get(match.view_name) if match else None
    return reach(request, window, match.kwargs) if match and reach else CLOSED


def _list(request: FirmRequest, *, opened: bool, now: datetime) -> None:
    address, match = request.get_full_path(), request.resolver_match
    audit.record(
        firm_id=request.firm.pk,
        actor=request.user,
        verb=OPENED if opened else REFUSED,
        kind=KIND,
        id=request.user.pk,
        text=address,
        after={
            "page": _CALLED.get(match.view_name, "") if match else "",
            "address": address,
            "asked": request.method,
        },
        now=now,
    )


def visits(*, firm_id: int, user: User) -> QuerySet[AuditEvent]:
    """List what an auditor asked for, the latest first. In a reading scope."""
    return AuditEvent.objects.filter(
        firm_id=firm_id, object_kind=KIND, object_id=str(user.pk), actor=user
    ).order_by("-number")


def auditor_or_none(*, firm_id: int, user_id: int) -> User | None:
    """Return a person who is an auditor of the firm, or was one and asked for a page. In a scope."""
    member = Membership.objects.filter(firm_id=firm_id, user_id=user_id, role=Role.AUDITOR)
    found = member.select_related("user").first()
    if found is not None:
        return found.user
    asked = AuditEvent.objects.filter(
        firm_id=firm_id, object_kind=KIND, object_id=str(user_id), actor=user_id
    )
    event = asked.select_related("actor").first()
    return event.actor if event else None
