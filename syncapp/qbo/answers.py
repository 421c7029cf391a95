"""What an answer to a read means that is not what was asked for. Pure."""

from __future__ import annotations

from syncapp.core import books
from syncapp.http.errors import Refused, Revoked, Transient
from syncapp.qbo import faults
from syncapp.qbo.shapes import OPTIONAL

_WRONG_WAY = range(400, 600)
_BUSY_OR_SHUT = frozenset({401, 403, 429, 503})
_BROKEN = frozenset({500, 501})


def error_of(status: int, fault: faults.Fault | None, tid: str) -> Exception:
    """Return what a read raises for an answer: Revoked, Transient or Refused."""
    found = faults.verdict(status, fault, vendor_request_id=tid)
    if isinstance(found, faults.Disconnected):
        return Revoked(found.words, tid)
    if not isinstance(found, books.Refused):
        retry_after = found.retry_after if isinstance(found, books.NotSent) else None
        return Transient(found.words, tid, retry_after=retry_after, status=status)
    if fault is None:
        return Refused(found.words, tid, status=status, code=found.code)
    return Refused(
        f"QuickBooks refused: {fault.sentence}", tid, status=status, code=fault.code, detail=fault.detail
    )


def has_no_such_way(error: Refused | Transient) -> bool:
    """Tell whether another documented way may answer: a clear no, or a fault of this address alone."""
    if error.status in _BUSY_OR_SHUT:
        return False
    return isinstance(error, Refused) or error.status in _WRONG_WAY


def has_no_such_list(error: Refused | Transient, entity: str) -> bool:
    """Tell whether QuickBooks has no such list: refused, or a fault of its own that stayed.

    Code 10000, a SystemFault, comes also for what a company lacks (qbo/API.md sections 7, 9), and is believed
    of a list that it may lack. What a gateway says without a fault is trouble on the way, and told as that.
    """
    return isinstance(error, Refused) or (entity in OPTIONAL and _is_broken(error))


def is_about_one(error: Refused | Transient, entities: list[str]) -> bool:
    """Tell whether change capture of some may go well without one of them, or that one cannot be captured."""
    if len(entities) == 1:
        return has_no_such_list(error, entities[0])
    return isinstance(error, Refused) or (not OPTIONAL.isdisjoint(entities) and _is_broken(error))


def _is_broken(error: Transient) -> bool:
    return error.status in _BROKEN and faults.fault_in(error.body) is not None
