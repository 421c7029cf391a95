"""Cards of what a payment that changed in its deposit leaves to be looked at. Pure."""

from __future__ import annotations

from syncapp.desk.cards.nouns import Card, card

DEPOSITED: dict[str, Card] = {
    "deposit_differs": card(
        "The deposit was put together again with the changed payment. The bank line is of the deposit as it "
        "was, so the two no longer match.",
        (
            "Ask the bank for a correction of its line",
            "When the bank has corrected it, both agree. Close the alarm with a word.",
            False,
        ),
        (
            "Correct the payment in Clio to what the bank received",
            "The deposit is then changed back in the same way.",
        ),
    ),
    "taken_from_payout": card(
        "The bank received less than the payments come to, and nothing says what the processor took. Until "
        "that is told the payout is not posted, and nothing is booked by guessing.",
        (
            "A payment was charged back: choose it on the payout",
            "The client owes it again from that day; the deposit of the payout gathers the entry.",
        ),
        (
            "A part of a payment was charged back: choose the payment on the payout",
            "The client owes that part again; the rest pays as before.",
        ),
        (
            "It is a refund that Clio has: choose it on the payout",
            "It posts as paid out of the payout, not by a check.",
        ),
        ("It is a fee or an adjustment", "It is an expense of the firm in the deposit of the payout."),
        ("A dispute is won later", "Its row in a later payout gives it back.", False),
        ("Record the return or the refund in Clio first", "It is then offered on the payout.", False),
    ),
    "client_credit": card(
        "The books hold what the bank received. What Clio does not know of it is the client's credit, and "
        "the tie-out shows it as a known difference.",
        ("Correct the payment in Clio to what the bank received", "Both then agree, and this closes."),
        (
            "Pay it back, and record the refund in Clio",
            "It posts against this credit; the credit and the refund are then nothing on both sides.",
        ),
    ),
}
