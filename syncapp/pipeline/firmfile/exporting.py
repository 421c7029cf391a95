"""Writing a firm as a file, from what stands: the same firm gives the same file, wherever it was applied."""

from __future__ import annotations

from typing import Any

from accounts import queries as accounts
from accounts.models import Books, Firm, Membership
from accounts.tenancy import firm_scope
from mapping import queries
from syncapp.pipeline.firmfile import level_words, trust_words
from syncapp.pipeline.firmfile.reading import entry_of, write
from syncapp.pipeline.firmfile.schema import FILE


def export(firm: Firm) -> str:
    """Write a firm as the text of a firm file. Opens its own scope."""
    return write(canonical(firm))


def canonical(firm: Firm) -> dict[str, Any]:
    """Return a firm in the file's canonical form: keys in the order of the schema, never a secret."""
    with firm_scope(write=None, reads=[firm.pk]):
        settings = queries.firm_settings(firm.pk)
        books = [_entry(books) for books in accounts.books_of(firm_id=firm.pk)]
        levels = level_words.entries(firm)
        members = sorted(accounts.members(firm_id=firm.pk), key=lambda member: member.pk)
    data = {
        "version": 1,
        "firm": {
            "slug": firm.slug,
            "name": firm.name,
            "time_zone": firm.time_zone,
            "currency": firm.currency,
            **({"jurisdiction": firm.jurisdiction} if firm.jurisdiction else {}),
        },
        "people": [
            {
                "email": member.user.email,
                "role": member.role,
                **({"name": member.user.name} if _named(member.user.email, member.user.name) else {}),
                **({"until": member.ends_on.isoformat()} if member.ends_on else {}),
                **_window(member),
            }
            for member in members
        ],
        "books": books,
        **settings,
        **({"levels": levels} if levels else {}),
    }
    ordered: dict[str, Any] = FILE(data, "", [])
    return ordered


def _named(email: str, name: str) -> bool:
    """Tell a name that somebody gave from the one an address gave."""
    return bool(name) and name != email.split("@", maxsplit=1)[0]


def _entry(books: Books) -> dict[str, Any]:
    version = queries.published(books.pk) or queries.draft(books.pk)
    if version is None:
        return {"name": books.name, "ledger": books.ledger}
    return entry_of(
        name=books.name,
        ledger=books.ledger,
        options=version.options | ({"trust": trust} if (trust := trust_words.entries(version)) else {}),
        rules=queries.rule_rows(version),
    )


def _window(member: Membership) -> dict[str, Any]:
    """Return the trust accounts and days to which an auditor is held."""
    sees = member.sees
    if sees.first is None or sees.last is None:
        return {}
    return {
        "accounts": list(sees.accounts),
        "from": sees.first.isoformat(),
        "to": sees.last.isoformat(),
    }
