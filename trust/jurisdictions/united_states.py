"""The rules of the United States, as they were noted on `TAKEN`. Pure data; nothing here is legal advice."""

from __future__ import annotations

from trust.jurisdictions.building import place, said

REASON = "The same person only with a written reason, which the report prints."
IOLTA = "The state's IOLTA programme."

ABA = place(
    "ABA",
    "American Bar Association (model)",
    said("rule", "Model Rule 1.15; Model Rules for Client Trust Account Records", pages=["AB1", "AB2"]),
    said("reconcile", "At least every quarter; kept monthly here.", "month", general=True),
    said("three_way", "At least every quarter.", "quarter", general=True),
    said(
        "contains",
        "Receipts and disbursements journals, ledgers per client, statements, deposits, checks or images, "
        "records of electronic transfers with who authorised them, reconciliations.",
        pages=["AB2"],
    ),
    said("keep", "Five years after the representation ends.", "5", pages=["AB2"]),
    said("keep_from", "The end of the representation.", "matter", pages=["AB2"]),
    said("withdrawal", "Advance fees go in and come out only as fees are earned.", pages=["AB1", "AB4"]),
    said(
        "told",
        "The bank reports every overdraft to the lawyers' disciplinary agency; a lawyer explains it.",
        general=True,
    ),
    said("signs", "A lawyer; an electronic transfer names who authorised it.", pages=["AB2"]),
    said("preparer", REASON, "reason", general=True),
    said("check_signer", REASON, "reason", general=True),
)
CALIFORNIA = place(
    "CA",
    "California",
    said("rule", "RPC 1.15; CTAPP (Rule of Court 9.8.5, State Bar Rule 2.5)", pages=["CA1", "CA2"]),
    said("reconcile", "Every month, in writing.", "month", pages=["CA2"]),
    said("three_way", "Every month.", "month", pages=["CA2"]),
    said(
        "contains",
        "Client ledger, account journal, statements and checks, written reconciliation.",
        pages=["CA2"],
    ),
    said("keep", "Five years after final distribution.", "5", general=True),
    said("keep_from", "Final distribution: the last entry of a closed matter.", "matter", general=True),
    said(
        "withdrawal",
        "Notify within 14 days; delay is presumed when undistributed funds are held over 45 days.",
        pages=["CA1"],
    ),
    said(
        "review",
        "Yearly CTAPP registration, self-assessment and certification; a compliance review by a CPA.",
        "year",
        pages=["CA1", "CA3"],
    ),
    said(
        "told",
        "The bank reports an overdraft to the State Bar by itself; the clients concerned are told at once.",
        general=True,
    ),
    said("signs", "A lawyer; a designated licensee is proposed.", pages=["CA3"]),
    said("preparer", REASON, "reason", general=True),
    said("check_signer", REASON, "reason", general=True),
    said("programme", IOLTA, pages=["CA2"]),
)
NEW_YORK = place(
    "NY",
    "New York",
    said("rule", "RPC 1.15(d); IOLA", pages=["NY1"]),
    said("reconcile", "Not stated in the rule's text; monthly is practice.", "month", general=True),
    said("three_way", "Not stated in the rule's text; monthly is practice.", "month", general=True),
    said(
        "contains",
        "Receipts and disbursements journals, ledgers, retainer agreements, bills, prenumbered checks, "
        "statements, slips.",
        pages=["NY1", "NY2"],
    ),
    said("keep", "Seven years.", "7", pages=["NY1"]),
    said("keep_from", "The events that are recorded.", "event", general=True),
    said(
        "review",
        "The bank reports dishonored checks; every two years one certifies having read 1.15.",
        pages=["NY3"],
    ),
    said(
        "told",
        "The bank must report a dishonored check by itself; whom else the firm tells, a lawyer decides the "
        "same day.",
        pages=["NY3"],
    ),
    said("signs", "Only an admitted lawyer signs.", general=True),
    said("preparer", REASON, "reason", general=True),
    said("check_signer", REASON, "reason", general=True),
    said("programme", "IOLA.", pages=["NY2"]),
)
TEXAS = place(
    "TX",
    "Texas",
    said("rule", "Rule 1.15 (was 1.14 until 2024); TRDP 17.10", pages=["TX1", "TX2"]),
    said("reconcile", "The bar advises every month.", "month", pages=["TX1"]),
    said("three_way", "The bar advises every month.", "month", pages=["TX1"]),
    said(
        "contains",
        "Checkbooks, checks, statements, slips, ledgers, journals, closing statements, accountings.",
        pages=["TX2"],
    ),
    said("keep", "Five years after final disposition or the end of the representation.", "5", pages=["TX2"]),
    said("keep_from", "Final disposition or the end of the representation.", "matter", pages=["TX2"]),
    said("withdrawal", "The disputed part stays.", pages=["TX1"]),
    said("review", "No money of the firm except for account charges.", pages=["TX3", "TX4"]),
    said("preparer", REASON, "reason", general=True),
    said("check_signer", REASON, "reason", general=True),
    said("programme", IOLTA, pages=["TX3"]),
)
FLORIDA = place(
    "FL",
    "Florida",
    said("rule", "Rules 5-1.1 and 5-1.2", pages=["FL1", "FL5"]),
    said("reconcile", "Every month.", "month", pages=["FL1"]),
    said(
        "three_way",
        "The comparison every month; a yearly listing of unexpended balances per client is general "
        "knowledge.",
        "month",
        pages=["FL1"],
    ),
    said(
        "contains",
        "Bank balance adjusted for outstanding items = journal balance = sum of the ledgers; differences "
        "explained.",
        pages=["FL1"],
    ),
    said(
        "keep",
        "Six years after the representation ends (a vendor's page that says fiscal year is wrong).",
        "6",
        pages=["FL1"],
    ),
    said("keep_from", "The end of the representation.", "matter", pages=["FL1"]),
    said(
        "shortage",
        "Deposit own money up to the shortage and tell the bar immediately.",
        pages=["FL5"],
    ),
    said("told", "The bar, immediately.", pages=["FL5"]),
    said(
        "review",
        "Firms of more than one lawyer: a written plan names check signers and reconcilers; a yearly "
        "compliance certificate.",
        "year",
        pages=["FL3", "FL4", "FL5"],
    ),
    said("preparer", REASON, "reason", general=True),
    said("check_signer", REASON, "reason", general=True),
    said("programme", "The state's IOTA programme.", general=True),
)
