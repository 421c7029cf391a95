"""The month end: what is left, the drawn invoices line by line, submit, lock, reopen."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import queries as firms
from accounts.access import firm_view
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.core import money
from syncapp.desk import actions
from syncapp.desk.export import table
from syncapp.desk.month_forms import LockForm, NoteForm, SubmitForm, WordsForm
from syncapp.desk.queries import month_end
from syncapp.pipeline.months import actions as verbs
from syncapp.pipeline.months import queries, sample
from syncapp.pipeline.months.models import MonthEnd, SampleReading
from syncapp.pipeline.months.states import State
from trust.views.frame import MONTH

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from accounts.models import Books
    from syncapp.desk.queries.month_end import Page
    from syncapp.pipeline.months.queries import Sampled

HEADS = ["Invoice", "Clio", "Hours", "Rate", "Amount", "The books", "Hours", "Rate", "Amount", "Difference"]


def _named(request: FirmRequest, books_id: int, month: str) -> tuple[Books, date]:
    """Return the set of books and the first day of the month. Raises Http404 for what the firm has not."""
    parted = MONTH.fullmatch(month)
    books = next((one for one in firms.books_of(firm_id=request.firm.pk) if one.pk == books_id), None)
    if parted is None or books is None:
        raise Http404
    return books, date(int(parted[1]), int(parted[2]), 1)


def _begun(request: FirmRequest, books_id: int, month: str) -> tuple[Books, MonthEnd]:
    """Return a month end that somebody began with. Raises Http404 for any other."""
    books, first = _named(request, books_id, month)
    one = queries.one_of(firm_id=request.firm.pk, books_id=books.pk, month=first)
    if one is None:
        raise Http404
    return books, one


@require_safe
@firm_view(Permission.SEE)
def months(request: FirmRequest) -> HttpResponse:
    """List the months that are over, and how each stands."""
    rows = month_end.rows(request.firm, timezone.now())
    several = len({row.books.pk for row in rows}) > 1
    left = sum(row.label != "Locked" for row in rows)
    context = {"section": "months", "rows": rows, "several": several, "left": left}
    return render(request, "desk/months.html", context)


@require_safe
@firm_view(Permission.SEE)
def month(request: FirmRequest, books_id: int, month: str) -> HttpResponse:
    """Show one month: the list of what must be true, the drawn invoices, what may be done now."""
    books, first = _named(request, books_id, month)
    return _page(request, books, first)


def _page(
    request: FirmRequest, books: Books, first: date, *, refused: tuple[str, str] | None = None
) -> HttpResponse:
    """Show a month; `refused` is the form that was not taken, which keeps what was written, and why."""
    now = timezone.now()
    page = month_end.page(request.firm, books, first, now)
    found = _forms(request, page) | {f"look:{one.reading.pk}": form for one in page.drawn
                                     if one.reading and (form := _note_form(one))}  # fmt: skip
    if refused and refused[0] in found:
        _say_why(found[refused[0]], request, refused[1])
    elif refused:
        messages.error(request, refused[1])
    context = {
        "section": "months",
        "page": page,
        "books": books,
        "month": first,
        "currency": request.firm.currency,
        "may_prepare": Permission.APPROVE in request.can,
        "may_export": Permission.EXPORT in request.can,
        "drawn": [
            (each, found.get(f"look:{each.reading.pk}") if each.reading else None, _lines(each))
            for each in page.drawn
        ],
        **{name: form for name, form in found.items() if not name.startswith("look:")},
    }
    return render(request, "desk/month.html", context, status=422 if refused else 200)


def _say_why(form: forms.Form, request: FirmRequest, words: str) -> None:
    """Put what was written back into a form, with why it was not taken."""
    form.data, form.is_bound = request.POST, True
    missing = next(iter(form.errors), None)
    form.errors.clear()
    form.add_error(missing, words)


def _note_form(each: Sampled) -> NoteForm | None:
    if each.reading is None or each.looked_at:
        return None
    return NoteForm(equal=each.reading.equal, auto_id=f"id_{each.reading.pk}_%s")


def _lines(each: Sampled) -> list[dict[str, Any]]:
    """Return the compared lines, both sides beside each other."""
    rows = each.reading.rows if each.reading else []
    return [{"words": pair["words"], "sides": (pair["clio"], pair["books"])} for pair in rows]


def _forms(request: FirmRequest, page: Page) -> dict[str, forms.Form]:
    """Return the forms of what this person may do now."""
    stands = page.stands
    found: dict[str, forms.Form] = {}
    open_ = stands.state in {State.OPEN, State.CHANGED}
    if Permission.APPROVE in request.can and open_ and not page.blocking:
        found["submit_form"] = SubmitForm(carried=page.carried)
    if Permission.SIGN in request.can and stands.submitted is not None and not stands.locked:
        own = stands.submitted.by == request.user.pk
        found["lock_form"] = LockForm(own=own, initial={"seen": page.figures.digest})
        found["return_form"] = WordsForm(auto_id="id_return_%s")
    if Permission.SIGN in request.can and stands.shut:
        found["reopen_form"] = WordsForm(label="Reason", auto_id="id_reopen_%s")
    return found


def _done(
    request: FirmRequest,
    books: Books,
    first: date,
    refused: object,
    words: str,
    *,
    form: str = "",
    at: str = "",
) -> HttpResponse:
    """Say what came of it and go back to the month, to `at`; what was not taken stays in its form."""
    if isinstance(refused, str) and refused:
        with firm_scope(write=None, reads=[request.firm.pk]):
            return _page(request, books, first, refused=(form, refused))
    messages.info(request, words)
    return redirect(reverse("desk:month", args=[books.pk, f"{first:%Y-%m}"]) + at)


@require_POST
@firm_view(Permission.APPROVE, scope="none")
def draw(request: FirmRequest, books_id: int, month: str) -> HttpResponse:
    """Draw the invoices of a month and compare them at once."""
    now, firm_id = timezone.now(), request.firm.pk
    with firm_scope(write=firm_id):
        books, first = _named(request, books_id, month)
        one = verbs.begun(firm_id=firm_id, books_id=books.pk, month=first, now=now)
        asked = month_end.asked_of(request.firm, books, first, now)
        refused = sample.begin(one=one, figures=asked.figures, by=request.user, now=now)
    if refused is None:
        refused = sample.read(firm_id=firm_id, month_end_id=one.pk, by=request.user, clock=timezone.now)
    return _done(request, books, first, refused, "Drawn and compared line by line. The seed is kept.")


@require_POST
@firm_view(Permission.APPROVE, scope="none")
def compare(request: FirmRequest, books_id: int, month: str) -> HttpResponse:
    """Read the drawn invoices again and compare them anew."""
    with firm_scope(write=None, reads=[request.firm.pk]):
        books, one = _begun(request, books_id, month)
    refused = sample.read(firm_id=request.firm.pk, month_end_id=one.pk, by=request.user, clock=timezone.now)
    return _done(request, books, one.month, refused, "Compared anew, line by line.")


@require_POST
@firm_view(Permission.APPROVE, scope="none")
def look(request: FirmRequest, books_id: int, month: str, reading_id: int) -> HttpResponse:
    """Sign one compared invoice off."""
    with firm_scope(write=request.firm.pk):
        books, one = _begun(request, books_id, month)
        rows = SampleReading.objects.filter(firm_id=request.firm.pk, sampled__month_end=one)
        reading = rows.select_related("sampled__document", "sampled__month_end__books").filter(pk=reading_id)
        found = reading.first()
        if found is None:
            raise Http404
        words = request.POST.get("words", "")[:1000]
        refused = sample.note(reading=found, words=words, by=request.user, now=timezone.now())
    place = f"#invoice-{found.sampled.place}"
    return _done(request, books, one.month, refused, "Signed off.", form=f"look:{reading_id}", at=place)


@require_POST
@firm_view(Permission.APPROVE, scope="none")
def submit(request: FirmRequest, books_id: int, month: str) -> HttpResponse:
    """Submit a month to the partner."""
    now = timezone.now()
    with firm_scope(write=request.firm.pk):
        books, first = _named(request, books_id, month)
        asked = month_end.asked_of(request.firm, books, first, now)
        reason = request.POST.get("reason", "")[:2000]
        outcome = verbs.submit(asked=asked, reason=reason, by=request.user, now=now)
    return _done(request, books, first, outcome, "Submitted. A partner locks it.", form="submit_form")


@require_POST
@firm_view(Permission.SIGN, scope="none")
def lock(request: FirmRequest, books_id: int, month: str) -> HttpResponse:
    """Lock a month."""
    now = timezone.now()
    with firm_scope(write=request.firm.pk):
        books, one = _begun(request, books_id, month)
        outcome = verbs.lock(
            one=one,
            now_figures=month_end.asked_of(request.firm, books, one.month, now).figures,
            seen=request.POST.get("seen", ""),
            reason=request.POST.get("reason", "")[:500],
            by=request.user,
            now=now,
        )
    said = "Locked. Nothing posts into this month any more."
    return _done(request, books, one.month, outcome, said, form="lock_form")


@require_POST
@firm_view(Permission.SIGN, scope="none")
def send_back(request: FirmRequest, books_id: int, month: str) -> HttpResponse:
    """Send a month back with what is to be done first."""
    return _in_words(request, books_id, month, verbs.send_back, "Sent back.", ("return_form", "words"))


@require_POST
@firm_view(Permission.SIGN, scope="none")
def reopen(request: FirmRequest, books_id: int, month: str) -> HttpResponse:
    """Open a locked month again."""
    return _in_words(request, books_id, month, verbs.reopen, "Opened again.", ("reopen_form", "reason"))


def _in_words(
    request: FirmRequest, books_id: int, month: str, act: Any, words: str, given: tuple[str, str]
) -> HttpResponse:
    form, name = given
    with firm_scope(write=request.firm.pk):
        books, one = _begun(request, books_id, month)
        said = request.POST.get("words", "")[:2000]
        outcome = act(one=one, **{name: said}, by=request.user, now=timezone.now())
    return _done(request, books, one.month, outcome, words, form=form)


@require_safe
@firm_view(Permission.EXPORT, scope="none")
def export(request: FirmRequest, books_id: int, month: str) -> HttpResponse:
    """Hand out the drawn invoices line by line, as they were compared."""
    now, firm = timezone.now(), request.firm
    with firm_scope(write=firm.pk):
        _, one = _begun(request, books_id, month)
        drawn = queries.sampled(one)
        actions.exported(
            firm_id=firm.pk, what=f"month end of {one}, {len(drawn)} invoices", by=request.user, now=now
        )
    rows = [
        row
        for each in drawn
        for pair in (each.reading.rows if each.reading else [])
        for row in _exported(each, pair, firm.currency)
    ]
    name = f"{firm.slug}-month-end-{one.month:%Y-%m}"
    return table(name=name, heads=HEADS, rows=rows, form=request.GET.get("format", ""))


def _exported(each: Sampled, pair: dict[str, Any], currency: str) -> list[list[Any]]:
    """Return the lines of one comparison side by side."""
    rows = []
    for at in range(max(len(pair["clio"]), len(pair["books"]))):
        sides: list[Any] = []
        for side in (pair["clio"], pair["books"]):
            line = side[at] if at < len(side) else None
            sides += (
                [line["text"], line["quantity"], line["rate"], money.decimal(line["amount"], currency)]
                if line
                else [None, None, None, None]
            )
        rows.append([each.row.document.number, *sides, pair["words"] if not at else ""])
    return rows
