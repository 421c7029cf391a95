"""Which lists and single records Clio answers, with their filters and orders (API.md appendix A)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from syncapp.emulators.clio.filters import (
    Test,
    after,
    before,
    contains,
    equal,
    flag,
    same,
    unread,
    within,
    yes,
)
from syncapp.emulators.clio.funds import BankTransaction
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.nouns import Activity, Bill, Contact, ExpenseCategory, Matter, User
from syncapp.emulators.clio.sums import sums
from syncapp.emulators.clio.values import activity_status, bank_type


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One resource: its path, the kind it gives, what may be filtered and ordered."""

    path: str
    kind: str
    filters: dict[str, Test] = field(default_factory=dict)
    orders: tuple[str, ...] = ("id",)
    default_order: str = "id(asc)"
    since: bool = True
    ids: bool = True
    maximum: int = 200
    listed: bool = True
    shown: bool = True


def _overdue(world: World, bill: Bill) -> bool:
    due = bill.due_at is not None and bill.due_at < world.today()
    return due and bill.state == "awaiting_payment" and sums(world, bill).balance > 0


def _bill_type(_: World, bill: Bill, value: str) -> bool:
    return (bill.bill_kind == "trust_kind") is (value == "trust")


def _matter_of(name: str) -> Callable[[World, Any], Any]:
    return lambda world, bill: {getattr(m, name) for m in world.some(Matter, bill.matter_ids)}


def _activity_status(world: World, activity: Activity, value: str) -> bool:
    status = activity_status(world, activity)
    return status in ("draft", "billed", "unbilled") if value == "billable" else status == value


def _query_matter(world: World, matter: Matter, value: str) -> bool:
    client = world.get(Contact, matter.client_id).name
    return value.lower() in f"{matter.display_number} {matter.description} {client}".lower()


def _show_line(_: World, line: Any, value: str) -> bool:
    return line.display is yes(value)


def _hard(_: World, category: ExpenseCategory, value: str) -> bool:
    return category.entry_type == value


def _status_user(_: World, user: User, value: str) -> bool:
    return user.subscription_type.lower() == value


def _bank_type(world: World, row: BankTransaction, value: str) -> bool:
    return bank_type(world, row) == value


BILLS = Endpoint(
    path="bills",
    kind="Bill",
    orders=(
        "id",
        "due_at",
        "issued_at",
        "paid_at",
        "last_sent_at",
        "client_name",
        "matter_display_number",
        "balance",
        "number",
    ),
    filters=equal("client_id", "state", "due_at")
    | unread("currency_id", "last_sent_start_date", "last_sent_end_date")
    | {
        "bill_number": same("number"),
        "matter_id": within("matter_ids"),
        "type": _bill_type,
        "query": contains("number"),
        "issued_after": after("issued_at"),
        "issued_before": before("issued_at"),
        "due_after": after("due_at"),
        "due_before": before("due_at"),
        "overdue_only": lambda w, b, v: not yes(v) or _overdue(w, b),
        "status": lambda w, b, v: v == "all" or _overdue(w, b),
        "responsible_attorney_id": lambda w, b, v: v in map(str, _matter_of("responsible_attorney_id")(w, b)),
        "originating_attorney_id": lambda w, b, v: v in map(str, _matter_of("originating_attorney_id")(w, b)),
    },
)

ALLOCATIONS = Endpoint(
    path="allocations",
    kind="Allocation",
    orders=("id", "date"),
    default_order="date(asc)",
    filters=equal("bill_id", "contact_id", "matter_id", "parent_id", "parent_type")
    | {"kind": same("credit_kind"), "status": lambda _, a, v: (a.voided_at is None) is (v == "valid")},
)

