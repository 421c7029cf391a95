"""Who the checks of client money are made out to: found by name among vendors, customers and employees first.

A vendor that nobody has yet is one operation of the delivery protocol, as a customer is. The lists of vendors
and employees are read only for books that have a trust account with checks: each thousand is a metered read.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db.models import Q

from accounts.tenancy import firm_scope
from syncapp.core.books import BookObject
from syncapp.core.ledger import CustomerDraft, Draft, ObjectKind, TrustCheckDraft, is_payee
from syncapp.core.planning.trust import payees as core
from syncapp.core.planning.wanted import Answer
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline.settling import diff
from syncapp.records.models import BookCursor, BookRow
from trust.models import TrustPair
from trust.pairing import CHECK

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from typing import Any

    from syncapp.pipeline.context import Context
    from syncapp.qbo.client import QuickBooks
    from syncapp.records.models import Document

READ, EMPLOYEES = "payees_read", "employees"  # facts of a cursor: that the lists were read; names with ids
LISTS = ("Employee", "Vendor")
VENDOR, CUSTOMER = ObjectKind.VENDOR.value, ObjectKind.CUSTOMER.value


def made_out(context: Context, draft: Draft, standing: Draft | None) -> Draft:
    """Name the payee of a check as the books have the name; what stands for the same name stays as it is."""
    if not isinstance(draft, TrustCheckDraft) or not is_payee(draft.payee):
        return draft
    if isinstance(standing, TrustCheckDraft) and is_payee_of(standing, draft):
        return replace(draft, payee=standing.payee, payee_name=standing.payee_name)
    if context.stands(draft.payee):
        return draft
    return replace(draft, payee=_known(context, draft.payee_name) or draft.payee)


def is_payee_of(standing: TrustCheckDraft, draft: TrustCheckDraft) -> bool:
    """Tell whether a check that stands pays whom the practice system names."""
    return bool(standing.payee) and standing.payee_name.casefold() == draft.payee_name.casefold()


def _known(context: Context, name: str) -> str:
    """Return the subject of somebody whom the books have under a name; empty for nobody."""
    key = name.casefold()
    for row in context.names.by_name.get(key, []):
        if row.active:
            return context.subject_of.get((CUSTOMER, row.id), f"id:Customer:{row.id}")
    for posting in context.waiting.values():
        draft = context.content(posting.subject) if posting.object_kind == CUSTOMER else None
        if isinstance(draft, CustomerDraft) and draft.name.casefold() == key:
            return posting.subject
    for row in _vendors(context, name):
        if row.active and (subject := context.subject_of.get((VENDOR, row.id))):
            return subject  # it bore another name when it was first paid
    employee = context.names.employees.get(key, "")
    return f"id:Employee:{employee}" if employee else ""


def _vendors(context: Context, name: str) -> list[BookObject]:
    """Return the vendors of the books that bear a name, as they were last seen."""
    called = Q()
    for one in core.names(name):
        called |= Q(name__iexact=one)
    rows = BookRow.objects.filter(called, firm_id=context.firm_id, books_id=context.books_id, kind=VENDOR)
    found = rows.filter(deleted=False).order_by("pk")
    return [BookObject(kind=ObjectKind.VENDOR, id=r.remote_id, name=r.name, active=r.active) for r in found]


def bring(context: Context, row: Document, draft: Draft, subject: str, *, now: datetime) -> Problem | None:
    """See that the vendor of a check is there or on its way; say why it cannot be."""
    name = draft.payee_name if isinstance(draft, TrustCheckDraft) else ""
    if asleep := _asleep(context, name):
        return core.inactive(asleep, name)
    wanted = core.vendor(subject, name, _vendors(context, name))
    if isinstance(wanted, Problem):
        return wanted
    context.names.taken.add(name.casefold())
    others = frozenset(context.own[row.pk] | context.coming[row.pk])
    result = diff.plan(context, row, Answer(wanted=(wanted,), kept=others), now=now)
    if result is not None:
        return result if isinstance(result, Problem) else None
    mine = (one.vendor_words for one in context.shelved.values() if one.subject == subject)
    words = next((said for said in mine if said), "it did not say why.")
    return Problem(
        code="payee_refused",
        fix=Fix.BOOKS,
        cause=subject,
        title="QuickBooks takes no vendor for the payee of a check.",
        words=f"QuickBooks refused the payee “{name}”: {words} Mend it in QuickBooks and retry.",
    )


def _asleep(context: Context, name: str) -> str:
    """Return the inactive customer that has a payee's name: the name cannot be given again."""
    rows = context.names.by_name.get(name.casefold(), [])
    return next((row.id for row in rows if not row.active), "")


def captured(*, firm_id: int, books_id: int) -> tuple[str, ...]:
    """Return the lists whose changes concern us: none without a trust account with checks. In a scope."""
    pairs = TrustPair.objects.filter(firm_id=firm_id, books_id=books_id, disbursement_as=CHECK)
    return LISTS if pairs.exists() else ()


def unread(*, firm_id: int, books_id: int) -> bool:
    """Tell whether the lists of payees are wanted and were not read. In a scope."""
    cursor = BookCursor.objects.filter(firm_id=firm_id, books_id=books_id).first()
    read = cursor is not None and bool(cursor.facts.get(READ))
    return not read and bool(captured(firm_id=firm_id, books_id=books_id))


def forget(*, firm_id: int, books_id: int) -> None:
    """Let the lists be read again: QuickBooks has a name that we do not know. In a writing scope."""
    cursor = BookCursor.objects.select_for_update().get(firm_id=firm_id, books_id=books_id)
    cursor.facts = cursor.facts | {READ: False}
    cursor.save(update_fields=["facts"])


def read(
    *, firm_id: int, books_id: int, client: QuickBooks, changed: Iterable[BookObject]
) -> tuple[list[BookObject], dict[str, Any]]:
    """Read vendors and employees once, and again when an employee changed. In no scope.

    Returns the vendors, and the facts to remember.
    """
    with firm_scope(write=None, reads=[firm_id]):
        wanted = unread(firm_id=firm_id, books_id=books_id)
    if not wanted and not any(one.raw.get("entity") == "Employee" for one in changed):
        return [], {}
    employees = {
        str(row.get("DisplayName") or "").casefold(): str(row["Id"])
        for row in client.optional("Employee")
        if row.get("Active") is not False
    }
    vendors = [client.object("Vendor", row) for row in client.optional("Vendor")] if wanted else []
    return vendors, {READ: True, EMPLOYEES: employees}
