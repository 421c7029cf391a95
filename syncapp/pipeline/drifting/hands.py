"""The causes that hands in the books make, by code, and with which words each ends by itself."""

from __future__ import annotations

CHANGED = "changed_in_books"
OTHERWISE = "posted_differs"
TYPED = "typed_in_books"
PAID_THERE = "typed_payment"
TWICE = "income_twice"
CONTACT = "contact_differs"
MERGED = "customer_merged"
NOT_TAKEN = "contact_not_taken"
NOT_TOLD = "contact_not_told"
DIFFERS = "tie_difference"
REVERSED = "reversed_changed"
ENDS = {
    CHANGED: "it stands as it was posted",
    OTHERWISE: "QuickBooks shows it otherwise no more",
    TYPED: "it is not open in the books any more",
    PAID_THERE: "it is recorded in Clio, or gone from the books",
    TWICE: "the income is there once",
    DIFFERS: "both sides agree",
    REVERSED: "it stands as it was reversed",
}
BY_ANSWER = frozenset({CONTACT, MERGED, NOT_TAKEN, NOT_TOLD})  # each ends by one of the answers of its card
STRAYS = frozenset({"trust_stray", "trust_twin_late"})  # client money that stands otherwise, or twice
KEPT = frozenset({"client_credit"})  # a difference that is known, and stays one until Clio says the same
STATES = frozenset({"returned_not_removed", "payment_unapplied", "refund_unbacked"})  # as settling finds them
GONE = "the cause is gone"
UNTIL_CLIO = (
    "It is a difference between Clio and the bank. It ends when Clio says what the bank has received."
)
BY_ITSELF = "It ends when both sides stand alike, or by one of the choices of its card."
NEVER = (
    "What was typed to client money is never accepted by a word. Correct it in QuickBooks, or record it in "
    "Clio: then this ends by itself."
)


def refusal(*, code: str, resource: str) -> str:
    """Say why an alarm is not closed by a word; empty when it may be."""
    if code in STRAYS and resource == "books":
        return NEVER
    if code in KEPT:
        return UNTIL_CLIO
    return BY_ITSELF if code in ENDS or code in BY_ANSWER else ""
