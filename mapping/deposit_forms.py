"""Where payments into each bank account of the practice system land: the rows of a set of books' options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms

from mapping.forms import offered

if TYPE_CHECKING:
    from syncapp.core.books import Chart

EXTRA_DEPOSITS = 3


class DepositForm(forms.Form):
    """Where payments into one bank account of the practice system land."""

    clio_bank_account = forms.CharField(label="Paid into (Clio)", required=False, max_length=200)
    method = forms.CharField(label="Paid by", required=False, max_length=60)
    account = forms.ChoiceField(label="Lands in", required=False)

    def __init__(self, *args: Any, chart: Chart, **more: Any) -> None:
        super().__init__(*args, **more)
        cast("forms.ChoiceField", self.fields["account"]).choices = offered(
            chart.accounts.values(), str(self.initial.get("account", ""))
        )
        self.fields["clio_bank_account"].widget.attrs["list"] = "list-bank_account"

    def clean(self) -> dict[str, Any]:
        """Want both sides of a row, or none."""
        found = super().clean() or {}
        conditions = found.get("clio_bank_account") or found.get("method")
        if conditions and not found.get("account"):
            self.add_error("account", "Choose the account where these payments land.")
        if found.get("account") and not conditions:
            self.add_error("clio_bank_account", "Say which Clio bank account or method this is for.")
        return found


DepositRows = forms.formset_factory(DepositForm, extra=EXTRA_DEPOSITS, max_num=200)
