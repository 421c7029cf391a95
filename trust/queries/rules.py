"""Which rules hold for a trust account: those of its place, with what the firm set itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trust import jurisdictions
from trust.jurisdictions import Jurisdiction, Rule, Source
from trust.models import FirmRule

if TYPE_CHECKING:
    from accounts.models import Firm
    from trust.models import TrustPair

FIRM = "Firm"


def code_of(pair: TrustPair) -> str:
    """Return the jurisdiction of a trust account: its own, else the firm's."""
    return jurisdictions.of(pair.jurisdiction or pair.firm.jurisdiction).code


def rules_of(pair: TrustPair) -> Jurisdiction:
    """Return the rules that hold for a trust account."""
    return rules_in(pair.firm, code_of(pair))


def rules_in(firm: Firm, code: str) -> Jurisdiction:
    """Return the rules of a place as they hold for a firm."""
    place = jurisdictions.of(code)
    rows = FirmRule.objects.filter(firm=firm, jurisdiction=place.code).select_related("by")
    return place.amended({row.key: as_rule(row) for row in rows})  # the newest of a key comes last


def as_rule(row: FirmRule) -> Rule:
    """Return a rule that the firm set, with the source and date that it wrote beside it."""
    return Rule(
        key=row.key,
        words=row.words,
        value=row.value,
        sources=(Source(code=FIRM, address=row.source, dated=row.dated),),
        by=str(row.by),
        taken=row.at.date(),
    )


def history(firm: Firm, code: str, key: str) -> list[FirmRule]:
    """List what the firm ever set for one rule, the newest first."""
    rows = FirmRule.objects.filter(firm=firm, jurisdiction=code, key=key)
    return list(rows.select_related("by").order_by("-id"))
