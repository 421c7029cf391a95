"""Which lists and single records Clio answers, with their filters and orders (API.md appendix A)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from syncapp.emulators.clio.funds import BankTransaction
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.nouns import Activity, Bill, Contact, ExpenseCategory, Matter, User
from syncapp.emulators.clio.sums import sums
from syncapp.emulators.clio.values import activity_status, bank_type

type Test = Callable[[World, Any, str], bool]


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


def same(name: str) -> Test:
    """Equal to an attribute; `null` finds what has none."""
    return lambda _, x, v: getattr(x, name) is None if v == "null" else str(getattr(x, name)) == v


def within(name: str) -> Test:
    """The id is one of several."""
    return lambda _, x, v: not getattr(x, name) if v == "null" else v in map(str, getattr(x, name))


def flag(name: str) -> Test:
    """Equal to a boolean attribute."""
    return lambda _, x, v: bool(getattr(x, name)) is yes(v)


def yes(value: str) -> bool:
    """A boolean of the query string."""
    return value.lower() in ("true", "1")


def contains(*names: str) -> Test:
    """The text is part of an attribute, whatever the case."""
    return lambda _, x, v: any(v.lower() in str(getattr(x, n) or "").lower() for n in names)


def after(name: str) -> Test:
    """On or after a day."""
    return lambda _, x, v: getattr(x, name) is not None and getattr(x, name) >= date.fromisoformat(v[:10])


def before(name: str) -> Test:
    """On or before a day."""
    return lambda _, x, v: getattr(x, name) is not None and getattr(x, name) <= date.fromisoformat(v[:10])


def ignored(_: World, __: Any, ___: str) -> bool:
    """A known parameter that changes nothing here."""
    return True


def _overdue(world: World, bill: Bill) -> bool:
    due = bill.due_at is not None and bill.due_at < world.now().date()
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
    orders=("id", "due_at", "issued_at", "paid_at", "last_sent_at", "client_name", "matter_display_number",
            "balance", "number"),
    filters={
        "bill_number": same("number"), "client_id": same("client_id"), "matter_id": within("matter_ids"),
        "state": same("state"), "type": _bill_type, "query": contains("number"),
        "issued_after": after("issued_at"), "issued_before": before("issued_at"),
        "due_after": after("due_at"), "due_before": before("due_at"), "due_at": same("due_at"),
        "overdue_only": lambda w, b, v: not yes(v) or _overdue(w, b),
        "status": lambda w, b, v: v == "all" or _overdue(w, b),
        "responsible_attorney_id":
            lambda w, b, v: v in map(str, _matter_of("responsible_attorney_id")(w, b)),
        "originating_attorney_id":
            lambda w, b, v: v in map(str, _matter_of("originating_attorney_id")(w, b)),
        "currency_id": ignored, "last_sent_start_date": ignored, "last_sent_end_date": ignored,
    },
)  # fmt: skip

ALLOCATIONS = Endpoint(
    path="allocations",
    kind="Allocation",
    orders=("id", "date"),
    default_order="date(asc)",
    filters={
        "bill_id": same("bill_id"), "contact_id": same("contact_id"), "matter_id": same("matter_id"),
        "parent_id": same("parent_id"), "parent_type": same("parent_type"), "kind": same("credit_kind"),
        "status": lambda _, a, v: (a.voided_at is None) is (v == "valid"),
    },
)  # fmt: skip

LIST: tuple[Endpoint, ...] = (
    Endpoint(path="users", kind="User", maximum=2000,
             orders=("id", "enabled", "name", "first_name", "last_name", "initials", "subscription_type"),
             filters={"enabled": flag("enabled"), "name": contains("name"), "include_co_counsel": ignored,
                      "pending_setup": ignored, "subscription_type": _status_user,
                      "role": lambda _, u, v: v in u.roles}),
    Endpoint(path="contacts", kind="Contact", orders=("id", "name"),
             filters={"type": same("type"), "client_only": lambda _, c, v: not yes(v) or c.is_client,
                      "query": contains("name", "primary_email_address"),
                      "initial": lambda _, c, v: c.name[:1].upper() == v,
                      "email_only": lambda _, c, v: not yes(v) or bool(c.primary_email_address)}),
    Endpoint(path="matters", kind="Matter",
             orders=("id", "display_number", "open_date", "close_date", "updated_at", "created_at"),
             filters={"client_id": same("client_id"), "practice_area_id": same("practice_area_id"),
                      "responsible_attorney_id": same("responsible_attorney_id"),
                      "originating_attorney_id": same("originating_attorney_id"),
                      "billable": flag("billable"), "query": _query_matter,
                      "status": lambda _, m, v: m.status.lower() in v.split(",")}),
    Endpoint(path="practice_areas", kind="PracticeArea", orders=("id", "name", "category", "code"),
             filters={"code": same("code"), "name": same("name")}),
    Endpoint(path="activities", kind="Activity",
             orders=("id", "price", "total", "type", "date", "note", "updated_at", "non_billable"),
             filters={"matter_id": same("matter_id"), "user_id": same("user_id"), "type": same("type"),
                      "expense_category_id": same("expense_category_id"), "flat_rate": flag("flat_rate"),
                      "activity_description_id": same("activity_description_id"),
                      "status": _activity_status, "query": contains("note"),
                      "start_date": after("date"), "end_date": before("date"),
                      "only_unaccounted_for":
                          lambda w, a, v: not yes(v) or activity_status(w, a) == "unbilled"}),
    Endpoint(path="activity_descriptions", kind="ActivityDescription", orders=(),
             filters={"type": same("type"), "flat_rate": ignored, "user_id": ignored}),
    Endpoint(path="expense_categories", kind="ExpenseCategory", ids=False,
             orders=("id", "name", "rate", "entry_type"),
             filters={"entry_type": _hard, "query": contains("name")}),
    BILLS,
    Endpoint(path="line_items", kind="LineItem", orders=(), shown=False,
             filters={"bill_id": same("bill_id"), "matter_id": same("matter_id"), "kind": same("kind_of"),
                      "activity_id": same("activity_id"), "display": _show_line,
                      "display_order": ignored, "group_ordering": same("group_ordering"),
                      "query": contains("description")}),
    ALLOCATIONS,
    Endpoint(path="credit_memos", kind="CreditMemo", orders=("id", "date"), default_order="date(asc)",
             filters={"contact_id": same("contact_id")}),
    Endpoint(path="interest_charges", kind="InterestCharge", orders=(), shown=False,
             filters={"bill_id": same("bill_id")}),
    Endpoint(path="bank_accounts", kind="BankAccount",
             orders=("id", "name", "institution", "account_number", "updated_at", "type"),
             filters={"type": lambda _, b, v: v == f"{b.type}Account", "show_empty_accounts": ignored,
                      "status": lambda _, b, v: b.closed is (v == "closed"), "user_id": ignored}),
    Endpoint(path="bank_transactions", kind="BankTransaction", orders=("id", "date", "updated_at"),
             filters={"bank_account_id": same("bank_account_id"), "client_id": same("client_id"),
                      "matter_id": same("matter_id"), "type": _bank_type,
                      "unreconciled_only": lambda _, t, v: not yes(v) or t.unreconciled}),
    Endpoint(path="bank_transfers", kind="BankTransfer", listed=False),
    Endpoint(path="matter_transfers", kind="MatterTransfer", listed=False),
    Endpoint(path="trust_line_items", kind="TrustLineItem", shown=False,
             filters={"bill_id": same("bill_id"), "matter_id": same("matter_id")}),
    Endpoint(path="currencies", kind="Currency", orders=(), shown=False),
    Endpoint(path="tax_rate_configurations", kind="TaxRateConfiguration", orders=("id", "name", "rate"),
             filters={"include_system": ignored}),
    Endpoint(path="groups", kind="Group", orders=("id", "name"),
             filters={"type": same("type"), "name": same("name"), "query": contains("name"),
                      "archived": ignored, "user_id": within("user_ids")}),
    Endpoint(path="webhooks", kind="Webhook"),
    Endpoint(path="outstanding_client_balances", kind="OutstandingClientBalance", orders=(), since=False,
             ids=False, shown=False,
             filters={"contact_id": lambda _, x, v: str(x["contact"].id) == v,
                      "responsible_attorney_id": ignored, "originating_attorney_id": ignored}),
    Endpoint(path="billable_matters", kind="BillableMatter", orders=(), since=False, ids=False, shown=False,
             filters={"client_id": lambda _, x, v: str(x["client"].id) == v,
                      "matter_id": lambda _, x, v: str(x["id"]) == v}),
)  # fmt: skip

BY_PATH = {endpoint.path: endpoint for endpoint in LIST}
