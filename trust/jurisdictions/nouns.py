"""What a rule of a jurisdiction is: its words, what the program does by it, who says so and when. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Written down from the pages in SOURCES, and from general knowledge where `general` says so.
TAKEN = date(2026, 11, 22)
OURS = "Tieout"  # the code of what no page says: our own choice

LABELS = {
    "rule": "Rule",
    "reconcile": "Bank reconciliation",
    "three_way": "Three-way reconciliation",
    "due": "Done by",
    "contains": "The report must contain",
    "keep": "Records are kept",
    "keep_from": "Kept from",
    "keep_rest": "Other records are kept",
    "withdrawal": "Earned fees and withdrawals",
    "shortage": "Shortage",
    "told": "Who is told of a shortage, and when",
    "review": "Review",
    "signs": "Who reviews and signs",
    "preparer": "Preparer and signer",
    "check_signer": "Check signer and reconciler",
    "programme": "Interest goes to",
    "form": "Form of the report",
    "certification": "Certification text",
}
# What the program does by a rule; a rule whose key is not here is only shown.
VALUES: dict[str, dict[str, str]] = {
    "keep_from": {
        "matter": "from the end of the matter, or its last entry where that is later",
        "event": "from what is recorded",
        "year": "from the end of the year of what is recorded",
    },
    "reconcile": {"month": "every month", "weeks": "every five weeks or oftener", "quarter": "every quarter"},
    "three_way": {"month": "every month", "weeks": "every five weeks or oftener", "quarter": "every quarter"},
    "preparer": {"apart": "never the same person", "reason": "the same person only with a written reason"},
    "check_signer": {
        "apart": "never the same person",
        "reason": "the same person only with a written reason",
    },
    "review": {
        "": "none",
        "quarter": "three random transactions every quarter",
        "year": "the pack of the year before awaits its partners in January",
    },
    "form": {"general": "general three-way", "nc": "North Carolina", "wa": "Washington", "lso": "Ontario"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A page that says so. `dated` is the date that it bears, empty where it bears none."""

    code: str
    address: str
    dated: str = ""

    @property
    def told(self) -> str:
        """Return the page with its date; Tieout's own choice has none."""
        if self.code == OURS:
            return f"{self.code}: {self.address}"
        return f"{self.code}: {self.address} ({self.dated or 'the page bears no date'})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: `words` for people, `value` for the program, and who says so.

    `general` marks general knowledge: no page was found, so a person checks it first. `by` names the firm's
    own change, whose `source` and `dated` are what the person wrote.
    """

    key: str
    words: str
    value: str = ""
    sources: tuple[Source, ...] = ()
    general: bool = False
    by: str = ""
    taken: date = TAKEN

    @property
    def label(self) -> str:
        """Return the head under which the rule is shown."""
        return LABELS[self.key]

    @property
    def choice(self) -> str:
        """Return what the program does by it, in words; empty for a rule that is only shown."""
        if self.key == "withdrawal" and self.value:
            return f"earned fees move {self.value} days after the bill was sent"
        return VALUES.get(self.key, {}).get(self.value, "")

    @property
    def provenance(self) -> str:
        """Say who says so and when, as every page and report shows it beside the rule."""
        told = [
            f"{one.code}: {one.address} ({one.dated or 'the page bears no date'})" for one in self.sources
        ]
        if self.general:
            told.append("general knowledge, no page was found: check it before you rely on it")
        if self.by:
            told.append(f"set by {self.by}")
        return f"{'; '.join(told)}. Noted {self.taken:%-d %b %Y}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Jurisdiction:
    """The rules of one place, by key."""

    code: str
    name: str
    rules: tuple[Rule, ...]

    def rule(self, key: str) -> Rule:
        """Return one rule. Raises KeyError for a key that no jurisdiction has."""
        for rule in self.rules:
            if rule.key == key:
                return rule
        raise KeyError(key)

    def value(self, key: str) -> str:
        """Return what the program does by a rule."""
        return self.rule(key).value

    @property
    def keep_years(self) -> int:
        """Return for how many years records are kept."""
        return int(self.value("keep"))

    @property
    def rest_years(self) -> int:
        """Return for how many years what is no journal, ledger or comparison is kept."""
        return int(self.value("keep_rest") or self.value("keep"))

    @property
    def due_day(self) -> int | None:
        """Return the day of the next month by which it must be done; None where no day is named."""
        return int(self.value("due")) if self.value("due") else None

    def amended(self, changes: Mapping[str, Rule]) -> Jurisdiction:
        """Return the same place with the firm's own rules in the place of these."""
        return replace(self, rules=tuple(changes.get(rule.key, rule) for rule in self.rules))
