"""The choices of one set of books, as the firm file words them, resolved to ids of the books. Pure.

`raw` is the firm file's `books` entry without name, ledger and rules: JSON values, days as ISO text.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from mapping import guards
from mapping.rules import HOLD, RuleRow
from syncapp.core import money
from syncapp.core.cashbasis import PAID_FIRST
from syncapp.core.planning.confidential import rule_of
from syncapp.core.planning.facts import (
    AGED_AFTER,
    COSTS_SUFFIX,
    FIRM_FUNDS_NAME,
    INTEREST_NAME,
    DepositRule,
    Options,
)
from syncapp.core.problems import Fix, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from syncapp.core.books import Account, Chart, Item

TRUST_ACCOUNT_KEYS = ("bank", "liability")
BILL_PDF = {
    "none": "Do not attach it",
    "attach": "Attach it; customers do not get it",
    "send": "Attach it, and let it go out when the invoice is sent",
}
GROUPS = ("customers", "invoices", "retainers", "rounding")

type Pins = Mapping[str, Mapping[str, str]]  # a kind, a name as it was chosen, the id that it stands for


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """Options with ids, the accounts of client money, and what could not be resolved.

    A deposit rule keeps the account it names even when that cannot be used: whatever fits it is held.
    """

    options: Options
    walled: frozenset[str]
    problems: tuple[Problem, ...] = ()


def fallback(raw: Mapping[str, Any]) -> str:
    """Return the fallback item by name, or HOLD."""
    said = raw.get("fallback", "hold")
    return str(said["item"]) if isinstance(said, dict) else HOLD


def aged_after(raw: Mapping[str, Any]) -> int:
    """Return after how many days in Undeposited Funds something is an exception."""
    return int((raw.get("payouts") or {}).get("aged_after", AGED_AFTER))


def bill_pdf(raw: Mapping[str, Any]) -> str:
    """Return whether Clio's PDF of a bill hangs at its invoice: a key of BILL_PDF."""
    return str((raw.get("invoices") or {}).get("bill_pdf", "none"))


def paid_first(raw: Mapping[str, Any]) -> str:
    """Return what a part payment pays first: a name of `core.cashbasis.ORDERS`."""
    return str((raw.get("invoices") or {}).get("paid_first", PAID_FIRST))


def pinned(kind: str, text: str, pins: Pins) -> str:
    """Return a choice as `id:123` when its name was pinned to an id, so that a rename is harmless."""
    known = pins.get(kind, {}).get(text)
    return f"id:{known}" if known else text


def living(pins: Pins, chart: Chart) -> dict[str, dict[str, str]]:
    """Return the pins whose object the books still list; of the others the name decides again."""
    rows: dict[str, Mapping[str, object]] = {
        "item": chart.items,
        "account": chart.accounts,
        "class": chart.classes,
        "location": chart.locations,
    }
    return {
        kind: {text: id_ for text, id_ in names.items() if id_ in rows[kind]} for kind, names in pins.items()
    }


def pinned_rules(rules: Sequence[RuleRow], pins: Pins) -> tuple[RuleRow, ...]:
    """Return the rules with every pinned name as its id."""
    return tuple(
        RuleRow(
            position=rule.position,
            when=rule.when,
            item=pinned("item", rule.item, pins),
            account=pinned("account", rule.account, pins),
            class_id=pinned("class", rule.class_id, pins),
            location=pinned("location", rule.location, pins),
        )
        for rule in rules
    )


def names_used(raw: Mapping[str, Any], rules: Sequence[RuleRow]) -> list[tuple[str, str, str]]:
    """List every name that a mapping uses: its place, its kind (item, account, class, location), itself."""
    found = []
    for index, rule in enumerate(rules):
        at = f"mapping.rules[{index}]"
        found += [
            (f"{at}.item", "item", rule.item),
            (f"{at}.account", "account", rule.account),
            (f"{at}.class", "class", rule.class_id),
            (f"{at}.location", "location", rule.location),
        ]
    found.append(("mapping.fallback.item", "item", fallback(raw)))
    for index, row in enumerate(raw.get("deposits", [])):
        key = "otherwise" if "otherwise" in row else "account"
        found.append((f"deposits[{index}].{key}", "account", str(row.get(key, ""))))
    retainers = raw.get("retainers") or {}
    found.append(("retainers.liability", "account", str(retainers.get("liability", ""))))
    found.append(("retainers.item", "item", str(retainers.get("item", ""))))
    found.append(("openings.item", "item", str((raw.get("openings") or {}).get("item", ""))))
    found.append(("payouts.fees", "account", str((raw.get("payouts") or {}).get("fees", ""))))
    found.append(("rounding.item", "item", str((raw.get("rounding") or {}).get("item", ""))))
    for index, pair in enumerate(raw.get("trust", [])):
        for key in ("operating", *TRUST_ACCOUNT_KEYS):
            found.append((f"trust[{index}].{key}", "account", str(pair.get(key, ""))))
    return [(place, kind, text) for place, kind, text in found if text]


def find(kind: str, text: str, chart: Chart) -> tuple[str, bool] | None:
    """Find a name in the books: its id and whether it is active."""
    if kind == "item":
        item = chart.item_named(text)
        return (item.id, item.active) if item else None
    if kind == "account":
        account = chart.account_named(text)
        return (account.id, account.active) if account else None
    tag = guards.tag_named(chart.classes if kind == "class" else chart.locations, text)
    return (tag.id, tag.active) if tag else None


def pins_for(raw: Mapping[str, Any], rules: Sequence[RuleRow], chart: Chart) -> dict[str, dict[str, str]]:
    """Pin every name that the books know to its id."""
    pins: dict[str, dict[str, str]] = {}
    for _place, kind, text in names_used(raw, rules):
        if not text.startswith("id:") and (found := find(kind, text, chart)):
            pins.setdefault(kind, {})[text] = found[0]
    return pins


