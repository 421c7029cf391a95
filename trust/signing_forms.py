"""What people write when they prepare, ask, answer, sign and reopen a month, and set who may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from trust.jurisdictions import VALUES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from trust.jurisdictions import Rule
    from trust.models import TrustPair

LONGEST = 2000
# Rules whose value is a number.
NUMBERS = {
    "keep": "Years",
    "keep_rest": "Years",
    "due": "Day of the next month",
    "withdrawal": "Days after the bill was sent before its fees leave trust",
}


def _words(label: str, *, required: bool = True, longest: int = LONGEST, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=longest, widget=forms.Textarea(attrs={"rows": rows})
    )


class SubmitForm(forms.Form):
    """Prepare a month for signature."""

    position = forms.CharField(label="Your position", max_length=120, help_text="As the report prints it.")
    explanation = _words("Explanation")
    reason = _words("Why one person has both duties", longest=500, rows=2)

    def __init__(self, *args: Any, explain: bool, reason: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not explain:
            del self.fields["explanation"]
        if reason:
            self.fields["reason"].help_text = reason
        else:
            del self.fields["reason"]


class SignForm(forms.Form):
    """Sign a month: the lawyer, and the hash of the figures that the page shows."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    name = forms.CharField(
        label="Name", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    bar_number = forms.CharField(label="Bar number", max_length=60)
    reason = _words("Why one person has both duties", longest=500, rows=2)
    agree = forms.BooleanField(label="I have read the text above and certify it.")

    def __init__(self, *args: Any, reason: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if reason:
            self.fields["reason"].help_text = reason
        else:
            del self.fields["reason"]


class QuestionForm(forms.Form):
    """Ask the preparer."""

    words = _words("Question")


class AnswerForm(forms.Form):
    """Answer a question."""

    question = forms.IntegerField(widget=forms.HiddenInput)
    words = _words("Answer")


class ReopenForm(forms.Form):
    """Unlock a month."""

    reason = _words("Reason", rows=2)


class BinderLinkForm(forms.Form):
    """Send a link to a binder."""

    email = forms.EmailField(label="Address", help_text="Whoever has the letter can fetch the binder.")
    days = forms.IntegerField(label="Days until it ends", min_value=1, max_value=30, initial=7)


class HoldForm(forms.Form):
    """Set or lift a legal hold."""

    reason = _words("Reason", longest=500, rows=2)


class RuleForm(forms.Form):
    """Set or approve one rule for the firm."""

    value = forms.ChoiceField(label="What Tieout does by it")
    words = _words("In words", longest=4000, rows=4)
    source = forms.CharField(label="Source", max_length=300, help_text="A page, an opinion, a person.")
    dated = forms.CharField(label="Its date", max_length=40, help_text="As the source bears it.")

    def __init__(self, *args: Any, rule: Rule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = VALUES.get(rule.key)
        field = self.fields["value"]
        if offered and isinstance(field, forms.ChoiceField):
            field.choices = list(offered.items())
            field.required = "" not in offered
        else:
            del self.fields["value"]
        if rule.key in NUMBERS:
            self.fields["value"] = forms.RegexField(
                label=NUMBERS[rule.key],
                regex=r"^\d{1,2}$",
                required=rule.key == "keep",
            )


class DutyForm(forms.Form):
    """Name a person for a duty of an account."""

    pair = forms.ChoiceField(label="Trust account")
    duty = forms.ChoiceField(
        label="Duty", choices=[("signs", "Signs reconciliations"), ("checks", "Signs checks")]
    )
    person = forms.ChoiceField(label="Person")

    def __init__(self, *args: Any, pairs: Iterable[TrustPair], people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "pair", [(str(one.pk), str(one)) for one in pairs])
        _offer(self, "person", [(str(one.pk), str(one)) for one in people])


class DeputyForm(forms.Form):
    """Name who signs for a lawyer, and on which days."""

    absent = forms.ChoiceField(label="Lawyer")
    deputy = forms.ChoiceField(label="Deputy")
    first_day = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(label="To, included", widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, lawyers: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(str(one.pk), str(one)) for one in lawyers]
        _offer(self, "absent", offered)
        _offer(self, "deputy", offered)


def _offer(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


YES_NO = [("yes", "Yes"), ("no", "No")]


class ReviewForm(forms.Form):
    """The questions about one drawn transaction, after North Carolina's worksheet (TRUST-RULES, N2)."""

    subject = forms.CharField(max_length=120, widget=forms.HiddenInput)
    statement_reviewed = forms.ChoiceField(label="Statement of costs and receipts reviewed", choices=YES_NO)
    ledger_reviewed = forms.ChoiceField(label="Ledger reviewed", choices=YES_NO)
    checks_reviewed = forms.ChoiceField(label="Checks reviewed", choices=YES_NO)
    disbursements = forms.IntegerField(label="Disbursements, number", min_value=0, max_value=9999)
    outstanding = forms.ChoiceField(label="Any outstanding", choices=YES_NO[::-1])
    improper = forms.ChoiceField(label="Any improper", choices=YES_NO[::-1])
    explanation = _words("Explanation", required=False, rows=2)


class ReviewSignForm(forms.Form):
    """Sign the review of a quarter."""

    name = forms.CharField(
        label="Name", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    bar_number = forms.CharField(label="Bar number", max_length=60)
