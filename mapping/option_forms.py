"""What people choose for a set of books beside its rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms

from mapping import options as choices
from mapping.forms import offered
from mapping.words import CLIENT_FIELDS, LONGEST_NAME, MATTER_FIELDS, OWN_NAMES, same_name, template_trouble
from syncapp.core import money
from syncapp.core.cashbasis import PAID_FIRST
from syncapp.core.planning.facts import AGED_AFTER, COSTS_SUFFIX

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from syncapp.core.books import Chart

HOLD_IT = "-"


def _listed(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The books know them, and their clients, by a code; no text of them is sent. A customer "
        "that stands there already keeps its name until you rename it in QuickBooks, and is used on.",
    )


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


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
    confidential_matters = _listed("Confidential matters, by number or id:5, one a line")
    confidential_areas = _listed("Confidential practice areas, one a line")
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
    costs = forms.ChoiceField(
        label="Costs of a bill",
        choices=[("together", "On the invoice of its fees"), ("own", "On an invoice of their own")],
        required=False,
        help_text="Apart, a part payment pays in your order in QuickBooks too. What has posted stays.",
    )
    costs_suffix = forms.CharField(
        label="Number of that invoice ends with", required=False, max_length=8, strip=False
    )
    paid_first = forms.ChoiceField(
        label="A part payment pays",
        choices=[
            ("costs", "Costs first, then tax, then fees"),
            ("fees", "Fees first, then tax, then costs"),
            ("proportional", "Each part in proportion, as QuickBooks does"),
        ],
        required=False,
    )
    narrative = forms.BooleanField(
        label="Send the narrative of time entries to the books",
        required=False,
        help_text="Narratives are privileged. A confidential matter's narrative is never sent.",
    )
    bill_pdf = forms.ChoiceField(
        label="Clio’s PDF of the bill",
        choices=list(choices.BILL_PDF.items()),
        required=False,
        help_text="Attached to the invoice after it posts. Of a confidential matter no PDF leaves.",
    )
    fallback = forms.ChoiceField(label="A line that no rule takes")
    otherwise = forms.ChoiceField(label="All other payments", required=False)
    retainer_liability = forms.ChoiceField(label="Account for retainers", required=False)
    retainer_item = forms.ChoiceField(label="Product for retainers", required=False)
    opening_item = forms.ChoiceField(label="Product for opening balances", required=False)
    rounding_item = forms.ChoiceField(
        label="Product for rounding",
        required=False,
        help_text="Its account takes what the lines of a bill lack. Client money is never rounded.",
    )
    rounding_up_to = forms.CharField(
        label="Round a bill by at most",
        required=False,
        max_length=5,
        help_text="Such as 0.05. With 0.00 such a bill is held, and both amounts are shown.",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "n"}),
    )
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
        self._choose("rounding_item", offered(chart.items.values(), start["rounding_item"]))
        self._choose("payout_fees", offered(chart.accounts.values(), start["payout_fees"]))

    def _choose(self, name: str, offered: list[Any]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = offered

    def clean_client_name(self) -> str:
        """Refuse a template that cannot be filled."""
        return _filled(self.cleaned_data["client_name"], CLIENT_FIELDS)

    def clean_matter_name(self) -> str:
        """Refuse a template that cannot be filled."""
        return _filled(self.cleaned_data["matter_name"], MATTER_FIELDS)

    def clean_rounding_up_to(self) -> str:
        """Read the cents that a bill may lack, as text of two decimals."""
        try:
            cents = money.minor(self.cleaned_data["rounding_up_to"].strip() or "0")
        except money.NotMoneyError as error:
            raise forms.ValidationError("Write it as an amount, such as 0.05.") from error
        if not 0 <= cents <= money.MOST_ROUNDED:
            most = money.text(money.MOST_ROUNDED)
            raise forms.ValidationError(f"From 0.00 to {most}: more is no rounding.")
        return money.text(cents)

    def clean(self) -> dict[str, Any]:
        """Want the retainer's account with its product, and the product that takes what is rounded."""
        found = super().clean() or {}
        if same_name(found.get("firm_funds", ""), found.get("trust_interest", "")):
            self.add_error("trust_interest", "The firm’s own funds bear this name already.")
        if found.get("retainer_item") and not found.get("retainer_liability"):
            self.add_error("retainer_liability", "Choose the liability account that this product posts to.")
        if found.get("rounding_up_to", "0.00") != "0.00" and not found.get("rounding_item"):
            self.add_error("rounding_item", "Choose the product that takes what is rounded.")
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
    hidden = customers.get("confidential") or {}
    return {
        **{f"start_{kind}": start.get(kind) for kind in ("bills", "payments", "credits", "trust")},
        "matters_as": customers.get("matters_as", "sub-customers"),
        "client_name": customers.get("client_name", "{client}"),
        "matter_name": customers.get("matter_name", "{matter_number} {client}"),
        **{key: customers.get(key, name) for key, name in OWN_NAMES.items()},
        "confidential_matters": "\n".join(hidden.get("matters") or []),
        "confidential_areas": "\n".join(hidden.get("practice_areas") or []),
        "number_prefix": invoices.get("number_prefix", ""),
        "lines": invoices.get("lines", "detail"),
        "tax": invoices.get("tax", "aggregate"),
        "several_matters": invoices.get("several_matters", "one"),
        "narrative": invoices.get("narrative", False),
        "costs": invoices.get("costs", "together"),
        "costs_suffix": invoices.get("costs_suffix", COSTS_SUFFIX),
        "paid_first": choices.paid_first(raw),
        "bill_pdf": choices.bill_pdf(raw),
        "fallback": choices.fallback(raw) or HOLD_IT,
        "otherwise": next((row["otherwise"] for row in rows if "otherwise" in row), ""),
        "retainer_liability": retainers.get("liability", ""),
        "retainer_item": retainers.get("item", ""),
        "opening_item": (raw.get("openings") or {}).get("item", ""),
        "rounding_item": (raw.get("rounding") or {}).get("item", ""),
        "rounding_up_to": (raw.get("rounding") or {}).get("up_to", "0.00"),
        "payout_fees": (raw.get("payouts") or {}).get("fees", ""),
        "aged_after": choices.aged_after(raw),
    }


