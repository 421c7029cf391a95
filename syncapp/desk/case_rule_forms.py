"""What people choose when they say whose which exceptions are, by when, and when a partner hears."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from syncapp.desk import words
from syncapp.pipeline.cases.owners import DAYS, ESCALATE_AFTER
from syncapp.pipeline.firmfile.cases import LONGEST_TERM

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from accounts.models import User
    from syncapp.pipeline.cases.owners import Rule

BLANK = 3  # rows for new rules
MOST = 40  # rules of a firm
URGENCY = ("trust", "needs_person", "waiting")
ANY = ("", "Any")
MENDED = {
    "map": "Something to map",
    "connect": "A connection to renew",
    "setup": "A setting of the company",
    "choose": "A choice between candidates",
    "clio": "To correct in Clio",
    "books": "To correct in the books",
    "approve": "To approve",
    "look": "Posted, to look at",
    "trust": "Trust accounts to set up",
    "wait": "Goes on by itself",
}


def _choice(label: str, choices: Sequence[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=list(choices))


def _term(label: str, initial: int, help_text: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=LONGEST_TERM,
        initial=initial,
        help_text=help_text,
        widget=forms.NumberInput(attrs={"class": "n"}),
    )


class CaseTerms(forms.Form):
    """The firm's default owner and its terms in working days."""

    owner = forms.ChoiceField(label="Whose is what no rule names?", required=False)
    trust = _term("Client money: days to clear it", DAYS["trust"], "Working days, Monday to Friday.")
    needs_person = _term("Everything else that needs a person: days", DAYS["needs_person"], "Working days.")
    escalate_after = _term(
        "The partner is told after", ESCALATE_AFTER, "Working days since it opened; 0: never."
    )

    def __init__(self, given: Any = None, *, said: dict[str, Any], people: Sequence[User]) -> None:
        initial = {**(said.get("due") or {}), "owner": said.get("owner", "")}
        if "escalate_after" in said:
            initial["escalate_after"] = said["escalate_after"]
        super().__init__(given, initial=initial)
        field = self.fields["owner"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "The first bookkeeper"), *((user.email, str(user)) for user in people)]

    def said(self) -> dict[str, Any]:
        """Return what was chosen, as the firm file writes it."""
        chosen = self.cleaned_data
        return {
            **({"owner": chosen["owner"]} if chosen["owner"] else {}),
            "due": {"trust": chosen["trust"], "needs_person": chosen["needs_person"]},
            "escalate_after": chosen["escalate_after"],
        }


class CaseRule(forms.Form):
    """Whose the exceptions of a kind are; without an owner the row is no rule."""

    kind = forms.ChoiceField(label="Kind of cause", required=False)
    severity = _choice("Urgency", [ANY, *((key, words.SEVERITY[key][0]) for key in URGENCY)])
    client = forms.CharField(label="Client", required=False, max_length=200)
    owner = forms.ChoiceField(label="Whose", required=False)

    def __init__(self, *given: Any, codes: Sequence[str], people: Sequence[User], **more: Any) -> None:
        super().__init__(*given, **more)
        named = [(code, code.replace("_", " ").capitalize()) for code in codes]
        offered = {
            "kind": [ANY, *MENDED.items(), *named],
            "owner": [("", "No rule"), *((user.email, str(user)) for user in people)],
        }
        for name, choices in offered.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices

    def said(self) -> dict[str, str]:
        """Return the rule as the firm file writes it; empty when the row is none."""
        chosen = self.cleaned_data
        if not chosen.get("owner"):
            return {}
        return {name: chosen[name] for name in ("kind", "severity", "client", "owner") if chosen.get(name)}


def spoken(rule: Rule, names: Mapping[str, str]) -> str:
    """Say a rule in words; `names` are people's by their addresses."""
    kind = MENDED.get(rule.kind) or rule.kind.replace("_", " ").capitalize() or "Everything"
    urgency = f", {words.SEVERITY[rule.severity][0].lower()}" if rule.severity in words.SEVERITY else ""
    client = f", of {rule.client}" if rule.client else ""
    return (
        f"{kind}{urgency}{client}: {names.get(rule.owner.strip().lower(), f'{rule.owner}, who is not here')}"
    )


def rules(
    given: Any, *, said: dict[str, Any], codes: Sequence[str], people: Sequence[User]
) -> list[CaseRule]:
    """Return the rows of the firm's rules and some empty ones; `given` is what was posted, or None."""
    standing = list(said.get("owners") or [])[:MOST]
    known = {str(rule["kind"]) for rule in standing if rule.get("kind")} - MENDED.keys()
    wanted = sorted({*codes, *known})
    return [
        CaseRule(
            given,
            prefix=f"rule{number}",
            initial=standing[number] if number < len(standing) else {},
            codes=wanted,
            people=people,
        )
        for number in range(min(len(standing) + BLANK, MOST))
    ]
