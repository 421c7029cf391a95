"""Every verb of the audit log with its sentence; apps add theirs with `extend`. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

type Sentence = str | Callable[[Mapping[str, Any]], str]

VERBS: dict[str, Sentence] = {
    "firm.created": "{actor} signed up {object}",
    "firm.changed": "{actor} changed the firm {object}",
    "firm.applied": "{actor} was applied to the firm",
    "books.added": "{actor} added the set of books {object}",
    "books.changed": "{actor} changed the set of books {object}",
    "person.invited": "{actor} invited {object} as {after[role]}",
    "person.invitation_withdrawn": "{actor} withdrew the invitation of {object}",
    "person.joined": "{object} joined as {after[role]}",
    "person.role_changed": "{actor} changed {object} from {before[role]} to {after[role]}",
    "person.end_changed": "{actor} moved the last day of {object} from {before[ends_on]} to {after[ends_on]}",
    "person.removed": "{actor} removed {object}, who was {before[role]}",
    "person.letters_chosen": "{actor} chose when to hear of new exceptions: {after[letters]}, "
    "before that {before[letters]}",
    "alerts.channel_added": "{actor} has the {after[kind]} channel {object} told of new exceptions",
    "alerts.channel_removed": "{actor} took the {after[kind]} channel {object} away",
    "person.window_changed": "{actor} changed what {object} sees from {before[sees]} to {after[sees]}",
    "auditor.opened": "{actor} opened {object}",
    "auditor.refused": "{actor} asked for {object}, which is closed to auditors",
    "grant.connected": "{actor} connected {object}",
    "grant.reconnected": "{actor} connected {object} again",
    "grant.revoked": "{object} no longer accepts us: {after[reason]}",
    "grant.expired": "The connection to {object} ran out: {after[reason]}",
    "grant.disconnected": "{actor} disconnected {object}",
    "mapping.published": "{actor} published the mapping of {object}, version {after[version]}",
    "hold.retried": "{actor} retried {object}",
    "run.started": "{actor} started {object}",
    "export.made": "{actor} exported {object}",
}


class _Blank(dict[str, Any]):
    """A mapping that reads a dash where nothing was written."""

    def __missing__(self, key: str) -> str:
        return "–"


def extend(verbs: Mapping[str, Sentence]) -> None:
    """Add an app's verbs. Raises ValueError when a verb is there already with another sentence."""
    for verb, sentence in verbs.items():
        if VERBS.setdefault(verb, sentence) is not sentence and VERBS[verb] != sentence:
            raise ValueError(f"The verb {verb} has two sentences.")


def say(
    verb: str,
    *,
    actor: str,
    obj: str,
    before: Any = None,
    after: Any = None,
) -> str:
    """Write one event as a sentence; a verb that no app knows any more is shown as it is."""
    template = VERBS.get(verb, f"{{actor}}: {verb} {{object}}")
    facts = {
        "actor": actor,
        "object": obj or "–",
        "before": _Blank(before if isinstance(before, dict) else {}),
        "after": _Blank(after if isinstance(after, dict) else {}),
    }
    words = template(facts) if callable(template) else template.format_map(facts)
    return words[:1].upper() + words[1:]
