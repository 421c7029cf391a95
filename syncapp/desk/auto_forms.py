"""What people choose when they write a rule that answers exceptions."""

from __future__ import annotations

from typing import Any

from django import forms

from syncapp.core import money
from syncapp.pipeline.autos.rules import Rule
from syncapp.pipeline.autos.ways import LONGEST_NAME, WAYS


class RuleForm(forms.Form):
    """A rule: what it answers, and to what."""

    way = forms.ChoiceField(label="What it answers")
    client = forms.CharField(
        label="Only of this client", required=False, max_length=200, help_text="The name as Clio has it."
    )
    up_to = forms.CharField(
        label="Only up to",
        required=False,
        max_length=20,
        help_text="The amount of one exception. Empty: any amount.",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "n"}),
    )
    name = forms.CharField(
        label="Name of the rule", max_length=LONGEST_NAME, help_text="The log and each record bear it."
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        way = self.fields["way"]
        if isinstance(way, forms.ChoiceField):
            way.choices = [(f"{cause} {answer}", words) for (cause, answer), words in WAYS.items()]

    def clean_up_to(self) -> int | None:
        """Read the amount as minor units; None without one."""
        typed = self.cleaned_data["up_to"].replace("$", "").replace(",", "").strip()
        if not typed:
            return None
        try:
            cents = money.minor(typed)
        except money.NotMoneyError as error:
            raise forms.ValidationError("Write it as an amount, such as 500.00.") from error
        if cents <= 0:
            raise forms.ValidationError("Give an amount above 0.00, or none.")
        return cents

    def rule(self, by: str) -> Rule:
        """Return the rule as it was filled in, of a form that is valid."""
        found = self.cleaned_data
        cause, _, answer = found["way"].partition(" ")
        return Rule(
            name=found["name"],
            cause=cause,
            answer=answer,
            by=by,
            client=found["client"],
            up_to=found["up_to"],
        )
