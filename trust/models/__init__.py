"""What trust keeps: pairs, statements, matches, reconciliations and their signatures."""

from __future__ import annotations

from trust.models.arrivals import MailboxMark, MailSource, StatementArrival, UploadToken
from trust.models.dips import LedgerDip
from trust.models.earned import (
    BillWord,
    EarnedStanding,
    LedgerLevel,
    TransferEnd,
    TransferLine,
    TransferSheet,
)
from trust.models.hands import BookHand
from trust.models.keeping import BinderLink, DeletionRequest, HoldLift, LegalHold
from trust.models.limits import LimitChange
from trust.models.matches import LearnedPayee, Match, MatchPart
from trust.models.pairs import KINDS, MOVEMENTS, TrustPair
from trust.models.returns import ReturnedDeposit
from trust.models.reviews import Review, ReviewNote
from trust.models.setup import Opening, OpeningItem, OpeningLine, PairChange, TrustApproval
from trust.models.signing import DUTIES, Deputy, Duty, FirmRule, Reconciliation, SignOff
from trust.models.statements import (
    Statement,
    StatementFile,
    StatementLine,
    StatementProfile,
    StatementUpload,
)

__all__ = [
    "DUTIES",
    "KINDS",
    "MOVEMENTS",
    "BillWord",
    "BinderLink",
    "BookHand",
    "DeletionRequest",
    "Deputy",
    "Duty",
    "EarnedStanding",
    "FirmRule",
    "HoldLift",
    "LearnedPayee",
    "LedgerDip",
    "LedgerLevel",
    "LegalHold",
    "LimitChange",
    "MailSource",
    "MailboxMark",
    "Match",
    "MatchPart",
    "Opening",
    "OpeningItem",
    "OpeningLine",
    "PairChange",
    "Reconciliation",
    "ReturnedDeposit",
    "Review",
    "ReviewNote",
    "SignOff",
    "Statement",
    "StatementArrival",
    "StatementFile",
    "StatementLine",
    "StatementProfile",
    "StatementUpload",
    "TransferEnd",
    "TransferLine",
    "TransferSheet",
    "TrustApproval",
    "TrustPair",
    "UploadToken",
]
