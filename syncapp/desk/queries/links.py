"""Questions about connections and set-up: what is connected, mapped, started, and what is left."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Max

from accounts import grants, queries
from mapping.findings import Finding, Severity
from mapping.models import CompanyState, Version
from mapping.queries import findings_of
from syncapp.desk import words
from syncapp.records.models import BookCursor, Run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import Books, Grant


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """Clio, or one set of books, as the page shows it."""

    provider: str
    title: str
    books: Books | None = None
    grant: Grant | None = None
    pill: tuple[str, str] = ("Not connected", "")
    warnings: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    checked_at: datetime | None = None
    company: dict[str, object] = field(default_factory=dict)

    @property
    def connected(self) -> bool:
        """Tell whether it works now."""
        return self.grant is not None and self.grant.disconnected_at is None

    @property
    def blocks(self) -> list[Finding]:
        """Return what stops posting."""
        return [found for found in self.findings if found.severity is Severity.BLOCKS]

    @property
    def warns(self) -> list[Finding]:
        """Return what posting goes on in spite of."""
        return [found for found in self.findings if found.severity is Severity.WARNS]

    @property
    def good(self) -> list[Finding]:
        """Return the checks that passed."""
        return [found for found in self.findings if found.severity is Severity.GOOD]

    @property
    def region(self) -> str:
        """Return Clio's region in words."""
        return words.REGIONS.get(self.grant.region, "") if self.grant else ""


HEALTH = {
    "connected": ("Connected", "proven"),
    "error": ("Trouble, tried again by itself", "waiting"),
    "expired": ("Ran out: connect again", "wrong"),
    "revoked": ("Refused: connect again", "wrong"),
}


def connections(*, firm_id: int, now: datetime) -> list[Connection]:
    """List Clio and each set of books, with health, warnings and findings."""
    everything = queries.grants_of(firm_id=firm_id)
    said: dict[int, list[str]] = {}
    for warning in grants.warnings(firm_id, now):
        said.setdefault(warning.grant_id, []).append(warning.words)
    by_books = {grant.books_id: grant for grant in everything if grant.books_id}
    clio = next((grant for grant in everything if grant.provider == "clio"), None)
    rows = [_connection("clio", "Clio", None, clio, said)]
    states = {state.books_id: state for state in CompanyState.objects.filter(firm_id=firm_id)}
    for books in queries.books_of(firm_id=firm_id):
        title = f"{words.LEDGERS.get(books.ledger, books.ledger)} · {books.name}"
        state = states.get(books.pk)
        rows.append(_connection(books.ledger, title, books, by_books.get(books.pk), said, state=state))
    return rows


def _connection(
    provider: str,
    title: str,
    books: Books | None,
    grant: Grant | None,
    said: dict[int, list[str]],
    *,
    state: CompanyState | None = None,
) -> Connection:
    pill = ("Not connected", "")
    if grant is not None and grant.disconnected_at is not None:
        pill = ("Disconnected", "waiting")
    elif grant is not None:
        pill = HEALTH.get(grant.state, (grant.state, ""))
    return Connection(
        provider=provider,
        title=title,
        books=books,
        grant=grant,
        pill=pill,
        warnings=said.get(grant.pk, []) if grant else [],
        findings=findings_of(state) if state else [],
        checked_at=state.checked_at if state else None,
        company=dict(state.company) if state else {},
    )


def grant_or_none(*, firm_id: int, grant_id: int) -> Grant | None:
    """Find a connection of the firm."""
    return next((grant for grant in queries.grants_of(firm_id=firm_id) if grant.pk == grant_id), None)


def books_or_none(*, firm_id: int, books_id: int) -> Books | None:
    """Find a set of books of the firm."""
    return next((books for books in queries.books_of(firm_id=firm_id) if books.pk == books_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """The four steps of a new firm, and what is done."""

    clio: str = ""
    books: Books | None = None
    company: str = ""
    mapped: int = 0
    draft: bool = False
    started: bool = False
    ran: bool = False
    any_started: bool = False
    blocks: int = 0

    @property
    def done(self) -> bool:
        """Tell whether nothing is left: the pages show the books from here on."""
        return bool(self.clio and self.company and self.mapped and self.started and self.ran)

    @property
    def now(self) -> int:
        """Return the number of the step to take now."""
        steps = (self.clio, self.company, self.mapped, self.started)
        return next((n for n, done in enumerate(steps, start=1) if not done), 4)

    @property
    def left(self) -> int:
        """Return how many steps are left."""
        return sum(
            1 for done in (self.clio, self.company, self.mapped, self.started and self.ran) if not done
        )


def _started(facts: dict[str, str] | None) -> datetime | None:
    """Return when posting was begun: a run from before then read, and posted nothing."""
    return datetime.fromisoformat(at) if (at := (facts or {}).get("started")) else None


def setup(*, firm_id: int, books: Sequence[Books]) -> Setup:
    """Return the set-up of the first set of books that is not through with it, else of the first."""
    everything = [grant for grant in queries.grants_of(firm_id=firm_id) if grant.disconnected_at is None]
    clio = next((grant for grant in everything if grant.provider == "clio"), None)
    by_books = {grant.books_id: grant for grant in everything if grant.books_id}
    versions: dict[int, int] = {}
    drafts: set[int] = set()
    for books_id, number, state in Version.objects.filter(firm_id=firm_id).values_list(
        "books_id", "number", "state"
    ):
        if state == "published":
            versions[books_id] = max(versions.get(books_id, 0), number)
        else:
            drafts.add(books_id)
    cursors = dict(BookCursor.objects.filter(firm_id=firm_id).values_list("books_id", "facts"))
    begun = Run.objects.filter(firm_id=firm_id, shadow=False, state="done").aggregate(
        newest=Max("started_at")
    )
    findings = dict(CompanyState.objects.filter(firm_id=firm_id).values_list("books_id", "findings"))
    all_of_them = [
        Setup(
            clio=(clio.external_name or clio.external_id) if clio else "",
            books=each,
            company=(grant.external_name or grant.external_id) if (grant := by_books.get(each.pk)) else "",
            mapped=versions.get(each.pk, 0),
            draft=each.pk in drafts,
            started=bool(since := _started(cursors.get(each.pk))),
            ran=bool(since and begun["newest"] and begun["newest"] >= since),
            any_started=any((facts or {}).get("started") for facts in cursors.values()),
            blocks=sum(1 for found in findings.get(each.pk) or [] if found.get("severity") == "blocks"),
        )
        for each in books
    ]
    if not all_of_them:
        return Setup(clio=(clio.external_name or clio.external_id) if clio else "")
    return next((one for one in all_of_them if not one.done), all_of_them[0])