def _invoices(found: Mapping[str, Any]) -> dict[str, Any]:
    """Write how bills stand in the books; what is so anyhow is left out."""
    return {
        **{key: found[key] for key in ("number_prefix", "lines", "several_matters", "tax", "narrative")},
        **{
            key: found[key]
            for key, usual in (
                *(("costs", "together"), ("costs_suffix", COSTS_SUFFIX)),
                *(("paid_first", PAID_FIRST), ("bill_pdf", "none")),
            )
            if found[key] not in {"", usual}
        },
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
    item = found["rounding_item"]
    asked = (("matters", "confidential_matters"), ("practice_areas", "confidential_areas"))
    hidden = {key: lines for key, name in asked if (lines := _lines(found[name]))}
    retainers = {"liability": found["retainer_liability"], "item": found["retainer_item"]}
    chosen: dict[str, Any] = {
        "start": start,
        "customers": {
            **{key: found[key] for key in ("matters_as", "client_name", "matter_name", *OWN_NAMES)},
            **({"confidential": hidden} if hidden else {}),
        },
        "invoices": _invoices(found),
        "fallback": "hold" if found["fallback"] == HOLD_IT else {"item": found["fallback"]},
        "deposits": rows,
        "retainers": {key: text for key, text in retainers.items() if text},
        "openings": {"item": found["opening_item"]} if found["opening_item"] else {},
        "rounding": {"item": item, "up_to": found["rounding_up_to"]} if item else {},
        "payouts": {
            key: value
            for key, value in (("fees", found["payout_fees"]), ("aged_after", found["aged_after"]))
            if value and (key, value) != ("aged_after", AGED_AFTER)
        },
    }
    return {key: value for key, value in {**raw, **chosen}.items() if value}
