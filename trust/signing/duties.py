"""Who may prepare and who may sign: duties kept apart, named signers and their deputies. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from trust.jurisdictions import Jurisdiction

APART = "apart"


@dataclass(frozen=True, slots=True, kw_only=True)
class Separation:
    """What keeping duties apart asks of a step: `refused` says why not, `reason` what must be explained."""

    refused: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standin:
    """A deputy: signs for `absent` from `first` to `last`, both included."""

    absent: int
    deputy: int
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Whether a person signs today: for whom, if as a deputy, or why not."""

    refused: str = ""
    deputy_for: int | None = None


def preparing(*, person: int, check_signers: Collection[int], rules: Jurisdiction) -> Separation:
    """Tell what the rule on check signers asks of a preparer (TRUST-RULES: North Carolina, N4)."""
    if person not in check_signers:
        return Separation()
    if rules.value("check_signer") == APART:
        return Separation(refused="You sign checks of this account, so somebody else reconciles it.")
    return Separation(reason="You sign checks of this account and reconcile it. Say why.")


def signing(*, person: int, preparer: int | None, rules: Jurisdiction) -> Separation:
    """Tell what the rule on preparers asks of a signer."""
    if person != preparer:
        return Separation()
    if rules.value("preparer") == APART:
        return Separation(refused="You prepared this month, so somebody else signs it.")
    return Separation(reason="You prepared this month and sign it. Say why.")


def signer(*, person: int, named: Collection[int], standins: Iterable[Standin], today: date) -> Signer:
    """Tell whether a person signs for an account: its named signers, their deputies; anybody when none is."""
    if not named or person in named:
        return Signer()
    for one in standins:
        if one.deputy == person and one.absent in named and one.first <= today <= one.last:
            return Signer(deputy_for=one.absent)
    return Signer(refused="Another lawyer is named to sign for this account, and you are not the deputy.")
