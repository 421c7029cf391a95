"""Learned payees of a trust account, and when each was used. To be asked within an open scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, F, Max, Prefetch, Q

from trust.models import LearnedPayee, Match, MatchPart, StatementLine, TrustPair
from trust.models.matches import BANK

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

MOST = 200  # uses that a page shows, of all its rules


def learned(pair: TrustPair) -> QuerySet[LearnedPayee]:
    """Return the learned payees of an account, those in force first, with how often and when last used."""
    rows = LearnedPayee.objects.filter(firm_id=pair.firm_id, pair=pair).select_related("by", "stopped_by")
    used = Q(uses__undone_at=None)
    return rows.annotate(used=Count("uses", filter=used), last_used=Max("uses__at", filter=used)).order_by(
        F("stopped_at").asc(nulls_first=True), "-at", "-id"
    )


def uses(pair: TrustPair, rules: Iterable[LearnedPayee]) -> dict[int, list[Match]]:
    """Return the latest uses of learned payees, undone ones too, each with its bank lines."""
    parts = MatchPart.objects.filter(firm_id=pair.firm_id, side=BANK).order_by("day", "id")
    rows = Match.objects.filter(firm_id=pair.firm_id, rule__in=[rule.pk for rule in rules])
    found: dict[int, list[Match]] = {}
    for row in rows.prefetch_related(Prefetch("parts", queryset=parts)).order_by("-at", "-id")[:MOST]:
        found.setdefault(row.rule_id or 0, []).append(row)
    return found


def texts(pair: TrustPair, found: Iterable[Match]) -> dict[str, str]:
    """Return what the bank wrote on the lines of these matches, by the lines' identity."""
    keys = {part.key for one in found for part in one.parts.all()}
    rows = StatementLine.objects.filter(firm_id=pair.firm_id, pair=pair, identity__in=keys)
    return dict(rows.values_list("identity", "text"))


def rule_of(*, firm_id: int, rule_id: int) -> LearnedPayee | None:
    """Return a learned payee of the firm."""
    return LearnedPayee.objects.filter(firm_id=firm_id, pk=rule_id).first()
