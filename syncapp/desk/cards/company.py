"""Cards of the company and the connection: what waits, and does not fail. Pure."""

from __future__ import annotations

from syncapp.desk.cards.nouns import Card, card

WAITS = "Nothing is lost and nothing failed: every record waits where it is, and posts once, in order."
GOES_ON = ("Do nothing", "Tieout tries again by itself, a little later each time.")

COMPANY: dict[str, Card] = {
    "access_lost": card(WAITS, ("Connect QuickBooks again", "Every link stands, and all that waits posts.")),
    "clio_access_lost": card(
        "Bills, payments and client money that are recorded in Clio meanwhile stay there, and are read "
        "afterwards. What was read before goes on to the books.",
        ("Connect Clio again", "Everything since then is read, and posts once, in order."),
        (
            "Connect as a person who may see all of it",
            "One with the billing, accounts and reports roles in Clio, or an administrator there.",
        ),
    ),
    "not_permitted": card(
        WAITS,
        ("Have an administrator of the company connect", "Every link stands, and all that waits posts."),
    ),
    "subscription_ended": card(
        "QuickBooks takes nothing from anybody until it is paid. " + WAITS,
        ("Renew the subscription at Intuit", "All that waits then posts by itself."),
    ),
    "busy": card(WAITS, GOES_ON),
    "books_not_read": card(WAITS, GOES_ON),
    "custom_numbers_off": card(
        "Without numbers of its own, an entry whose answer was lost could not be found again, and might be "
        "doubled. So nothing posts.",
        ("Switch custom transaction numbers on in QuickBooks", "Check again on Connections; all posts then."),
    ),
    "feature_off": card(
        "The company's plan lacks what the entry needs. Nothing was written.",
        ("Switch it on, or upgrade the plan", "Then try again."),
        ("Take it out of the mapping", "Classes and locations, most often; all posts without them."),
    ),
    "native_still_on": card(
        "Two connections post the same bills, and each would be in the books twice. So Tieout posts nothing.",
        (
            "Turn Clio's own connection off",
            "Then say so; posting goes on, and looks whether it was.",
        ),
    ),
    "not_started": card(
        "Nothing posts before somebody has typed the company's name.",
        ("Start posting on the set-up page", "All that waits posts."),
    ),
    "paused": card(
        "A person paused it; nothing is wrong.", ("Resume it on the page of runs", "All that waits posts.")
    ),
    "scheduled": card(
        "Its time has not come; nothing is wrong.", ("Do nothing", "It posts by itself when its time comes.")
    ),
}
