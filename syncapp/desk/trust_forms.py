"""What people choose when they set a trust account up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from django import forms

from syncapp.core import money
from syncapp.desk.queries import trust as query
from trust import opening as rules
from trust.models import MOVEMENTS
from trust.pairing import BANK, BANK_RULE, CUSTOMER, JOURNAL, LIABILITY, LIABILITY_RULE, OPERATING_RULE, Terms

if TYPE_CHECKING:
    from datetime import date

    from syncapp.core.books import Chart
    from trust.pairing import Fault

LONGEST_FILE = 2_000_000
OPENING_CHOICES = [
    ("clio", "From Clio's earlier rows"),
    ("file", "From a file that I give next"),
    ("none", "None: the account is new (a partner agrees)"),
]


class PairForm(forms.Form):
    """The terms of a trust pair. A wrong account can be chosen, and is refused with the rule it breaks."""

    clio_account = forms.CharField(label="Trust account in Clio", max_length=200)
    kind = forms.ChoiceField(label="Kind", choices=list(query.KINDS.items()))
    client_id = forms.IntegerField(
        label="Client",
        required=False,
        min_value=1,
        help_text="Clio's number of the one client, if it has one.",
    )
    bank = forms.ChoiceField(label="Trust bank in the books", help_text=BANK_RULE)
    liability = forms.ChoiceField(label="Trust liability in the books", help_text=LIABILITY_RULE)
    operating = forms.ChoiceField(label="Earned money lands in", required=False, help_text=OPERATING_RULE)
    client_as = forms.ChoiceField(
        label="Clients in the books",
        choices=list(query.CLIENT_AS.items()),
        required=False,
        help_text="With an account of its own, each matter, client, the firm’s funds and the interest count "
        "against the accounts that the QuickBooks plan takes. It keeps the name that it was made with; "
        "rename it in QuickBooks as you like.",
    )
    disbursement_as = forms.ChoiceField(
        label="Disbursements and refunds post as",
        choices=list(query.DISBURSEMENT_AS.items()),
        required=False,
        help_text="A check names whom it pays: the client for a refund, else a vendor, found in QuickBooks "
        "by name or made there. A change moves nothing that is posted.",
    )
    start = forms.DateField(label="Start", widget=forms.DateInput(attrs={"type": "date"}))
    opening = forms.ChoiceField(label="Opening balances", choices=OPENING_CHOICES)
    post = forms.MultipleChoiceField(
        label="Tieout posts",
        choices=list(query.POSTS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="What is not ticked is left to the bank feed.",
    )
    jurisdiction = forms.CharField(
        label="Jurisdiction", required=False, max_length=10, help_text="Empty: the firm's."
    )
    last_digits = forms.RegexField(
        label="Last digits of the account number",
        regex=r"^\d{2,20}$",
        required=False,
        error_messages={"invalid": "Write digits only."},
    )
    reason = forms.CharField(label="Why", required=False, max_length=500)

    def __init__(
        self,
        *args: Any,
        chart: Chart,
        today: date,
        terms: Terms | None = None,
        clio_accounts: tuple[str, ...] = (),
        **more: Any,
    ) -> None:
        self.terms = terms
        more.setdefault("initial", self._initial(terms, today))
        super().__init__(*args, **more)
        for name, kind in (("bank", BANK), ("liability", LIABILITY), ("operating", ("Bank", ""))):
            field = cast("forms.ChoiceField", self.fields[name])
            field.choices = query.offered(chart, kind, getattr(terms, name, ""))
        self.clio_accounts = clio_accounts
        self.fields["clio_account"].widget.attrs["list"] = "list-clio_account"
        if terms is None:
            del self.fields["reason"]
        else:
            self.fields["clio_account"].disabled = True
        if terms is not None and terms.opening not in dict(OPENING_CHOICES):
            cast("forms.ChoiceField", self.fields["opening"]).choices = [
                (terms.opening, f"From the file {terms.opening}"),
                *OPENING_CHOICES,
            ]

    @staticmethod
    def _initial(terms: Terms | None, today: date) -> dict[str, Any]:
        if terms is None:
            told = {"client_as": CUSTOMER, "disbursement_as": JOURNAL}
            return {"start": today, "opening": "clio", "post": list(MOVEMENTS), **told}
        return {name: getattr(terms, name) for name in PairForm.base_fields if name != "reason"}

    def wanted(self) -> Terms:
        """Return the terms as they were filled in."""
        found = self.cleaned_data
        said = {
            name: found[name]
            for name in ("kind", "bank", "liability", "operating", "start", "opening", "jurisdiction",
                         "last_digits")
        }  # fmt: skip
        client = found["client_id"] if found["kind"] == "single-client" else None
        post = tuple(key for key in MOVEMENTS if key in found["post"])
        if self.terms is not None:
            told = {key: found[key] or getattr(self.terms, key) for key in ("client_as", "disbursement_as")}
            return replace(self.terms, **said, **told, client_id=client, post=post)
        name = found["clio_account"].strip()
        said["client_as"] = found["client_as"] or CUSTOMER
        said["disbursement_as"] = found["disbursement_as"] or JOURNAL
        return Terms(clio_account=name, client_id=client, post=post, **said)

    def refuse(self, faults: list[Fault]) -> None:
        """Put each broken rule at the field that broke it."""
        for fault in faults:
            self.add_error(fault.term if fault.term in self.fields else None, fault.words)


class OpeningFileForm(forms.Form):
    """A file with whose money the account held on the start date."""

    file = forms.FileField(
        label="File", help_text="CSV with the columns kind, ledger, amount, date, number and payee."
    )

    def clean_file(self) -> tuple[str, str]:
        """Return the file's name and its text. Refuses what is too long or not text."""
        given = self.cleaned_data["file"]
        if given.size > LONGEST_FILE:
            raise forms.ValidationError("This file is too long to be an opening.")
        try:
            return str(given.name), given.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError("This file is not a CSV file in UTF-8.") from error


class StatementForm(forms.Form):
    """What the bank showed at the opening, and what it had not yet seen."""

    statement = forms.CharField(label="Balance of the bank statement", max_length=30)
    outstanding = forms.CharField(
        label="Outstanding checks and deposits",
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="One a line: check or deposit, date, amount, number, payee. For example: "
        "check, 2025-12-29, 250.10, 1042, County Clerk",
    )

    def __init__(self, *args: Any, currency: str, **more: Any) -> None:
        self.currency = currency
        super().__init__(*args, **more)

    def clean_statement(self) -> int:
        """Return the balance in minor units."""
        found = rules.amount(self.cleaned_data["statement"], self.currency)
        if found is None:
            raise forms.ValidationError("Write an amount, such as 1250.00.")
        return found

    def clean_outstanding(self) -> tuple[rules.Item, ...]:
        """Return what was outstanding."""
        try:
            return rules.outstanding(self.cleaned_data["outstanding"], currency=self.currency)
        except rules.Unreadable as error:
            raise forms.ValidationError(error.troubles) from error


def written(items: list[Any], currency: str) -> str:
    """Write outstanding items as the form takes them."""
    return "\n".join(
        f"{item.kind}, {item.day.isoformat()}, {money.text(abs(item.amount), currency)}, {item.number}, "
        f"{item.payee}".rstrip(", ")
        for item in items
    )
