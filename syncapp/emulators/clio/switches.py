"""What nobody documents about Clio, as switches (API.md section 9), and the firm's own settings."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(slots=True)
class Switches:
    """Each default is the harsher of the two behaviours where one is harsher for a client."""

    bills_list_includes_removed: bool = False  # does GET /bills without `state` give void and deleted
    allocations_list_includes_voided: bool = False  # does GET /allocations without `status` give voided
    credit_memos_list_includes_voided: bool = True
    payment_touches_bill: bool = False  # does a payment change Bill.updated_at and fire `updated`
    removal_erases: bool = False  # does removing a payment or credit erase its allocations
    bank_rows_linked: bool = True  # do bank transactions carry `allocation` and `bill`
    trust_payment_two_rows: bool = True  # a payment from trust: rows in both accounts, or trust only
    updated_since_inclusive: bool = False
    total_net: bool = False  # Bill.total already less the discount
    tax_per_bill: bool = False  # round tax once for the bill instead of once for each line
    void_keeps_balance: bool = False
    zero_bill_is_paid: bool = True
    move_makes_new_payment: bool = False  # moving a payment gives it a new Payment id
    back_to_draft_allowed: bool = True
    api_back_to_draft: bool = False  # PATCH state=draft (untested by anybody)
    edit_approved_allowed: bool = True  # "Allow editing of approved bills and trust requests"
    strict_params: bool = True  # unknown query parameters answer 400 instead of being ignored
    refresh_dies_on_deauthorize: bool = True
    handshake_needed: bool = True  # one European test saw a webhook enabled without it
    deliver_at_once: bool = False  # webhooks leave after every request instead of on `flush`
    redact_hidden: bool = False  # contacts the token may not see come as {"id", "redacted": true}
    bill_pdf: str = "path"  # a bill's PDF by `/bills/{id}.pdf`, or "accept": by the Accept header alone
    rate_limited: bool = True
    rate_limit: int = 50
    expires_in: int = 2_592_000
    region: str = "us"
    forbidden: str = ""  # comma list of resources the token may not read: 403
    read_only: str = ""  # comma list of resources whose app permission is "read": a write answers 403
    type_404: str = "RecordNotFound"
    type_412: str = "PreconditionFailed"
    type_422: str = "UnprocessableEntity"
    type_429: str = "RateLimited"

    def change(self, given: dict[str, Any]) -> dict[str, Any]:
        """Set switches by name and give them all. Raises ValueError on an unknown name or a wrong type."""
        known = {f.name: getattr(self, f.name) for f in fields(self)}
        for name, value in given.items():
            if name not in known or type(value) is not type(known[name]):
                raise ValueError(f"no switch {name}={value!r}")
        for name, value in given.items():
            setattr(self, name, value)
        return asdict(self)
