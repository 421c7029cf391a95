"""Two customers merged on QuickBooks' own screen: one id disappears, the other carries all (API.md 11.26).

What a program is told of it besides the webhook is not documented: both are switches.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from syncapp.emulators.qbo import writing
from syncapp.emulators.qbo.company import Company, Obj
from syncapp.emulators.qbo.errors import Refused


def merge(co: Company, gone: str, kept: str, *, who: str) -> Obj:
    """Merge one customer into another; give the one that stays. Raises Refused for an unknown one."""
    if gone == kept:
        raise Refused("6000", "A customer cannot be merged with itself.")
    lost, stays = co.get("Customer", gone), co.get("Customer", kept)
    act = writing.Act(who, past_closing=True)
    for entity, rows in co.store.items():
        for identity, row in rows.items():
            if (entity, identity) != ("Customer", gone) and _moved(row, gone, co.named("Customer", kept)):
                _family(entity, row, stays)
                _told(co, (entity, identity), act)
    for entry in list(co.ledger.entries()):
        if any(line.customer == gone for line in entry.lines):
            lines = [replace(ln, customer=kept) if ln.customer == gone else ln for ln in entry.lines]
            co.ledger.put(entry.key, entry.day, lines)
    del co.store["Customer"][lost["Id"]]
    if co.switches.merge_tells:
        co.tombstones.append(("Customer", gone, co.clock.now()))
    writing.note(co, ("Customer", kept), "Merge", act)
    if co.events and co.events[-1]["operation"] == "Merge":
        co.events[-1]["data"] = {"deletedid": gone}
    return writing.view(co, "Customer", kept)


def _moved(node: Any, gone: str, kept: Obj) -> bool:
    """Change each reference to the customer that is gone; tell whether there was one."""
    found = False
    for name, value in list(node.items()) if isinstance(node, dict) else []:
        named = isinstance(value, dict) and value.get("value") == gone
        if named and name in ("CustomerRef", "EntityRef", "ParentRef"):
            node[name] = {**value, **kept} if name != "ParentRef" else {"value": kept["value"]}
            found = True
        elif isinstance(value, dict | list):
            found = _moved(value, gone, kept) or found
    for each in node if isinstance(node, list) else []:
        found = _moved(each, gone, kept) or found
    return found


def _family(entity: str, row: Obj, parent: Obj) -> None:
    if entity == "Customer":
        row["FullyQualifiedName"] = f"{parent['FullyQualifiedName']}:{row['DisplayName']}"


def _told(co: Company, key: tuple[str, str], act: writing.Act) -> None:
    """Let what moved show as changed, or not, by switch."""
    if co.switches.merge_touches:
        co.touch(key)
        co.writers[key] = act.who
