"""The nouns of the road, in the order of its stages."""

from __future__ import annotations

from syncapp.records.models.adoption import Proposal, ProposalState
from syncapp.records.models.asking import CaseAsk
from syncapp.records.models.auto import AutoUse
from syncapp.records.models.books import BookChoice, BookCursor, BookLine, BookRow
from syncapp.records.models.cases import CaseCarry, CaseNote, CaseView
from syncapp.records.models.compare import Difference, TieOut
from syncapp.records.models.contacts import Agreed, ContactWrite, Merger
from syncapp.records.models.deposits import BankDeposit, Payout, PayoutCharge
from syncapp.records.models.elsewhere import Elsewhere
from syncapp.records.models.notices import Notice, Webhook
from syncapp.records.models.papers import BillPaper
from syncapp.records.models.postings import Attempt, Link, PostedEntry, PostedLine, Posting, PostingState
from syncapp.records.models.queue import Case, Hold
from syncapp.records.models.runs import Run
from syncapp.records.models.sources import (
    Concern,
    Cursor,
    Document,
    DocumentVersion,
    SourceHead,
    SourceRecord,
)
from syncapp.records.models.undone import Undone
from syncapp.records.models.use import DailyUse

__all__ = [
    "Agreed",
    "Attempt",
    "AutoUse",
    "BankDeposit",
    "BillPaper",
    "BookChoice",
    "BookCursor",
    "BookLine",
    "BookRow",
    "Case",
    "CaseAsk",
    "CaseCarry",
    "CaseNote",
    "CaseView",
    "Concern",
    "ContactWrite",
    "Cursor",
    "DailyUse",
    "Difference",
    "Document",
    "DocumentVersion",
    "Elsewhere",
    "Hold",
    "Link",
    "Merger",
    "Notice",
    "Payout",
    "PayoutCharge",
    "PostedEntry",
    "PostedLine",
    "Posting",
    "PostingState",
    "Proposal",
    "ProposalState",
    "Run",
    "SourceHead",
    "SourceRecord",
    "TieOut",
    "Undone",
    "Webhook",
]
