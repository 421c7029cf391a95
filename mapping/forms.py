"""What people choose when they map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms

from mapping import options as choices
from mapping.checks import WRITTEN_OFF
from mapping.rules import RuleRow
from mapping.words import (
    CLIENT_FIELDS,
    LINE_WORDS,
    LONGEST_NAME,
    MATTER_FIELDS,
    OWN_NAMES,
    WHEN_WORDS,
    same_name,
    template_trouble,
)
from syncapp.core.documents import Cost, LineKind
from syncapp.core.planning.facts import AGED_AFTER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mapping.coverage import Practice
    from syncapp.core.books import Account, Chart, Item, Tag

EVERY = ("", "Every one")
HOLD_IT = "-"


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


class OptionsForm(forms.Form):
    """The choices of one set of books beside its rules."""

    start_bills = forms.DateField(label="Bills from")
    start_payments = forms.DateField(label="Payments from")
    start_credits = forms.DateField(label="Credit notes and write-offs from")
    start_trust = forms.DateField(label="Trust from", required=False)
    matters_as = forms.ChoiceField(
        label="Matters",
        choices=[("sub-customers", "As sub-customers of their client"), ("none", "In the line text only")],
    )
    client_name = forms.CharField(label="Name of a client’s customer", max_length=200)
    matter_name = forms.CharField(label="Name of a matter’s sub-customer", max_length=200)
    firm_funds = forms.CharField(label="The firm’s own funds in trust are named", max_length=LONGEST_NAME)
    trust_interest = forms.CharField(label="Interest on trust is named", max_length=LONGEST_NAME)
    number_prefix = forms.CharField(
        label="Prefix of invoice numbers", required=False, max_length=10, strip=False
    )
    lines = forms.ChoiceField(
        label="Invoice lines",
        choices=[("detail", "One for each time entry and expense"), ("summary", "One for each product")],
    )
    tax = forms.ChoiceField(
        label="Tax", choices=[("aggregate", "One line for the invoice"), ("per_line", "With each line")]
    )
    several_matters = forms.ChoiceField(
        label="A bill of several matters",
        choices=[("one", "One invoice, the matter on each line"), ("each", "One invoice for each matter")],
    )
    narrative = forms.BooleanField(
        label="Send the narrative of time entries to the books",
        required=False,
        help_text="Narratives are privileged. A confidential matter's narrative is never sent.",
    )
    fallback = forms.ChoiceField(label="A line that no rule takes")
    otherwise = forms.ChoiceField(label="All other payments", required=False)
    retainer_liability = forms.ChoiceField(label="Account for retainers", required=False)
    retainer_item = forms.ChoiceField(label="Product for retainers", required=False)
    opening_item = forms.ChoiceField(label="Product for opening balances", required=False)
    payout_fees = forms.ChoiceField(label="Account for processor fees", required=False)
    aged_after = forms.IntegerField(
        label="Days in Undeposited Funds before it is an exception",
        required=False,
        min_value=1,
        max_value=90,
        widget=forms.NumberInput(attrs={"class": "n"}),
    )

    def __init__(self, *args: Any, chart: Chart, raw: Mapping[str, Any], **more: Any) -> None:
        self.raw = raw
        more.setdefault("initial", initial_of(raw))
        super().__init__(*args, **more)
        for name in ("start_bills", "start_payments", "start_credits", "start_trust"):
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        start = self.initial
        kept = "" if start["fallback"] == HOLD_IT else start["fallback"]
        _nothing, *items = offered(chart.items.values(), kept)
        self._choose("fallback", [(HOLD_IT, "Hold it and ask"), *items])
        self._choose("otherwise", offered(chart.accounts.values(), start["otherwise"], "Undeposited Funds"))
        self._choose("retainer_liability", offered(chart.accounts.values(), start["retainer_liability"]))
        self._choose("retainer_item", offered(chart.items.values(), start["retainer_item"]))
        self._choose("opening_item", offered(chart.items.values(), start["opening_item"]))
        self._choose("payout_fees", offered(chart.accounts.values(), start["payout_fees"]))

    def _choose(self, name: str, offered: list[Any]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = offered

    def clean_client_name(self) -> str:
        """Refuse a template that cannot be filled."""
        return _filled(self.cleaned_data["client_name"], CLIENT_FIELDS)

    def clean_matter_name(self) -> str:
        """Refuse a template that cannot be filled."""
        return _filled(self.cleaned_data["matter_name"], MATTER_FIELDS)

    def clean(self) -> dict[str, Any]:
        """Want the retainer's account with its product."""
        found = super().clean() or {}
        if same_name(found.get("firm_funds", ""), found.get("trust_interest", "")):
            self.add_error("trust_interest", "The firm’s own funds bear this name already.")
        if found.get("retainer_item") and not found.get("retainer_liability"):
            self.add_error("retainer_liability", "Choose the liability account that this product posts to.")
        return found


