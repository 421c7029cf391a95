"""What people choose when they set from which amount trust entries wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from syncapp.core import money
from syncapp.pipeline.trust.approvals import Limit
from trust import opening as rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import Membership

WRITE = "Write an amount, such as 10,000.00."


class LimitForm(forms.Form):
    """The limit, how many approve, and who may."""

    over = forms.CharField(
        label="Trust entries wait from",
        required=False,
        max_length=30,
        help_text="The amount itself waits, a cent below it posts. Empty: every entry posts by itself.",
        widget=forms.TextInput(attrs={"class": "n", "inputmode": "decimal", "autocomplete": "off"}),
    )
    needed = forms.TypedChoiceField(
        label="Approvals needed", choices=[(1, "One"), (2, "Two, by two people")], coerce=int
    )
    approvers = forms.MultipleChoiceField(
        label="Who may approve",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Nobody ticked: any partner. Who prepared an entry never approves it.",
    )
    reason = forms.CharField(label="Why", max_length=500)

    def __init__(self, given: Any, *, limit: Limit, people: Iterable[Membership], currency: str) -> None:
        self.currency = currency
        start = {
            "over": "" if limit.over is None else money.text(limit.over, currency),
            "needed": limit.needed,
            "approvers": list(limit.approvers),
        }
        super().__init__(given, initial=start)
        listed = [(one.user.email.casefold(), f"{one.user}, {one.role}") for one in people]
        gone = [
            (who, f"{who}, who may not approve any more")
            for who in limit.approvers
            if who not in dict(listed)
        ]
        self.fields["approvers"].choices = [*listed, *gone]  # type: ignore[attr-defined]

    def clean_over(self) -> int | None:
        """Return the limit in minor units; None for no limit."""
        text = self.cleaned_data["over"].replace("$", "").strip()
        if not text:
            return None
        found = rules.amount(text, self.currency)
        if found is None:
            raise forms.ValidationError(WRITE)
        return found

    def wanted(self) -> Limit:
        """Return the limit as it was filled in. Call it on a valid form."""
        found = self.cleaned_data
        if found["over"] is None:
            return Limit(over=None, needed=1, approvers=())
        return Limit(over=found["over"], needed=found["needed"], approvers=tuple(found["approvers"]))
