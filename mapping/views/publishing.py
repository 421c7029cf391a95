"""Putting a draft in force, throwing it away, and what was in force before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import firm_view
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from mapping import actions, queries
from mapping.findings import Severity
from mapping.text import difference, lines
from mapping.views.frame import back, books_or_404, chosen_books, page

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from mapping.models import Version

LONGEST_NOTE = 500


@require_http_methods(["GET", "POST"])
@firm_view(Permission.MAP, scope="none")
def publish(request: FirmRequest) -> HttpResponse:
    """Show what changes, then put the draft in force."""
    with firm_scope(write=request.firm.pk):
        books = books_or_404(request)
        draft = queries.draft(books.pk)
        if draft is None:
            messages.info(request, "There is no draft to publish.")
            return back("rules", books)
        note = request.POST.get("note", "").strip()[:LONGEST_NOTE]
        if request.method == "POST":
            refused = actions.publish(draft=draft, actor=request.user, now=timezone.now(), note=note)
            if not refused:
                messages.info(request, f"Version {draft.number} is in force from the next run on.")
                return back("rules", books)
        found = actions.findings(draft)
        context = {
            "books": books,
            "changed": _changed(draft, queries.published(books.pk)),
            "blocking": [finding for finding in found if finding.severity is Severity.BLOCKS],
            "warning": [finding for finding in found if finding.severity is Severity.WARNS],
            "note": note or draft.note,
        }
        status = 422 if request.method == "POST" else 200
        return page(request, "publish", "rules", context, status=status)


def _changed(new: Version, old: Version | None) -> list[tuple[str, str]]:
    before = lines(old.options, queries.rule_rows(old)) if old else []
    return difference(before, lines(new.options, queries.rule_rows(new)))


@require_POST
@firm_view(Permission.MAP, scope="none")
def discard(request: FirmRequest) -> HttpResponse:
    """Throw the draft away."""
    with firm_scope(write=request.firm.pk):
        books = books_or_404(request)
        if draft := queries.draft(books.pk):
            actions.discard(draft=draft, actor=request.user, now=timezone.now())
            messages.info(request, "The draft is gone. What was in force still is.")
    return back("rules", books)


@require_safe
@firm_view(Permission.SEE)
def versions(request: FirmRequest) -> HttpResponse:
    """Answer what was in force when, and who decided it."""
    books = chosen_books(request)
    rows = list(queries.versions(books.pk)[:500]) if books else []
    return page(request, "versions", "versions", {"books": books, "rows": rows})


@require_safe
@firm_view(Permission.SEE)
def version(request: FirmRequest, number: int) -> HttpResponse:
    """Show one version whole, and what it changed."""
    books = books_or_404(request)
    rows = {row.number: row for row in queries.versions(books.pk)}
    if number not in rows:
        raise Http404
    found = rows[number]
    earlier = [row for row in rows.values() if row.number < number and row.state == "published"]
    before = max(earlier, key=lambda row: row.number, default=None)
    context = {
        "books": books,
        "version": found,
        "before": before,
        "changed": _changed(found, before),
        "text": lines(found.options, queries.rule_rows(found)),
    }
    return page(request, "version", "versions", context)
