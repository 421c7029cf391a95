"""What people write about earned money: who signs a list, what the client disputes, what a client keeps."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms

if TYPE_CHECKING:
    from datetime import date

ALL, PART, NONE = "all", "part", "none"
LONGEST = 500


def _amount(label: str, *, help_text: str = "", required: bool = True) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=required,
        min_value=Decimal(0),
        max_digits=15,
        decimal_places=2,
        help_text=help_text,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )


def _reason(label: str) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}))


class SignTransfersForm(forms.Form):
    """Sign the chosen transfers: the lawyer, and the hash of the list that the page shows."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    name = forms.CharField(
        label="Name", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )


class TakeOffForm(forms.Form):
    """Take the rest of a signed transfer off its list."""

    words = _reason("Why")


class DisputeForm(forms.Form):
    """What of a bill's part the client contests."""

    ledger = forms.CharField(max_length=60, widget=forms.HiddenInput)
    how = forms.ChoiceField(
        label="The client disputes",
        choices=[(ALL, "All of it"), (PART, "A part of it"), (NONE, "Nothing any more")],
    )
    amount = _amount("Disputed amount", required=False, help_text="Only for a part.")
    words = _reason("What the client said, and when")

    def clean(self) -> dict[str, Any]:
        """Ask for the amount of a part."""
        given = super().clean() or {}
        if given.get("how") == PART and not given.get("amount") and "amount" not in self.errors:
            self.add_error("amount", "Say which amount the client disputes.")
        return given


class SentForm(forms.Form):
    """When and how a bill went to the client without Clio."""

    day = forms.DateField(label="Sent on", widget=forms.DateInput(attrs={"type": "date"}))
    words = _reason("How it was sent")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_day(self) -> date:
        """Refuse a day that has not come."""
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError("This day has not come yet.")
        return day


class LevelForm(forms.Form):
    """What a client agreed to keep in trust for a matter."""

    matter = forms.CharField(label="Matter", max_length=200, help_text="Its number in Clio.")
    minimum = _amount("Minimum", help_text="Stays in trust: no fee is taken from it. 0 for none.")
    evergreen = _amount("Filled up to", help_text="The evergreen level; 0 for none.")

    def clean(self) -> dict[str, Any]:
        """Refuse a level below the minimum."""
        given = super().clean() or {}
        if 0 < given.get("evergreen", 0) < given.get("minimum", 0):
            self.add_error("evergreen", "It is filled up to at least the minimum.")
        return given
