"""Cards of payments, deposits and of what changed in the books. Pure."""

from __future__ import annotations

from syncapp.desk.cards.nouns import Card, card

AT_CLIO = ("Correct it in Clio", "The correction arrives by itself, and it posts.")
RETRY = ("Try again", "It is read and planned anew by what both sides now say.")
OURS = (
    "Try again: bring the books in line with Clio",
    "The entry in QuickBooks is changed to what Clio says. Before and after stand in its record.",
)

PAYMENTS: dict[str, Card] = {
    "deposited": card(
        "The payment stands in a deposit, as the bank has it, and Clio now says something else. The deposit "
        "is not touched by itself, so that the bank line stays matched.",
        (
            "Take it out of its deposit in QuickBooks, then try again",
            "The payment is changed; deposit it again. The deposit and the bank then differ by the change.",
        ),
        (
            "The bank returned it",
            "Say so on the payment: an entry dated the return posts, and the deposit stays.",
        ),
        (
            "The bank received the first amount",
            "Correct the payment in Clio to it. What is over stays as the client's credit.",
            False,
        ),
    ),
    "deposit_changed": card(
        "Something on the slip was deposited or changed in QuickBooks after somebody ticked it. Nothing of "
        "the slip was posted, so that no money is at the bank twice.",
        (
            "Take the slip back, and make a new one of what still waits",
            "The new one posts; this closes with the next run.",
        ),
        (
            "Take it out of the other deposit in QuickBooks, then try again",
            "The slip posts as it was made.",
        ),
    ),
    "charge_without_payment": card(
        "A card was charged, the money came, and neither Clio nor the books know of it. Its payout is not "
        "posted before, so that no deposit differs from the bank's line.",
        (
            "Record the payment in Clio with this date and amount",
            "It posts, is found in the payout, and this closes by itself.",
        ),
        (
            "It has nothing to do with a client: deposit the payout in QuickBooks by hand",
            "Name there what the charge was for. This closes when the payout's payments lie in a deposit.",
            False,
        ),
    ),
    "undeposited_aged": card(
        "By the books the money lies in a drawer. It is at the bank and no deposit says so, or it never "
        "got there.",
        (
            "Tick what went to the bank together in Undeposited Funds",
            "One deposit of it posts, and what it holds leaves this list.",
        ),
        ("Deposit it in QuickBooks by hand", "It leaves this list with the next run.", False),
        (
            "It never reached the bank, or was entered by mistake",
            "Correct or remove the payment in Clio; the books follow.",
        ),
    ),
    "matched": card(
        "The entry is matched to a bank line. Changed, it would no longer agree with the bank.",
        ("Undo the match in QuickBooks, then try again", "The entry is changed; match it again."),
        ("Correct it in Clio to what the bank says", "Then nothing has to change.", False),
    ),
    "settled": card(
        "QuickBooks calls it settled and does not void it.",
        ("Reverse it in QuickBooks as of today, then try again", "The next look finds how it stands."),
        ("Undo the change in Clio", "Then nothing has to change.", False),
    ),
    "has_balance": card(
        "It has an open balance and cannot be taken away.",
        ("Settle the balance in QuickBooks, then try again", "It is then taken back."),
    ),
    "cannot_link": card(
        "QuickBooks does not let these two be applied to each other. Nothing was written.",
        ("Look at both in QuickBooks", "Different customers, or one is void: mend it, then try again."),
    ),
    "payer_differs": card(
        "The payment and its invoice belong to different customers in QuickBooks. Nothing was written.",
        ("Bring the customers in line in QuickBooks", "Then try again here."),
        ("Correct the payment in Clio", "It is then planned anew."),
    ),
    "receivable_without_customer": card(
        "A line on receivables names nobody who owes it. Nothing was written.", AT_CLIO
    ),
    "payment_removed": card(
        "Clio has the payment no longer; the books have it, in a deposit or a closed month. Which of the two "
        "is right only a person knows.",
        ("The bank returned it", "The client owes it again from the day of the return."),
        (
            "The card processor charged it back",
            "The client owes it again; the deposit of the payout takes it out of the bank.",
        ),
        ("It was entered by mistake", "It is taken out as the card says."),
    ),
    "returned_not_removed": card(
        "The books have the return, Clio still counts the payment: the client's balance differs by it.",
        ("Remove the payment in Clio", "Both then agree, and this closes by itself.", False),
    ),
    "payment_unapplied": card(
        "The money is in the books, but part of it pays no invoice: it is the client's credit.",
        ("Apply it in Clio", "The allocation arrives by itself and is applied."),
        ("Pay it back, and record that in Clio", "The refund posts against this credit, by a check."),
        ("Leave it as the client's credit", "Close the alarm with a word.", False),
    ),
    "payment_without_client": card("It names nobody who paid.", AT_CLIO),
    "money_without_client": card(
        "Money came in or went out that names no client, so it cannot be owed to anybody.", AT_CLIO
    ),
    "unearned_in_operating": card(
        "It stands as the client's retainer in operating. Unearned money may belong in trust.",
        ("Move it to trust, and record that in Clio", "The transfer then posts."),
        ("It is earned, or an overpayment", "Bill it or refund it in Clio; close the alarm.", False),
    ),
    "refund_over_retainer": card(
        "More went back to the client than the books hold for them: as a retainer, or as a payment that pays "
        "no invoice. Nothing of it was posted, so the bank shows a payment that the books do not have yet.",
        (
            "Record in Clio what the refund was of",
            "The deposit or payment that it gives back, or one refund for each matter. It then posts.",
        ),
        (
            "The money pays an invoice in QuickBooks that it should not: free it there, then try again",
            "As soon as the books show it unapplied, the refund posts against it.",
        ),
    ),
    "refund_unbacked": card(
        "The money went back to the client and also counts as paid: it pays an invoice now, or its payment "
        "is smaller or gone. The refund stays as the bank has it, and the client owes what is lacking.",
        (
            "Take the payment off the other bill in Clio, if that was the mistake",
            "The rest stands again as it was refunded; close the alarm.",
        ),
        (
            "Remove or correct the refund in Clio, if it never left the bank",
            "Its check in QuickBooks follows; close the alarm.",
        ),
        (
            "The client owes it again",
            "Ask the client for it; the payment that comes is recorded in Clio. Close the alarm with a word.",
            False,
        ),
    ),
    "changed_in_books": card(
        "Somebody changed the entry in QuickBooks just before Tieout did, so neither is overwritten.",
        OURS,
        ("Bring Clio in line with the books", "When both agree this closes by itself.", False),
    ),
    "stale": card(
        "Somebody saved the entry in QuickBooks at the same moment. Nothing of ours was written.",
        OURS,
        ("Bring Clio in line with the books", "When both agree this closes by itself.", False),
    ),
    "deleted_in_books": card(
        "The books have no longer what Clio still says. Receivables are short by it.",
        ("Try again", "What was deleted is found missing, and the tie-out names it."),
        ("Void or delete it in Clio too", "Both then agree, and this closes.", False),
    ),
    "gone_from_books": card(
        "QuickBooks has the entry no longer, or hides something that it uses. Nothing was written.",
        RETRY,
        ("Void or delete it in Clio too", "Both then agree, and this closes.", False),
    ),
    "unbalanced": card("QuickBooks found debits and credits unequal. Nothing was written.", RETRY),
    "unknown_refusal": card(
        "QuickBooks refused it for a reason that no table lists. Nothing was written; its answer is below, "
        "and every try is kept on the record as evidence.",
        ("Mend in QuickBooks what its answer names, then try again", "The same entry is sent once more."),
        ("Correct it in Clio", "The changed record is planned anew."),
    ),
    "unknown_word": card(
        "Clio uses a word that Tieout does not know, and money is not booked by guessing.",
        ("Change the record in Clio, if the word was a mistake", "It is then read anew."),
        ("Tell us the word", "It is kept verbatim and read as soon as it is known.", False),
    ),
    "unreadable": card(
        "Something of the record is missing or cannot be read; it is kept word for word.", AT_CLIO
    ),
}

COUNTED_STILL = card(
    "The books have what the card processor took back, Clio still counts it: the client's balance differs by "
    "that part.",
    (
        "Lower the payment in Clio by it",
        "The rest stands; both then agree, and this closes by itself.",
        False,
    ),
)
