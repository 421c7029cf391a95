"""Settings: the firm's people, and one's own name."""

from __future__ import annotations

from smtplib import SMTPException
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions, auditing, letters, notify, queries
from accounts.access import firm_view
from accounts.forms import LettersForm, ProfileForm
from accounts.models import Invitation, Membership, User
from accounts.people_forms import InviteForm, RoleForm, start_of
from accounts.roles import WORDS, Permission
from accounts.tenancy import firm_scope

if TYPE_CHECKING:
    from accounts.access import FirmRequest


@require_safe
@firm_view(Permission.SEE)
def people(request: FirmRequest) -> HttpResponse:
    """Answer who may do what."""
    return _people(request, InviteForm(accounts=auditing.accounts_of(request.firm.pk)))


def _accounts(request: FirmRequest) -> list[str]:
    with firm_scope(write=None, reads=[request.firm.pk]):
        return auditing.accounts_of(request.firm.pk)


def _people(request: FirmRequest, form: InviteForm, status: int = 200) -> HttpResponse:
    now = timezone.now()
    today = queries.today_of(request.firm, now)
    members = queries.members(firm_id=request.firm.pk)
    may_change = Permission.MANAGE_PEOPLE in request.can
    context = {
        "section": "settings",
        "members": [(member, member.runs_on(today)) for member in members],
        "invitations": queries.open_invitations(firm_id=request.firm.pk, now=now) if may_change else [],
        "form": form,
        "may_change": may_change,
        "roles": [(role.value.capitalize(), words) for role, words in WORDS.items()],
    }
    return render(request, "accounts/people.html", context, status=status)


@require_POST
@firm_view(Permission.MANAGE_PEOPLE, scope="none")
def invite(request: FirmRequest) -> HttpResponse:
    """Invite somebody."""
    form = InviteForm(request.POST, accounts=_accounts(request))
    if not form.is_valid():
        return _people(request, form, status=422)
    sent: list[bool] = []
    outcome = actions.invite(
        firm=request.firm,
        email=form.cleaned_data["email"],
        role=form.cleaned_data["role"],
        ends_on=form.cleaned_data["ends_on"],
        sees=form.seen(),
        by=request.user,
        now=timezone.now(),
        mail=lambda invitation, token: sent.append(_mail(invitation, token)),
    )
    if isinstance(outcome, Invitation) and not all(sent):
        actions.withdraw(invitation=outcome, by=request.user, now=timezone.now())
        outcome = f"The letter to {outcome.email} could not be sent, so nobody is invited. Try again."
    if isinstance(outcome, str):
        form.add_error(None, outcome)
        return _people(request, form, status=422)
    messages.info(request, f"An invitation is on its way to {outcome.email}. It works for seven days.")
    return redirect("accounts:people")


def _mail(invitation: Invitation, token: str) -> bool:
    """Send the letter; say whether it left."""
    address = settings.PUBLIC_URL.rstrip("/") + reverse("accounts:invitation", kwargs={"token": token})
    text = (
        f"{invitation.invited_by} invites you to {invitation.firm} in Tieout, as {invitation.role}.\n\n"
        f"{WORDS[invitation.role]}{_seen(invitation)}\n\n"  # type: ignore[index]
        f"Accept: {address}\n\nThe link works until {invitation.expires_at:%-d %b %Y}.\n"
    )
    try:
        notify.send([invitation.email], subject=f"Your invitation to {invitation.firm}", text=text)
    except (OSError, SMTPException):
        return False
    return True


def _seen(invitation: Invitation) -> str:
    if not invitation.accounts:
        return ""
    return f" You see {invitation.sees}. Each page that you open is listed for the firm."


@require_POST
@firm_view(Permission.MANAGE_PEOPLE, scope="none")
def withdraw(request: FirmRequest, invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    now = timezone.now()
    waiting = queries.open_invitations(firm_id=request.firm.pk, now=now)
    found = next((one for one, _ in waiting if one.pk == invitation_id), None)
    if found is None:
        raise Http404
    actions.withdraw(invitation=found, by=request.user, now=now)
    messages.info(request, f"The invitation of {found.email} no longer works.")
    return redirect("accounts:people")


@require_http_methods(["GET", "POST"])
@firm_view(Permission.MANAGE_PEOPLE, scope="none")
def person(request: FirmRequest, member_id: int) -> HttpResponse:
    """Change one person's role and last day."""
    member = _member_or_404(request, member_id)
    names = [*_accounts(request), *member.accounts]
    form = RoleForm(request.POST or None, initial=start_of(member), accounts=names)
    if request.method == "POST" and form.is_valid():
        refusal = actions.change_role(
            member=member,
            role=form.cleaned_data["role"],
            ends_on=form.cleaned_data["ends_on"],
            sees=form.seen(),
            by=request.user,
            now=timezone.now(),
        )
        if refusal is None:
            messages.info(request, f"{member.user} is {member.role} now.")
            return redirect("accounts:people")
        form.add_error(None, refusal)
    status = 422 if request.method == "POST" else 200
    return render(
        request,
        "accounts/person.html",
        {"section": "settings", "subject": member, "form": form},
        status=status,
    )


@require_POST
@firm_view(Permission.MANAGE_PEOPLE, scope="none")
def remove(request: FirmRequest, member_id: int) -> HttpResponse:
    """Take a person out of the firm."""
    member = _member_or_404(request, member_id)
    refusal = actions.remove(member=member, by=request.user, now=timezone.now())
    if refusal is not None:
        messages.error(request, refusal)
    else:
        messages.info(request, f"{member.user} no longer belongs to {request.firm}.")
    return redirect("accounts:people" if member.user_id != request.user.pk else "/")


def _member_or_404(request: FirmRequest, member_id: int) -> Membership:
    found = next((one for one in queries.members(firm_id=request.firm.pk) if one.pk == member_id), None)
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Change one's own name and time zone."""
    user = cast("User", request.user)
    form = ProfileForm(request.POST or None, initial={"name": user.name, "time_zone": user.time_zone})
    if request.method == "POST" and form.is_valid():
        actions.change_profile(
            user=user, name=form.cleaned_data["name"], time_zone=form.cleaned_data["time_zone"]
        )
        messages.info(request, "Saved.")
        return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"section": "settings", "form": form})


@require_http_methods(["GET", "POST"])
@firm_view(Permission.SEE, scope="none")
def notifications(request: FirmRequest) -> HttpResponse:
    """Choose when the firm writes to oneself about new exceptions."""
    with firm_scope(write=None, reads=[request.firm.pk]):
        chosen, least = letters.of(request.member), letters.least_of(request.member)
    form = LettersForm(request.POST or None, initial={"letters": chosen.value, "least": least})
    if request.method == "POST" and form.is_valid():
        wanted = letters.Letters(form.cleaned_data["letters"])
        least = form.cleaned_data["least"] or least
        letters.choose(member=request.member, letters=wanted, least=least, now=timezone.now())
        messages.info(request, "Saved.")
        return redirect("accounts:notifications")
    status = 422 if request.method == "POST" else 200
    context = {"section": "settings", "form": form, "letters": chosen.value}
    return render(request, "accounts/notifications.html", context, status=status)
