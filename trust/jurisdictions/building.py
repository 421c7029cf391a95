"""How a place's rules are written down: what it says itself, and the strictest of all where it is silent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trust.jurisdictions.nouns import LABELS, OURS, Jurisdiction, Rule, Source
from trust.jurisdictions.sources import SOURCES

if TYPE_CHECKING:
    from collections.abc import Sequence

STRICTEST = Source(code=OURS, address="no rule of this place is known, so the strictest of all is taken")
WORDING = Source(
    code="Tieout", address="its own wording; no official text was found, so the firm approves it"
)
CERTIFICATION = (
    "I have reviewed this three-way reconciliation and the statement, lists and ledgers that belong to it. "
    "The adjusted bank balance, the trust account in the books and the total of the client ledgers agree, "
    "and every difference is explained, to the best of my knowledge. I certify this under {rule}."
)
SILENT: tuple[tuple[str, str, str], ...] = (
    ("rule", "No jurisdiction is chosen: the strictest of all rules in this table.", ""),
    ("reconcile", "The bank statement is reconciled every month.", "month"),
    ("three_way", "Bank, books and client ledgers are compared every month.", "month"),
    ("due", "No day is named.", ""),
    (
        "contains",
        (
            "The adjusted bank balance with dated lists of what is outstanding, the trust account in the "
            "books, the client ledgers with negative ones apart, and every difference explained."
        ),
        "",
    ),
    ("keep", "Seven years after the matter ends.", "7"),
    ("keep_from", "The end of the matter, or its last entry where that is later.", "matter"),
    ("keep_rest", "As long as journals, ledgers and comparisons.", ""),
    (
        "withdrawal",
        "Earned fees leave trust promptly, a disputed part stays; no fee is taken from trust.",
        "",
    ),
    ("shortage", "No client ledger may be below zero; a shortage is made good at once.", ""),
    (
        "told",
        (
            "A partner at once, then the clients whose money is short and the bar; a lawyer decides what is "
            "written to whom, the same day."
        ),
        "",
    ),
    ("review", "A lawyer reviews every reconciliation.", ""),
    ("signs", "A lawyer.", ""),
    ("preparer", "Who prepares it does not sign it.", "apart"),
    ("check_signer", "Who signs checks of the account does not reconcile it.", "apart"),
    ("programme", "The state's programme (IOLTA, IOLA, IOTA), never a client or the firm.", ""),
    ("form", "A general three-way reconciliation.", "general"),
)


def said(
    key: str, words: str, value: str = "", *, pages: Sequence[str] = (), general: bool = False
) -> tuple[str, Rule]:
    """Write down one rule with the pages that say so; `general` where no page was found."""
    sources = tuple(SOURCES[code] for code in pages)
    return key, Rule(key=key, words=words, value=value, sources=sources, general=general)


def place(code: str, name: str, *rules: tuple[str, Rule]) -> Jurisdiction:
    """Return a place whose silent rules are the strictest of all. Raises KeyError for an unknown key."""
    own = dict(rules)
    for key in own:
        LABELS[key]
    told = [
        own.get(key) or Rule(key=key, words=words, value=value, sources=(STRICTEST,))
        for key, words, value in SILENT
    ]
    rule = next(one.words for one in told if one.key == "rule").split(";")[0].rstrip(".")
    certified = CERTIFICATION.format(rule=rule if code else "the rule that binds this account")
    told.append(own.get("certification") or Rule(key="certification", words=certified, sources=(WORDING,)))
    return Jurisdiction(code=code, name=name, rules=tuple(told))
