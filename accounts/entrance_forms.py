"""Allauth's forms in our words: labels without title case, "e-mail", no text in a field but one's own."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn

EMAIL = "E-mail address"
PASSWORD = "Password"  # noqa: S105 - a label
NEW_PASSWORD = "New password"  # noqa: S105 - a label
AGAIN = "New password, again"
LENGTH = "At least 12 characters."
CODE = "Code from your authenticator app, or a recovery code"


class OurWords:
    """Gives the fields of a form of allauth our labels and help, and takes their placeholders away."""

    labels: ClassVar[dict[str, str]] = {}
    helps: ClassVar[dict[str, str]] = {}
    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.helps.get(name, field.help_text)
            field.widget.attrs.pop("placeholder", None)


class SignUpWords(OurWords):
    """The words of signing up; `accounts.forms.FirmSignupForm` adds the firm."""

    labels: ClassVar = {"email": EMAIL, "password1": PASSWORD}
    helps: ClassVar = {"password1": LENGTH}


class LoginForm(OurWords, account.LoginForm):  # type: ignore[misc]
    """Sign in."""

    labels: ClassVar = {"login": EMAIL, "password": PASSWORD}


class AddEmailForm(OurWords, account.AddEmailForm):  # type: ignore[misc]
    """Another address of one's own."""

    labels: ClassVar = {"email": EMAIL}


class ChangePasswordForm(OurWords, account.ChangePasswordForm):  # type: ignore[misc]
    """Another password."""

    labels: ClassVar = {"oldpassword": "Current password", "password1": NEW_PASSWORD, "password2": AGAIN}
    helps: ClassVar = {"password1": LENGTH}


class SetPasswordForm(OurWords, account.SetPasswordForm):  # type: ignore[misc]
    """The first password."""

    labels: ClassVar = {"password1": NEW_PASSWORD, "password2": AGAIN}
    helps: ClassVar = {"password1": LENGTH}


class ResetPasswordForm(OurWords, account.ResetPasswordForm):  # type: ignore[misc]
    """Ask for a letter with a link."""

    labels: ClassVar = {"email": EMAIL}


class ResetPasswordKeyForm(OurWords, account.ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password, by that link."""

    labels: ClassVar = {"password1": NEW_PASSWORD, "password2": AGAIN}
    helps: ClassVar = {"password1": LENGTH}


class ReauthenticateForm(OurWords, account.ReauthenticateForm):  # type: ignore[misc]
    """The password, once more."""

    labels: ClassVar = {"password": PASSWORD}


class CodeForm(OurWords, mfa.AuthenticateForm):  # type: ignore[misc]
    """The code at sign-in."""

    labels: ClassVar = {"code": CODE}


class CodeAgainForm(OurWords, mfa.ReauthenticateForm):  # type: ignore[misc]
    """The code, once more."""

    labels: ClassVar = {"code": CODE}


class ActivateTOTPForm(OurWords, totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an authenticator app."""

    labels: ClassVar = {"code": "The code that the app shows now"}


class AddWebAuthnForm(OurWords, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """A passkey or a security key."""

    labels: ClassVar = {
        "name": "Name of the key",
        "passwordless": "Sign in with it alone, no password",
    }
    helps: ClassVar = {"passwordless": "It then asks for your fingerprint, your face or its own number."}


class EditWebAuthnForm(OurWords, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a key."""

    labels: ClassVar = {"name": "Name of the key"}
