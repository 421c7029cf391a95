"""What people choose and type on these pages."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from syncapp.core import money
from syncapp.core.planning.returns import CHARGEBACK, MISTAKE, RETURNED, Said
from syncapp.desk import words
from syncapp.desk.templatetags.formats import day_text
from syncapp.pipeline.cases import elsewhere
from syncapp.pipeline.clock import pausing
from syncapp.pipeline.undoing import acts

ANY = ("", "All")


class DifferenceFilter(forms.Form):
    """Which differences to show."""

    q = forms.CharField(label="Text or number", required=False, max_length=120)
    kind = forms.ChoiceField(label="Kind", required=False, choices=[ANY, *words.TIED.items()])
    what = forms.ChoiceField(label="How", required=False, choices=[ANY, *words.DIFFERS.items()])
    queued = forms.ChoiceField(
        label="Explained",
        required=False,
        choices=[ANY, ("yes", "In the exception queue"), ("no", "Unexplained")],
    )


class AdoptionFilter(forms.Form):
    """Which of what stands in the books already to show."""

    q = forms.CharField(label="Name or number", required=False, max_length=120)
    sort = forms.ChoiceField(
        label="How sure",
        required=False,
        choices=[
            ("", "All that wait"),
            ("certain", "Certain"),
            ("doubtful", "To decide"),
            ("conflict", "Contradicting"),
            ("adopted", "Adopted"),
            ("refused", "Said to be others"),
        ],
    )
    kind = forms.ChoiceField(
        label="Kind",
        required=False,
        choices=[
            ANY,
            ("customer", "Customers"),
            ("invoice", "Invoices"),
            ("payment", "Payments"),
            ("credit_memo", "Credit memos"),
            ("journal", "Journal entries"),
        ],
    )


class AddBooks(forms.Form):
    """A new set of books."""

    name = forms.CharField(
        label="Name of the set of books",
        max_length=120,
        help_text="As your people call it. One set of books is one QuickBooks company.",
    )


class StartPosting(forms.Form):
    """The guard against the wrong company: its name, typed by a person."""

    typed_name = forms.CharField(
        label="Type the company's name",
        max_length=250,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class CloseAlarm(forms.Form):
    """How something that had posted was settled."""

    reason = forms.CharField(label="How was it settled?", max_length=200)


class ElsewhereForm(forms.Form):
    """Where and how it was settled, with what shows it."""

    reason = forms.CharField(
        label="Where and how was it settled?",
        max_length=elsewhere.LONGEST,
        help_text="For example: journal entry 118, typed by the accountant on 3 Oct.",
    )
    file = forms.FileField(
        label="Evidence", required=False, help_text="A file of at most 5 MB. Client money needs one."
    )

    def proof(self) -> elsewhere.Proof | None:
        """Return the file, if one was given."""
        file = self.cleaned_data.get("file")
        return elsewhere.Proof(name=file.name, content=file.read()) if file else None


class UndoForm(forms.Form):
    """Why something is undone, and what was looked at."""

    reason = forms.CharField(
        label="Why is it undone?",
        max_length=acts.LONGEST,
        help_text="For example: filing fees were mapped to the wrong account. It is kept with your name.",
    )
    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)


class Pause(forms.Form):
    """What is not to go on for now, and why. Without a choice it is everything."""

    what = forms.ChoiceField(label="What", required=False)
    client = forms.ChoiceField(label="Client", required=False, help_text="Only to pause one client.")
    words = forms.CharField(
        label="Reason",
        max_length=200,
        error_messages={"required": "Give a reason, so that your colleagues know why nothing arrives."},
    )

    def __init__(self, *args: Any, clients: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        offered = {
            "what": [("all", "Everything"), *pausing.KINDS.items(), ("client", "One client")],
            "client": [("", "None"), *clients],
        }
        for name, choices in offered.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Ask for the client when one client is to be paused."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("what") == "client" and not given.get("client"):
            self.add_error("client", "Choose the client that is to be paused.")
        return given


class PauseAll(forms.Form):
    """Why the firm is not to be synced for now."""

    words = forms.CharField(label="Reason", max_length=200, required=True)


FEE_LIMIT = 1_000_000  # minor units: no bank charges that much for a return


class ReturnForm(forms.Form):
    """When a payment was taken back, by whom, and what the bank charged for it."""

    by = forms.ChoiceField(
        label="Who took it back?",
        required=False,
        choices=[("", "The bank"), (CHARGEBACK, "The card processor, out of a payout")],
        help_text="What a processor keeps for a chargeback is told by its payout file. Where it took only a "
        "part of the payment, say it on the payout instead.",
    )

    day = forms.DateField(
        label="Date of the return",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="As the bank statement shows it. The entry bears this date.",
        error_messages={
            "required": "Give the day on which the bank took the money back.",
            "invalid": "Write the date as the bank statement shows it, such as 2026-10-03.",
        },
    )
    fee = forms.CharField(
        label="The bank's fee",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "n"}),
    )
    fee_account = forms.ChoiceField(
        label="Expense account for the fee",
        required=False,
        error_messages={"invalid_choice": "This account is not active in the books. Choose one of the list."},
    )

    def __init__(
        self,
        *args: Any,
        paid_day: date,
        today: date,
        closed_through: date | None,
        currency: str,
        accounts: list[tuple[str, str]],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.paid_day, self.today, self.closed_through = paid_day, today, closed_through
        self.currency = currency
        self.fields["day"].widget.attrs |= {"min": self._first().isoformat(), "max": today.isoformat()}
        account = self.fields["fee_account"]
        if isinstance(account, forms.ChoiceField):
            account.choices = [("", "No fee"), *accounts]

    def _first(self) -> date:
        """Return the first day on which the bank can have returned it."""
        after = self.closed_through + timedelta(days=1) if self.closed_through else self.paid_day
        return max(self.paid_day, after)

    def clean_day(self) -> date:
        """Refuse a day before the payment, in the future, or in the closed books."""
        day: date = self.cleaned_data["day"]
        if day < self.paid_day:
            raise forms.ValidationError(
                f"The payment is dated {day_text(self.paid_day)}; the bank cannot return it before that."
            )
        if day > self.today:
            raise forms.ValidationError("This day has not come yet. Give the day of the bank statement.")
        if self.closed_through and day <= self.closed_through:
            raise forms.ValidationError(
                f"The books are closed through {day_text(self.closed_through)}. Give a later day, or reopen "
                "the period in QuickBooks first."
            )
        return day

    def clean_fee(self) -> int:
        """Read the fee as minor units, 0 when there was none."""
        typed = str(self.cleaned_data["fee"]).replace("$", "").replace(",", "").strip()
        if not typed:
            return 0
        try:
            fee = money.minor(typed, self.currency)
        except money.NotMoneyError as error:
            raise forms.ValidationError("Write the fee as an amount, such as 12.00.") from error
        if fee <= 0:
            raise forms.ValidationError("A fee is more than 0.00. Leave it empty when there was none.")
        if fee >= FEE_LIMIT:
            limit = money.spoken(FEE_LIMIT, self.currency)
            raise forms.ValidationError(f"A bank's fee is below {limit}. Look at the amount again.")
        return fee

    def clean(self) -> dict[str, Any]:
        """Ask for the fee and its account together."""
        found = super().clean() or {}
        if "fee" not in self.errors and "fee_account" not in self.errors:
            if found.get("fee") and not found.get("fee_account"):
                self.add_error("fee_account", "Choose the expense account that bears the fee.")
            if found.get("fee_account") and not found.get("fee"):
                self.add_error("fee", "Give the fee, or choose “No fee” below.")
            if found.get("fee") and CHARGEBACK in {found.get("by"), found.get("what")}:
                self.add_error("fee", "Leave it empty: the payout file tells what the processor kept.")
        return found

    def said(self) -> Said:
        """Return what was said, of a form that is valid."""
        found = self.cleaned_data
        if CHARGEBACK in {found.get("by"), found.get("what")}:
            return Said(what=CHARGEBACK, day=found["day"])
        return Said(what=RETURNED, day=found["day"], fee=found["fee"], fee_account=found["fee_account"])


class SaidForm(ReturnForm):
    """What happened to a payment: returned by the bank, charged back, or entered by mistake."""

    what = forms.ChoiceField(
        label="What happened",
        required=False,
        choices=[
            (RETURNED, "Returned by the bank"),
            (CHARGEBACK, "Charged back by the card processor"),
            (MISTAKE, "Entered by mistake"),
        ],
        error_messages={"invalid_choice": "Choose one of the answers."},
    )

    def clean(self) -> dict[str, Any]:
        """Ask for an answer; of a mistake nothing more is asked."""
        found = super().clean()
        answer = found.get("what")
        if answer in {RETURNED, CHARGEBACK}:
            return found
        for name in ("day", "fee", "fee_account"):
            self.errors.pop(name, None)
        if not answer and "what" not in self.errors:
            self.add_error("what", "Say what happened: returned, charged back, or entered by mistake.")
        return found

    def said(self) -> Said:
        """Return what was said, of a form that is valid."""
        return Said(what=MISTAKE) if self.cleaned_data["what"] == MISTAKE else super().said()
