"""Coming in: signing up a firm, accepting an invitation, having no firm yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from allauth.account.models import EmailAddress
from allauth.account.utils import perform_login
from allauth.account.views import SignupView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions, queries
from accounts.access import FIRM_KEY
from accounts.forms import FirmFields, FirmSignupForm, JoinForm
from accounts.models import User

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Invitation


class SignUp(SignupView):  # type: ignore[misc]
    """Sign up a person and the firm."""

    form_class = FirmSignupForm

    def form_valid(self, form: FirmSignupForm) -> HttpResponse:
        """Make the firm once the person exists; an address that is taken changes nothing."""
        response = super().form_valid(form)
        if getattr(self, "user", None) is not None:
            actions.create_firm(
                user=self.user,
                name=form.cleaned_data["firm_name"],
                time_zone=form.cleaned_data["time_zone"],
                now=timezone.now(),
            )
        return cast("HttpResponse", response)


sign_up = SignUp.as_view()


@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation and accept it: with the person's own account, or by choosing a password."""
    now = timezone.now()
    found = queries.invitation_for(token=token, now=now)
    if found is None:
        return render(request, "accounts/invitation_gone.html", status=404)
    person = queries.user_by_email(found.email)
    signed_in = request.user.is_authenticated
    form = None if person or signed_in else JoinForm(request.POST or None)
    if request.method == "POST" and signed_in:
        return _accept(request, found, cast("User", request.user), now)
    if request.method == "POST" and form is not None and form.is_valid():
        newcomer = _newcomer(found, name=form.cleaned_data["name"], password=form.cleaned_data["password"])
        refusal = actions.accept(invitation=found, user=newcomer, now=now)
        if not isinstance(refusal, str):
            perform_login(request, newcomer, email_verification="none", redirect_url="/")
            request.session[FIRM_KEY] = found.firm.slug
            return redirect("/")
    other = signed_in and cast("User", request.user).email != found.email
    context = {"invitation": found, "form": form, "person": person, "other": other}
    return render(request, "accounts/invitation.html", context)


def _newcomer(found: Invitation, *, name: str, password: str) -> User:
    """Make the invited person; the link came by mail, so the address is proved."""
    with transaction.atomic():
        user = User.objects.create_user(found.email, password, name=name, time_zone=found.firm.time_zone)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def _accept(request: HttpRequest, found: Invitation, user: User, now: datetime) -> HttpResponse:
    outcome = actions.accept(invitation=found, user=user, now=now)
    if isinstance(outcome, str):
        messages.error(request, outcome)
        return redirect("accounts:invitation", token=request.resolver_match.kwargs["token"])  # type: ignore[union-attr]
    request.session[FIRM_KEY] = found.firm.slug
    return redirect("/")


@login_required
def no_firm(request: HttpRequest) -> HttpResponse:
    """Say that the person belongs to no firm, and what can be done."""
    if queries.memberships(user=cast("User", request.user), now=timezone.now()):
        return redirect("/")
    return render(request, "accounts/no_firm.html")


@login_required
@require_http_methods(["GET", "POST"])
def new_firm(request: HttpRequest) -> HttpResponse:
    """Add another firm; the person becomes its administrator."""
    form = FirmFields(request.POST or None)
    if request.method == "POST" and form.is_valid():
        firm = actions.create_firm(
            user=cast("User", request.user),
            name=form.cleaned_data["firm_name"],
            time_zone=form.cleaned_data["time_zone"],
            now=timezone.now(),
        )
        request.session[FIRM_KEY] = firm.slug
        return redirect("/")
    return render(request, "accounts/new_firm.html", {"form": form})


@login_required
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Work in another of one's firms, from its overview or from where the address leads on."""
    wanted = request.POST.get("firm", "")
    mine = queries.memberships(user=cast("User", request.user), now=timezone.now())
    if wanted not in {member.firm.slug for member in mine}:
        raise Http404
    request.session[FIRM_KEY] = wanted
    onward = request.GET.get("next", "/")
    safe = url_has_allowed_host_and_scheme(onward, allowed_hosts={request.get_host()})
    return redirect(onward if safe else "/")
