"""Every action of a Clio user by name, for the back door and the pages."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from syncapp.emulators.clio import (
    desk_bills,
    desk_credits,
    desk_lines,
    desk_money,
    desk_transfers,
    desk_trust,
    desk_trust_rows,
    desk_work,
)
from syncapp.emulators.clio.model import Refused, World

ACTIONS: dict[str, Callable[..., Any]] = {
    action.__name__: action
    for action in (
        desk_work.create_client,
        desk_work.rename_client,
        desk_work.create_matter,
        desk_work.close_matter,
        desk_work.create_time,
        desk_work.create_expense,
        desk_work.edit_activity,
        desk_work.delete_activity,
        desk_bills.draft_bill,
        desk_bills.submit_bill,
        desk_bills.approve_bill,
        desk_bills.send_bill,
        desk_bills.back_to_draft,
        desk_bills.void_bill,
        desk_bills.delete_bill,
        desk_bills.edit_bill,
        desk_lines.edit_line,
        desk_lines.add_line,
        desk_lines.remove_line,
        desk_lines.summarize_lines,
        desk_bills.split_bill,
        desk_bills.add_interest,
        desk_bills.remove_interest,
        desk_money.record_payment,
        desk_money.edit_payment,
        desk_money.move_payment,
        desk_money.remove_payment,
        desk_credits.credit_note,
        desk_credits.write_off,
        desk_credits.remove_credit,
        desk_credits.operating_deposit,
        desk_credits.refund_operating,
        desk_credits.refund_overpayment,
        desk_credits.edit_operating_row,
        desk_credits.remove_operating_row,
        desk_credits.pay_from_operating,
        desk_trust.trust_deposit,
        desk_trust.trust_disbursement,
        desk_trust.pay_from_trust,
        desk_trust.trust_request,
        desk_trust.pay_trust_request,
        desk_transfers.matter_transfer,
        desk_transfers.account_transfer,
        desk_transfers.client_transfer,
        desk_trust_rows.open_trust_account,
        desk_trust_rows.firm_funds,
        desk_trust_rows.trust_interest,
        desk_trust_rows.bank_charge,
        desk_trust_rows.trust_refund,
        desk_trust_rows.return_deposit,
        desk_trust_rows.void_check,
        desk_trust_rows.edit_trust_row,
        desk_trust_rows.remove_trust_row,
    )
}


def do(world: World, name: str, /, **given: Any) -> Any:
    """Take an action with values as text or JSON. Raises Refused when Clio would not, or asks for more."""
    action = ACTIONS.get(name)
    if action is None:
        raise Refused(f"There is no action {name}.")
    known = inspect.signature(action).parameters
    if strange := [k for k in given if k not in known]:
        raise Refused(f"{name} takes no {strange[0]}.")
    values = {k: _read(str(known[k].annotation), v) for k, v in given.items() if v is not None}
    missing = [k for k, p in known.items() if p.default is p.empty and k != "world" and k not in values]
    if missing:
        raise Refused(f"{name} needs {missing[0]}.")
    return action(world, **values)


def _read(annotation: str, value: Any) -> Any:
    """A value as the action wants it, by the text of its annotation."""
    try:
        if annotation.startswith("list["):
            return [_read(annotation[5:-1], each) for each in value]
        if annotation.startswith("dt.date"):
            return date.fromisoformat(str(value))
        if annotation.startswith("Decimal"):
            return Decimal(str(value))
        if annotation.startswith("int"):
            return int(value)
        if annotation.startswith("bool"):
            return value if isinstance(value, bool) else str(value).lower() in ("true", "1", "on")
    except (ValueError, InvalidOperation):
        raise Refused(f"{value} cannot be read.") from None
    return str(value)
