"""Trust pairs in force in a firm file's words: as the file says them where that is what stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapping import options as choices
from mapping import queries as mapping
from syncapp.pipeline.trust import pairs as trust_pairs
from trust.queries.pairs import pairs, terms_of

if TYPE_CHECKING:
    from mapping.models import Version
    from syncapp.core.books import Chart
    from trust.pairing import Terms


def entries(version: Version) -> list[dict[str, Any]]:
    """Return the `trust` entries of a set of books. In a reading scope.

    An entry that says what is in force is kept as it was written; what nobody set up yet is kept too.
    """
    said = list(version.options.get("trust", []))
    standing = {row.clio_account.casefold(): row for row in pairs(version.firm_id, books_id=version.books_id)}
    if not standing:
        return said
    chart = mapping.chart(version.books_id)
    pins = choices.living(version.resolved, chart)
    start = str(version.options.get("start", {}).get("trust", ""))
    found = []
    today = next(iter(standing.values())).start
    for wish in trust_pairs.wishes(version.books, version.options, chart, pins, today=today):
        pair = standing.pop(wish.terms.clio_account.casefold(), None)
        as_said = pair is None or terms_of(pair) == wish.terms
        found.append(said[wish.at] if as_said or pair is None else _words(terms_of(pair), chart, start))
    return found + [_words(terms_of(pair), chart, start) for pair in standing.values()]


def _words(terms: Terms, chart: Chart, start: str) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "clio_account": terms.clio_account,
        "kind": terms.kind,
        "bank": _name(chart, terms.bank),
        "liability": _name(chart, terms.liability),
        "client_as": terms.client_as,
        "disbursement_as": terms.disbursement_as,
        "opening": terms.opening,
        "post": list(terms.post),
    }
    more = {
        "operating": _name(chart, terms.operating) if terms.operating else "",
        "client": f"id:{terms.client_id}" if terms.client_id is not None else "",
        "start": terms.start.isoformat() if terms.start.isoformat() != start else "",
        "jurisdiction": terms.jurisdiction,
        "last_digits": terms.last_digits,
    }
    return entry | {key: value for key, value in more.items() if value}


def _name(chart: Chart, id_: str) -> str:
    """Return an account's full name; its id where the name finds another one, or none."""
    account = chart.accounts.get(id_)
    found = chart.account_named(account.name) if account is not None else None
    return account.name if account is not None and found is not None and found.id == id_ else f"id:{id_}"
