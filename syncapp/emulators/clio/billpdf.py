"""A bill as a PDF, by the way that the switch says (API.md section 5, "Bill PDF"); a draft has none."""

from __future__ import annotations

from werkzeug.wrappers import Request

from syncapp.emulators.bank.paper import TEXT, Word, written
from syncapp.emulators.clio.errors import not_found
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.nouns import Bill
from syncapp.emulators.clio.sums import sums
from syncapp.emulators.wire import Answer

PDF = "application/pdf"
NONE_YET = ("draft", "awaiting_approval")


def asked(request: Request, world: World, parts: list[str]) -> int | None:
    """The id of the bill whose PDF this call asks for by the way that this Clio knows, or None."""
    if request.method != "GET" or len(parts) != 2 or parts[0] != "bills":
        return None
    if world.switches.bill_pdf == "path":
        number, dot, kind = parts[1].partition(".")
        return int(number) if (dot, kind) == (".", "pdf") and number.isdigit() else None
    wanted = request.headers.get("Accept", "").split(",")[0].strip() == PDF
    return int(parts[1]) if wanted and parts[1].isdigit() else None


def answer(world: World, number: int) -> Answer:
    """The paper of a bill. Raises ApiError for a draft."""
    bill = world.get(Bill, number)
    if bill.state in NONE_YET:
        raise not_found(world.switches)
    return Answer(text=paper(world, bill), content_type=PDF)


def paper(world: World, bill: Bill) -> bytes:
    """One page: number, days, what each line is, what is owed."""
    owed = sums(world, bill)
    texts = [
        f"Bill {bill.number}",
        f"Issued {bill.issued_at or '-'}, due {bill.due_at or '-'}",
        bill.subject or "",
        f"Total {owed.total}",
        f"Balance {owed.balance}",
    ]
    rows: list[list[Word]] = [[(TEXT, text)] for text in texts if text]
    return written([rows])
