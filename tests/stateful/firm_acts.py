"""What people of the firm say in Tieout, and enter in the books because Tieout asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from accounts.models import User
from accounts.tenancy import firm_scope
from syncapp.pipeline.cases import choices
from syncapp.pipeline.trust import approval_limit, approvals
from syncapp.pipeline.trust.approvals import Limit
from syncapp.records.models import Case, Hold
from tests.road.test_any_order import Numbers
from tests.stateful import desk_acts, hand_acts, setups, twin_acts
from tests.stateful.ground import Ground
from tests.stateful.said import Said
from trust.models import Opening


def _person(address: str) -> User:
    return User.objects.get(email=address)


def waiting(at: Ground) -> list[Hold]:
    """The entries of client money that wait for approval."""
    with firm_scope(write=None, reads=[at.on.firm.pk]):
        return approvals.waiting(at.on.firm.pk)


def approve(at: Ground, said: Said, given: Numbers) -> None:
    """Somebody approves one of the entries that wait: a partner, or who may not, or as it was seen before."""
    holds = waiting(at)
    if not holds:
        return
    hold, may, stale = holds[given[0] % len(holds)], bool(given[1] % 4), given[2] % 7 == 0
    why = _approve(at, hold, setups.PARTNER if may else setups.OTHER, "another" if stale else "")
    if may and not stale:
        assert why is None, why
        said.approved.add((hold.facts["subject"], int(hold.facts["amount"])))
    else:
        assert why, "an approval that could not be was taken"


def _approve(at: Ground, hold: Hold, who: str, print_: str) -> str | None:
    return approvals.approve(
        firm=at.on.firm, hold_id=hold.pk, print_=print_ or hold.facts["print"], by=_person(who),
        now=timezone.now(),
    )  # fmt: skip


def limit(at: Ground, said: Said, given: Numbers) -> None:
    """An administrator asks for another limit, and a partner puts it in force."""
    over = 100 * (3 + given[1] % 8)
    asked = approval_limit.ask(
        firm=at.on.firm, limit=Limit(over=over * 100, needed=1, approvers=()), by=at.on.person, signs=False,
        reason="The partners agreed.", now=timezone.now(),
    )  # fmt: skip
    if isinstance(asked, list):
        return  # it is the limit already
    by = _person(setups.PARTNER)
    why = approval_limit.approve(firm=at.on.firm, change_id=asked.pk, by=by, note="", now=timezone.now())
    assert why is None, why
    said.limits.append(over)


def opening(at: Ground, said: Said, given: Numbers) -> int:
    """A person enters what the books lack of the second account's opening, while it waits; return 1 if so."""
    missing = setups.missing(at.on)
    with firm_scope(write=None, reads=[at.on.firm.pk]):
        name = setups.SECOND["clio_account"]
        waits = Opening.objects.filter(firm_id=at.on.firm.pk, pair__clio_account=name, state="waiting")
        if not missing or not waits.exists():
            return 0
    setups.open_books(at.on.company, setups.SECOND, missing)
    return 1


def corrections(at: Ground) -> int:
    """A person approves every entry that is to correct the closed books; return how many."""
    firm = at.on.firm.pk
    with firm_scope(write=None, reads=[firm]):
        cases = list(Case.objects.filter(firm_id=firm, code="closed_correction", closed_at__isnull=True))
    for case in cases:
        answer = f"approve:{case.facts['print']}"
        choices.choose(firm_id=firm, case_id=case.pk, answer=answer, by=at.on.person, now=timezone.now())
    return len(cases)


def everything(at: Ground, said: Said) -> int:
    """Do what Tieout asks for at the end; return how much there was to do."""
    done = corrections(at)
    for hold in [] if said.leaves else waiting(at):
        why = _approve(at, hold, setups.PARTNER, "")
        assert why is None, why
        said.approved.add((hold.facts["subject"], int(hold.facts["amount"])))
        done += 1
    if at.setup is not None and at.setup.opened:
        done += opening(at, said, (0, 0, 0))
    if at.desk:
        return done + desk_acts.put_back(at, said)
    return done + hand_acts.put_back(at, said) + twin_acts.truthful(at, said)


SAYS: dict[str, Callable[[Ground, Said, Numbers], Any]] = {
    "approve": approve,
    "limit": limit,
    "opening": opening,
    "hand": hand_acts.hand,
    **twin_acts.TWINS,
    **desk_acts.HANDS,
}
