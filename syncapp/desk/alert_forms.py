"""What people choose when a channel of a chat is told of new exceptions."""

from __future__ import annotations

from django import forms

from accounts import letters
from accounts.channels import KINDS, LONGEST


class ChannelForm(forms.Form):
    """A channel: where, of what, and when."""

    kind = forms.ChoiceField(label="Chat", choices=list(KINDS.items()))
    name = forms.CharField(label="Name of the channel", max_length=80)
    url = forms.CharField(
        label="Address of its incoming webhook",
        max_length=LONGEST,
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="It is kept sealed and shown to nobody again: whoever has it can write to the channel.",
    )
    least = forms.ChoiceField(label="Told of", choices=list(letters.LEAST_WORDS.items()), initial="waiting")
    daily = forms.ChoiceField(
        label="When",
        choices=[("", "At once, after the run that found them"), ("1", "Once a day, at 08:00")],
        required=False,
    )
