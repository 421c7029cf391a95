"""The rules in order, and each change to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import firm_view
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from mapping import actions, practice, queries
from mapping import options as choices
from mapping.coverage import coverage, sorts
from mapping.findings import Finding, Severity
from mapping.forms import RuleForm
from mapping.models import Rule
from mapping.suggest import suggest, suggest_options
from mapping.text import said_when
from mapping.views.frame import back, books_or_404, chosen_books, page

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from accounts.models import Books
    from mapping.models import Version
    from mapping.rules import RuleRow
    from syncapp.core.books import Chart

STALE = "The rules have changed since this page was opened. Look again."


@require_safe
@firm_view(Permission.SEE)
def rules(request: FirmRequest) -> HttpResponse:
    """Answer where money goes."""
    books = chosen_books(request)
    version = (queries.draft(books.pk) or queries.published(books.pk)) if books else None
    if books is None or version is None:
        listed = books is not None and bool(queries.chart(books.pk).items)
        return page(request, "rules", "rules", {"books": books, "version": None, "chart_known": listed})
    known = queries.chart(books.pk)
    found = actions.findings(version, known=known)
    context = {
        "books": books,
        "version": version,
        "rows": _rows(version, found, known),
        "general": [finding for finding in found if not finding.rule],
        "blocking": sum(finding.severity is Severity.BLOCKS for finding in found),
        "fallback": choices.fallback(version.options),
        "falling": _falling(request.firm.pk, version, known),
        "editing": version.state == "draft" and Permission.MAP in request.can,
        "chart_known": bool(known.items),
    }
    return page(request, "rules", "rules", context)


def _rows(version: Version, found: list[Finding], chart: Chart) -> list[dict[str, Any]]:
    stored = list(Rule.objects.filter(version=version).order_by("position"))
    return [
        {
            "id": rule.pk,
            "position": rule.position,
            "first": rule.position == stored[0].position,
            "last": rule.position == stored[-1].position,
            "when": said_when(rule.when),
            "rule": rule,
            "account": _account_of(queries.as_row(rule), chart),
            "findings": [finding for finding in found if finding.rule == rule.position],
        }
        for rule in stored
    ]


def _account_of(rule: RuleRow, chart: Chart) -> str:
    item = chart.item_named(rule.item) if rule.item else None
    account = chart.accounts.get(item.account) if item else None
    return account.name if account else ""


def _falling(firm_id: int, version: Version, known: Chart) -> int:
    """Count the sorts of line that go nowhere; 0 while start dates are missing or the chart was not read."""
    if not version.options.get("start"):
        return 0
    book = queries.book_of(version, known=known)
    if not book.chart.items:
        return 0
    rows = coverage(book.place, book.chart, sorts(practice.practice(firm_id)))
    return sum(row.problem is not None for row in rows)


@require_POST
@firm_view(Permission.MAP, scope="none")
def start(request: FirmRequest) -> HttpResponse:
    """Open a draft: of what is in force, empty, or proposed by the names in the books."""
    now = timezone.now()
    with firm_scope(write=request.firm.pk):
        books = books_or_404(request)
        fresh = queries.draft(books.pk) is None
        draft = actions.start_draft(books=books, author=request.user, now=now)
        if fresh and "propose" in request.POST:
            chart = queries.chart(books.pk)
            proposal = suggest(chart, practice.practice(request.firm.pk))
            found = {**suggest_options(chart), **{k: v for k, v in draft.options.items() if k != "fallback"}}
            actions.save_draft(books=books, options=found, rules=proposal, author=request.user, now=now)
            messages.info(
                request, f"{len(proposal)} rules are proposed by name. Read each before you publish."
            )
    return back("rules", books)


@require_http_methods(["GET", "POST"])
@firm_view(Permission.MAP, scope="none")
def add(request: FirmRequest) -> HttpResponse:
    """Add a rule; the draft is opened if need be."""
    with firm_scope(write=request.firm.pk):
        return _edit(request, books_or_404(request), None)


@require_http_methods(["GET", "POST"])
@firm_view(Permission.MAP, scope="none")
def edit(request: FirmRequest, rule_id: int) -> HttpResponse:
    """Change a rule of the draft."""
    with firm_scope(write=request.firm.pk):
        books = books_or_404(request)
        rule = _of_draft(books, rule_id)
        if rule is None:
            messages.warning(request, STALE)
            return back("rules", books)
        return _edit(request, books, rule)


def _of_draft(books: Books, rule_id: int) -> Rule | None:
    return Rule.objects.filter(pk=rule_id, version__books=books, version__state="draft").first()


def _edit(request: FirmRequest, books: Books, rule: Rule | None) -> HttpResponse:
    form = RuleForm(
        request.POST or None,
        chart=queries.chart(books.pk),
        practice=practice.practice(request.firm.pk),
        rule=queries.as_row(rule) if rule else None,
    )
    if request.method == "POST" and form.is_valid():
        draft = actions.start_draft(books=books, author=request.user, now=timezone.now())
        rows = list(queries.rule_rows(draft))
        if rule is None:
            rows.append(form.row())
        else:
            rows[rule.position - 1] = form.row()
        _save(request, books, draft, rows)
        return back("rules", books)
    status = 422 if request.method == "POST" else 200
    return page(request, "rule", "rules", {"books": books, "form": form, "rule": rule}, status=status)


def _save(request: FirmRequest, books: Books, draft: Version, rows: list[RuleRow]) -> None:
    actions.save_draft(
        books=books, options=draft.options, rules=rows, author=request.user, now=timezone.now()
    )


@require_POST
@firm_view(Permission.MAP, scope="none")
def move(request: FirmRequest, rule_id: int) -> HttpResponse:
    """Move a rule of the draft one place up or down."""
    with firm_scope(write=request.firm.pk):
        books = books_or_404(request)
        rule = _of_draft(books, rule_id)
        if rule is None:
            messages.warning(request, STALE)
            return back("rules", books)
        rows = list(queries.rule_rows(rule.version))
        at = rule.position - 1
        to = at - 1 if request.POST.get("direction") == "up" else at + 1
        if 0 <= to < len(rows):
            rows[at], rows[to] = rows[to], rows[at]
            _save(request, books, rule.version, rows)
    return back("rules", books)


@require_POST
@firm_view(Permission.MAP, scope="none")
def remove(request: FirmRequest, rule_id: int) -> HttpResponse:
    """Take a rule out of the draft."""
    with firm_scope(write=request.firm.pk):
        books = books_or_404(request)
        rule = _of_draft(books, rule_id)
        if rule is None:
            messages.warning(request, STALE)
            return back("rules", books)
        rows = [row for row in queries.rule_rows(rule.version) if row.position != rule.position]
        _save(request, books, rule.version, rows)
        messages.info(request, f"Rule {rule.position} is out of the draft.")
    return back("rules", books)
