"""What a line may land on: nothing missing, inactive or of the wrong type, never client money. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncapp.core.documents import Cost, LineKind
from syncapp.core.problems import Fix, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from syncapp.core.books import Account, Item, Tag
    from syncapp.core.planning.facts import LineFacts

TRUST_SUBTYPES = frozenset(
    {"TrustAccounts", "TrustAccountsLiabilities", "RentsHeldInTrust", "RentsInTrustLiability"}
)
UNSELLABLE = {"Category": "a category", "Group": "a bundle"}  # qbo/API.md section 8.4: fault 2500
NATURES = {
    "Bank": "asset",
    "Accounts Receivable": "asset",
    "Other Current Asset": "asset",
    "Fixed Asset": "asset",
    "Other Asset": "asset",
    "Accounts Payable": "liability",
    "Credit Card": "liability",
    "Other Current Liability": "liability",
    "Long Term Liability": "liability",
    "Equity": "equity",
    "Income": "income",
    "Other Income": "income",
    "Expense": "expense",
    "Other Expense": "expense",
    "Cost of Goods Sold": "expense",
}
NOUNS = {"item": "product or service", "account": "account", "class": "class", "location": "location"}
NOT_COSTS_ADVANCED = frozenset({"Bank", "Accounts Receivable"})


def nature(account: Account) -> str:
    """Return asset, liability, equity, income or expense: from the type, else from the classification."""
    said = account.classification.casefold()
    return NATURES.get(account.type, "income" if said == "revenue" else said)


def is_walled(account: Account, walled: frozenset[str] = frozenset()) -> bool:
    """Tell whether client money may stand on an account: by its type (qbo/API.md 8.3) or by a trust pair."""
    return account.is_trust or account.subtype in TRUST_SUBTYPES or account.id in walled


def tag_named(rows: Mapping[str, Tag], text: str) -> Tag | None:
    """Find a class or location by full name or `id:123`; active ones first."""
    if text.startswith("id:"):
        return rows.get(text[3:])
    found = [row for row in rows.values() if row.name.casefold() == text.casefold()]
    return next((row for row in found if row.active), found[0] if found else None)


def missing(kind: str, text: str, ledger: str) -> Problem:
    """Say that what was chosen is not in the books."""
    return Problem(
        code="missing_in_books",
        fix=Fix.MAP,
        words=f"There is no {NOUNS[kind]} “{text}” in {ledger}. Choose another, or create it there.",
        cause=f"{kind} {text.casefold()}",
        facts={"kind": kind, "name": text},
    )


def inactive(kind: str, id_: str, name: str, ledger: str) -> Problem:
    """Say that what was chosen is switched off in the books."""
    return Problem(
        code=f"inactive_{kind}",
        fix=Fix.BOOKS,
        words=f"{kind.capitalize()} “{name}” is inactive in {ledger}.",
        cause=id_,
        facts={"kind": kind, "id": id_, "name": name},
    )


def inactive_account(account: Account, ledger: str) -> Problem | None:
    """Refuse an account that is switched off."""
    return None if account.active else inactive("account", account.id, account.name, ledger)


def usable_item(item: Item, ledger: str) -> Problem | None:
    """Refuse an item that is inactive or cannot stand on an invoice."""
    if item.type in UNSELLABLE:
        return Problem(
            code="not_sellable",
            fix=Fix.MAP,
            words=f"“{item.name}” is {UNSELLABLE[item.type]} in {ledger}, which no invoice line can use. "
            "Choose a product or service.",
            cause=item.id,
            facts={"kind": "item", "id": item.id, "name": item.name},
        )
    return None if item.active else inactive("item", item.id, item.name, ledger)


def guard(
    facts: LineFacts, *, account: Account, item: Item | None, walled: frozenset[str], ledger: str
) -> Problem | None:
    """Refuse a target of the wrong type for its line, and every account of client money."""
    if is_walled(account, walled):
        return trust_wall(account, ledger)
    sort = nature(account)
    through = f"Product “{item.name}” posts to" if item else "It is mapped to"
    wrong = f"{through} “{account.name}”, which is of type {account.type or 'unknown'}."
    taxes = facts.line is LineKind.TAX or (facts.line is LineKind.WRITE_OFF and facts.of == "tax")
    if taxes and sort != "liability":
        return _wrong_type("tax_to_liability", "Tax must go to a liability account.", wrong, account)
    hard = facts.line is LineKind.EXPENSE and facts.cost is Cost.HARD
    if hard and (sort != "asset" or account.type in NOT_COSTS_ADVANCED):
        rule = "Hard costs must go to an asset account such as Advanced Client Costs."
        return _wrong_type("hard_cost_to_asset", rule, wrong, account)
    if facts.line is LineKind.DISCOUNT and sort not in {"income", "expense"}:
        rule = "Discounts must go to a contra-income or expense account."
        return _wrong_type("discount_account", rule, wrong, account)
    return None


def trust_wall(account: Account, ledger: str) -> Problem:
    """Refuse to let the firm's own money touch an account of client money."""
    return Problem(
        code="trust_wall",
        fix=Fix.MAP,
        words=f"“{account.name}” holds client money in {ledger}: the firm's own fees, costs and payments "
        "never go there. Choose another account.",
        cause=account.id,
        facts={"account": account.id, "name": account.name},
    )


def _wrong_type(code: str, rule: str, wrong: str, account: Account) -> Problem:
    return Problem(
        code=code,
        fix=Fix.MAP,
        words=f"{rule} {wrong}",
        cause=account.id,
        facts={"account": account.id, "type": account.type},
    )
