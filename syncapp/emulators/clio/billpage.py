"""One bill with its lines, money and everything a Clio user may do to it."""

from __future__ import annotations

from functools import partial
from html import escape

from werkzeug.wrappers import Request

from syncapp.emulators.clio.funds import Allocation, CreditMemo, InterestCharge, Payment
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.nouns import LIVE, PAYABLE, Bill, Contact, LineItem, Matter
from syncapp.emulators.clio.sums import line_total, sums
from syncapp.emulators.clio.views import cash, table, words

LINES_SHOWN = 60


def bill(world: World, _: Request, number: int) -> tuple[str, str]:
    """The page of one bill."""
    found = world.get(Bill, number)
    kind = "Trust request" if found.bill_kind == "trust_kind" else "Bill"
    parts = (_head, _moves, _lines, _edit, _money, _payments, _credits, _charges)
    return f"{kind} {found.number}", "".join(part(world, found) for part in parts)


def _head(world: World, found: Bill) -> str:
    figures, client = sums(world, found), world.get(Contact, found.client_id)
    matters = ", ".join(m.display_number for m in world.some(Matter, found.matter_ids))
    facts = [
        ("Client", client.name),
        ("Matter", matters),
        ("State", words(found.state)),
        ("Issued", str(found.issued_at)),
        ("Due date", str(found.due_at)),
        ("Sub-total", cash(figures.sub_total)),
        ("Discount", cash(figures.discount)),
        ("Tax", cash(figures.tax + figures.secondary_tax)),
        ("Interest", cash(figures.interest)),
        ("Due", cash(figures.due)),
        ("Paid", cash(figures.paid)),
        ("Credits", cash(figures.credits_issued)),
        ("Balance", cash(figures.balance)),
    ]
    shown = "".join(f"<dt>{k}</dt><dd>{escape(v)}</dd>" for k, v in facts)
    return f'<div class="card"><dl>{shown}</dl></div>'


def form(
    world: World,
    back: Bill,
    name: str,
    label: str,
    words: str,
    *fields: str,
    quiet: bool = False,
    **fixed: object,
) -> str:
    """One action: its fixed values hidden, its fields shown, one button."""
    hidden = {"do": name, "words": words, "back": f"/firms/{world.account_id}/bills/{back.id}", **fixed}
    inputs = "".join(f'<input type="hidden" name="{k}" value="{escape(str(v))}">' for k, v in hidden.items())
    kind = ' class="quiet"' if quiet else ""
    return (
        f'<form class="row" method="post" action="/firms/{world.account_id}/do">{inputs}{"".join(fields)}'
        f"<button{kind}>{escape(label)}</button></form>"
    )


def field(
    unique: str, name: str, label: str, value: object = "", *, kind: str = "text", size: int = 12
) -> str:
    """A labelled input; its id is made of the form's word and its name."""
    mode = ' inputmode="decimal"' if name in ("amount", "price", "total", "quantity") else ""
    return (
        f'<div><label for="{unique}-{name}">{escape(label)}</label><input id="{unique}-{name}" name="{name}" '
        f'type="{kind}" value="{escape(str(value))}" size="{size}"{mode}></div>'
    )


def _moves(world: World, found: Bill) -> str:
    move = partial(form, world, found, bill=found.id)
    made = []
    if found.state == "draft":
        made.append(move("submit_bill", "Submit for approval", "Waits for approval.", quiet=True))
    if found.state in ("draft", "awaiting_approval"):
        made.append(move("approve_bill", "Approve", "Approved."))
        made.append(move("delete_bill", "Delete", "Deleted.", quiet=True))
    if found.state in PAYABLE:
        made.append(move("send_bill", "Send to the client", "Sent.", quiet=True))
        made.append(move("back_to_draft", "Back to draft", "Back to draft.", quiet=True))
        made.append(move("void_bill", "Void", "Voided.", quiet=True))
    return "<h2>State</h2>" + "".join(made) if made else ""


def _lines(world: World, found: Bill) -> str:
    shown = world.some(LineItem, found.line_ids)
    if not shown:
        return ""
    rows = [
        [
            str(line.date),
            escape(line.note or line.description) + ("" if line.display else " (hidden)"),
            str(line.quantity.normalize())
            if line.quantity != line.quantity.to_integral()
            else str(int(line.quantity)),
            cash(line.price),
            cash(line_total(world, line)),
        ]
        for line in shown[:LINES_SHOWN]
    ]
    more = f'<p class="soft">{len(shown)} lines; {len(rows)} shown.</p>' if len(shown) > len(rows) else ""
    return (
        "<h2>Lines</h2>"
        + more
        + table("Lines", ("Date", "Work", "Quantity", "Price", "Total"), rows, right=3)
    )


