"""What is asked of somebody by mail, and what that person answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from syncapp.pipeline.asking.acts import LONGEST_ANSWER
from syncapp.pipeline.asking.questions import Choice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User
    from syncapp.pipeline.asking.questions import Question

MOST_CHOICES, LONGEST_CHOICE = 8, 200


class AskForm(forms.Form):
    """Whom to ask, what, and for how long."""

    person = forms.ChoiceField(label="Whom", required=False)
    name = forms.CharField(
        label="Name of somebody else",
        required=False,
        max_length=120,
        help_text="As the answer is to name them.",
    )
    email = forms.EmailField(label="Their e-mail address", required=False)
    question = forms.CharField(
        label="Question",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text="It is mailed as it stands here. Leave out what the answer does not need.",
    )
    choices = forms.CharField(
        label="Answers to choose from, one a line",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="An answer as it was proposed is applied with one press. A free text may be given too.",
    )
    days = forms.IntegerField(label="Days until the link ends", min_value=1, max_value=30, initial=7)

    def __init__(self, *args: Any, people: Sequence[User], asks: Question, **more: Any) -> None:
        super().__init__(*args, **more)
        self.people = {str(user.pk): user for user in people}
        self.known = {one.label: one for one in asks.choices}
        person = self.fields["person"]
        if isinstance(person, forms.ChoiceField):
            person.choices = [
                ("", "Somebody else"),
                *((key, _both(user)) for key, user in self.people.items()),
            ]

    def clean_choices(self) -> list[Choice]:
        """Read the answers; one that was proposed keeps what the card takes for it."""
        lines = dict.fromkeys(line.strip() for line in self.cleaned_data["choices"].splitlines())
        labels = [line for line in lines if line]
        if len(labels) > MOST_CHOICES or any(len(line) > LONGEST_CHOICE for line in labels):
            raise forms.ValidationError(
                f"Give at most {MOST_CHOICES} answers of at most {LONGEST_CHOICE} characters each."
            )
        return [self.known.get(label, Choice(label=label)) for label in labels]

    def clean(self) -> dict[str, Any]:
        """Ask for a name and an address when nobody of the firm is chosen."""
        given: dict[str, Any] = super().clean() or {}
        if not given.get("person"):
            for field, words in (("name", "Give the name."), ("email", "Give the e-mail address.")):
                if not given.get(field) and field not in self.errors:
                    self.add_error(field, words)
        return given

    def whom(self) -> tuple[str, str]:
        """Return name and address, of a form that is valid."""
        user = self.people.get(self.cleaned_data["person"])
        if user is not None:
            return str(user)[:120], user.email
        return self.cleaned_data["name"], self.cleaned_data["email"]


def _both(user: User) -> str:
    return user.email if str(user) == user.email else f"{user} ({user.email})"


class AnswerForm(forms.Form):
    """The answer: one of those that were offered, words, or both."""

    choice = forms.ChoiceField(required=False)
    said = forms.CharField(
        label="In your own words",
        required=False,
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, labels: Sequence[str], **more: Any) -> None:
        super().__init__(*args, **more)
        choice = self.fields["choice"]
        if isinstance(choice, forms.ChoiceField):
            choice.choices = [(label, label) for label in labels]

    def clean(self) -> dict[str, Any]:
        """Ask for an answer."""
        given: dict[str, Any] = super().clean() or {}
        if not self.errors and not given.get("choice") and not (given.get("said") or "").strip():
            raise forms.ValidationError("Choose an answer, or write one.")
        return given
