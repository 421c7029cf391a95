"""One bill with its lines, money and everything a Clio user may do to it."""

from __future__ import annotations

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
    parts = [_head(world, found), _moves(world, found), _lines(world, found), _edit(world, found),
             _money(world, found), _payments(world, found), _credits(world, found),
             _charges(world, found)]  # fmt: skip
    return f"{kind} {found.number}", "".join(parts)


def _head(world: World, found: Bill) -> str:
    figures, client = sums(world, found), world.get(Contact, found.client_id)
    matters = ", ".join(m.display_number for m in world.some(Matter, found.matter_ids))
    facts = [
        ("Client", client.name), ("Matter", matters), ("State", words(found.state)),
        ("Issued", str(found.issued_at)), ("Due date", str(found.due_at)),
        ("Sub-total", cash(figures.sub_total)), ("Discount", cash(figures.discount)),
        ("Tax", cash(figures.tax + figures.secondary_tax)), ("Interest", cash(figures.interest)),
        ("Due", cash(figures.due)), ("Paid", cash(figures.paid)), ("Credits", cash(figures.credits_issued)),
        ("Balance", cash(figures.balance)),
    ]  # fmt: skip
    shown = "".join(f"<dt>{k}</dt><dd>{escape(v)}</dd>" for k, v in facts)
    return f'<div class="card"><dl>{shown}</dl></div>'


def form(world: World, back: Bill, name: str, label: str, words: str, *fields: str, quiet: bool = False,
         **fixed: object) -> str:  # fmt: skip
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
    made = []
    if found.state == "draft":
        made.append(
            form(
                world,
                found,
                "submit_bill",
                "Submit for approval",
                "Waits for approval.",
                bill=found.id,
                quiet=True,
            )
        )
    if found.state in ("draft", "awaiting_approval"):
        made.append(form(world, found, "approve_bill", "Approve", "Approved.", bill=found.id))
        made.append(form(world, found, "delete_bill", "Delete", "Deleted.", bill=found.id, quiet=True))
    if found.state in PAYABLE:
        made.append(form(world, found, "back_to_draft", "Back to draft", "Back to draft.", bill=found.id,
                         quiet=True))  # fmt: skip
        made.append(form(world, found, "void_bill", "Void", "Voided.", bill=found.id, quiet=True))
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
    head = form(
        world,
        found,
        "edit_bill",
        "Change the bill",
        "Changed.",
        field("head", "number", "Number", found.number),
        field("head", "issued_at", "Issued", found.issued_at or "", kind="date"),
        field("head", "due_at", "Due", found.due_at or "", kind="date"),
        bill=found.id,
    )
    cut = form(
        world, found, "edit_bill", "Set the discount", "Discount set.",
        field("cut", "discount_rate", "Discount, percent", found.discount_rate or ""), bill=found.id,
        discount_type="percentage", quiet=True,
    )  # fmt: skip
    line = form(
        world,
        found,
        "edit_line",
        "Change the line",
        "Line changed.",
        pick,
        field("line", "price", "New price"),
        field("line", "quantity", "New quantity"),
    )
    return "<h2>Edit</h2>" + head + cut + (line if lines else "")


def _money(world: World, found: Bill) -> str:
    if found.state != "awaiting_payment":
        return ""
    owed = sums(world, found).balance
    today = world.now().date()
    if found.bill_kind == "trust_kind":
        pay = form(world, found, "pay_trust_request", "Record the deposit", "Deposit recorded.",
                   field("ask", "reference", "Reference"), bill=found.id)  # fmt: skip
        return "<h2>Deposit into trust</h2>" + pay
    pay = form(
        world, found, "record_payment", "Record payment", "Payment recorded.",
        field("pay", "amount", "Amount", owed), field("pay", "date", "Date", today, kind="date"),
        field("pay", "reference", "Check or reference"), field("pay", "bills", "Bills, by id", found.id),
    )  # fmt: skip
    trust = form(world, found, "pay_from_trust", "Pay from trust", "Paid from trust.",
                 field("trust", "amount", "Amount", owed), bill=found.id, quiet=True)  # fmt: skip
    held = form(world, found, "pay_from_operating", "Pay from operating funds", "Paid from operating funds.",
                field("held", "amount", "Amount", owed), bill=found.id, quiet=True)  # fmt: skip
    off = form(world, found, "write_off", "Write off", "Written off.", field("off", "amount", "Amount", owed),
               bill=found.id, quiet=True)  # fmt: skip
    note = form(
        world,
        found,
        "credit_note",
        "Give credit note",
        "Credit given.",
        field("note", "amount", "Amount"),
        field("note", "description", "Reason"),
        bill=found.id,
        quiet=True,
    )
    interest = form(world, found, "add_interest", "Add interest", "Interest added.",
                    field("interest", "total", "Amount"), bill=found.id, quiet=True)  # fmt: skip
    return "<h2>Money</h2>" + pay + trust + held + off + note + interest


def _payments(world: World, found: Bill) -> str:
    parts = [a for a in world.some(Allocation, found.allocation_ids) if a.parent_type == "Payment"]
    if not parts:
        return ""
    rows = [
        [str(a.date), escape(_reference(world, a)), "interest" if a.interest else "bill",
         "removed" if a.voided_at else "", cash(a.amount)]
        for a in parts
    ]  # fmt: skip
    made = table("Payments", ("Date", "Reference", "For", "", "Amount"), rows, right=1)
    made = made.replace('<th scope="col"></th>', '<th scope="col">Removed</th>')
    open_ids = dict.fromkeys(a.parent_id for a in parts if a.voided_at is None)
    for payment in world.some(Payment, open_ids):
        made += f"<h3>Payment {escape(payment.reference or str(payment.id))}, {cash(payment.amount)}</h3>"
        made += form(
            world,
            found,
            "edit_payment",
            "Change",
            "Payment changed.",
            field(f"p{payment.id}", "amount", "Amount", payment.amount),
            field(f"p{payment.id}", "date", "Date", payment.date, kind="date"),
            field(f"p{payment.id}", "reference", "Reference", payment.reference),
            payment=payment.id,
            quiet=True,
        )
        made += form(
            world,
            found,
            "move_payment",
            "Move",
            "Payment moved.",
            field(f"m{payment.id}", "bill", "To bill, by id"),
            payment=payment.id,
            quiet=True,
        )
        made += form(world, found, "remove_payment", "Remove", "Payment removed.", payment=payment.id,
                     quiet=True)  # fmt: skip
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
