"""Whom to invite, as what, and how far an auditor sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from accounts.joining import AUDITOR_NEEDS_END
from accounts.roles import WORDS, Role
from accounts.windows import NO_ACCOUNT, Seen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import Membership

SOME, FIRM = "accounts", "firm"
CHOOSE = "Choose what the auditor sees."


def _day(label: str, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label, required=False, help_text=help_text, widget=forms.DateInput(attrs={"type": "date"})
    )


class RoleForm(forms.Form):
    """A role; for an auditor the last day, and which trust accounts between which days."""

    role = forms.ChoiceField(
        label="Role",
        choices=[(role.value, f"{role.value.capitalize()}: {WORDS[role]}") for role in Role],
        initial=Role.BOOKKEEPER.value,
    )
    ends_on = _day("Last day", "An auditor needs one. Access ends by itself after it.")
    sees = forms.ChoiceField(
        label="What an auditor sees",
        required=False,
        choices=[(SOME, "Only the trust accounts and days below"), (FIRM, "The whole firm")],
        widget=forms.RadioSelect,
        help_text="Each page that an auditor opens is listed for the firm.",
    )
    accounts = forms.MultipleChoiceField(
        label="Trust accounts", required=False, widget=forms.CheckboxSelectMultiple
    )
    sees_from = _day("From")
    sees_to = _day("To", "Months that lie within whole can be opened.")

    def __init__(self, *args: Any, accounts: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = list(dict.fromkeys(accounts))
        self.fields["accounts"].choices = [(name, name) for name in listed]  # type: ignore[attr-defined]
        if not listed:
            self.fields["accounts"].help_text = "No trust account is set up yet."

    def clean(self) -> dict[str, Any]:
        """Refuse an auditor without an end, or without a choice of what to see."""
        given = super().clean() or {}
        if given.get("role") != Role.AUDITOR:
            return given
        if given.get("ends_on") is None and "ends_on" not in self.errors:
            self.add_error("ends_on", AUDITOR_NEEDS_END)
        if not given.get("sees"):
            self.add_error("sees", CHOOSE)
        elif given["sees"] == SOME and not self.errors:
            seen = _seen(given)
            refused = NO_ACCOUNT if not seen.accounts else seen.refusal(auditor=True)
            if refused:
                self.add_error("accounts" if refused == NO_ACCOUNT else "sees_to", refused)
        return given

    def seen(self) -> Seen:
        """Return what the person is to see; all, unless it is an auditor of some trust accounts."""
        given = self.cleaned_data
        held = given.get("role") == Role.AUDITOR and given.get("sees") == SOME
        return _seen(given) if held else Seen()


def _seen(given: dict[str, Any]) -> Seen:
    return Seen(
        accounts=tuple(given.get("accounts", ())), first=given.get("sees_from"), last=given.get("sees_to")
    )


def start_of(member: Membership) -> dict[str, Any]:
    """Return what the form of one member begins with."""
    return {
        "role": member.role,
        "ends_on": member.ends_on,
        "sees": SOME if member.accounts else FIRM if member.role == Role.AUDITOR else "",
        "accounts": member.accounts,
        "sees_from": member.sees_from,
        "sees_to": member.sees_to,
    }


class InviteForm(RoleForm):
    """Whom to invite, as what."""

    email = forms.EmailField(label="E-mail address", max_length=254)
    field_order = ["email", "role", "ends_on", "sees", "accounts", "sees_from", "sees_to"]
