"""Confidential matters: the books name them and their clients by code, and no text of them leaves (F26).

Who is meant, the firm says by matter or by practice area. A client with such a matter is coded as a whole:
the name of a customer above the matter would tell what the matter hides. Amounts, days and numbers stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from syncapp.core.documents import Client, Matter

_ACCOUNT = re.compile(r"\d(?:[ -]?\d){8,}")  # nine digits and more: no check, no bill, no day
_SHOWN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Which matters are confidential: by number or `id:5`, and by practice area; compared without case."""

    matters: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()

    def holds(self, matter: Matter) -> bool:
        """Tell whether a matter is meant."""
        named = {matter.number.strip().casefold(), f"id:{matter.id}"} & self.matters
        return bool(named) or matter.practice_area.strip().casefold() in self.areas


NOBODY = Rule()


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Clients and matters as the books may know them; `known` are the names that rules ask for."""

    clients: dict[int, Client]
    matters: dict[int, Matter]
    known_clients: dict[int, str] = field(default_factory=dict)
    known_matters: dict[int, str] = field(default_factory=dict)


def coded(clients: Mapping[int, Client], matters: Mapping[int, Matter], rule: Rule) -> People:
    """Put codes in place of the names of confidential matters and of their clients."""
    hidden = {key for key, matter in matters.items() if rule.holds(matter)}
    owners = {matters[key].client_id for key in hidden} & clients.keys()
    behind = {key for key, matter in matters.items() if matter.client_id in owners} | hidden
    return People(
        clients={key: _client(one) if key in owners else one for key, one in clients.items()},
        matters={key: _matter(one) if key in behind else one for key, one in matters.items()},
        known_clients={key: clients[key].name for key in owners},
        known_matters={key: matters[key].number for key in behind},
    )


def _client(client: Client) -> Client:
    return Client(id=client.id, name=f"Client {client.id}", currency=client.currency, gone=client.gone)


def _matter(matter: Matter) -> Matter:
    return replace(matter, number=f"Matter {matter.id}", description="")


def rule_of(said: Mapping[str, Iterable[str]]) -> Rule:
    """Read the rule as the firm file writes it."""
    return Rule(
        matters=frozenset(str(one).strip().casefold() for one in said.get("matters") or []),
        areas=frozenset(str(one).strip().casefold() for one in said.get("practice_areas") or []),
    )


def masked(text: str) -> str:
    """Leave of each number that may be an account's the last four digits."""
    return _ACCOUNT.sub(lambda found: f"…{re.sub(r'[ -]', '', found[0])[-_SHOWN:]}", text)
