"""What people choose when they make a deposit, or take one back."""

from __future__ import annotations

from decimal import Decimal
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
    fee = forms.DecimalField(
        label="Kept by a card processor",
        required=False,
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=2,
        widget=forms.TextInput(attrs={"class": "n", "inputmode": "decimal"}),
    )

    def __init__(
        self,
        given: Any = None,
        *,
        banks: Sequence[Account],
        today: date,
        fee: str | None = None,
        fees: bool = False,
    ) -> None:
        super().__init__(given, initial={"day": today, "fee": fee})
        if not fees:
            del self.fields["fee"]
        field = self.fields["bank"]
        if isinstance(field, forms.ChoiceField):
            listed = [(one.id, one.name) for one in banks]
            field.choices = listed if len(listed) == 1 else [("", "Choose the bank account"), *listed]
            field.initial = listed[0][0] if len(listed) == 1 else None


class BankLineForm(forms.Form):
    """What the bank shows as one amount: the receipts that come to it are looked for."""

    day = SlipForm.base_fields["day"]
    amount = forms.DecimalField(
        label="Amount at the bank", min_value=Decimal("0.01"), max_digits=12, decimal_places=2
    )
    fee = forms.DecimalField(
        label="Kept by a card processor",
        required=False,
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=2,
    )


class PayoutForm(SlipForm):
    """When a payout reached the bank, and how the fee of client money in it was taken."""

    apart = forms.ChoiceField(
        label="How was the fee of client money taken?",
        choices=[("apart", "By itself, from the operating account"), ("in", "Out of this payout")],
        widget=forms.RadioSelect,
        initial="apart",
    )

    def __init__(self, given: Any = None, *, trust_fee: int, **more: Any) -> None:
        super().__init__(given, **more)
        if not trust_fee:
            del self.fields["apart"]


class PayoutFileForm(forms.Form):
    """The file of a card processor."""

    file = forms.FileField(
        label="Payout file",
        help_text="CSV or Excel, with a head for each column: payout id, date, gross, fee, net, reference.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )


class TakeBackForm(forms.Form):
    """Why a deposit is taken back."""

    reason = forms.CharField(label="Why is it taken back?", max_length=300)
