"""What a person says of a bank's file: the file itself, what it leaves out, which column is what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from syncapp.core import money
from trust.mail import senders_of
from trust.statements.fitting import Told
from trust.statements.profile import DELIMITERS, NONE, SIGNS, Profile, Table, heads_of, profile_of

if TYPE_CHECKING:
    from collections.abc import Mapping

ROLES = [
    ("", "Leave out"),
    ("date", "Date"),
    ("text", "Text"),
    ("amount", "Amount, with its sign"),
    ("debit", "Money out"),
    ("credit", "Money in"),
    ("balance", "Running balance"),
    ("check", "Check number"),
    ("reference", "Reference"),
    ("side", "Debit or credit"),
    ("status", "Status, pending or posted"),
    ("account", "Account number"),
]
ORDERS = [("mdy", "Month, day, year"), ("dmy", "Day, month, year"), ("ymd", "Year, month, day")]
DECIMALS = [("", "As the amounts show"), (".", "Point"), (",", "Comma")]
ACCEPT = ".ofx,.qfx,.qbo,.csv,.txt,.xlsx,.bai,.bai2,.xml,.sta,.mt940,.940,.pdf,.zip"


class FileForm(forms.Form):
    """The bank's file."""

    file = forms.FileField(
        label="The bank's file",
        help_text="QBO, OFX, QFX, BAI2, CSV, XLSX, CAMT.053, MT940 or a text PDF, as the bank gave it.",
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
    )


class TokenForm(forms.Form):
    """What an upload token is for."""

    name = forms.CharField(
        label="For what",
        max_length=80,
        help_text="The program that will hold it, such as “Bank download at the office”.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class SendersForm(forms.Form):
    """Who may mail statements of an account."""

    senders = forms.CharField(
        label="Senders",
        max_length=5_000,
        help_text="One address a line, such as statements@bank.example; @bank.example for all of one bank.",
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )

    def clean_senders(self) -> list[str]:
        """Return the addresses, each once."""
        try:
            return senders_of(self.cleaned_data["senders"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class MoneyField(forms.CharField):
    """An amount in the firm's currency, as whole minor units."""

    def __init__(self, **more: Any) -> None:
        attrs = {"class": "n", "inputmode": "decimal", "autocomplete": "off"}
        super().__init__(required=False, widget=forms.TextInput(attrs=attrs), **more)

    def clean(self, value: Any) -> Any:
        """Return minor units, or None for nothing."""
        text = str(super().clean(value)).replace(",", "").replace("$", "").strip()
        if not text:
            return None
        try:
            return money.minor(text)
        except money.NotMoneyError as error:
            raise forms.ValidationError("Write an amount such as 12,345.67.") from error


class ToldForm(forms.Form):
    """What a file leaves out, from the bank's page."""

    opening = MoneyField(label="Opening balance")
    closing = MoneyField(label="Closing balance")
    first = forms.DateField(label="First day", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label="Last day", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    digits = forms.CharField(
        label="Last digits of the account",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        said = super().clean() or {}
        if said.get("first") and said.get("last") and said["last"] < said["first"]:
            self.add_error("last", "The last day is before the first.")
        return said

    def told(self) -> Told:
        """Return what was said. Call it on a valid form."""
        said = self.cleaned_data
        return Told(opening=said["opening"], closing=said["closing"], first=said["first"], last=said["last"])


class ColumnsForm(forms.Form):
    """Which column of a table is what, with the table's own heads beside each choice."""

    head = forms.IntegerField(label="Row of the heads, 0 for none", min_value=0, max_value=99, initial=1)
    order = forms.ChoiceField(label="Dates are written", choices=ORDERS)
    decimal = forms.ChoiceField(label="Decimal mark", choices=DECIMALS, required=False)
    sign = forms.ChoiceField(label="Sign", choices=list(SIGNS.items()))
    delimiter = forms.ChoiceField(label="Columns are parted by", choices=list(DELIMITERS.items()))

    def __init__(
        self, data: Mapping[str, Any] | None, *, table: Table, profile: Profile, address: str
    ) -> None:
        said = {
            "head": profile.head + 1,
            "order": profile.order,
            "decimal": profile.decimal,
            "sign": profile.sign,
            "delimiter": profile.delimiter,
        }
        super().__init__(data, initial=said)
        for name in ("head", "delimiter"):  # they change the table itself
            self.fields[name].widget.attrs |= {
                "hx-get": address,
                "hx-trigger": "change consume",  # the form listens too, for what is read
                "hx-include": "#columns",
                "hx-params": "not csrfmiddlewaretoken",
                "hx-target": "#columns",
                "hx-select": "#columns",
                "hx-swap": "outerHTML",
            }
        self.proposed = profile
        self.heads = heads_of(table, _head(data, profile.head))
        for column, name in enumerate(self.heads):
            self.fields[f"column_{column}"] = forms.ChoiceField(
                label=name, choices=ROLES, required=False, initial=_role(profile, column)
            )

    def columns(self) -> list[forms.BoundField]:
        """Return the choice of each column, in the table's order."""
        return [self[f"column_{column}"] for column in range(len(self.heads))]

    def settings(self) -> list[forms.BoundField]:
        """Return the choices that are of the whole table."""
        return [self[name] for name in ("head", "order", "decimal", "sign", "delimiter")]

    def clean(self) -> dict[str, Any]:
        """Refuse two columns of one kind, except for texts."""
        said = super().clean() or {}
        roles = [said.get(f"column_{column}") for column in range(len(self.heads))]
        for role, words in ROLES:
            if role not in {"", "text"} and roles.count(role) > 1:
                self.add_error(None, f"Two columns are “{words}”. Choose one.")
        return said

    def profile(self) -> Profile:
        """Return the profile that was chosen. Call it on a valid form."""
        said = self.cleaned_data
        roles = [said[f"column_{column}"] for column in range(len(self.heads))]
        places = {
            role: roles.index(role) if role in roles else NONE
            for role, _ in ROLES
            if role not in {"", "text"}
        }
        whole = {name: said[name] for name in ("order", "decimal", "sign", "delimiter")}
        texts = tuple(column for column, role in enumerate(roles) if role == "text")
        return profile_of({"head": said["head"] - 1, "texts": texts, **places, **whole})


def _head(data: Mapping[str, Any] | None, otherwise: int) -> int:
    said = str((data or {}).get("head", ""))
    return int(said) - 1 if said.isdecimal() else otherwise


def _role(profile: Profile, column: int) -> str:
    if column in profile.texts:
        return "text"
    named = (role for role, _ in ROLES if role not in {"", "text"})
    return next((role for role in named if getattr(profile, role) == column), "")
