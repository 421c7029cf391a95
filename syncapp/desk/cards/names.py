"""Cards of mapping and of the names in the books: products, accounts, classes, customers. Pure."""

from __future__ import annotations

from syncapp.desk.cards.nouns import Card, card

SHORT = "What it holds is missing from the books until it is placed. Nothing is put on a default."
REVIVE = (
    "Make it active in QuickBooks from here",
    "Only the name becomes usable again; then all that it holds posts.",
)
REPLACE = (
    "Map to another one here",
    "Every rule that uses it takes the other from now on; what has posted stays where it is.",
)
MAPPING = ("Change the rules in the mapping", "All that is held by this then posts.")
SAME = ("Choose the customer that it is", "The two are linked for good, and never asked about again.")
NEW = ("Have a new customer made", "Its name gets Clio's number if it is taken.")
AT_CLIO = ("Correct it in Clio", "The correction arrives by itself, and what waits for it posts.")

NAMES: dict[str, Card] = {
    "unmapped": card(
        SHORT,
        ("Choose where such lines go, here", "It becomes a rule; the card shows what else it releases."),
        MAPPING,
    ),
    "needs_account": card(SHORT, ("Name the account for discounts in the rule", "Its lines then post.")),
    "needs_item": card(SHORT, ("Name a product or service in the rule", "Its lines then post.")),
    "missing_in_books": card(
        "The mapping names something that QuickBooks does not have.",
        REPLACE,
        ("Make it in QuickBooks, then try again", "Under the same name; the rules stay as they are."),
    ),
    "missing_reference": card(
        "The entry uses something that QuickBooks does not have any more. Nothing was written.",
        MAPPING,
        ("Make it in QuickBooks, then try again", "Under the same name; the rules stay as they are."),
    ),
    "inactive_item": card(SHORT, REVIVE, REPLACE),
    "inactive_account": card(SHORT, REVIVE, MAPPING),
    "inactive_class": card(SHORT, REVIVE, REPLACE),
    "inactive_location": card(SHORT, REVIVE, REPLACE),
    "inactive_customer": card(
        "The client's customer is hidden in QuickBooks, which takes no entry on it. Its bills and payments "
        "wait.",
        ("Make it active in QuickBooks from here", "Only the name becomes usable again; all then posts."),
    ),
    "stands_already": card(
        "Posting it would put it in the books twice. Nothing is posted until somebody has looked.",
        (
            "Adopt what stands there",
            "The two are linked; nothing is posted, and both are compared.",
        ),
        ("Say that it is another one", "Then it posts, and is not asked again."),
    ),
    "inactive_payee": card(
        "The check cannot be made out to a name that is hidden. The money has moved all the same.",
        ("Make it active in QuickBooks from here", "Only the name becomes usable again; the check posts."),
    ),
    "inactive_reference": card(
        "QuickBooks refused a name that was made inactive since its lists were read. Nothing was written.",
        ("Try again", "The lists are read anew, and the card then names what is inactive."),
    ),
    "not_sellable": card("A category or a bundle cannot stand on an invoice line.", REPLACE, MAPPING),
    "item_is_category": card("A category cannot stand on an invoice line. Nothing was written.", MAPPING),
    "tax_to_liability": card(
        "Tax on an income account would be reported as fees. It is owed to the state.", MAPPING
    ),
    "hard_cost_to_asset": card(
        "Costs advanced are a loan to the client. As an expense or income they would be deducted twice.",
        MAPPING,
    ),
    "discount_account": card("A discount lowers income; on another type it would hide there.", MAPPING),
    "wrong_account_type": card("QuickBooks refused the type of the account. Nothing was written.", MAPPING),
    "retainer_to_liability": card(
        "Unearned money is owed to the client. On another account it would look earned.", MAPPING
    ),
    "fees_to_expense": card(
        "What a processor keeps is spent. On another account income or a client's money would look smaller.",
        MAPPING,
    ),
    "retainers_not_set_up": card(
        "Money came in without a bill, and has no account that says it is the client's.",
        ("Choose the liability and product for retainers in the mapping options", "It then posts there."),
    ),
    "chart_not_read": card(
        "Nothing can be placed before the lists are known.",
        ("Connect QuickBooks", "The lists are read, and all posts by itself."),
    ),
    "no_mapping": card(
        "Nothing posts before a person has said where money goes.",
        ("Publish the mapping", "All that waits is planned by it, and posts."),
    ),
    "no_receivables_account": card(
        "No invoice can stand without an account of the type Accounts Receivable.",
        ("Make it in QuickBooks", "Then try again here."),
    ),
    "doubtful_customer": card(
        "Posted to the wrong customer, one client would be shown another's debt. So nothing is guessed.",
        SAME,
        NEW,
    ),
    "duplicate_name": card(
        "A customer, vendor or employee bears this name. Two of one name QuickBooks does not take.",
        (
            "Try again",
            "The names are read anew; the client gets its number after the name, or you are asked.",
        ),
        ("Rename the other in QuickBooks", "Then try again here."),
    ),
    "customer_refused": card(
        "The client has no customer in the books, so its bills and payments wait.",
        ("Correct the name in Clio", "It is sent again as it then reads."),
        ("Try again", "When what QuickBooks complained of is mended there."),
    ),
    "bills_with_parent": card(
        "In QuickBooks this customer is billed with its parent. Nothing was written.",
        ("Change how it is billed in QuickBooks", "Then try again here."),
    ),
    "too_deep": card(
        "QuickBooks nests customers five levels deep. Nothing was written.",
        ("Move the customer up in QuickBooks", "Then try again here."),
        ("Name matters in the line text only", "In the mapping options; then no sub-customer is needed."),
    ),
    "no_name": card("A customer without a name cannot stand in the books.", AT_CLIO),
    "bad_email": card("QuickBooks refused the address, and with it the customer.", AT_CLIO),
    "contact_differs": card(
        "Both names stay as they are until somebody decides. What posts is not affected.",
        ("Take what Clio says", "The customer in the books is changed, and nothing else.", False),
        ("Keep what the books say", "Clio is told of it where the firm lets Tieout write there.", False),
    ),
    "customer_merged": card(
        "What the customer had stands on the other one now. Its client has none until somebody says so.",
        (
            "Let the client stand on the other customer",
            "The link moves; the one that was stays in its history.",
        ),
    ),
    "contact_not_taken": card(
        "The customer stands as it was in the books; its entries post all the same.",
        ("Mend what QuickBooks complained of", "It is sent again by itself.", False),
    ),
    "contact_not_told": card(
        "The contact stands as it was in Clio, and its customer as it is in the books.",
        ("Do in Clio what the words say", "It is told again when either side changes.", False),
        ("Or choose that nothing is written to Clio", "Under Settings, Contacts; this then closes.", False),
    ),
    "client_not_read": card(
        "The client cannot be read, so no customer can be named.",
        ("Give the connected person access to the client in Clio", "It then posts by itself."),
        AT_CLIO,
    ),
    "matter_not_read": card(
        "The matter cannot be read, so no sub-customer can be named.",
        ("Give the connected person access to the matter in Clio", "It then posts by itself."),
        AT_CLIO,
    ),
    "matter_without_client": card("A matter without a client has nobody who owes.", AT_CLIO),
    "hidden_in_clio": card(
        "Clio hides it from the connected person. What is not seen cannot be posted.",
        ("Give the connected person access in Clio", "All of it arrives and posts by itself."),
    ),
}
