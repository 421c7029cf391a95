"""The exception queue: what is stuck, why, and what to press."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts import queries as firms
from accounts.access import firm_view
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.core import money
from syncapp.desk import actions, words
from syncapp.desk.export import table
from syncapp.desk.forms import CaseFilter, SaidForm
from syncapp.desk.queries import answers, card, cases, search, traces
from syncapp.desk.sides import sides
from syncapp.records.models import Hold

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from syncapp.records.models import Case

PAGE = 50
MOST_CHOSEN = 500
LONGEST_ID = 18


def _form(request: FirmRequest) -> CaseFilter:
    books = [(str(books.pk), books.name) for books in firms.books_of(firm_id=request.firm.pk)]
    return CaseFilter(request.GET, offered=cases.choices(firm_id=request.firm.pk), books=books)


def _wish(form: CaseFilter) -> cases.Wish:
    """Read the filter; what does not fit narrows nothing."""
    form.is_valid()
    chosen = form.cleaned_data
    books = str(chosen.get("books") or "")
    return cases.Wish(
        code=chosen.get("code") or "",
        severity=chosen.get("severity") or "",
        resource=chosen.get("resource") or "",
        books=int(books) if books.isdigit() else None,
        text=chosen.get("q") or "",
    )


@require_safe
@firm_view(Permission.SEE)
def exceptions(request: FirmRequest) -> HttpResponse:
    """Answer: what is stuck."""
    form, now = _form(request), timezone.now()
    wish = _wish(form)
    pages = cases.pages(firm_id=request.firm.pk, wish=wish, per_page=PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "section": "exceptions",
        "now": now,
        "form": form,
        "wish": wish,
        "page": page,
        "rows": cases.shown(firm_id=request.firm.pk, cases=list(page), now=now),
        "totals": cases.totals(firm_id=request.firm.pk, wish=wish),
        "currency": request.firm.currency,
        "may_retry": Permission.RETRY in request.can,
        "may_export": Permission.EXPORT in request.can,
        "top_note": "Trust first, then by money and age",
    }
    return render(request, "desk/exceptions.html", context)


@require_safe
@firm_view(Permission.EXPORT, scope="none")
def export(request: FirmRequest) -> HttpResponse:
    """Hand out the records of the exceptions that fit the filter, with their total."""
    now, firm = timezone.now(), request.firm
    with firm_scope(write=firm.pk):
        holds = list(cases.for_export(firm_id=firm.pk, wish=_wish(_form(request))))
        actions.exported(firm_id=firm.pk, what=f"exceptions, {len(holds)} records", by=request.user, now=now)
    rows = [_line(hold, firm.currency) for hold in holds]
    heads = [
        "Cause",
        "Urgency",
        "Books",
        "Record",
        "Clio id",
        "Number",
        "Amount",
        "Reason",
        "Posted",
        "Since",
    ]
    whole = money.decimal(sum(hold.amount for hold in holds), firm.currency)
    return table(
        name=f"{firm.slug}-exceptions-{firms.today_of(firm, now).isoformat()}",
        heads=heads,
        rows=rows,
        form=request.GET.get("format", ""),
        totals=["Total", None, None, None, None, None, whole, None, None, None],
    )


def _line(hold: Hold, currency: str) -> list[Any]:
    case = hold.case
    return [
        case.title,
        words.SEVERITY.get(case.severity, (case.severity, ""))[0],
        case.books.name if case.books else "",
        words.RESOURCE.get(hold.resource, hold.resource).capitalize(),
        hold.source_id,
        hold.number,
        money.decimal(hold.amount, currency),
        hold.words,
        "Yes, with an alarm" if hold.alarm else "No",
        hold.opened_at,
    ]


@require_safe
@firm_view(Permission.SEE)
def case(request: FirmRequest, case_id: int) -> HttpResponse:
    """Answer: why, and what do I press."""
    return case_page(request, case_id)


def case_page(
    request: FirmRequest, case_id: int, *, said_form: SaidForm | None = None, status: int = 200
) -> HttpResponse:
    """Write the page of a case, with a form as it was filled in; 404 for a case of nobody. In a scope."""
    firm_id = request.firm.pk
    found = cases.case_or_none(firm_id=firm_id, case_id=case_id)
    if found is None:
        raise Http404
    holds = cases.open_holds(firm_id=firm_id, case_id=case_id).prefetch_related("document")
    page = Paginator(holds, PAGE).get_page(request.GET.get("page"))
    ids = {hold.document.client_id for hold in page if hold.document.client_id}
    clients = search.client_names(firm_id=firm_id, ids=ids)
    context = {
        "section": "exceptions",
        "now": timezone.now(),
        "case": found,
        "pill": words.SEVERITY.get(found.severity, (found.severity, "")),
        "step": words.step(found.code, found.fix),
        "page": page,
        "rows": [
            (
                hold,
                words.RESOURCE.get(hold.resource, hold.resource).capitalize(),
                clients.get(hold.document.client_id or 0, ""),
            )
            for hold in page
        ],
        "totals": cases.case_totals(firm_id=firm_id, case_id=case_id),
        "closed": card.closed_holds(firm_id=firm_id, case_id=case_id),
        "events": [_event(event) for event in card.events(firm_id=firm_id, case=found, holds=list(page))],
        "currency": request.firm.currency,
        "ledger": words.LEDGERS.get(found.books.ledger, "") if found.books else "the books",
        "may_retry": Permission.RETRY in request.can,
    }
    if not found.closed_at:
        context |= _card(request, found, list(page), clients, said_form)
    if page.paginator.count == 1:
        context["compare"] = _beside(request, page[0], str(context["ledger"]))
    return render(request, "desk/case.html", context, status=status)


def _card(
    request: FirmRequest, found: Case, holds: list[Hold], clients: dict[int, str], said_form: SaidForm | None
) -> dict[str, Any]:
    """Return what the card says, and its question if it has one."""
    question = _question(request, found, holds, clients, said_form)
    told = card.dressed(firm_id=request.firm.pk, case=found, asks=bool(question))
    return told | question | {"may_map": Permission.MAP in request.can}


def _question(
    request: FirmRequest, found: Case, holds: list[Hold], clients: dict[int, str], said_form: SaidForm | None
) -> dict[str, Any]:
    """Return what the card asks: an entry to approve, what became of a payment, or which customer."""
    if found.code == "closed_correction":
        proposed, kept = answers.correction(found), answers.kept(found)
        approved = kept if kept and kept.answer == proposed.answer else None
        may = Permission.APPROVE in request.can
        return {"proposed": proposed, "approved": approved, "may_approve": may}
    if found.code == "payment_removed":
        client = next((clients.get(hold.document.client_id or 0, "") for hold in holds), "")
        asked = answers.removed(found, client)
        form = said_form or SaidForm(**answers.limits(asked, request.firm, timezone.now()))
        return {"asked": asked, "said_form": form, "kept": answers.kept(found)}
    if found.code == "trust_return_of":
        return {"deposits": answers.deposits(found)}
    if found.code == "trust_twin":
        return {"twin": answers.twin(found)}
    if found.code == "doubtful_customer":
        return {"candidates": card.candidates(firm_id=request.firm.pk, case=found, holds=holds)}
    return {}


def _event(event: Any) -> dict[str, Any]:
    return {"at": event.at, "title": audit.sentence(event)}


def _beside(request: FirmRequest, hold: Hold, ledger: str) -> dict[str, Any]:
    """Put what Clio says of a single held record beside what the books say."""
    document, firm_id = hold.document, request.firm.pk
    row = card.beside(firm_id=firm_id, document=document)
    names = search.client_names(firm_id=firm_id, ids={document.client_id} if document.client_id else set())
    customer = traces.customer_name(firm_id=firm_id, row=row) if row else ""
    return sides(
        document,
        row,
        client=names.get(document.client_id or 0, ""),
        customer=customer,
        ledger=ledger,
        currency=request.firm.currency,
    )


@require_POST
@firm_view(Permission.RETRY, scope="none")
def retry(request: FirmRequest) -> HttpResponse:
    """Try again: first say what, then do it."""
    wanted: dict[str, Any] = {
        "case_ids": _ids(request, "case"),
        "hold_ids": _ids(request, "hold"),
        "everything": request.POST.get("all") == "1",
    }
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = reverse("desk:exceptions")
    with firm_scope(write=None, reads=[request.firm.pk]):
        number, amount = cases.retryable(firm_id=request.firm.pk, **wanted)
        if number and request.POST.get("sure") != "1":
            context = wanted | {"section": "exceptions", "number": number, "amount": amount, "back": back}
            return render(request, "desk/retry.html", context | {"currency": request.firm.currency})
    if not number:
        messages.warning(request, "Nothing was chosen that is held. Tick what to try again.")
        return redirect(back)
    asked = actions.retry(firm_id=request.firm.pk, **wanted, by=request.user, now=timezone.now())
    noun = words.counted(asked, "record")
    verb = "is" if asked == 1 else "are"
    messages.info(
        request, f"{noun} {verb} tried again by the run that begins now. What is still stuck stays here."
    )
    return redirect(back)


def _ids(request: FirmRequest, name: str) -> list[int]:
    return [
        int(value)
        for value in request.POST.getlist(name)[:MOST_CHOSEN]
        if value.isdigit() and len(value) <= LONGEST_ID
    ]
