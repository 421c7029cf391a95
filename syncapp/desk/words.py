"""The accountant's words for what the records call by short names. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from syncapp.core import money
from syncapp.desk.cards import card_of

LEDGERS = {"qbo": "QuickBooks", "xero": "Xero"}
PROVIDERS = {"clio": "Clio", "qbo": "QuickBooks", "xero": "Xero"}
REGIONS = {"us": "United States", "ca": "Canada", "eu": "Europe", "au": "Australia"}

KIND = {
    "client": "client",
    "matter": "matter",
    "bill": "bill",
    "payment": "payment",
    "credit": "credit",
    "interest": "interest charge",
    "money": "bank transaction",
    "opening": "trust opening",
    "deposit": "deposit",
    "charge": "charge",
    "book_row": "entry in the books",
}
RESOURCE = {
    "contacts": "client",
    "matters": "matter",
    "bills": "bill",
    "allocations": "payment",
    "payments": "payment",
    "credit_memos": "credit",
    "interest_charges": "interest charge",
    "bank_transactions": "bank transaction",
    "trust_openings": "trust opening",
    "line_items": "bill line",
    "activities": "time or expense entry",
    "deposits": "deposit",
    "payouts": "charge",
    "books": "entry in the books",
    "statement": "statement line",
}
# Where a record stands that did not come by way of Tieout.
STANDS = {"books": "In the books"}
# The prefix of a document's subject in links: what it stands for, by its kind.
PREFIX = {
    "client": "contacts",
    "matter": "matters",
    "bill": "bills",
    "payment": "payments",
    "credit": "credit_memos",
    "interest": "interest_charges",
    "money": "bank_transactions",
    "opening": "trust_openings",
    "deposit": "deposits",
}
OBJECT = {
    "account": "account",
    "customer": "customer",
    "invoice": "invoice",
    "payment": "payment",
    "credit_memo": "credit memo",
    "journal": "journal entry",
    "check": "check",
    "vendor": "vendor",
    "expense": "expense",
    "deposit": "deposit",
}
TIED = {
    "invoices": "Invoices",
    "payments": "Payments",
    "credits": "Credits and write-offs",
    "receivables": "Receivables",
    "trust": "Trust movements",
    "entries": "Our entries as they stand",
}
DIFFERS = {
    "missing": "Missing in the books",
    "extra": "Extra in the books",
    "different": "Different",
    "duplicated": "Duplicated in the books",
    "changed": "Changed after posting",
}
STATE = {
    "ready": ("Ready", ""),
    "sending": ("On its way", "waiting"),
    "uncertain": ("Answer lost, being looked up", "waiting"),
    "posted": ("Posted", "proven"),
    "refused": ("Refused", "wrong"),
    "awaiting_approval": ("Waits for approval", "waiting"),
    "shadow": ("Shadow, not sent", ""),
    "superseded": ("Replaced", ""),
}
ANSWER = {
    "posted": "Taken",
    "refused": "Refused",
    "uncertain": "No clear answer",
    "not_sent": "Did not leave",
}
RUN_STATE = {
    "going": ("Running", "waiting"),
    "done": ("Done", "proven"),
    "waiting": ("Waits", "waiting"),
    "failed": ("Stopped", "wrong"),
}
STAGE = {
    "pull": "Reading Clio",
    "read": "Sorting what Clio said",
    "books": "Reading the books",
    "settle": "Planning entries",
    "post": "Posting to the books",
    "reconcile": "Comparing both sides",
    "papers": "Attaching the PDFs of bills",
}
# What a stage is at, by Clio's resource or our own kind.
WHAT = {
    "contacts": "clients",
    "matters": "matters",
    "bills": "bills",
    "line_items": "lines of bills",
    "activities": "time and expenses",
    "allocations": "payments",
    "credit_memos": "credits",
    "interest_charges": "interest charges",
    "bank_transactions": "bank transactions",
    "bank_accounts": "bank accounts",
    "client": "clients",
    "matter": "matters",
    "bill": "bills",
    "payment": "payments",
    "credit": "credits",
    "interest": "interest charges",
    "money": "bank transactions",
    "opening": "openings of trust accounts",
    "deposit": "deposits",
}
TRIGGER = {"schedule": "On schedule", "person": "By a person", "command": "By command"}
SEVERITY = {
    "trust": ("Trust", "wrong"),
    "needs_person": ("Needs a person", "waiting"),
    "waiting": ("Goes on by itself", ""),
    "paused": ("Paused", ""),
    "scheduled": ("Posts at its time", ""),
}
# fix → what to press, and what it does to the books.
NEXT_STEP = {
    "map": "Choose where it goes in the mapping. Everything held by this cause then posts by itself.",
    "connect": "Connect the account again. Nothing is lost meanwhile; it waits here.",
    "setup": "Change the setting of the company that is named, then check again on the connections page.",
    "choose": "Choose the customer, or have a new one made. Everything of this client then posts.",
    "clio": "Correct it in Clio. The change arrives by itself and this closes.",
    "books": "Correct it in the books, then try again here.",
    "approve": "A person decides: reopen the period and try again, or correct it in the open period.",
    "look": "It has posted. Look at it, then close the alarm with a word on how it was settled.",
    "wait": "Nothing to do: it goes on by itself when what it waits for is there.",
    "trust": "Trust accounts are not set up yet. Until then client money stays out of the operating books.",
}

ASLEEP = ("inactive_item", "inactive_account", "inactive_class", "inactive_location")
# The same for cases that ask for more than their fix says.
NEXT_OF = {
    "paused": "Nothing is wrong with it: a person has paused it. It posts when somebody resumes.",
    "scheduled": "Nothing is wrong with it, and nothing to do: it posts by itself when its time comes.",
    **dict.fromkeys(ASLEEP, "Make it active from here, or map to another: all that it holds posts then."),
    "inactive_customer": "Make it active again from here: all that it holds posts then.",
    "stands_already": "Adopt what is the same, on one page: nothing posts for it. Or say that it is another.",
    "duplicate_number": "Compare the two. Link them if they are the same, or post under a number of its own.",
    "deposited": "Choose what happened: each of three repairs shows first what it would post.",
    "closed_correction": "Look at the entry that would correct it, then approve it. The closed period stays "
    "as it is.",
    "changed_in_books": "Compare both forms. Restore what was posted, or accept what stands with a reason.",
    "posted_differs": "Compare what was sent with what QuickBooks made of it, and choose how the two agree.",
    "typed_in_books": "Reverse it by the entry that is shown, or accept it with a reason.",
    "typed_payment": "Record it in Clio: it is matched then, and not posted a second time.",
    "income_twice": "Take the income line out of the deposit in QuickBooks and tick the payments instead; or "
    "say why they are two different receipts.",
    "undeposited_aged": "Make a deposit of what went to the bank, here or in QuickBooks: it then leaves "
    "this list.",
    "tie_difference": "Compare both sides and correct the one that is wrong. This closes when they agree.",
    "trust_awaiting_approval": "Look at the entry, then approve it. The approval lets it post; it cannot "
    "stop money that has moved.",
    "trust_twin": "Look at both. The same movement stands once: name the client on the one in the books, or "
    "delete that one there. Two movements may both stand.",
    "trust_twin_late": "Look at both. Delete the one that Tieout did not make in the books; this then closes "
    "by itself.",
    "trust_twin_changed": "Bring the entry in the books and Clio in line. Of what somebody else entered "
    "Tieout changes nothing but the client.",
    "trust_opening": "Compare the opening of the trust account with the books. Until it ties, nothing of it "
    "posts.",
    "trust_return_of": "Say which deposit came back. The two are then linked in the record and in the books.",
    "trust_negative": "Restore what is missing from the firm's own money and record the deposit in Clio: the "
    "alarm then ends by itself, and stays in the record. Pay nothing more from this ledger before that.",
    "payment_removed": "Say what happened to the payment: returned by the bank, or entered by mistake. "
    "Nothing posts before that.",
}
CORRECTING = {"credit_memo": "credit", "invoice": "invoice", "journal": "entry"}


def step(code: str, fix: str, facts: Mapping[str, Any]) -> str:
    """Say what to press for a case, and what it does to the books."""
    card = card_of(code, facts)
    if fix == "choose" and code not in NEXT_OF and code != "doubtful_customer" and card is not None:
        return f"{card.ways[0].do}. {card.ways[0].then}"
    if code == "changed_in_books" and facts.get("closed") and card is not None:
        return f"Compare both forms. {card.ways[0].do}, or accept what stands with a reason."
    return NEXT_OF.get(code) or NEXT_STEP.get(fix, "")


def joined(parts: Iterable[str]) -> str:
    """Join parts as a sentence does: `a, b and c`."""
    listed = [part for part in parts if part]
    if len(listed) < 2:  # noqa: PLR2004 - one thing stands alone
        return "".join(listed)
    return f"{', '.join(listed[:-1])} and {listed[-1]}"


def counted(number: int, noun: str) -> str:
    """Count a noun: `1 bill`, `1,204 bills`, `3 entries in the books`."""
    if number == 1:
        return f"1 {noun}"
    irregular = {"entry in the books": "entries in the books"}
    return f"{number:,} {irregular.get(noun, noun + 's')}"


def standing(kinds: Mapping[str, Mapping[str, Any]], *, equal: bool, currency: str) -> tuple[str, str]:
    """Say in a sentence whether both sides agree, and in a second one what explains the gap.

    `kinds` is `TieOut.kinds`; amounts are whole minor units.
    """
    if equal:
        invoices, payments = (_records(kinds, kind) for kind in ("invoices", "payments"))
        said = joined([counted(invoices, "invoice"), counted(payments, "payment")])
        return f"Everything ties: {said}, difference {money.spoken(0, currency)}.", ""
    order = [*TIED, *(kind for kind in kinds if kind not in TIED)]
    gaps = {kind: int(kinds[kind].get("difference") or 0) for kind in order if kind in kinds}
    loose = {kind: abs(int(row.get("unexplained") or 0)) for kind, row in kinds.items()}
    if any(gaps.get(kind) for kind in gaps if kind != "receivables"):
        gaps.pop("receivables", None)  # they differ because invoices, payments or credits do
    parts = [f"{money.spoken(abs(gap), currency)} of {_noun(kind)}" for kind, gap in gaps.items() if gap]
    owed = loose.pop("receivables", 0)
    unexplained = sum(loose.values()) or owed
    if not parts:
        return "Not equal: the totals agree, and single records differ.", "Look at each of them below."
    why = "All of it is in the exception queue; nothing is unexplained."
    if unexplained:
        why = f"{money.spoken(unexplained, currency)} of it is not held: each difference needs a look."
    return f"Not equal: {joined(parts)}.", why


def _records(kinds: Mapping[str, Mapping[str, Any]], kind: str) -> int:
    return int((kinds.get(kind, {}).get("clio") or {}).get("count") or 0)


def _noun(kind: str) -> str:
    return {"trust": "client money", "entries": "our own entries"}.get(kind, TIED.get(kind, kind).lower())
