"""What stands in the books already: which of it is ours to link, and is another connector still on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import queries as firms
from accounts.access import firm_view
from accounts.paging import capped
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.core import money
from syncapp.desk import actions, words
from syncapp.desk.export import table
from syncapp.desk.forms import AdoptionFilter
from syncapp.desk.queries import adoption as queries
from syncapp.pipeline.adoption import accepting, native
from syncapp.records.models import Proposal

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from accounts.models import Books

PAGE = 50
HEADS = ["Number", "Name", "Dated", "In the books", "Its number there", "Amount", "How sure", "State", "Why"]


def _books(request: FirmRequest, wanted: str) -> tuple[list[Books], Books | None]:
    """Return the sets of books, and the one that is named, else the first. Raises Http404."""
    listed = list(firms.books_of(firm_id=request.firm.pk))
    if wanted:
        found = next((one for one in listed if str(one.pk) == wanted), None)
        if found is None:
            raise Http404
        return listed, found
    return listed, listed[0] if listed else None


@require_safe
@firm_view(Permission.SEE)
def adoption(request: FirmRequest) -> HttpResponse:
    """Show what stands already: counts, a filter, each with its reasons."""
    listed, books = _books(request, request.GET.get("books", ""))
    form = AdoptionFilter(request.GET)
    form.is_valid()
    chosen = form.cleaned_data
    context: dict[str, Any] = {
        "section": "connections",
        "now": timezone.now(),
        "books_list": listed,
        "books": books,
        "form": form,
        "currency": request.firm.currency,
        "may_adopt": Permission.RETRY in request.can,
        "may_export": Permission.EXPORT in request.can,
        "may_turn_off": Permission.CONNECT in request.can,
    }
    if books is not None:
        sort = chosen.get("sort") or ""
        rows = queries.proposals(
            books=books, sort=sort, kind=chosen.get("kind") or "", text=chosen.get("q") or ""
        )
        page = capped(rows, PAGE).get_page(request.GET.get("page"))
        shown = list(page)
        paged = queries.records_of(shown)
        context |= {
            "counts": queries.counts(books=books),
            "native": queries.native_of(books=books),
            "page": page,
            "rows": [(row, words.OBJECT.get(row.object_kind, row.object_kind), row.document_id in paged)
                     for row in shown],
            "filtered": any(chosen.values()),
        }  # fmt: skip
    return render(request, "desk/adoption.html", context)


@require_safe
@firm_view(Permission.EXPORT, scope="none")
def export(request: FirmRequest) -> HttpResponse:
    """Hand out the records as they are filtered, each beside what stands, with the reasons."""
    firm, now = request.firm, timezone.now()
    form = AdoptionFilter(request.GET)
    form.is_valid()
    chosen = form.cleaned_data
    with firm_scope(write=firm.pk):
        _, books = _books(request, request.GET.get("books", ""))
        fits = {"sort": chosen.get("sort") or "", "kind": chosen.get("kind") or ""}
        rows = list(queries.proposals(books=books, text=chosen.get("q") or "", **fits)) if books else []
        what = f"records that stand in the books, {len(rows)} rows"
        actions.exported(firm_id=firm.pk, what=what, by=request.user, now=now)
    return table(
        name=f"{firm.slug}-stands-already",
        heads=HEADS,
        rows=[
            [
                row.number, row.name, row.day,
                words.OBJECT.get(row.object_kind, row.object_kind), row.remote_number or row.remote_id,
                money.decimal(row.amount, firm.currency) if row.object_kind != "customer" else "",
                "contradicting" if row.conflict else row.confidence, row.state, "; ".join(row.reasons),
            ]
            for row in rows
        ],
        form=request.GET.get("format", ""),
    )  # fmt: skip


def _back(books_id: int) -> HttpResponse:
    return redirect(f"{reverse('desk:adoption')}?books={books_id}")


@require_POST
@firm_view(Permission.RETRY, scope="none")
def adopt_certain(request: FirmRequest, books_id: int) -> HttpResponse:
    """Adopt all that is certain."""
    _named(request, books_id)
    done = actions.adopt(
        firm_id=request.firm.pk, books_id=books_id, ids=None, by=request.user, now=timezone.now()
    )
    if isinstance(done, str):
        messages.error(request, done)
    else:
        messages.info(request, f"{words.counted(done, 'record')} adopted. Nothing is posted for them.")
    return _back(books_id)


@require_POST
@firm_view(Permission.CONNECT, scope="none")
def native_off(request: FirmRequest, books_id: int) -> HttpResponse:
    """Let posting go on, once the other connector is off."""
    _named(request, books_id)
    refusal = native.switched_off(
        firm_id=request.firm.pk, books_id=books_id, by=request.user, now=timezone.now()
    )
    if refusal:
        messages.info(request, refusal)
    else:
        actions.sync_now(firm_id=request.firm.pk, by=request.user, now=timezone.now())
        messages.info(request, "Posting goes on. What the other connection made waits here to be adopted.")
    return _back(books_id)


def _named(request: FirmRequest, books_id: int) -> None:
    """Raise Http404 when the firm has no such books."""
    with firm_scope(write=None, reads=[request.firm.pk]):
        _books(request, str(books_id))


@require_POST
@firm_view(Permission.RETRY, scope="none")
def decide(request: FirmRequest, proposal_id: int) -> HttpResponse:
    """Take a person's word on one proposal: adopt it, it is another one, or undo the adoption."""
    firm_id, now = request.firm.pk, timezone.now()
    with firm_scope(write=None, reads=[firm_id]):
        row = Proposal.objects.filter(firm_id=firm_id, pk=proposal_id).first()
    if row is None:
        raise Http404
    answer = request.POST.get("answer", "")
    refusal: str | None = "Choose one of the answers."
    if answer == "adopt":
        done = actions.adopt(firm_id=firm_id, books_id=row.books_id, ids=[row.pk], by=request.user, now=now)
        refusal = done if isinstance(done, str) else None if done else accepting.GONE
    elif answer in {"another", "undo"}:
        take = accepting.refuse if answer == "another" else accepting.undo
        refusal = take(firm_id=firm_id, books_id=row.books_id, proposal_id=row.pk, by=request.user, now=now)
    if refusal:
        messages.error(request, refusal)
    else:
        said = {
            "adopt": "Adopted. Nothing is posted for it.",
            "another": "Kept: it is another one.",
        }
        messages.info(request, said.get(answer, "Undone. It is asked again with the next run."))
    return _back(row.books_id)
