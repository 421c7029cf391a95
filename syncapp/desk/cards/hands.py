"""Cards of what somebody did in the books: changed, typed, paid, deposited there. Pure."""

from __future__ import annotations

from syncapp.desk.cards.nouns import Card, card

ACCEPT = (
    "Accept it as it stands, with a reason",
    "It stays a named difference, explained by you, until it is changed again.",
    False,
)

IN_CLIO = (
    "Change it in Clio",
    "When Clio says the same as the books, correct it there; it then ties.",
    False,
)
CLOSED = card(
    "Somebody changed in QuickBooks what Tieout had posted, in books that are closed: it stays there.",
    (
        "Correct it by an entry of its own",
        "Dated in the open period: what stands and that entry come to what was posted.",
    ),
    ACCEPT,
    IN_CLIO,
)
CLOSED_FOR_GOOD = card(
    "Somebody changed in QuickBooks what Tieout had posted, in books that are closed. No entry can say what "
    "differs.",
    ("Put it right in QuickBooks", "Whoever may change its closed books does; this then closes.", False),
    ACCEPT,
    IN_CLIO,
)

HOLD = (
    "Take it back and hold it",
    "The invoice is made void in QuickBooks, and the record waits until somebody sends it again.",
)
TAXED = card(
    "QuickBooks added a sales tax of its own. Clio's tax is a line of the bill already, so by the books the "
    "client owes more than was billed, and the tax is owed to the state a second time.",
    (
        "Have QuickBooks add no tax of its own",
        "The entry is sent once more and says so: its total is Clio's, and its tax the line that it has.",
    ),
    ACCEPT,
    HOLD,
)
TAXED_STILL = card(
    "QuickBooks adds a sales tax of its own, though it was told to add none. By the books the client owes "
    "more than was billed.",
    (
        "Switch off automated sales tax for the products in QuickBooks, and save the invoice there",
        "This closes by itself when its total is Clio's.",
        False,
    ),
    ACCEPT,
    HOLD,
)
ROUNDED = card(
    "QuickBooks rounds a line otherwise than Clio. By the books the client owes some cents more or less than "
    "was billed, within what this firm rounds.",
    ("Add one rounding line", "The lines stay as QuickBooks makes them; one more makes the total Clio's."),
    ("Send it once more as it was sent", "It may come out the same: then this stays."),
    ACCEPT,
    HOLD,
)

HANDS: dict[str, Card] = {
    "posted_differs": card(
        "It has posted, and QuickBooks made something else of it than was sent: a default or a setting of "
        "the company changed a line. Until it is put right the books and Clio differ by that amount.",
        ("Send it once more as it was sent", "When QuickBooks takes it as it is, this closes by itself."),
        ACCEPT,
        HOLD,
    ),
    "changed_in_books": card(
        "Somebody changed in QuickBooks what Tieout had posted. The books no longer show what Clio says.",
        (
            "Restore what was posted",
            "It is changed back; deleted, it is made once more; and what paid it pays it again.",
        ),
        ACCEPT,
        IN_CLIO,
    ),
    "typed_in_books": card(
        "It moves what clients owe by the books, and no bill of Clio asks for it.",
        ("Reverse it", "An entry of its own takes it back, dated today. What was typed stays visible."),
        ACCEPT,
        ("Record it in Clio, or delete it in QuickBooks", "Then this closes by itself.", False),
    ),
    "typed_payment": card(
        "The invoice is paid in the books and open in Clio. Nothing of it is posted a second time.",
        ("Record it in Clio with this date and amount", "It is matched with the one that stands.", False),
        ("Reverse it", "An entry of its own takes it back, dated today."),
        ACCEPT,
    ),
    "reversed_changed": card(
        "An entry and its reversal came to nothing. One of them was changed, so they do so no more, or on "
        "other days.",
        ("Put it back as it was in QuickBooks", "The two come to nothing again, and this closes.", False),
        ACCEPT,
    ),
    "income_twice": card(
        "The same money is income twice: by its invoices, and by the deposit. Undeposited Funds is too high.",
        (
            "Take the income line out of the deposit in QuickBooks, and tick the payments",
            "The deposit keeps its amount and its match with the bank; this closes by itself.",
            False,
        ),
        ACCEPT,
    ),
    "tie_difference": card(
        "Clio and the books differ in this record, and no change that is known explains it.",
        ("Compare the two, and correct the one that is wrong", "This closes when both agree.", False),
    ),
}
