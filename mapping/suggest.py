"""A first mapping, proposed by the names and types in the books; a person publishes it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapping import guards
from mapping.coverage import Practice
from mapping.rules import RuleRow
from mapping.words import normal

if TYPE_CHECKING:
    from syncapp.core.books import Account, Chart, Item

FEES = ("legal fees", "legal services", "professional fees", "attorney fees", "fees", "services", "hours")
HARD = ("advanced cost", "costs advanced", "client cost", "hard cost", "reimburs")
SOFT = ("costs recovered", "cost recovery", "soft cost", "expenses recovered", "recovered", "costs")
INTEREST = ("late interest", "interest", "finance charge", "late fee")
TAX = ("sales tax", "tax collected", "tax")
EARLY = ("early payment", "early-payment", "prompt payment")
COSTS_OFF = ("costs written off", "cost write-off", "write-off of costs")
OFF = ("write-off", "write off", "written off", "bad debt")
DISCOUNTS = ("discounts given", "discount")
RETAINER = ("operating retainer", "retainer", "client credit")
OPENING = ("opening balance",)


def suggest(chart: Chart, practice: Practice) -> tuple[RuleRow, ...]:
    """Propose rules: specific before general; a line for which nothing fits by name gets no rule."""
    rows: list[dict[str, Any]] = []
    items = [i for i in chart.items.values() if _usable(i, chart)]

    def add(when: dict[str, str], item: Item | None, **more: str) -> None:
        if item is not None:
            rows.append({"when": when, "item": item.name, **more})

    income = [i for i in items if _nature(i, chart) in {"income", "expense"}]
    for area in practice.practice_areas:
        add({"line": "time", "practice_area": area}, _item(income, (normal(area),)), **_class(area, chart))
    add({"line": "time"}, _item(income, FEES))
    assets = [i for i in items if _nature(i, chart) == "asset"]
    add({"line": "expense", "cost": "hard"}, _item(assets, HARD) or (assets[0] if len(assets) == 1 else None))
    for name, cost in practice.expense_categories:
        if cost != "hard":
            add({"line": "expense", "expense_category": name}, _item(income, (normal(name),)))
    add({"line": "expense"}, _item(income, SOFT))
    if discounts := _discounts(chart):
        rows.append({"when": {"line": "discount"}, "account": discounts.name})
    add({"line": "interest"}, _item(income, INTEREST))
    liabilities = [i for i in items if _nature(i, chart) == "liability"]
    tax = _item(liabilities, TAX)
    add({"line": "tax"}, tax)
    expenses = [i for i in items if _nature(i, chart) == "expense"]
    add({"line": "write_off", "of": "costs"}, _item(expenses, (*COSTS_OFF, "cost")))
    add({"line": "write_off", "of": "tax"}, tax)
    add({"line": "write_off", "of": "early_payment"}, _item(income, EARLY))
    add({"line": "write_off"}, _item([i for i in income if not _says(i.name, COSTS_OFF)], OFF))
    return tuple(RuleRow(position=n, **row) for n, row in enumerate(rows, start=1))


def suggest_options(chart: Chart) -> dict[str, Any]:
    """Propose the options that names can tell. Start dates are a person's to choose."""
    found: dict[str, Any] = {"fallback": "hold"}
    items = [i for i in chart.items.values() if _usable(i, chart)]
    retainer = _item([i for i in items if _nature(i, chart) == "liability"], RETAINER)
    if retainer:
        account = chart.accounts[retainer.account]
        found["retainers"] = {"liability": account.name, "item": retainer.name}
    if opening := _item(items, OPENING):
        found["openings"] = {"item": opening.name}
    if undeposited := chart.of_type("Other Current Asset", "UndepositedFunds"):
        found["deposits"] = [{"otherwise": undeposited.name}]
    return found


def _usable(item: Item, chart: Chart) -> bool:
    account = chart.accounts.get(item.account)
    return (
        guards.usable_item(item, "") is None
        and account is not None
        and account.active
        and not guards.is_walled(account)
    )


def _nature(item: Item, chart: Chart) -> str:
    return guards.nature(chart.accounts[item.account])


def _says(name: str, words: tuple[str, ...]) -> bool:
    return any(word in normal(name) for word in words)


def _item(items: list[Item], words: tuple[str, ...]) -> Item | None:
    """Return the item that says the earliest of the words; the shortest name of equals."""
    ordered = sorted(items, key=lambda item: (len(item.name), item.name))
    return next((item for word in words for item in ordered if word and word in normal(item.name)), None)


def _class(area: str, chart: Chart) -> dict[str, str]:
    tag = guards.tag_named(chart.classes, area)
    return {"class_id": tag.name} if tag and tag.active else {}


def _discounts(chart: Chart) -> Account | None:
    fits = [
        a
        for a in chart.accounts.values()
        if a.active and not guards.is_walled(a) and guards.nature(a) in {"income", "expense"}
    ]
    typed = [a for a in fits if a.subtype == "DiscountsRefundsGiven"]
    named = [a for a in fits if _says(a.name, DISCOUNTS)]
    return next(iter(typed or named), None)
