"""Cards of what people undid. Pure."""

from __future__ import annotations

from syncapp.desk.cards.nouns import Card, card

AGAIN = ("Send it again", "It posts as Clio has it now, by the mapping as it is now.")
ELSEWHERE = (
    "Say that it was settled elsewhere",
    "It leaves the queue, and stays a difference that the tie-out names with the reason.",
    False,
)

UNDONE: dict[str, Card] = {
    "undone": card(
        "It was posted and taken back by entries that stay visible. The books stand as if it had never been "
        "posted, and Clio still has it.",
        AGAIN,
        ELSEWHERE,
    ),
    "undone_changed": card(
        "It was taken back, and Clio has changed it since. Nothing of the change posts by itself.",
        AGAIN,
        ELSEWHERE,
    ),
    "undone_rests": card(
        "It still stands in the books: a payment or credit that was posted meanwhile pays it.",
        ("Undo the payment or credit too", "Then both are taken back.", False),
        ("Send it again", "The undo ends, and what stands goes on to stand.", False),
    ),
}
