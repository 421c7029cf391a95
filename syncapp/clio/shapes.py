"""What Tieout reads in Clio, as data: each resource, the exact fields, and the lists that make it whole.

Every field is one of Clio's API document (clio/API.md appendix A; a test compares them). A nested record
names its fields in braces, one level deep, or it would come with its defaults (clio/API.md section 2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One resource. `queries` are the lists that together show every record, removed ones too.

    `ordered`: the endpoint knows `order`, so `id(asc)` is asked for, which cursor paging wants.
    `updated_since`: whether changes can be asked for. `limit` is the largest page. `seldom`: it changes
    seldom, and what names something new in it comes by another list.
    """

    resource: str
    fields: str
    ordered: bool = True
    updated_since: bool = True
    limit: int = 200
    seldom: bool = False
    queries: tuple[Mapping[str, str], ...] = field(default=({},))


def _fields(*names: str) -> str:
    return ",".join(names)


_SEEN = "id,etag,created_at,updated_at"

CONTACTS = Shape(
    resource="contacts",
    fields=_fields(
        _SEEN,
        "type,name,first_name,middle_name,last_name,is_client,primary_email_address,primary_phone_number",
        "currency{id,code}",
        "primary_address{id,street,city,province,postal_code,country}",
    ),
)
MATTERS = Shape(
    resource="matters",
    fields=_fields(
        _SEEN,
        "number,display_number,description,status,billing_method,open_date,close_date,billable",
        "client{id,name}",
        "practice_area{id,name}",
        "responsible_attorney{id,name}",
        "group{id,name}",
        "currency{id,code}",
        "split_invoice_payers{id,contact_id,split_portion}",
    ),
)
BILLS = Shape(
    resource="bills",
    fields=_fields(
        _SEEN,
        "number,state,kind,type,subject,issued_at,due_at,start_at,end_at,paid_at,last_sent_at",
        "sub_total,total,due,balance,paid,pending,credits_issued",
        "tax_rate,secondary_tax_rate,tax_sum,secondary_tax_sum,total_tax,services_sub_total",
        "discount_services_only,discount{type,rate,note,early_payment_rate,early_payment_period}",
        "interest{type,rate,period,balance,total}",
        "client{id,name}",
        "currency{id,code}",
        "matters{id,display_number}",
        "split_invoice{id,split_portion,linked_invoices_ids,split_connection_id}",
        "original_bill{id,number}",
    ),
    # Whether the plain list has removed bills is not stated: ask for both states (clio/API.md section 6).
    queries=({}, {"state": "void"}, {"state": "deleted"}),
)
LINE_ITEMS = Shape(
    resource="line_items",
    fields=_fields(
        _SEEN,
        "type,kind,date,description,note,price,quantity,sub_total,total,tax,secondary_tax",
        "taxable,secondary_taxable,group_ordering",
        "discount{type,rate}",
        "bill{id}",
        "matter{id}",
        "user{id,name}",
        "activity{id,type}",
    ),
    ordered=False,
)
ACTIVITIES = Shape(
    resource="activities",
    fields=_fields(
        _SEEN,
        "type,date,quantity_in_hours,rounded_quantity_in_hours,quantity_redacted,price,total,non_billable_total",
        "billed,on_bill,non_billable,no_charge,flat_rate,reference",
        # A line item's own activity has a type but no category, hence the activities are pulled.
        "expense_category{id,name,entry_type}",
        "activity_description{id,name}",
        "user{id,name}",
        "matter{id}",
        "bill{id}",
    ),
    seldom=True,  # what is billed comes as line items, which bring the entries behind them
)
EXPENSE_CATEGORIES = Shape(
    resource="expense_categories", fields=_fields(_SEEN, "name,entry_type"), seldom=True
)
ALLOCATIONS = Shape(
    resource="allocations",
    fields=_fields(
        _SEEN,
        "amount,date,description,interest,payment_type,has_online_payment,voided_at",
        "bill{id}",
        "matter{id}",
        "contact{id,name}",
        "parent{id,type,identifier}",
        "source_bank_account{id,name,type}",
        "destination_bank_account{id,name,type}",
    ),
    queries=({}, {"status": "invalid"}),
)
CREDIT_MEMOS = Shape(
    resource="credit_memos",
    fields=_fields(_SEEN, "amount,date,description,discount,voided_at", "contact{id,name}", "user{id,name}"),
)
INTEREST_CHARGES = Shape(
    resource="interest_charges",
    fields=_fields(_SEEN, "date,total,description", "bill{id,number}"),
    ordered=False,
)
BANK_ACCOUNTS = Shape(
    resource="bank_accounts",
    fields=_fields(_SEEN, "name,type,currency,account_number,general_ledger_number,institution,balance"),
    queries=({"show_empty_accounts": "true"}, {"status": "closed"}),
    seldom=True,
)
BANK_TRANSACTIONS = Shape(
    resource="bank_transactions",
    fields=_fields(
        _SEEN,
        "date,amount,funds_in,funds_out,type,transaction_type,source,payer_payee,confirmation,description",
        "currency,exchange_rate,bank_account_id",
        "bank_account{id,name,type}",
        "client{id,name}",
        "matter{id}",
        "bill{id}",
        "allocation{id}",
    ),
)
PRACTICE_AREAS = Shape(resource="practice_areas", fields=_fields(_SEEN, "name,code,category"), seldom=True)

# Which allocations are write-offs is told only by a filter of the list, never by a field.
WRITE_OFFS: Mapping[str, str] = {"kind": "write_off"}

# In the order of pulling: what others name comes first. Only bank rows come before the payments that explain
# them: a payment that is taken meanwhile is then known without its row, and never a row without its payment.
ALL: tuple[Shape, ...] = (
    PRACTICE_AREAS,
    EXPENSE_CATEGORIES,
    BANK_ACCOUNTS,
    CONTACTS,
    MATTERS,
    ACTIVITIES,
    INTEREST_CHARGES,
    LINE_ITEMS,
    BILLS,
    BANK_TRANSACTIONS,
    CREDIT_MEMOS,
    ALLOCATIONS,
)
BY_RESOURCE: Mapping[str, Shape] = {shape.resource: shape for shape in ALL}
WHO_AM_I = "id,name,email,roles,account{id,name}"


def names(fields: str) -> list[tuple[str, list[str]]]:
    """Take a `fields` text apart: each name with the names inside its braces."""
    parts: list[tuple[str, list[str]]] = []
    depth, start = 0, 0
    for position, letter in enumerate([*fields, ","]):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            name, _, inner = fields[start:position].partition("{")
            parts.append((name, inner.removesuffix("}").split(",") if inner else []))
            start = position + 1
    return parts
