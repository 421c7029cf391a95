"""Who may see a page: the firm of the session, the person's role in it, the second factor, the scope."""

from __future__ import annotations

from contextlib import nullcontext
from functools import wraps
from typing import TYPE_CHECKING, Any, Literal, cast
from urllib.parse import urlsplit, urlunsplit

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from accounts import auditing, queries
from accounts.roles import ALLOWS, Permission, Role, allows
from accounts.tenancy import firm_scope

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import date

    from django.http.response import HttpResponseBase
    from django_htmx.middleware import HtmxDetails

    from accounts.models import Firm, Membership, User

FIRM_KEY = "firm"
SECOND_FACTOR = "Administrators need a second factor. Add an authenticator app or a passkey to go on."

type ScopeKind = Literal["read", "all", "none"]


class FirmRequest(HttpRequest):
    """A request within a firm: what `firm_view` adds."""

    user: User
    htmx: HtmxDetails
    firm: Firm
    member: Membership
    firms: list[Firm]
    reads: list[int]
    today: date  # of the firm
    can: frozenset[Permission]


def current_membership(request: HttpRequest) -> Membership | None:
    """Return the person's membership of the session's firm, else of the first by name; None without any."""
    mine = _memberships(request)
    chosen = request.session.get(FIRM_KEY)
    return next((member for member in mine if member.firm.slug == chosen), mine[0] if mine else None)


def _memberships(request: HttpRequest) -> list[Membership]:
    """Load the person's memberships of today once per request."""
    known = getattr(request, "memberships", None)
    if known is None:
        known = queries.memberships(user=cast("User", request.user), now=timezone.now())
        request.memberships = known  # type: ignore[attr-defined]
    return cast("list[Membership]", known)


def firm_view(
    permission: Permission, *, scope: ScopeKind = "read"
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Let a view be reached only within a firm, by a role that carries `permission`.

    `scope="read"` opens a scope that reads the firm around the view and the rendering of its answer;
    `"all"` one that reads every firm of the person that carries the permission (`request.reads`); `"none"`
    leaves scopes to the action, as anything must that calls a vendor. Anonymous: sign-in. No firm: the page
    that says so. An administrator without a second factor: set it up first. Permission missing: 403 in words.
    An auditor goes through `accounts.auditing`, the one door that lists each page and keeps to the window.
    """

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            refusal = _enter(request, permission)
            if refusal is not None:
                return refusal
            within = cast("FirmRequest", request)
            with timezone.override(within.firm.time_zone), _opened(within, scope):
                return _rendered(view(request, *args, **kwargs))

        wrapped.firm_permission = permission  # type: ignore[attr-defined]
        wrapped.firm_scope = scope  # type: ignore[attr-defined]
        return wrapped

    return decorate


def _opened(request: FirmRequest, scope: ScopeKind) -> AbstractContextManager[None]:
    if scope == "none":
        return nullcontext()
    return firm_scope(write=None, reads=request.reads if scope == "all" else [request.firm.pk])


def _enter(request: HttpRequest, permission: Permission) -> HttpResponse | None:
    """Put firm, member and rights on the request, or answer why not."""
    if not request.user.is_authenticated:
        return _go(request, redirect_to_login(_back(request)))
    member = current_membership(request)
    if member is None:
        return _go(request, redirect("accounts:no_firm"))
    if member.role == Role.ADMINISTRATOR and not is_mfa_enabled(request.user):
        messages.warning(request, SECOND_FACTOR)
        return _go(request, redirect("mfa_index"))
    within = cast("FirmRequest", request)
    within.firm, within.member = member.firm, member
    within.firms = [other.firm for other in _memberships(request)]
    within.can = ALLOWS[Role(member.role)]
    within.reads = _readable(_memberships(request), member, permission)
    now = timezone.now()
    within.today = queries.today_of(member.firm, now)
    refusal = auditing.let_in(within, allowed=permission in within.can, now=now)
    if refusal is not None:
        return _go(request, refusal) if refusal.has_header("Location") else refusal
    if permission not in within.can:
        return render(request, "accounts/forbidden.html", {"permission": permission}, status=403)
    return None


def _readable(mine: list[Membership], here: Membership, permission: Permission) -> list[int]:
    """List the firms that a page may read at once; an auditor reads a firm only from within it."""
    return [
        other.firm_id
        for other in mine
        if allows(other.role, permission) and (other.role != Role.AUDITOR or other.pk == here.pk)
    ]


def _back(request: HttpRequest) -> str:
    """Return where to go on after signing in: a form's own address shows nothing, so the page that had it."""
    if request.method in {"GET", "HEAD"} and not getattr(request, "htmx", False):
        return request.get_full_path()
    asked = urlsplit(request.headers.get("Referer", ""))
    page = urlunsplit(("", "", asked.path, asked.query, ""))
    ours = asked.netloc == request.get_host() and url_has_allowed_host_and_scheme(page, allowed_hosts=None)
    return page if ours else "/"


def _go(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Send an htmx request's whole page there, not the fragment it asked for."""
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(answer["Location"])
    return answer


def _rendered(response: HttpResponseBase) -> HttpResponseBase:
    """Render while the scope is open. Raises AssertionError for an answer that would be read after it."""
    if response.streaming:
        raise AssertionError("An answer that streams would be read outside its scope.")
    render_now = getattr(response, "render", None)
    return cast("HttpResponseBase", render_now()) if callable(render_now) else response
