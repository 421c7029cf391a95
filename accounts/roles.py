"""Who may do what: the four roles and their permissions. Pure."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person is in a firm."""

    ADMINISTRATOR = "administrator"
    BOOKKEEPER = "bookkeeper"
    PARTNER = "partner"
    AUDITOR = "auditor"


class Permission(StrEnum):
    """One thing that a screen or an action asks for."""

    SEE = "see"
    CONNECT = "connect"
    MAP = "map"
    RETRY = "retry"
    APPROVE = "approve"  # a correcting entry
    SIGN = "sign"
    MANAGE_PEOPLE = "manage_people"
    EXPORT = "export"
    SEE_AUDIT = "see_audit"


ALLOWS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.SEE,
            Permission.CONNECT,
            Permission.MAP,
            Permission.RETRY,
            Permission.APPROVE,
            Permission.MANAGE_PEOPLE,
            Permission.EXPORT,
            Permission.SEE_AUDIT,
        }
    ),
    Role.BOOKKEEPER: frozenset(
        {
            Permission.SEE,
            Permission.MAP,
            Permission.RETRY,
            Permission.APPROVE,
            Permission.EXPORT,
            Permission.SEE_AUDIT,
        }
    ),
    Role.PARTNER: frozenset(
        {Permission.SEE, Permission.APPROVE, Permission.SIGN, Permission.EXPORT, Permission.SEE_AUDIT}
    ),
    Role.AUDITOR: frozenset({Permission.SEE, Permission.EXPORT, Permission.SEE_AUDIT}),
}

WORDS: dict[Role, str] = {
    Role.ADMINISTRATOR: "Connects Clio and the books, sets up mapping, invites people.",
    Role.BOOKKEEPER: "Clears the exceptions, approves correcting entries and looks after the mapping.",
    Role.PARTNER: "Reads everything, approves correcting entries and signs.",
    Role.AUDITOR: "Reads until the last day, everything or some trust accounts; changes nothing.",
}


def allows(role: str, permission: Permission) -> bool:
    """Say whether a role carries a permission; an unknown role carries none."""
    return role in ALLOWS and permission in ALLOWS[Role(role)]