def walled(raw: Mapping[str, Any], chart: Chart, pins: Pins) -> frozenset[str]:
    """Return the ids of the accounts of client money: by their type, and those of the trust pairs."""
    ids = {account.id for account in chart.accounts.values() if guards.is_walled(account)}
    for pair in raw.get("trust", []):
        for key in TRUST_ACCOUNT_KEYS:
            account = chart.account_named(pinned("account", str(pair.get(key, "")), pins))
            if account:
                ids.add(account.id)
    return frozenset(ids)


def resolve(raw: Mapping[str, Any], chart: Chart, *, pins: Pins, ledger: str = "QuickBooks") -> Resolved:
    """Resolve the options of one set of books. Raises KeyError when a start date is missing."""
    problems: list[Problem] = []
    wall = walled(raw, chart, pins)

    def account(text: str) -> Account | None:
        return _operating(chart.account_named(pinned("account", text, pins)), text, wall, ledger, problems)

    def item(text: str) -> Item | None:
        return _sellable(chart, pinned("item", text, pins), text, wall, ledger, problems)

    customers, invoices, retainers, rounding = (raw.get(key) or {} for key in GROUPS)
    options = Options(
        start_bills=date.fromisoformat(raw["start"]["bills"]),
        start_payments=date.fromisoformat(raw["start"]["payments"]),
        start_credits=date.fromisoformat(raw["start"]["credits"]),
        matters_as=customers.get("matters_as", "sub-customers"),
        client_name=customers.get("client_name", "{client}"),
        matter_name=customers.get("matter_name", "{matter_number} {client}"),
        firm_funds=customers.get("firm_funds", FIRM_FUNDS_NAME),
        trust_interest=customers.get("trust_interest", INTEREST_NAME),
        confidential=rule_of(customers.get("confidential") or {}),
        number_prefix=invoices.get("number_prefix", ""),
        lines=invoices.get("lines", "detail"),
        tax=invoices.get("tax", "aggregate"),
        several_matters=invoices.get("several_matters", "one"),
        narrative=bool(invoices.get("narrative", False)),
        deposits=tuple(_deposit(row, chart, pins, account) for row in raw.get("deposits", [])),
        retainer_account=_liability(account(str(retainers.get("liability", ""))), problems),
        retainer_item=item(str(retainers.get("item", ""))),
        opening_item=item(str((raw.get("openings") or {}).get("item", ""))),
        fee_account=_expense(account(str((raw.get("payouts") or {}).get("fees", ""))), problems),
        aged_after=aged_after(raw),
        rounding_item=item(str(rounding.get("item", ""))),
        rounding_up_to=money.minor(str(rounding.get("up_to", "0"))),
        walled=wall,
    )
    return Resolved(options=_with_costs(options, raw), walled=wall, problems=tuple(problems))


def _with_costs(options: Options, raw: Mapping[str, Any]) -> Options:
    """Say whether a bill's costs stand on an invoice of their own, and what a part payment pays first."""
    invoices = raw.get("invoices") or {}
    return replace(
        options,
        costs=invoices.get("costs", "together"),
        costs_suffix=invoices.get("costs_suffix", COSTS_SUFFIX),
        paid_first=paid_first(raw),
    )


def _deposit(
    row: Mapping[str, Any],
    chart: Chart,
    pins: Pins,
    account: Callable[[str], Account | None],
) -> DepositRule:
    """Return a deposit row as a rule; what stands against it is said by `account`, in the problems."""
    text = str(row.get("otherwise") or row.get("account", ""))
    account(text)
    found = chart.account_named(pinned("account", text, pins)) if text else None
    return DepositRule(
        account=found.id if found else "",
        bank_account=str(row.get("clio_bank_account", "")),
        method=str(row.get("method", "")),
    )


def _operating(
    found: Account | None, text: str, wall: frozenset[str], ledger: str, problems: list[Problem]
) -> Account | None:
    if not text:
        return None
    if found is None:
        problems.append(guards.missing("account", text, ledger))
    elif guards.is_walled(found, wall):
        problems.append(guards.trust_wall(found, ledger))
        return None
    elif problem := guards.inactive_account(found, ledger):
        problems.append(problem)
        return None
    return found


def _sellable(
    chart: Chart, pinned_text: str, text: str, wall: frozenset[str], ledger: str, problems: list[Problem]
) -> Item | None:
    if not text:
        return None
    item = chart.item_named(pinned_text)
    if item is None:
        problems.append(guards.missing("item", text, ledger))
        return None
    account = chart.accounts.get(item.account)
    problem = guards.usable_item(item, ledger)
    if account is not None and guards.is_walled(account, wall):
        problem = guards.trust_wall(account, ledger)
    if problem:
        problems.append(problem)
        return None
    return item


def _liability(account: Account | None, problems: list[Problem]) -> Account | None:
    """Money the firm has not earned is owed to the client: the retainer account is a liability."""
    if account is None or guards.nature(account) == "liability":
        return account
    problems.append(
        Problem(
            code="retainer_to_liability",
            fix=Fix.MAP,
            words=f"Retainers must go to a liability account; “{account.name}” is of type {account.type}.",
            cause=account.id,
        )
    )
    return None


def _expense(account: Account | None, problems: list[Problem]) -> Account | None:
    """What a processor keeps is spent: of client money too, so that no ledger in trust ever pays it."""
    if account is None or guards.nature(account) == "expense":
        return account
    problems.append(
        Problem(
            code="fees_to_expense",
            fix=Fix.MAP,
            words=f"Processor fees must go to an expense; “{account.name}” is of type {account.type}.",
            cause=account.id,
        )
    )
    return None
