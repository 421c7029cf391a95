"""One exception: why it is stuck, and what to press."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import queries as firms
from accounts.access import firm_view
from accounts.roles import Permission
from syncapp.desk import words
from syncapp.desk.forms import SaidForm
from syncapp.desk.queries import (
    answers,
    asks,
    auto_uses,
    card,
    cases,
    contact_asks,
    given,
    hand_asks,
    linking,
    mergers,
    repairs,
    search,
    story,
    traces,
)
from syncapp.desk.rights import rights_of
from syncapp.desk.sides import sides
from syncapp.desk.views.case_many import care_of
from syncapp.pipeline.cases import alike, standing
from syncapp.pipeline.drifting import answers as drift_answers
from syncapp.pipeline.drifting import hands
from syncapp.pipeline.trust import restoring, strays
from syncapp.pipeline.undoing import settling
from syncapp.records.models import Hold

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from syncapp.records.models import Case

PAGE = 50
DONE = "?done=1"


@require_safe
@firm_view(Permission.SEE)
def case(request: FirmRequest, case_id: int) -> HttpResponse:
    """Answer: why, and what do I press."""
    return case_page(request, case_id)


def back_to_case(case_id: int, refusal: str | None) -> HttpResponse:
    """Lead back to a case: to its card when nothing was kept, else to what happens now and comes next."""
    return redirect(reverse("desk:case", args=[case_id]) + ("" if refusal else DONE))


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
        "step": words.step(found.code, found.fix, found.facts),
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
        "timeline": story.of(firm_id=firm_id, case=found, holds=list(page)),
        **_kept(request, found, list(page)),
        "currency": request.firm.currency,
        "ledger": words.LEDGERS.get(found.books.ledger, "") if found.books else "the books",
        "may_retry": Permission.RETRY in request.can,
        "ends_itself": found.code in hands.ENDS or found.code in hands.BY_ANSWER,
    }
    if not found.closed_at:
        context |= _card(request, found, list(page), clients, said_form)
    if (one := _compared(found, list(page), page.paginator.count)) is not None:
        context["compare"] = _beside(request, one, str(context["ledger"]))
    return render(request, "desk/case.html", context, status=status)


def _next(request: FirmRequest, found: Case) -> dict[str, Any]:
    """Return whether it was answered a moment ago, and the exception that follows when nothing is left."""
    done = f"?{request.GET.urlencode()}" == DONE
    return {"done": done, "following": cases.after(found) if done or found.closed_at else None}


def _kept(request: FirmRequest, found: Case, holds: list[Hold]) -> dict[str, Any]:
    """Return what is kept of a case: whose and until when, who was asked, what was settled elsewhere."""
    said = card.settled_elsewhere(firm_id=request.firm.pk, case_id=found.pk)
    asked = asks.of_case(firm_id=request.firm.pk, case=found, now=timezone.now())
    used = auto_uses.of_case(firm_id=request.firm.pk, case=found)
    may: dict[str, Any] = {"auto_uses": used, "may_settle": Permission.APPROVE in request.can}
    may |= {"given": given.of(found, request.can), "may_connect": Permission.CONNECT in request.can}
    may["stands"] = found.code in standing.CODES and not found.closed_at
    may["not_from_clio"] = bool(holds) and holds[0].resource == "books"
    return care_of(request, found) | {"elsewhere": said, "asks": asked} | may | _next(request, found)


def _card(
    request: FirmRequest, found: Case, holds: list[Hold], clients: dict[int, str], said_form: SaidForm | None
) -> dict[str, Any]:
    """Return what the card says, and its question if it has one."""
    question = _question(request, found, holds, clients, said_form)
    told = card.dressed(firm_id=request.firm.pk, case=found, asks=bool(question))
    linkable = bool(found.books_id) and any(linking.possible(hold) for hold in holds)
    more = {
        "linkable": linkable,
        "perhaps": card.perhaps(firm_id=request.firm.pk, case=found),
        "may_map": Permission.MAP in request.can,
        "alike": list(alike.count(found).items()),
    }
    return told | question | more


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
    if found.code == "deposited" and (asked_repairs := repairs.deposited(found)) is not None:
        return {"repairs": asked_repairs, "kept": repairs.kept(found)}
    if found.code == "trust_return_of":
        return {"deposits": answers.deposits(found)}
    if found.code in drift_answers.CODES:
        return {"hand": hand_asks.hand(found, firms.today_of(request.firm, timezone.now()))}
    if found.code in {hands.CONTACT, hands.MERGED}:
        return _of_contact(request, found)
    if found.code == "trust_twin":
        return {"twin": answers.twin(found)}
    if found.code == "doubtful_customer":
        return {"candidates": card.candidates(firm_id=request.firm.pk, case=found, holds=holds)}
    return _taken_back(request, found)


def _taken_back(request: FirmRequest, found: Case) -> dict[str, Any]:
    """Return what a card asks of entries of ours that were undone, or of client money that was changed."""
    if found.code == strays.CODE:
        told = restoring.changed(firm_id=request.firm.pk, case=found, now=timezone.now())
        signs = Permission.SIGN in request.can
        return {"strays": hand_asks.restorable(told), "may_restore": signs} if told else {}
    if found.code in settling.CODES:
        may = not rights_of(request.can).refuses(trust=found.severity == "trust") and found.fix != "wait"
        return {"undone": found.facts, "may_send_again": may}
    return {}


def _of_contact(request: FirmRequest, found: Case) -> dict[str, Any]:
    """Return what the card of a contact asks: whose word holds, or where its client stands after a merge."""
    if found.code == hands.CONTACT:
        return {"contact": contact_asks.of(firm_id=request.firm.pk, case=found)}
    signs = Permission.SIGN in request.can
    return {"merger": mergers.of(firm_id=request.firm.pk, case=found, signs=signs)}


def _compared(found: Case, holds: list[Hold], number: int) -> Hold | None:
    """Return the record that is put beside the books: the only one, or the bill whose number is taken.

    What did not come from Clio has no other side.
    """
    if number == 1:
        return None if holds[0].resource == "books" else holds[0]
    bills = [hold for hold in holds if hold.resource == "bills"] if found.code == "duplicate_number" else []
    return bills[0] if len(bills) == 1 else None


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
