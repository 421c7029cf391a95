"""The page of client money: every trust account, what it holds for whom, and what a Clio user may record."""

from __future__ import annotations

from decimal import Decimal
from html import escape

from werkzeug.wrappers import Request

from syncapp.emulators.clio.billpage import field
from syncapp.emulators.clio.desk_trust import trust_balance
from syncapp.emulators.clio.desk_trust_rows import PAIRED
from syncapp.emulators.clio.funds import BankAccount, BankTransaction
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.nouns import Contact, Matter
from syncapp.emulators.clio.views import SHOWN, cash, table

RECORDS = (
    ("trust_deposit", "Deposit", ("matter", "amount", "date", "reference", "source")),
    ("trust_disbursement", "Disbursement", ("matter", "amount", "date", "reference", "payee")),
    ("trust_refund", "Refund to the client", ("matter", "amount", "date", "reference")),
    ("trust_interest", "Interest", ("amount", "date")),
    ("bank_charge", "Bank charge", ("amount", "date", "description")),
)
LABELS = {"matter": "Matter number", "source": "Payer", "payee": "Payee", "description": "Text"}


def trust(world: World, request: Request) -> tuple[str, str]:
    """One trust account, chosen by `bank`: balances, what may be recorded, the rows with the newest first."""
    accounts = [a for a in world.all(BankAccount) if a.type == "Trust"]
    asked = request.args.get("bank", "")
    bank = next((a for a in accounts if str(a.id) == asked), accounts[0] if accounts else None)
    if bank is None:
        return "Trust", "<p>This firm has no trust account.</p>"
    rows = [t for t in reversed(world.all(BankTransaction)) if t.bank_account_id == bank.id]
    held = [
        [escape(m.display_number), escape(world.get(Contact, m.client_id).name), cash(amount)]
        for m in world.all(Matter)
        if (amount := trust_balance(world, matter=m.id, bank=bank.id))
    ]
    total = sum((t.amount for t in rows), Decimal(0))
    return "Trust", (
        _choice(world, accounts)
        + f"<p>Balance of {escape(bank.name)}: <strong>{cash(total)}</strong></p><h2>Held for matters</h2>"
        + table("Held for matters", ("Matter", "Client", "Balance"), held, right=1)
        + "<h2>Record client money</h2>"
        + "".join(_record(world, bank, *each) for each in RECORDS)
        + "<h2>Transactions</h2>"
        + _rows(world, bank, sorted(rows, key=lambda t: t.date, reverse=True)[:SHOWN])
    )


def _choice(world: World, accounts: list[BankAccount]) -> str:
    if len(accounts) < 2:
        return ""
    here = f"/firms/{world.account_id}/trust"
    links = (
        f'<a href="{here}?bank={a.id}">{escape(a.name)} {escape(a.account_number)}</a>' for a in accounts
    )
    return f"<p>{' · '.join(links)}</p>"


def _form(world: World, bank: BankAccount, hidden: dict[str, object], fields: str, label: str) -> str:
    back = f"/firms/{world.account_id}/trust?bank={bank.id}"
    given = {"words": "Recorded.", "back": back, **hidden}
    inputs = "".join(f'<input type="hidden" name="{k}" value="{escape(str(v))}">' for k, v in given.items())
    return (
        f'<form class="row" method="post" action="/firms/{world.account_id}/do">{inputs}{fields}'
        f'<button class="quiet">{escape(label)}</button></form>'
    )


def _record(world: World, bank: BankAccount, name: str, label: str, names: tuple[str, ...]) -> str:
    today = str(world.today())
    shown = "".join(
        field(name, n, LABELS.get(n, n.title()), today if n == "date" else "", kind=_kind(n)) for n in names
    )
    return _form(world, bank, {"do": name, "bank_account": bank.id}, shown, f"Record: {label.lower()}")


def _kind(name: str) -> str:
    return "date" if name == "date" else "text"


def _rows(world: World, bank: BankAccount, rows: list[BankTransaction]) -> str:
    heads = ("Date", "Matter", "Payer or payee", "Text", "Reference", "Change", "Amount")
    listed = [
        [
            str(t.date),
            escape(next((m.display_number for m in world.some(Matter, [t.matter_id or 0])), "")),
            escape(t.source),
            escape(t.description),
            escape(t.confirmation),
            _change(world, bank, t),
            cash(t.amount),
        ]
        for t in rows
    ]
    return table("Transactions", heads, listed, right=1)


def _change(world: World, bank: BankAccount, row: BankTransaction) -> str:
    """Edit, remove, return or void; a row of a payment or a transfer is changed where it was made."""
    if row.payment_id is not None or row.transaction_type in PAIRED:
        return ""
    one, own = f"row{row.id}", {"row": row.id}
    edit = field(one, "amount", "Amount", f"{abs(row.amount)}", size=9)
    edit += field(one, "date", "Date", row.date, kind="date")
    made = _form(world, bank, {"do": "edit_trust_row", **own}, edit, "Change")
    made += _form(world, bank, {"do": "remove_trust_row", **own}, "", "Remove")
    if row.client_id is not None:
        opposite = ("return_deposit", "Returned") if row.amount > 0 else ("void_check", "Void")
        made += _form(world, bank, {"do": opposite[0], **own}, "", opposite[1])
    return f"<details><summary>Change</summary>{made}</details>"
