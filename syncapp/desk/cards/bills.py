"""Cards of bills: numbers, lines, totals, dates. Texts for people, by the code of the cause. Pure."""

from __future__ import annotations

from syncapp.desk.cards.nouns import Card, card

SHORT = "Receivables and income are short by these bills. Their payments wait with them; nothing is doubled."
ONE = "Receivables are short by this bill until it is put right. Its payments wait with it."
AT_CLIO = (
    "Correct the bill in Clio",
    "The correction arrives by itself, and the bill posts as it then reads.",
)
VOID = ("Void the bill in Clio", "Nothing posts, and this closes.", False)

# A number that another invoice bears: nothing of it is the bill.
NUMBER_TAKEN = card(
    "Another invoice bears this number: its customer, date or total is not the bill's. To post a second "
    "one blindly would leave two of one number.",
    ("Post under another number", "The invoice posts with -C after its number; Clio keeps its own."),
    ("Renumber or void the one in QuickBooks", "Then try again here: the bill posts under its number."),
)
BILLS: dict[str, Card] = {
    "duplicate_number": card(
        "An invoice of this number stands in QuickBooks and is not from Tieout. To post a second one blindly "
        "would count the income twice.",
        ("Link the two", "When customer, date and total agree it is the same invoice.", False),
        ("Post under another number", "The invoice posts with -C after its number; Clio keeps its own."),
        ("Renumber or void the one in QuickBooks", "Then try again here: the bill posts under its number."),
    ),
    "number_used_twice": card(
        "One of two bills of the same number is in the books; the other is missing from receivables.",
        ("Renumber one of them in Clio", "The other posts under its new number."),
    ),
    "number_too_long": card(
        SHORT,
        ("Shorten the number in Clio", "The bill posts under the shorter number."),
        ("Shorten the prefix in the mapping", "All numbers become shorter from then on."),
    ),
    "too_long": card(
        ONE,
        ("Shorten it in Clio", "The change arrives by itself, and the record posts."),
    ),
    "bill_without_client": card(
        ONE, ("Name the client on the bill in Clio", "Then it posts to that customer.")
    ),
    "bill_incomplete": card(ONE, ("Complete the bill in Clio", "With a number and an issue date it posts.")),
    "bill_without_lines": card(ONE, AT_CLIO, VOID),
    "no_lines": card(ONE, AT_CLIO, VOID),
    "bill_does_not_add_up": card(
        "The lines and the total of the bill disagree, and no invoice can carry both. Nothing is rounded but "
        "by the firm's own rule.",
        ("Regenerate the bill in Clio", "When its lines come to its total it posts."),
        ("Open it in Clio and save it again", "Clio then works its totals out anew."),
        (
            "Let a few cents be rounded, in the mapping options",
            "Within that, one line says the difference and why, on the product for rounding.",
        ),
    ),
    "amount_differs": card(
        "QuickBooks multiplies each line itself and found another amount. Nothing was written.", AT_CLIO
    ),
    "negative_total": card(
        "A bill below zero is a credit. QuickBooks takes no such invoice, and nothing was written.",
        ("Issue a credit note in Clio instead", "It posts as a credit memo of the client."),
        AT_CLIO,
    ),
    "negative_line": card("Nothing was written.", AT_CLIO),
    "discount_too_large": card("The discount is more than what is billed. Nothing was written.", AT_CLIO),
    "too_many_lines": card(
        SHORT,
        ("Post this set of books in summary", "One line for each product; the detail stays in Clio."),
        ("Divide the bill in Clio", "Each part posts as an invoice of its own."),
    ),
    "mixed_locations": card(
        SHORT,
        ("Change the rules in the mapping", "With one location for all its lines the bill posts."),
        ("Bill the matters apart in Clio", "Each bill posts with its own location."),
    ),
    "mixed_classes": card(
        SHORT,
        ("Change the rules in the mapping", "With one class for all its lines the bill posts."),
        ("Let QuickBooks keep a class for each line", "Then each line posts with its own."),
    ),
    "currency": card(
        "Tieout converts no currency: a wrong rate would be wrong money.",
        ("Record it in the currency of the books", "Correct it in Clio; it then posts."),
        (
            "Enter it in QuickBooks by hand",
            "It stays here by name: Tieout's own entries do not have it.",
        ),
    ),
    "bill_not_read": card(
        "The bill is not among those that the connected person may see in Clio, so what pays it cannot be "
        "placed.",
        ("Give the connected person access to all bills in Clio", "Both arrive and post by themselves."),
    ),
    "opening_differs": card(
        "An invoice of this number is in QuickBooks, but what is open on it is not what was open in Clio on "
        "the start date.",
        ("Bring the balance in QuickBooks in line", "Then try again: the two are linked.", False),
        ("Correct the bill or its payments in Clio", "When both agree they are linked.", False),
    ),
    "openings_not_set_up": card(
        "The bill is older than the start date and still open. Its income was booked before; only what is "
        "owed belongs in the books now.",
        ("Choose the product for opening balances in the mapping options", "Each posts as one line on it."),
    ),
    "interest_without_bill": card(
        "The charge belongs to no bill that is known.", ("Correct it in Clio", "It then posts by itself.")
    ),
    "closed_period": card(
        "The date lies in books that are closed. A closed month that was reported does not move by itself.",
        ("Reopen the period in QuickBooks, then try again", "It posts under its own date. Close it after."),
        ("Redate the bill in Clio to the open period", "It posts there, and the closed month stays."),
    ),
    "closed_correction": card(
        "A closed month does not move: what changed is a new entry in the open period.",
        ("Approve the entry that is shown", "It posts on the day of the change."),
        ("Undo the change in Clio", "Nothing posts, and this closes.", False),
    ),
    "credit_over_balance": card(
        "The credit is larger than what is open on its bill. Applied, the bill would fall below zero.",
        ("Correct the credit or the payment in Clio", "What then fits is applied."),
    ),
    "credit_without_bill": card(
        "The credit names no bill that stands in the books.",
        ("Release its bill first, if that is held", "The credit then posts by itself."),
        ("Correct the credit in Clio", "With its bill named it posts."),
    ),
    "tax_code_needed": card(
        "This company's sales need a tax code on each line. Nothing was written.",
        ("Set tax to be posted per line in the mapping options", "Then try again."),
        ("Set the company's tax to override", "As the pre-flight on Connections describes; then try again."),
    ),
    "detail_differs": card(
        "It has posted with its amounts, and QuickBooks shows something else of it otherwise than it was "
        "asked: a name, a class, a payee. Client money that it put elsewhere has a case of its own.",
        ("Put it right in QuickBooks", "Then close the alarm with a word on what it was.", False),
        ("Let it be as it is", "Close the alarm with the reason: the amounts agree.", False),
    ),
}