def _edit(world: World, found: Bill) -> str:
    if found.state not in LIVE or found.bill_kind == "trust_kind":
        return ""
    lines = [x for x in world.some(LineItem, found.line_ids) if x.display][:LINES_SHOWN]
    options = "".join(
        f'<option value="{x.id}">{escape((x.note or x.description)[:40])}</option>' for x in lines
    )
    pick = (
        f'<div><label for="line-line">Line</label><select id="line-line" name="line">{options}</select></div>'
    )
    change = partial(form, world, found)
    head = (
        field("head", "number", "Number", found.number),
        field("head", "issued_at", "Issued", found.issued_at or "", kind="date"),
        field("head", "due_at", "Due", found.due_at or "", kind="date"),
    )
    rate = field("cut", "discount_rate", "Discount, percent", found.discount_rate or "")
    cut = partial(change, "edit_bill", "Set the discount", "Discount set.", rate, discount_type="percentage")
    worth = (field("line", "price", "New price"), field("line", "quantity", "New quantity"))
    made = change("edit_bill", "Change the bill", "Changed.", *head, bill=found.id)
    made += cut(bill=found.id, quiet=True)
    made += change("edit_line", "Change the line", "Line changed.", pick, *worth) if lines else ""
    return "<h2>Edit</h2>" + made


def _money(world: World, found: Bill) -> str:
    if found.state != "awaiting_payment":
        return ""
    ask = partial(form, world, found)
    if found.bill_kind == "trust_kind":
        reference = field("ask", "reference", "Reference")
        pay = ask("pay_trust_request", "Record the deposit", "Deposit recorded.", reference, bill=found.id)
        return "<h2>Deposit into trust</h2>" + pay
    owed = sums(world, found).balance
    paid = (
        field("pay", "amount", "Amount", owed),
        field("pay", "date", "Date", world.today(), kind="date"),
        field("pay", "reference", "Check or reference"),
        field("pay", "bills", "Bills, by id", found.id),
    )
    trust, held, off = (field(word, "amount", "Amount", owed) for word in ("trust", "held", "off"))
    note = (field("note", "amount", "Amount"), field("note", "description", "Reason"))
    interest = field("interest", "total", "Amount")
    quiet = partial(ask, bill=found.id, quiet=True)
    forms = (
        ask("record_payment", "Record payment", "Payment recorded.", *paid),
        quiet("pay_from_trust", "Pay from trust", "Paid from trust.", trust),
        quiet("pay_from_operating", "Pay from operating funds", "Paid from operating funds.", held),
        quiet("write_off", "Write off", "Written off.", off),
        quiet("credit_note", "Give credit note", "Credit given.", *note),
        quiet("add_interest", "Add interest", "Interest added.", interest),
    )
    return "<h2>Money</h2>" + "".join(forms)


def _payments(world: World, found: Bill) -> str:
    parts = [a for a in world.some(Allocation, found.allocation_ids) if a.parent_type == "Payment"]
    if not parts:
        return ""
    rows = [
        [
            str(a.date),
            escape(_reference(world, a)),
            "interest" if a.interest else "bill",
            "removed" if a.voided_at else "",
            cash(a.amount),
        ]
        for a in parts
    ]
    made = table("Payments", ("Date", "Reference", "For", "", "Amount"), rows, right=1)
    made = made.replace('<th scope="col"></th>', '<th scope="col">Removed</th>')
    open_ids = dict.fromkeys(a.parent_id for a in parts if a.voided_at is None)
    for payment in world.some(Payment, open_ids):
        made += f"<h3>Payment {escape(payment.reference or str(payment.id))}, {cash(payment.amount)}</h3>"
        change = partial(form, world, found, payment=payment.id, quiet=True)
        new = (
            field(f"p{payment.id}", "amount", "Amount", payment.amount),
            field(f"p{payment.id}", "date", "Date", payment.date, kind="date"),
            field(f"p{payment.id}", "reference", "Reference", payment.reference),
        )
        made += change("edit_payment", "Change", "Payment changed.", *new)
        other = field(f"m{payment.id}", "bill", "To bill, by id")
        made += change("move_payment", "Move", "Payment moved.", other)
        made += change("remove_payment", "Remove", "Payment removed.")
    return "<h2>Payments</h2>" + made


def _reference(world: World, part: Allocation) -> str:
    return next((p.reference for p in world.some(Payment, [part.parent_id])), "")


def _credits(world: World, found: Bill) -> str:
    parts = [a for a in world.some(Allocation, found.allocation_ids) if a.parent_type == "CreditMemo"]
    made = ""
    for memo in world.some(CreditMemo, [a.parent_id for a in parts]):
        kind = "Write-off" if memo.credit_kind == "write_off" else "Credit note"
        made += f"<p>{kind} of {cash(memo.amount)} on {memo.date}{', removed' if memo.voided_at else ''}</p>"
        if memo.voided_at is None:
            made += form(
                world,
                found,
                "remove_credit",
                f"Remove {kind.lower()}",
                "Credit removed.",
                credit=memo.id,
                quiet=True,
            )
    return "<h2>Credits</h2>" + made if made else ""


def _charges(world: World, found: Bill) -> str:
    made = ""
    for charge in world.some(InterestCharge, found.charge_ids):
        made += f"<p>Interest of {cash(charge.total)} on {charge.date}</p>"
        made += form(
            world,
            found,
            "remove_interest",
            "Delete interest",
            "Interest deleted.",
            charge=charge.id,
            quiet=True,
        )
    return "<h2>Interest</h2>" + made if made else ""
