"""The nouns: people, firms, books, grants, the audit log."""

from __future__ import annotations

from accounts.models.books import Books, ExternalAccount, Grant, GrantState, Ledger, Provider
from accounts.models.channels import AlertChannel
from accounts.models.log import AuditEvent, AuditHead, LetterChoice, Notification
from accounts.models.people import Firm, Invitation, Membership, User

__all__ = [
    "AlertChannel",
    "AuditEvent",
    "AuditHead",
    "Books",
    "ExternalAccount",
    "Firm",
    "Grant",
    "GrantState",
    "Invitation",
    "Ledger",
    "LetterChoice",
    "Membership",
    "Notification",
    "Provider",
    "User",
]
