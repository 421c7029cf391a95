"""What the road writes into the log, each verb with its sentence; loaded with the app, wherever it runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts import audit


def _posted(facts: Mapping[str, Any]) -> str:
    """Say what was made; a name moves no money."""
    name = str(facts["object"]).startswith("customer ")
    if name:
        return f"{facts['actor']} made {facts['object']}"
    return f"{facts['actor']} posted {facts['object']}, {facts['after']['amount']}"


audit.extend(
    {
        "posting.created": _posted,
        "posting.updated": "{actor} changed {object} to {after[amount]}",
        "posting.voided": "{actor} made {object} void",
        "posting.deleted": "{actor} took {object} back",
        "posting.started": "{actor} started posting to {object}",
        "links.forgotten": "{actor} forgot the {after[links]} links to {object}",
        "hold.retry_asked": "{actor} asked to try {object} again",
        "hold.alarm_closed": "{actor} closed the alarm on {object}",
        "case.customer_chosen": "{actor} chose the customer for {object}",
        "case.number_chosen": "{actor} settled the number of {object}: {after[answer]}",
        "sync.paused": "{actor} paused posting: {after[reason]}",
        "sync.resumed": "{actor} resumed posting",
    }
)
