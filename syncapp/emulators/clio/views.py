"""The lists that people see: bills by state, clients."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from html import escape
from urllib.parse import quote

from werkzeug.wrappers import Request

from syncapp.emulators.clio.desk_bank import operating_funds
from syncapp.emulators.clio.desk_trust import trust_balance
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.nouns import Bill, Contact, Matter
from syncapp.emulators.clio.sums import sums

STATES = ("draft", "awaiting_approval", "awaiting_payment", "paid", "void", "deleted")
SHOWN = 200


def quoted(text: str) -> str:
    """A text for a query string."""
    return quote(text, safe="")


def cash(amount: Decimal) -> str:
    """Money for the eye: 1,234.50."""
    return f"{amount:,.2f}"


def words(state: str) -> str:
    """A state for the eye."""
    return state.replace("_", " ")


def table(caption: str, heads: Iterable[str], rows: Iterable[Iterable[str]], *, right: int = 0) -> str:
    """A table whose last `right` columns are numbers; cells are HTML."""
    names = list(heads)
    first_number = len(names) - right

    def mark(i: int) -> str:
        return ' class="n"' if i >= first_number else ""

    head = "".join(f'<th scope="col"{mark(i)}>{escape(n)}</th>' for i, n in enumerate(names))
    body = "".join(
        "<tr>" + "".join(f"<td{mark(i)}>{cell}</td>" for i, cell in enumerate(row)) + "</tr>" for row in rows
    )
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def bills(world: World, request: Request) -> tuple[str, str]:
    """Bills, newest first, by state."""
    state, asked = request.args.get("state", ""), request.args.get("number", "")
    found = [b for b in reversed(world.all(Bill)) if not state or b.state == state]
    found = [b for b in found if not asked or asked.lower() in b.number.lower()]
    here = f"/firms/{world.account_id}/bills"
    options = "".join(
        f'<option value="{s}"{" selected" if s == state else ""}>{words(s)}</option>' for s in STATES
    )
    pick = (
        f'<form class="row" method="get" action="{here}"><div><label for="state">State</label>'
        f'<select id="state" name="state"><option value="">all</option>{options}</select></div>'
        f'<div><label for="number">Number</label>'
        f'<input id="number" name="number" value="{escape(asked)}"></div>'
        "<button>Show</button></form>"
    )
    rows = [_bill_row(world, b, here) for b in found[:SHOWN]]
    heads = ("Number", "Issued", "Client", "State", "Due", "Balance")
    count = f'<p class="soft">{len(found)} bills; {min(len(found), SHOWN)} shown.</p>'
    return "Bills", pick + count + table("Bills", heads, rows, right=2)


def _bill_row(world: World, bill: Bill, here: str) -> list[str]:
    figures = sums(world, bill)
    kind = " (trust request)" if bill.bill_kind == "trust_kind" else ""
    return [
        f'<a href="{here}/{bill.id}">{escape(bill.number)}</a>',
        str(bill.issued_at or ""),
        escape(world.get(Contact, bill.client_id).name),
        words(bill.state) + kind,
        cash(figures.due),
        cash(figures.balance),
    ]


def clients(world: World, _: Request) -> tuple[str, str]:
    """Clients with what they owe and what the firm holds for them."""
    owed: dict[int, Decimal] = {}
    for bill in world.all(Bill):
        if bill.state == "awaiting_payment" and bill.bill_kind != "trust_kind":
            owed[bill.client_id] = owed.get(bill.client_id, Decimal(0)) + sums(world, bill).balance
    rows = [
        [
            escape(c.name),
            c.type,
            str(sum(m.client_id == c.id for m in world.all(Matter))),
            cash(owed.get(c.id, Decimal(0))),
            cash(operating_funds(world, c.id)),
            cash(trust_balance(world, client=c.id)),
        ]
        for c in world.all(Contact)
        if c.is_client
    ]
    heads = ("Client", "Kind", "Matters", "Owed", "Operating funds", "Trust")
    return "Clients", table("Clients", heads, rows, right=4)
