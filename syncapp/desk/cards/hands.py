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

HANDS: dict[str, Card] = {
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
