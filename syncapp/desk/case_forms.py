"""What people choose and type over the exceptions: which to show, and what to do with many at once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms

from syncapp.desk import words
from syncapp.desk.forms import ANY, ElsewhereForm
from syncapp.desk.queries.wish import AGES, DUE, MONEY, Wish
from syncapp.pipeline.cases.acts import LONGEST, LONGEST_WAIT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from accounts.models import User

ME = "me"
LONGEST_QUERY = 500


class CaseFilter(forms.Form):
    """Which exceptions to show; every choice is in the address."""

    q = forms.CharField(label="Text or number", required=False, max_length=120)
    owner = forms.ChoiceField(label="Whose", required=False)
    severity = forms.ChoiceField(label="Urgency", required=False)
    due = forms.ChoiceField(label="Due", required=False, choices=[ANY, *DUE.items()])
    code = forms.ChoiceField(label="Cause", required=False)
    resource = forms.ChoiceField(label="Records", required=False)
    client = forms.CharField(label="Client", required=False, max_length=120)
    age = forms.ChoiceField(
        label="Age", required=False, choices=[ANY, *((key, band[0]) for key, band in AGES.items())]
    )
    money = forms.ChoiceField(
        label="Held", required=False, choices=[ANY, *((key, band[0]) for key, band in MONEY.items())]
    )
    books = forms.ChoiceField(label="Books", required=False)
    FIRST = ("q", "owner", "severity", "due")

    def __init__(
        self,
        given: Any,
        *,
        offered: dict[str, list[tuple[str, str]]],
        people: Sequence[User],
        books: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(given)
        self._offer("severity", [(key, label) for key, (label, _) in words.SEVERITY.items()])
        self._offer("code", offered["code"])
        self._offer("resource", offered["resource"])
        self._offer("owner", [(ME, "Mine"), *((str(user.pk), str(user)) for user in people)])
        self._offer("books", list(books))
        if len(books) < 2:  # noqa: PLR2004 - one set of books needs no choice
            del self.fields["books"]
        self.is_valid()

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [ANY, *choices]

    def first(self) -> list[Any]:
        """Return the fields that always stand there."""
        return [self[name] for name in self.FIRST]

    def rest(self) -> list[Any]:
        """Return the fields that are folded away until one of them is used."""
        return [self[name] for name in self.fields if name not in self.FIRST]

    @property
    def opened(self) -> bool:
        """Tell whether a folded field narrows the list."""
        return any(self.cleaned_data.get(name) for name in self.fields if name not in self.FIRST)

    def wish(self, *, me: User, now: datetime, today: date) -> Wish:
        """Return what is asked for; what does not fit narrows nothing."""
        chosen = {name: str(self.cleaned_data.get(name) or "") for name in self.fields}
        books, owner = chosen.pop("books", ""), chosen.pop("owner")
        return Wish(
            now=now,
            today=today,
            text=chosen.pop("q"),
            owner=me.pk if owner == ME else int(owner or 0) or None,
            books=int(books) if books.isdigit() else None,
            **chosen,
        )

    def query(self) -> str:
        """Write what is asked for as an address does."""
        return urlencode({name: value for name in self.fields if (value := self.cleaned_data.get(name))})


class KeepView(forms.Form):
    """A name for the filter that is on the page."""

    name = forms.CharField(label="Keep this view as", max_length=60)
    query = forms.CharField(max_length=LONGEST_QUERY, widget=forms.HiddenInput)


class Asked(forms.Form):
    """What must be said before something is done with exceptions."""

    def __init__(
        self,
        given: Any = None,
        files: Any = None,
        *,
        people: Sequence[User],
        today: date,
        auto_id: str = "id_%s",
    ) -> None:
        super().__init__(given, files, auto_id=auto_id)
        self.prepare(people, today)

    def prepare(self, people: Sequence[User], today: date) -> None:
        """Offer colleagues, or limit a day."""


class Resume(Asked):
    """Nothing needs to be said to take something up again."""


class Give(Asked):
    """Whose the exceptions are from now on."""

    owner = forms.ChoiceField(label="Give to", error_messages={"required": "Choose a colleague."})

    def prepare(self, people: Sequence[User], today: date) -> None:  # noqa: ARG002
        """Offer the colleagues who clear exceptions."""
        field = self.fields["owner"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(str(user.pk), str(user)) for user in people]


class DueDay(Asked):
    """By when the exceptions are to be cleared."""

    day = forms.DateField(label="To be cleared by", widget=forms.DateInput(attrs={"type": "date"}))
    soonest = 0

    def prepare(self, people: Sequence[User], today: date) -> None:  # noqa: ARG002
        """Let nobody choose a day that has passed."""
        least, most = today + timedelta(days=self.soonest), today + timedelta(days=LONGEST_WAIT)
        self.fields["day"].widget.attrs |= {"min": least.isoformat(), "max": most.isoformat()}


class WaitUntil(DueDay):
    """Until when the exceptions wait, and for what."""

    day = forms.DateField(label="Wait until", widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label="What is waited for?", max_length=200)
    soonest = 1


class Settle(Asked):
    """How what has posted was settled."""

    reason = forms.CharField(label="How was it settled?", max_length=200)


class SettledElsewhere(ElsewhereForm, Asked):
    """Where and how all that the exceptions hold was settled, with what shows it."""


class Comment(forms.Form):
    """What a person writes about an exception."""

    words = forms.CharField(
        label="Comment",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="@ and a name writes to that colleague.",
    )
