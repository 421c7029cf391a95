"""Sign-in through allauth, in our words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpRequest

    from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """E-mail addresses only; anybody may sign up a firm; after signing in people land on the overview."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "This e-mail address and password do not belong together.",
        "too_many_login_attempts": "Too many attempts. Wait a few minutes, then try again.",
        "rate_limited": "Too many attempts. Wait a few minutes, then try again.",
        "email_taken": "Somebody has signed up with this e-mail address already. Sign in instead.",
        "unknown_email": "Nobody has signed up with this e-mail address.",
        "incorrect_password": "This is not your password.",
        "invalid_password_reset": "This link has been used or is too old. Ask for a new one.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Any firm may sign up."""
        return True

    def get_login_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        """Land on the overview."""
        return "/"

    def save_user(self, request: HttpRequest, user: User, form: Form, commit: bool = True) -> User:  # noqa: ARG002, FBT001, FBT002
        """Fill a new person from the sign-up form."""
        user.email = form.cleaned_data["email"].strip().lower()
        user.name = form.cleaned_data.get("name", "")
        user.time_zone = form.cleaned_data.get("time_zone") or user.time_zone
        user.set_password(form.cleaned_data["password1"])
        if commit:
            user.save()
        return user
