"""Places whose forms are filled field by field, and their neighbors: pure data, noted on `TAKEN`."""

from __future__ import annotations

from trust.jurisdictions.building import place, said
from trust.jurisdictions.united_states import IOLTA, REASON

ILLINOIS = place(
    "IL",
    "Illinois",
    said("rule", "Rules 1.15, 1.15A and 1.15B, since 1 July 2023", pages=["IL1", "IL4"]),
    said("reconcile", "Every quarter at least; banks give 30 days to report errors.", "month", pages=["IL2"]),
    said("three_way", "At least every quarter.", "quarter", pages=["IL1"]),
    said(
        "contains",
        "Check register, client ledgers and journals each agree with the adjusted bank balance; the journal "
        "of electronic transfers names authoriser, bank and account; overdraft notice from the bank.",
        pages=["IL1", "IL3"],
    ),
    said("keep", "Seven years after termination.", "7", pages=["IL1"]),
    said("keep_from", "Termination of the representation.", "matter", pages=["IL1"]),
    said("withdrawal", "No cash withdrawals.", pages=["IL1"]),
    said("told", "The bank sends a notice of an overdraft; a lawyer answers it.", pages=["IL1", "IL3"]),
    said("signs", "A lawyer.", pages=["IL1"]),
    said("preparer", REASON, "reason", general=True),
    said("check_signer", REASON, "reason", general=True),
    said("programme", IOLTA, pages=["IL4"]),
)
NEW_JERSEY = place(
    "NJ",
    "New Jersey",
    said("rule", "R. 1:21-6; RPC 1.15", pages=["NJ1"]),
    said("reconcile", "Every month.", "month", pages=["NJ1"]),
    said("three_way", "Every month.", "month", pages=["NJ1"]),
    said(
        "contains",
        "Receipts and disbursements journals for trust and business, a ledger card per client, a ledger for "
        "the attorney's own bank-charge money, a checkbook with running balance; at most two check images a "
        "page.",
        pages=["NJ1", "NJ2"],
    ),
    said("keep", "Seven years.", "7", general=True),
    said("keep_from", "The events that are recorded.", "event", general=True),
    said("withdrawal", "Pay after clearance, not availability.", pages=["NJ2", "NJ3"]),
    said(
        "told",
        "The bank reports an overdraft to the Office of Attorney Ethics by itself; a lawyer explains it.",
        general=True,
    ),
    said("review", "Random audit with at least 10 days' notice.", pages=["NJ4"]),
    said("preparer", REASON, "reason", general=True),
    said("check_signer", REASON, "reason", general=True),
    said("programme", IOLTA, pages=["NJ3"]),
)
NORTH_CAROLINA = place(
    "NC",
    "North Carolina",
    said("rule", "Rules 1.15-2 and 1.15-3", pages=["N3"]),
    said("reconcile", "The bank statement every month.", "month", pages=["N3"]),
    said("three_way", "Every quarter; steps 2 to 7 of the form every month.", "quarter", pages=["N1", "N3"]),
    said(
        "contains",
        "The State Bar's form: positive ledgers, general ledger, statement, outstanding items counted, "
        "adjusted balance, agrees or not; attached register, both outstanding lists, statements and check "
        "images, quarterly the ledger list.",
        pages=["N1"],
    ),
    said("keep", "Six years; the rule's duty of the bank to keep images is six.", "6", general=True),
    said("keep_from", "The end of the fiscal year; the calendar year here.", "year", general=True),
    said("withdrawal", "A chargeback against trust is allowed only with safeguards.", pages=["N6"]),
    said(
        "review",
        "Every quarter at least three random transactions with ledger, statement and checks.",
        "quarter",
        pages=["N2", "N3"],
    ),
    said(
        "told",
        "The bank reports what it returns for want of funds to the State Bar; misuse of client money is "
        "reported there as soon as it is known.",
        general=True,
    ),
    said("signs", "A lawyer reviews, signs and dates it, monthly and quarterly.", pages=["N3"]),
    said("preparer", REASON, "reason", general=True),
    said("check_signer", "Who signs checks does not reconcile the account.", "apart", pages=["N4"]),
    said("programme", IOLTA, general=True),
    said("form", "State Bar Reconciliation Report.", "nc", pages=["N1"]),
)
WASHINGTON = place(
    "WA",
    "Washington",
    said("rule", "RPC 1.15A(h)(6) and 1.15B", pages=["W2", "W3"]),
    said("reconcile", "Every month, on the bar's form.", "month", pages=["W1"]),
    said("three_way", "Every month.", "month", pages=["W1"]),
    said(
        "contains",
        "The bar's form: register balance, positive ledgers, statement with outstanding items; register and "
        "ledgers show the new balance after each entry.",
        pages=["W1", "W2"],
    ),
    said("keep", "Seven years after the event.", "7", pages=["W2"]),
    said("keep_from", "The event.", "event", pages=["W2"]),
    said("withdrawal", "Advance fees are withdrawn only as earned.", pages=["W3"]),
    said("review", "At least yearly a written accounting to each client with funds.", pages=["W3"]),
    said(
        "told",
        "The bank reports an overdraft to the bar, and the lawyer notifies the Office of Disciplinary "
        "Counsel as well, at once.",
        general=True,
    ),
    said("signs", "A lawyer.", pages=["W1"]),
    said("preparer", REASON, "reason", general=True),
    said("check_signer", REASON, "reason", general=True),
    said("programme", IOLTA, general=True),
    said("form", "WSBA Monthly Reconciliation and Review.", "wa", pages=["W1"]),
)
ONTARIO = place(
    "ON",
    "Ontario",
    said("rule", "Law Society of Ontario, By-Law 9, section 18", pages=["LS1", "LS2"]),
    said("reconcile", "Every month.", "month", pages=["LS1"]),
    said("three_way", "The comparison with the client listing, every month.", "month", pages=["LS1"]),
    said("due", "By the 25th of the next month.", "25", pages=["LS1"]),
    said(
        "contains",
        "Reconciled bank balance (outstanding checks by number, date, payee and amount; outstanding deposits "
        "by date; bank and posting errors with explanation) compared with the client listing with the date "
        "of last activity.",
        pages=["LS1"],
    ),
    said(
        "keep",
        "Ten years and the current one for journals, ledger and comparison; six for the rest.",
        "10",
        pages=["LS3"],
    ),
    said("keep_from", "The end of the current year; the calendar year here.", "year", pages=["LS3"]),
    said("keep_rest", "Six years for what is no journal, ledger or comparison.", "6", pages=["LS3"]),
    said("withdrawal", "Only after the bill is delivered; deposit by the next banking day.", pages=["LS4"]),
    said("shortage", "Correct shortages at once.", pages=["LS1"]),
    said("preparer", REASON, "reason", general=True),
    said("check_signer", REASON, "reason", general=True),
    said("programme", "The Law Foundation's programme for pooled accounts.", general=True),
    said("form", "Trust comparison with the client listing.", "lso", pages=["LS1"]),
)
ENGLAND = place(
    "EW",
    "England and Wales",
    said("rule", "SRA Accounts Rules 2.3 to 4.3, 8.3, 12 and 13", pages=["SR1"]),
    said("reconcile", "Every five weeks or oftener; kept monthly here.", "month", pages=["SR1"]),
    said("three_way", "Every five weeks or oftener.", "weeks", pages=["SR1"]),
    said("contains", "Client ledger total and bank; differences explained.", pages=["SR1"]),
    said("keep", "Six years.", "6", general=True),
    said("keep_from", "What is recorded.", "event", general=True),
    said("withdrawal", "A bill or written notification before costs are moved.", pages=["SR2", "SR3"]),
    said("review", "An accountant's report within six months.", pages=["SR3"]),
    said(
        "told",
        "The COFA at once; a breach is corrected when it is discovered, and a serious one is reported to "
        "the SRA.",
        general=True,
    ),
    said("signs", "The COFA or a manager.", general=True),
    said("preparer", REASON, "reason", general=True),
    said("check_signer", REASON, "reason", general=True),
    said("programme", "Not applicable: interest is accounted for to clients.", general=True),
)
