"""The entry of one movement of client money: trust bank against trust liability, its ledgers named.

DESIGN section 9: payer or payee, check number and purpose stand on the lines, check number and the practice
system's id in the number, the address of the trace in the memo.
"""

from __future__ import annotations

from syncapp.core.ledger import (
    TrustBankLine,
    TrustCheckDraft,
    TrustJournalDraft,
    TrustLedgerLine,
    account_subject,
    payee_subject,
)
from syncapp.core.matching import shortened
from syncapp.core.planning.confidential import masked
from syncapp.core.planning.customers import NAME_LIMIT, clean
from syncapp.core.planning.facts import Book
from syncapp.core.planning.trust.pairs import Moved, Pair
from syncapp.core.planning.wanted import Wanted, client_subject

PAID_OUT = frozenset({"disbursement", "refund"})
NUMBER_LIMIT = 21  # qbo/API.md section 8.6
TEXT_LIMIT = 200  # characters of a line's text
RETURNED = "Returned deposit"
_WORDS = {
    "deposit": "Deposit into trust",
    "disbursement": "Paid out of trust",
    "refund": "Refund from trust",
    "transfer": "Transfer of client money",
    "bill_payment": "Bill paid from trust",
    "interest": "Interest on trust",
    "bank_charge": "Bank charge on trust",
}


def trust_entry(moved: Moved, pair: Pair, book: Book) -> Wanted:
    """Draft the entry of a movement. Raises AssertionError when its ledgers do not come to its amount."""
    hidden = any(_hides(ledger, book) for ledger, _ in moved.ledgers)
    text = text_of(moved, bare=hidden)
    draft = TrustJournalDraft(
        number=trust_number(moved),
        day=moved.day,
        banks=(TrustBankLine(account=pair.bank, amount=moved.amount, memo=text),) if moved.amount else (),
        ledgers=tuple(
            ledger_line(ledger, -amount, _of_matter(ledger, text, book), pair, book)
            for ledger, amount in moved.ledgers
        ),
        memo=_memo(moved, book),
        currency=book.company.currency,
    )
    return Wanted(subject=moved.subject, draft=_as_check(draft, moved, book) if pair.checks else draft)


def _as_check(draft: TrustJournalDraft, moved: Moved, book: Book) -> TrustJournalDraft:
    """Draft what is paid out as a check; all else stays a journal entry.

    A refund goes to its one client, and a disbursement to whom the practice system names.
    """
    out = moved.amount < 0 and all(line.amount > 0 for line in draft.ledgers)
    if moved.kind not in PAID_OUT or moved.returns or not out:
        return draft
    name = shortened(clean(moved.payee), NAME_LIMIT)
    clients = {client_of(ledger, book) for ledger, _ in moved.ledgers}
    client = clients.pop() if moved.kind == "refund" and len(clients) == 1 else None
    payee = client_subject(client) if client is not None else (payee_subject(name) if name else "")
    return TrustCheckDraft(
        number=draft.number,
        day=draft.day,
        banks=draft.banks,
        ledgers=draft.ledgers,
        memo=draft.memo,
        currency=draft.currency,
        payee=payee,
        payee_name=name,
    )


def trust_number(moved: Moved) -> str:
    """Return the entry's number: the check's and the practice system's own id, at most 21 characters."""
    resource, _, key = moved.subject.partition("/")
    key, _, second = key.partition("/")
    mark = {"payments": "P"}.get(resource, "T") + key + ("B" if second == "into" else "")
    check = moved.check[-(NUMBER_LIMIT - len(mark) - 1) :] if len(mark) < NUMBER_LIMIT - 1 else ""
    return (f"{check}-{mark}" if check else mark)[:NUMBER_LIMIT]


def ledger_line(ledger: str, amount: int, memo: str, pair: Pair, book: Book) -> TrustLedgerLine:
    """Return a line on a pair's liability that names its ledger: by its own account, or by a customer."""
    own = pair.own_accounts
    return TrustLedgerLine(
        account=pair.liability,
        ledger=ledger,
        customer="" if own else customer_of(ledger, book),
        amount=amount,
        memo=memo,
        below=account_subject(pair.liability, ledger) if own else "",
    )


def customer_of(ledger: str, book: Book) -> str:
    """Return the subject of the customer that a ledger's line names: its own, or its client's."""
    kind, _, key = ledger.partition("/")
    matter = book.matters.get(int(key)) if kind == "matters" else None
    if matter is None or book.options.matters_as == "sub-customers":
        return ledger
    return client_subject(matter.client_id)


def client_of(ledger: str, book: Book) -> int | None:
    """Return the client whose money a ledger holds; None for the firm's and the programme's."""
    kind, _, key = ledger.partition("/")
    if kind == "contacts":
        return int(key)
    matter = book.matters.get(int(key)) if kind == "matters" else None
    return matter.client_id if matter is not None else None


def named(ledger: str, book: Book) -> str:
    """Return a ledger as people know it: the matter with its client, or the client."""
    kind, _, key = ledger.partition("/")
    if kind == "trust":
        return "the firm's own funds in trust" if key == "firm" else "the interest on trust"
    client = book.clients.get(client_of(ledger, book) or 0)
    name = client.name if client is not None else ""
    matter = book.matters.get(int(key)) if kind == "matters" else None
    return f"matter {matter.number} of {name}" if matter is not None else f"client {name or key}"


def _hides(ledger: str, book: Book) -> bool:
    """Tell whether a ledger is of a client or a matter whose texts stay here."""
    kind, _, key = ledger.partition("/")
    matters = [int(key)] if kind == "matters" else []
    return book.hides(client_id=client_of(ledger, book), matter_ids=matters)


def text_of(moved: Moved, *, bare: bool = False) -> str:
    """Return what a movement is, with payer or payee, check or reference, and purpose.

    A number that may be an account's shows its last four digits; `bare` leaves out who and what for.
    """
    reference = f"check {moved.check}" if moved.check else moved.reference
    parts = (reference,) if bare else (moved.payee, reference, moved.text)
    told = masked(", ".join(part for part in parts if part))
    words = RETURNED if moved.returns else _WORDS.get(moved.kind, "Client money")
    return (f"{words}: {told}" if told else words)[:TEXT_LIMIT]


def _of_matter(ledger: str, text: str, book: Book) -> str:
    """Name the matter in the text where its customer is the client."""
    kind, _, key = ledger.partition("/")
    matter = book.matters.get(int(key)) if kind == "matters" else None
    if matter is None or book.options.matters_as == "sub-customers":
        return text
    return f"Matter {matter.number}. {text}"[:TEXT_LIMIT]


def _memo(moved: Moved, book: Book) -> str:
    key = moved.subject.split("/")[1]
    back = f", which returns {_noun(moved.returns)}" if moved.returns else ""
    return f"Clio {_noun(moved.subject)}{back}. {book.trace_url}/search/?q={key}".strip()


def _noun(subject: str) -> str:
    """Return a movement by the practice system's own noun and id."""
    resource, key, *_ = subject.split("/")
    return f"{resource.rstrip('s').replace('_', ' ')} {key}"
