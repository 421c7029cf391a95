"""How the trust accounts of the practice system are called: each by the name under which it was set up.

A person may rename an account there, and nothing says that no two bear one name (clio/API.md appendix A,
BankAccount), so an account is known by its id. One that bears the name of another is told apart by its id,
and no money of it ever counts as the other's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from syncapp.core.planning.trust.pairs import account_key
from syncapp.records.models import SourceHead, SourceRecord
from trust.models import TrustPair

if TYPE_CHECKING:
    from datetime import datetime

RESOURCE = "bank_accounts"
type Said = list[tuple[datetime, str]]  # what an account was called, and when we first read it


def names(firm_id: int) -> dict[int, str]:
    """Return the name that each trust account goes by here, by the practice system's id. In a scope."""
    said = _said(firm_id)
    if not said:
        return {}
    now = {key: told[-1][1] for key, told in said.items()}
    first = min(told[0][0] for told in said.values())
    found: dict[int, str] = {}
    pairs = list(TrustPair.objects.filter(firm_id=firm_id).order_by("position", "pk"))
    for pair in pairs:
        wanted = account_key(pair.clio_account)
        then = [key for key, told in said.items() if wanted in _keys(key, _at(told, max(pair.at, first)))]
        still = [key for key in then or now if wanted in _keys(key, now[key])]
        mine = [key for key in (then if len(then) == 1 else still) if key not in found]
        if len(mine) == 1:
            same = account_key(now[mine[0]]) == wanted
            found[mine[0]] = now[mine[0]] if same else pair.clio_account
    taken = Counter(account_key(name) for key, name in now.items() if key not in found)
    taken.update({account_key(pair.clio_account) for pair in pairs})
    for key, name in now.items():
        found.setdefault(key, apart(key, name) if taken[account_key(name)] > 1 else name)
    return found


def offered(firm_id: int) -> list[str]:
    """List the trust accounts that stand over there now, by the names that they go by here. In a scope."""
    heads = SourceHead.objects.filter(firm_id=firm_id, resource=RESOURCE, gone_at__isnull=True)
    live = set(heads.values_list("source_id", flat=True))
    return sorted(name for key, name in names(firm_id).items() if key in live and name)


def known_as(firm_id: int, name: str) -> str:
    """Return the name that the account goes by here which is called so over there now; empty for none."""
    wanted = account_key(name)
    found = [key for key, told in _said(firm_id).items() if account_key(told[-1][1]) == wanted]
    return names(firm_id)[found[0]] if len(found) == 1 else ""


def apart(key: int, name: str) -> str:
    """Return how an account is called that bears the name of another."""
    return f"{name} (Clio's account {key})"


def _keys(key: int, name: str) -> set[str]:
    return {account_key(name), account_key(apart(key, name))}


def _said(firm_id: int) -> dict[int, Said]:
    heads = SourceHead.objects.filter(firm_id=firm_id, resource=RESOURCE, record__payload__type="Trust")
    ids = list(heads.values_list("source_id", flat=True))
    records = SourceRecord.objects.filter(firm_id=firm_id, resource=RESOURCE, source_id__in=ids)
    said: dict[int, Said] = defaultdict(list)
    columns = ("source_id", "seen_at", "payload__name")
    for key, at, name in records.order_by("source_id", "version").values_list(*columns) if ids else ():
        said[key].append((at, str(name or "").strip()))
    return dict(said)


def _at(told: Said, instant: datetime) -> str:
    """Return what an account was called at an instant; empty when it was not known yet."""
    return next((name for at, name in reversed(told) if at <= instant), "")
