"""What people choose when they map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms

from mapping.checks import WRITTEN_OFF
from mapping.rules import RuleRow
from mapping.words import LINE_WORDS, WHEN_WORDS
from syncapp.core.documents import Cost, LineKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mapping.coverage import Practice
    from syncapp.core.books import Account, Chart, Item, Tag

EVERY = ("", "Every one")


def offered(rows: Iterable[Account | Item | Tag], kept: str = "", nothing: str = "None") -> list[Any]:
    """Offer things of the books by name; one that is inactive or no longer there stays if it is chosen."""
    listed = sorted(rows, key=lambda row: row.name.casefold())
    names = [row.name.casefold() for row in listed]
    found: list[Any] = [("", nothing)]
    for row in listed:
        twice = names.count(row.name.casefold()) > 1
        value = f"id:{row.id}" if twice else row.name
        if not row.active and kept not in {value, f"id:{row.id}"}:
            continue
        state = "" if row.active else " (inactive)"
        found.append((f"id:{row.id}" if kept == f"id:{row.id}" else value, f"{row.name}{state}"))
    if kept and kept not in {value for value, _label in found}:
        match = next((value for value, _label in found if value.casefold() == kept.casefold()), None)
        if match is None:
            found.append((kept, f"{kept} (not in the books)"))
    return found


class RuleForm(forms.Form):
    """One rule: what must hold, and what is chosen then."""

    line = forms.ChoiceField(label="Line", required=False)
    practice_area = forms.CharField(label="Practice area", required=False, max_length=200)
    expense_category = forms.CharField(label="Expense category", required=False, max_length=200)
    cost = forms.ChoiceField(label="Cost", required=False)
    of = forms.ChoiceField(label="Write-off of", required=False)
    timekeeper = forms.CharField(label="Timekeeper", required=False, max_length=200)
    responsible = forms.CharField(label="Responsible attorney", required=False, max_length=200)
    activity = forms.CharField(label="Activity", required=False, max_length=200)
    client = forms.CharField(label="Client", required=False, max_length=500)
    matter = forms.CharField(label="Matter", required=False, max_length=200)
    office = forms.CharField(label="Office", required=False, max_length=200)
    item = forms.ChoiceField(label="Product or service", required=False)
    account = forms.ChoiceField(label="Account", required=False, help_text="Only for discounts.")
    class_id = forms.ChoiceField(label="Class", required=False)
    location = forms.ChoiceField(label="Location", required=False)

    def __init__(
        self, *args: Any, chart: Chart, practice: Practice, rule: RuleRow | None = None, **more: Any
    ) -> None:
        self.rule = rule or RuleRow(position=0)
        more.setdefault("initial", {**self.rule.when, **self._chosen(self.rule)})
        super().__init__(*args, **more)
        lines = [(line.value, LINE_WORDS[line].capitalize()) for line in LineKind]
        self._choose("line", [("", "Every line"), *lines])
        self._choose("cost", [EVERY, (Cost.HARD.value, "Hard"), (Cost.SOFT.value, "Soft")])
        self._choose("of", [EVERY, *[(word, word.replace("_", " ").capitalize()) for word in WRITTEN_OFF]])
        self._choose("item", offered(chart.items.values(), self.rule.item))
        self._choose("account", offered(chart.accounts.values(), self.rule.account))
        self._choose("class_id", offered(chart.classes.values(), self.rule.class_id))
        self._choose("location", offered(chart.locations.values(), self.rule.location))
        self.lists = {
            "practice_area": practice.practice_areas,
            "expense_category": tuple(name for name, _cost in practice.expense_categories),
        }
        for name in self.lists:
            self.fields[name].widget.attrs["list"] = f"list-{name}"

    def _choose(self, name: str, offered: list[Any]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = offered

    @staticmethod
    def _chosen(rule: RuleRow) -> dict[str, str]:
        return {
            "item": rule.item,
            "account": rule.account,
            "class_id": rule.class_id,
            "location": rule.location,
        }

    def clean(self) -> dict[str, Any]:
        """Refuse a rule that chooses nothing, or two things."""
        found = super().clean() or {}
        if not any(found.get(key) for key in ("item", "account", "class_id", "location")):
            raise forms.ValidationError("Choose at least a product, an account, a class or a location.")
        if found.get("item") and found.get("account"):
            self.add_error("account", "Choose a product or an account, not both.")
        discount = found.get("line") == LineKind.DISCOUNT.value
        if found.get("account") and not discount:
            self.add_error("account", "Only discounts go to an account. Choose a product or service.")
        if found.get("item") and discount:
            self.add_error("item", "A discount goes to an account. Choose the account below.")
        return found

    def row(self) -> RuleRow:
        """Return the rule as it was filled in."""
        found = self.cleaned_data
        when = {key: value for key in WHEN_WORDS if (value := " ".join(found.get(key, "").split()))}
        empty = {key: "" for key, value in self.rule.when.items() if value == "" and not found.get(key)}
        return RuleRow(
            position=self.rule.position,
            when={**when, **empty},
            item=found["item"],
            account=found["account"],
            class_id=found["class_id"],
            location=found["location"],
        )
