"""What people type about themselves, their firm and each other."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from allauth.account.forms import SignupForm
from django import forms
from django.contrib.auth import password_validation

from accounts import letters
from accounts.entrance_forms import LENGTH, SignUpWords
from accounts.letters import LEAST_WORDS
from accounts.verbs import VERBS

COMMON_ZONES = [
    ("America/New_York", "Eastern"),
    ("America/Chicago", "Central"),
    ("America/Denver", "Mountain"),
    ("America/Phoenix", "Arizona"),
    ("America/Los_Angeles", "Pacific"),
    ("America/Anchorage", "Alaska"),
    ("Pacific/Honolulu", "Hawaii"),
]


def zones() -> list[tuple[str, Any]]:
    """Offer the American zones by their names, then every other."""
    common = {zone for zone, _ in COMMON_ZONES}
    others = sorted(
        zone for zone in available_timezones() - common if "/" in zone and not zone.startswith("Etc")
    )
    return [
        ("United States", COMMON_ZONES),
        ("Elsewhere", [(zone, zone.replace("_", " ")) for zone in others]),
    ]


class FirmFields(forms.Form):
    """A firm's name and time zone."""

    firm_name = forms.CharField(label="Name of the firm", max_length=200)
    time_zone = forms.ChoiceField(label="Time zone of the firm", choices=zones, initial="America/New_York")


class FirmSignupForm(SignUpWords, SignupForm):  # type: ignore[misc]
    """Sign up a firm and its first administrator."""

    firm_name = forms.CharField(label="Name of the firm", max_length=200)
    name = forms.CharField(
        label="Your name", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    time_zone = forms.ChoiceField(label="Time zone of the firm", choices=zones, initial="America/New_York")
    field_order = ["firm_name", "time_zone", "name", "email", "password1"]


class JoinForm(forms.Form):
    """What an invited person without an account types."""

    name = forms.CharField(
        label="Your name", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label="Choose a password",
        help_text=LENGTH,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        """Refuse a weak password."""
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password)
        return password


class ProfileForm(forms.Form):
    """A person's own name and time zone."""

    name = forms.CharField(
        label="Your name", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    time_zone = forms.ChoiceField(label="Your time zone", choices=zones)


class LettersForm(forms.Form):
    """When a person wants letters about new exceptions."""

    letters = forms.ChoiceField(
        label="Write to me about new exceptions",
        choices=[
            (letters.Letters.AT_ONCE.value, "At once, after the run that found them"),
            (letters.Letters.DAILY.value, "Once a day, at 08:00 in the firm's time zone"),
            (letters.Letters.NEVER.value, "Never; I look at the exceptions myself"),
        ],
        widget=forms.RadioSelect,
    )
    least = forms.ChoiceField(
        label="Of what", choices=list(LEAST_WORDS.items()), widget=forms.RadioSelect, required=False
    )


class AuditFilter(forms.Form):
    """What part of the log to show; lives in the address."""

    verb = forms.ChoiceField(label="What", required=False)
    person = forms.ChoiceField(label="Who", required=False)
    since = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verb"].choices = [("", "Everything"), *_verb_choices()]  # type: ignore[attr-defined]
        self.fields["person"].choices = [("", "Everybody"), ("tieout", "Tieout itself"), *people]  # type: ignore[attr-defined]


def _verb_choices() -> list[tuple[str, str]]:
    families = sorted({verb.split(".")[0] for verb in VERBS})
    words = {"grant": "Connections", "person": "People", "firm": "Firm", "hold": "Exceptions", "run": "Runs"}
    return [(family, words.get(family, family.replace("_", " ").capitalize())) for family in families]
