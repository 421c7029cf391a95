"""What people write at a month end: why something is carried, sent back, locked by one person, reopened."""

from __future__ import annotations

from typing import Any

from django import forms


def _words(label: str, *, required: bool = True, longest: int = 2000, rows: int = 2) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=longest, widget=forms.Textarea(attrs={"rows": rows})
    )


class SubmitForm(forms.Form):
    """Submit a month; what is still open is carried with a reason."""

    reason = _words("Why the open exceptions are carried into the next month", rows=3)

    def __init__(self, *args: Any, carried: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not carried:
            del self.fields["reason"]


class LockForm(forms.Form):
    """Lock a month whose figures the page shows (`seen` is their hash)."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = _words("Why nobody else locks it", longest=500)

    def __init__(self, *args: Any, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if own:
            self.fields[
                "reason"
            ].help_text = "You submitted this month yourself; the history shows the reason."
        else:
            del self.fields["reason"]


class WordsForm(forms.Form):
    """Send a month back, or open it again, in words that the history keeps."""

    words = _words("What is to be done first")

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["words"].label = label


class NoteForm(forms.Form):
    """Sign one compared invoice off; where it differs, why it may."""

    words = _words("Why the difference may stand", required=False, longest=1000)

    def __init__(self, *args: Any, equal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if equal:
            del self.fields["words"]
        else:
            self.fields["words"].required = True
