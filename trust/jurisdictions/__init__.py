"""Rules of jurisdictions as data: each with its source and date, each editable by the firm. Pure."""

from __future__ import annotations

from trust.jurisdictions.building import place
from trust.jurisdictions.further import ENGLAND, ILLINOIS, NEW_JERSEY, NORTH_CAROLINA, ONTARIO, WASHINGTON
from trust.jurisdictions.nouns import LABELS, TAKEN, VALUES, Jurisdiction, Rule, Source
from trust.jurisdictions.united_states import ABA, CALIFORNIA, FLORIDA, NEW_YORK, TEXAS

__all__ = ["ALL", "LABELS", "STRICT", "TAKEN", "VALUES", "Jurisdiction", "Rule", "Source", "of"]

STRICT = place("", "Strictest of all")
ALL: tuple[Jurisdiction, ...] = (
    ABA,
    CALIFORNIA,
    NEW_YORK,
    TEXAS,
    FLORIDA,
    ILLINOIS,
    NEW_JERSEY,
    NORTH_CAROLINA,
    WASHINGTON,
    ONTARIO,
    ENGLAND,
)
_BY_CODE = {one.code: one for one in ALL}


def of(code: str) -> Jurisdiction:
    """Return the rules of a place; the strictest of all where it is unknown or none is named."""
    return _BY_CODE.get(code.strip().upper(), STRICT)
