"""The sentences of refusals: by what the vendor's text says, and by its code (qbo/API.md section 9). Pure."""

from __future__ import annotations

from typing import NamedTuple

from syncapp.core.problems import Fix


class Sentence(NamedTuple):
    """A problem's code, whose move it is, and the words; `by_subject` makes each record its own cause."""

    code: str
    fix: Fix
    words: str
    by_subject: bool = False


BY_TEXT: tuple[tuple[str, Sentence], ...] = (
    (
        "wait a few minutes",
        Sentence("busy", Fix.WAIT, "QuickBooks is busy. Tieout looks whether it took the entry."),
    ),
    (
        "one name at a time",
        Sentence("busy", Fix.WAIT, "QuickBooks was busy with another name. Tieout tries again."),
    ),
    (
        "another user has deleted",
        Sentence(
            "deleted_in_books",
            Fix.CHOOSE,
            "Somebody deleted this in QuickBooks. Post it again, or leave it deleted.",
            by_subject=True,
        ),
    ),
    (
        "list element that has been deleted",
        Sentence(
            "deleted_in_books",
            Fix.BOOKS,
            "A name or account that this entry uses was deleted in QuickBooks. Make it active again.",
            by_subject=True,
        ),
    ),
    (
        "set up as a category",
        Sentence(
            "item_is_category",
            Fix.MAP,
            "The mapping names a category of QuickBooks. Choose a product or service inside it.",
        ),
    ),
    (
        "different type of account",
        Sentence(
            "wrong_account_type",
            Fix.MAP,
            "QuickBooks does not take this type of account here. Choose another account.",
        ),
    ),
    (
        "discount amount can't be greater",
        Sentence(
            "discount_too_large",
            Fix.CLIO,
            "The discount is larger than the bill. Correct the bill in Clio.",
            by_subject=True,
        ),
    ),
    (
        "0 or greater",
        Sentence(
            "negative_total",
            Fix.CLIO,
            "QuickBooks takes no invoice below zero. Correct the bill in Clio, or write a credit.",
            by_subject=True,
        ),
    ),
    (
        "currency of the transaction",
        Sentence(
            "currency",
            Fix.SETUP,
            "The currency of this entry is not the customer's or the account's in QuickBooks.",
            by_subject=True,
        ),
    ),
    (
        "gst/hst rate",
        Sentence(
            "tax_code_needed",
            Fix.SETUP,
            "QuickBooks wants a GST/HST rate on every line of this company's sales.",
        ),
    ),
    (
        "choose a customer in the name field",
        Sentence(
            "receivable_without_customer",
            Fix.BOOKS,
            "A line on Accounts Receivable names no customer.",
            by_subject=True,
        ),
    ),
    (
        "must select a customer",
        Sentence("receivable_without_customer", Fix.BOOKS, "The entry names no customer.", by_subject=True),
    ),
    (
        "customer of the payment",
        Sentence(
            "payer_differs",
            Fix.CHOOSE,
            "The payment and the invoice belong to different customers in QuickBooks.",
            by_subject=True,
        ),
    ),
    (
        "has been deposited",
        Sentence(
            "deposited",
            Fix.BOOKS,
            "This payment lies in a deposit. Take it out of the deposit in "
            "QuickBooks, or post the change as new.",
            by_subject=True,
        ),
    ),
    (
        "matched to",
        Sentence(
            "matched",
            Fix.BOOKS,
            "This entry is matched to a bank line. Undo the match in QuickBooks, or post the change as new.",
            by_subject=True,
        ),
    ),
)

_CLOSED = Sentence(
    "closed_period",
    Fix.BOOKS,
    "The books are closed for this date in QuickBooks. Open the period there, or post with a later date.",
)
_LOST = Sentence(
    "access_lost",
    Fix.CONNECT,
    "QuickBooks no longer lets this connection in. Connect again as a person who may administer the company.",
)
_TAX = Sentence(
    "tax_code_needed", Fix.SETUP, "QuickBooks does not take the tax code of a line of this entry."
)
_WAIT = Sentence("busy", Fix.WAIT, "QuickBooks is busy. Tieout goes on by itself.")
BY_CODE: dict[str, Sentence] = {
    "100": _LOST,
    "110": _LOST,
    "120": _LOST,
    "3100": _LOST,
    "3200": _LOST,
    "130": _WAIT,
    "140": _WAIT,
    "150": _WAIT,
    "3001": _WAIT,
    "10000": _WAIT,
    "600": _WAIT,
    "620": Sentence(
        "cannot_link", Fix.BOOKS, "QuickBooks cannot link these two. Look at both there.", by_subject=True
    ),
    "2210": Sentence("bad_email", Fix.CLIO, "The e-mail address is not a valid one.", by_subject=True),
    "2250": Sentence("no_lines", Fix.CLIO, "The entry has no lines.", by_subject=True),
    "2290": Sentence("negative_line", Fix.CLIO, "QuickBooks takes no negative line here.", by_subject=True),
    "2300": Sentence(
        "unbalanced", Fix.BOOKS, "QuickBooks finds debits and credits unequal.", by_subject=True
    ),
    "5010": Sentence(
        "stale",
        Fix.WAIT,
        "Somebody changed this in QuickBooks meanwhile. Tieout reads it again and compares.",
        by_subject=True,
    ),
    "5020": Sentence("not_permitted", Fix.CONNECT, "The person who connected QuickBooks may not do this."),
    "5030": Sentence(
        "feature_off", Fix.SETUP, "This company's QuickBooks plan does not offer what the entry needs."
    ),
    "6070": Sentence(
        "amount_differs", Fix.CLIO, "Quantity times rate is not the amount of a line.", by_subject=True
    ),
    "6080": Sentence("no_name", Fix.CLIO, "The client has no name.", by_subject=True),
    "6100": _TAX,
    "6130": Sentence(
        "bills_with_parent", Fix.BOOKS, "Invoices hang on the parent customer.", by_subject=True
    ),
    "6160": _TAX,
    "6180": Sentence(
        "too_deep", Fix.BOOKS, "QuickBooks nests customers only five levels deep.", by_subject=True
    ),
    "6190": Sentence(
        "subscription_ended",
        Fix.SETUP,
        "The company's QuickBooks subscription has ended or was not paid, so that nothing can be posted.",
    ),
    "6200": _CLOSED,
    "6210": _CLOSED,
    "6220": Sentence(
        "has_balance", Fix.BOOKS, "It cannot be deleted while it has an open balance.", by_subject=True
    ),
    "6230": _TAX,
    "6430": Sentence("wrong_account_type", Fix.MAP, "QuickBooks does not take this type of account here."),
    "6450": Sentence(
        "settled", Fix.BOOKS, "QuickBooks cannot void it: it is settled already.", by_subject=True
    ),
    "6480": Sentence(
        "matched",
        Fix.BOOKS,
        "This entry is matched to a bank line. Undo the match in QuickBooks, or post the change as new.",
        by_subject=True,
    ),
    "6540": Sentence(
        "deposited",
        Fix.BOOKS,
        "This payment lies in a deposit. Take it out of the deposit in "
        "QuickBooks, or post the change as new.",
        by_subject=True,
    ),
}
