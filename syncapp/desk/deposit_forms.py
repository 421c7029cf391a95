"""What people choose when they make a deposit, or take one back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from syncapp.core.books import Account


class SlipForm(forms.Form):
    """When it went to the bank, and to which account."""

    day = forms.DateField(
        label="Day at the bank", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    bank = forms.ChoiceField(label="Bank account")

    def __init__(self, given: Any = None, *, banks: Sequence[Account], today: date, **more: Any) -> None:
        super().__init__(given, initial={"day": today, **more})
        field = self.fields["bank"]
        if isinstance(field, forms.ChoiceField):
            listed = [(one.id, one.name) for one in banks]
            field.choices = listed if len(listed) == 1 else [("", "Choose the bank account"), *listed]


class TakeBackForm(forms.Form):
    """Why a deposit is taken back."""

    reason = forms.CharField(label="Why is it taken back?", max_length=300)