LIST: tuple[Endpoint, ...] = (
    Endpoint(
        path="users",
        kind="User",
        maximum=2000,
        orders=("id", "enabled", "name", "first_name", "last_name", "initials", "subscription_type"),
        filters=unread("include_co_counsel", "pending_setup")
        | {
            "enabled": flag("enabled"),
            "name": contains("name"),
            "subscription_type": _status_user,
            "role": lambda _, u, v: v in u.roles,
        },
    ),
    Endpoint(
        path="contacts",
        kind="Contact",
        orders=("id", "name"),
        filters=equal("type")
        | {
            "client_only": lambda _, c, v: not yes(v) or c.is_client,
            "query": contains("name", "primary_email_address"),
            "initial": lambda _, c, v: c.name[:1].upper() == v,
            "email_only": lambda _, c, v: not yes(v) or bool(c.primary_email_address),
        },
    ),
    Endpoint(
        path="matters",
        kind="Matter",
        orders=("id", "display_number", "open_date", "close_date", "updated_at", "created_at"),
        filters=equal("client_id", "practice_area_id", "responsible_attorney_id", "originating_attorney_id")
        | {
            "billable": flag("billable"),
            "query": _query_matter,
            "status": lambda _, m, v: m.status.lower() in v.split(","),
        },
    ),
    Endpoint(
        path="practice_areas",
        kind="PracticeArea",
        orders=("id", "name", "category", "code"),
        filters=equal("code", "name"),
    ),
    Endpoint(
        path="activities",
        kind="Activity",
        orders=("id", "price", "total", "type", "date", "note", "updated_at", "non_billable"),
        filters=equal("matter_id", "user_id", "type", "expense_category_id", "activity_description_id")
        | {
            "flat_rate": flag("flat_rate"),
            "status": _activity_status,
            "query": contains("note"),
            "start_date": after("date"),
            "end_date": before("date"),
            "only_unaccounted_for": lambda w, a, v: not yes(v) or activity_status(w, a) == "unbilled",
        },
    ),
    Endpoint(
        path="activity_descriptions",
        kind="ActivityDescription",
        orders=(),
        filters=equal("type") | unread("flat_rate", "user_id"),
    ),
    Endpoint(
        path="expense_categories",
        kind="ExpenseCategory",
        ids=False,
        orders=("id", "name", "rate", "entry_type"),
        filters={"entry_type": _hard, "query": contains("name")},
    ),
    BILLS,
    Endpoint(
        path="line_items",
        kind="LineItem",
        orders=(),
        shown=False,
        filters=equal("bill_id", "matter_id", "activity_id", "group_ordering")
        | unread("display_order")
        | {"kind": same("kind_of"), "display": _show_line, "query": contains("description")},
    ),
    ALLOCATIONS,
    Endpoint(
        path="credit_memos",
        kind="CreditMemo",
        orders=("id", "date"),
        default_order="date(asc)",
        filters=equal("contact_id"),
    ),
    Endpoint(
        path="interest_charges", kind="InterestCharge", orders=(), shown=False, filters=equal("bill_id")
    ),
    Endpoint(
        path="bank_accounts",
        kind="BankAccount",
        orders=("id", "name", "institution", "account_number", "updated_at", "type"),
        filters=unread("show_empty_accounts", "user_id")
        | {
            "type": lambda _, b, v: v == f"{b.type}Account",
            "status": lambda _, b, v: b.closed is (v == "closed"),
        },
    ),
    Endpoint(
        path="bank_transactions",
        kind="BankTransaction",
        orders=("id", "date", "updated_at"),
        filters=equal("bank_account_id", "client_id", "matter_id")
        | {"type": _bank_type, "unreconciled_only": lambda _, t, v: not yes(v) or t.unreconciled},
    ),
    Endpoint(path="bank_transfers", kind="BankTransfer", listed=False),
    Endpoint(path="matter_transfers", kind="MatterTransfer", listed=False),
    Endpoint(
        path="trust_line_items", kind="TrustLineItem", shown=False, filters=equal("bill_id", "matter_id")
    ),
    Endpoint(path="currencies", kind="Currency", orders=(), shown=False),
    Endpoint(
        path="tax_rate_configurations",
        kind="TaxRateConfiguration",
        orders=("id", "name", "rate"),
        filters=unread("include_system"),
    ),
    Endpoint(
        path="groups",
        kind="Group",
        orders=("id", "name"),
        filters=equal("type", "name")
        | unread("archived")
        | {"query": contains("name"), "user_id": within("user_ids")},
    ),
    Endpoint(path="webhooks", kind="Webhook"),
    Endpoint(
        path="outstanding_client_balances",
        kind="OutstandingClientBalance",
        orders=(),
        since=False,
        ids=False,
        shown=False,
        filters=unread("responsible_attorney_id", "originating_attorney_id")
        | {"contact_id": lambda _, x, v: str(x["contact"].id) == v},
    ),
    Endpoint(
        path="billable_matters",
        kind="BillableMatter",
        orders=(),
        since=False,
        ids=False,
        shown=False,
        filters={
            "client_id": lambda _, x, v: str(x["client"].id) == v,
            "matter_id": lambda _, x, v: str(x["id"]) == v,
        },
    ),
)

BY_PATH = {endpoint.path: endpoint for endpoint in LIST}
