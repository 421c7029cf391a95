"""What people choose when they say whose word holds of a contact, and whether Clio may be written."""

from __future__ import annotations

from typing import Any

from django import forms

from syncapp.core.contacts import DEFAULTS, Winner
from syncapp.desk.queries.contact_asks import LABELS
from syncapp.pipeline.contacts.settings import Flow

WORDS = {
    Winner.CLIO: "Clio wins",
    Winner.BOOKS: "The books win",
    Winner.NEWEST: "The newest change wins",
    Winner.ASK: "Ask a person when the books changed it",
}


class ContactRules(forms.Form):
    """A winner for each field, and the switch."""

    write_clio = forms.BooleanField(
        label="Tieout may write contacts to Clio",
        required=False,
        help_text="Needs the permission to read and write contacts. Off, what the books win stays there.",
    )

    def __init__(self, given: Any = None, *, flow: Flow) -> None:
        super().__init__(given)
        choices = [(winner.value, words) for winner, words in WORDS.items()]
        asked = {
            name: forms.ChoiceField(label=LABELS[name], choices=choices, initial=flow.winners[name].value)
            for name in DEFAULTS
        }
        self.fields = {**asked, "write_clio": self.fields["write_clio"]}
        self.fields["write_clio"].initial = flow.write_clio

    def flow(self) -> Flow:
        """Return what was chosen."""
        chosen = self.cleaned_data
        return Flow(
            winners={name: Winner(chosen[name]) for name in DEFAULTS}, write_clio=chosen["write_clio"]
        )
