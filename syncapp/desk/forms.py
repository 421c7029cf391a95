"""What people choose and type on these pages."""

from __future__ import annotations

from typing import Any

from django import forms

from syncapp.desk import words

ANY = ("", "All")


class CaseFilter(forms.Form):
    """Which exceptions to show; every choice is in the address."""

    q = forms.CharField(label="Text or number", required=False, max_length=120)
    severity = forms.ChoiceField(label="Urgency", required=False)
    code = forms.ChoiceField(label="Cause", required=False)
    resource = forms.ChoiceField(label="Records", required=False)
    books = forms.ChoiceField(label="Books", required=False)

    def __init__(
        self,
        *args: Any,
        offered: dict[str, list[tuple[str, str]]],
        books: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offer("severity", [(key, label) for key, (label, _) in words.SEVERITY.items()])
        self._offer("code", offered["code"])
        self._offer("resource", offered["resource"])
        self._offer("books", books)
        if len(books) < 2:  # noqa: PLR2004 - one set of books needs no choice
            del self.fields["books"]

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [ANY, *choices]


class DifferenceFilter(forms.Form):
    """Which differences to show."""

    q = forms.CharField(label="Text or number", required=False, max_length=120)
    kind = forms.ChoiceField(label="Kind", required=False, choices=[ANY, *words.TIED.items()])
    queued = forms.ChoiceField(
        label="Explained",
        required=False,
        choices=[ANY, ("yes", "In the exception queue"), ("no", "Unexplained")],
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


class Pause(forms.Form):
    """Why the firm is not to be synced for now."""

    words = forms.CharField(label="Reason", max_length=200, required=True)