def _filled(template: str, known: tuple[str, ...]) -> str:
    if words := template_trouble(template, known):
        raise forms.ValidationError(f"{words[0].upper()}{words[1:]}.")
    return template


def initial_of(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Read the options, in the firm file's words, into the form's fields."""
    start, customers, invoices = raw.get("start", {}), raw.get("customers", {}), raw.get("invoices", {})
    retainers = raw.get("retainers") or {}
    rows = raw.get("deposits", [])
    return {
        **{f"start_{kind}": start.get(kind) for kind in ("bills", "payments", "credits", "trust")},
        "matters_as": customers.get("matters_as", "sub-customers"),
        "client_name": customers.get("client_name", "{client}"),
        "matter_name": customers.get("matter_name", "{matter_number} {client}"),
        **{key: customers.get(key, name) for key, name in OWN_NAMES.items()},
        "number_prefix": invoices.get("number_prefix", ""),
        "lines": invoices.get("lines", "detail"),
        "tax": invoices.get("tax", "aggregate"),
        "several_matters": invoices.get("several_matters", "one"),
        "narrative": invoices.get("narrative", False),
        "fallback": choices.fallback(raw) or HOLD_IT,
        "otherwise": next((row["otherwise"] for row in rows if "otherwise" in row), ""),
        "retainer_liability": retainers.get("liability", ""),
        "retainer_item": retainers.get("item", ""),
        "opening_item": (raw.get("openings") or {}).get("item", ""),
        "payout_fees": (raw.get("payouts") or {}).get("fees", ""),
        "aged_after": choices.aged_after(raw),
    }


def options_from(
    found: Mapping[str, Any], deposits: Iterable[Mapping[str, Any]], raw: Mapping[str, Any]
) -> dict[str, Any]:
    """Write what was chosen in the firm file's words; what the form does not ask (trust pairs) is kept."""
    start = {
        kind: day.isoformat()
        for kind in ("bills", "payments", "credits", "trust")
        if (day := found[f"start_{kind}"])
    }
    rows = [
        {key: row[key] for key in ("clio_bank_account", "method", "account") if row[key]} for row in deposits
    ]
    if found["otherwise"]:
        rows.append({"otherwise": found["otherwise"]})
    retainers = {"liability": found["retainer_liability"], "item": found["retainer_item"]}
    chosen: dict[str, Any] = {
        "start": start,
        "customers": {key: found[key] for key in ("matters_as", "client_name", "matter_name", *OWN_NAMES)},
        "invoices": {
            key: found[key] for key in ("number_prefix", "lines", "several_matters", "tax", "narrative")
        },
        "fallback": "hold" if found["fallback"] == HOLD_IT else {"item": found["fallback"]},
        "deposits": rows,
        "retainers": {key: text for key, text in retainers.items() if text},
        "openings": {"item": found["opening_item"]} if found["opening_item"] else {},
        "payouts": {
            key: value
            for key, value in (("fees", found["payout_fees"]), ("aged_after", found["aged_after"]))
            if value and (key, value) != ("aged_after", AGED_AFTER)
        },
    }
    return {key: value for key, value in {**raw, **chosen}.items() if value}
