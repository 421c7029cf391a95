"""Cards of client money. What has happened in a trust ledger is recorded; nothing is deleted. Pure."""

from __future__ import annotations

from syncapp.desk.cards.nouns import Card, card

SET_UP = ("Set the trust account up", "Its movements then post, dated as in Clio.")
AT_CLIO = ("Correct it in Clio", "A trust correction exists in Clio first; then it posts.")
LOOK = ("Look at it, then close the alarm with a word", "The entry stays as it is.", False)

TRUST: dict[str, Card] = {
    "trust_wall": card(
        "Client money and the firm's own would have met on one account. The entry was stopped.",
        ("Choose another account in the mapping, or in the trust set-up", "What waits then posts there."),
    ),
    "trust_not_set_up": card(
        "Client money moved, and the books have no place for it yet. Bank and ledgers are short by it.",
        SET_UP,
    ),
    "trust_opening": card(
        "Until the opening ties, nothing of the account posts: a wrong start would be wrong every month.",
        ("Compare the opening with the books, and have it agreed", "All that waits then posts."),
    ),
    "operating_not_named": card(
        "Money was earned from trust, and the account where it lands has no name. The trust leg posts.",
        ("Name the operating account of the trust account", "The payment then posts there."),
    ),
    "trust_untold": card(
        "Its links do not say what this movement is. What cannot be told is held, never guessed.",
        ("Complete it in Clio", "With its bill, matter or other side named it posts."),
    ),
    "trust_awaiting_approval": card(
        "The money has moved or will; the entry waits for the persons that the firm asks.",
        ("Look at the entry and approve it", "It posts when all have agreed."),
    ),
    "trust_below_zero": card(
        "The firm holds what would take a ledger below zero. It is a named line of the three-way.",
        ("Correct it in Clio, or restore the money first", "It then posts."),
    ),
    "trust_negative": card(
        "One client's money paid for another: the ledger is below zero. It is the firm's to restore at once.",
        ("Restore it from the firm's own money", "Record the deposit in Clio; the alarm then ends."),
        ("Correct a wrong entry in Clio", "The correction posts, and the alarm ends."),
    ),
    "trust_between_clients": card(
        "Money of one client went to another. It has posted; a partner confirms that the client agreed.",
        LOOK,
        ("Reverse it in Clio", "The reversal posts on its own date."),
    ),
    "trust_twin": card(
        "The books have an entry like this one already. Twice, the trust bank would be wrong by it.",
        (
            "It is the same: name the client on the one in the books",
            "That entry is kept, nothing is doubled.",
        ),
        ("Two movements", "Both stand."),
        ("Let Tieout post its own", "Delete the other in QuickBooks."),
    ),
    "trust_twin_late": card(
        "The same movement stands twice in the trust bank.",
        ("Delete the one that Tieout did not make", "In QuickBooks; this then closes by itself.", False),
    ),
    "trust_twin_changed": card(
        "What somebody else entered for this movement no longer agrees with Clio.",
        ("Bring the entry in the books in line, or Clio", "When both agree this closes.", False),
    ),
    "trust_stray": card(
        "The trust account has an entry in the books that Clio does not know, or one of ours was changed or "
        "deleted there: the ledgers cannot tie to it.",
        ("Record it in Clio, or reverse it in the books", "Both then agree, and this closes.", False),
        ("Restore what was posted", "A partner has the entry posted again as it was."),
        (
            "Correct it by a later entry, where it stays as it is",
            "In closed books, a signed month, or matched with the bank: a partner sees the entry first.",
        ),
    ),
    "trust_return_of": card(
        "A deposit came back, and several fit. The ledger is right; which one it takes back is not known.",
        ("Say which deposit came back", "The two are linked in the record and in the books.", False),
    ),
    "trust_uncleared_funds": card(
        "Money was paid out of a deposit that the bank had not cleared. If it fails, others paid for it.",
        ("Wait until the deposit clears", "The alarm ends by itself.", False),
        LOOK,
    ),
    "trust_leg_uncleared": card(
        "Only one side of the transfer has reached its bank: earned money in trust, or the firm's before it "
        "is there.",
        ("See that the transfer is made at the bank", "The alarm ends when both have cleared.", False),
    ),
    "trust_outside_list": card(
        "A transfer of earned fees is not as the partner signed it.",
        ("Compare it with the signed list", "Correct it in Clio, or have the list signed anew.", False),
    ),
    "firm_owes_trust": card(
        "The firm's float in trust does not cover the bank's charge: clients' money paid it.",
        ("Deposit the firm's own money into trust", "Record it in Clio; it posts."),
    ),
    "account_limit": card(
        "The company's plan takes no more accounts. Nothing is half posted.",
        ("Tag the ledgers instead of an account each", "A partner decides; what has posted stays."),
        ("Upgrade the plan", "Then try again."),
    ),
    "account_refused": card(
        "QuickBooks did not take the ledger's account; what would stand on it waits.",
        ("Mend what its answer names, then try again", "The account is made, and all posts."),
    ),
    "ledger_account": card(
        "The ledger's own account in QuickBooks is not what it must be.",
        ("Put it right in QuickBooks, then try again", "What waits then posts on it."),
    ),
    "ledger_not_read": card(
        "The ledger's client or matter cannot be read.",
        ("Give the connected person access in Clio", "It then posts by itself."),
        AT_CLIO,
    ),
    "payee_refused": card(
        "The check's payee cannot be made in QuickBooks. The money has moved all the same.",
        ("Mend what its answer names, then try again", "The check posts."),
    ),
}
