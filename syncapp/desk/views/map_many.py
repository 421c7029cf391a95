"""Where the lines of several exceptions go: one choice for all, seen with what it posts first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import firm_view
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from mapping import placing, queries
from syncapp.desk import actions, words
from syncapp.desk.queries import cases
from syncapp.desk.views.case_list import chosen, way_back
from syncapp.pipeline.cases import foreseen

if TYPE_CHECKING:
    from accounts.access import FirmRequest
    from mapping.placing import Wish
    from syncapp.pipeline.cases.foreseen import Effect
    from syncapp.records.models import Case

MOST = 10  # causes that are placed by one choice: each is looked at before it is in force
NOTHING = "None of what you ticked asks where it goes. Tick what no rule takes, or what is inactive."


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """One exception with what a choice would make of it."""

    case: Case
    wish: Wish
    said: str
    effect: Effect

    @property
    def stays(self) -> list[tuple[str, int]]:
        """Return what stays for which reason."""
        return sorted(self.effect.stays.items())


@require_POST
@firm_view(Permission.MAP, scope="none")
def map_many(request: FirmRequest) -> HttpResponse:
    """Ask where the lines go; with a choice show what it posts; when it was seen, put it in force."""
    back, choice = way_back(request), request.POST.get("choice", "")
    with firm_scope(write=None, reads=[request.firm.pk]):
        asked, more = _asked(request)
        if not asked:
            messages.warning(request, NOTHING)
            return redirect(back)
        if len(asked) == 1:
            return redirect("desk:map_here", asked[0][0].pk)
        offered = _offered(asked)
        if request.POST.get("sure") != "1" or choice not in offered:
            return _page(request, asked, more, offered, choice, back)
    done, refusal = 0, ""
    for case, wish in asked:
        refusal = actions.map_here(
            firm_id=request.firm.pk, case_id=case.pk, wish=wish, choice=choice, by=request.user,
            now=timezone.now(),
        )  # fmt: skip
        if refusal:
            break
        done += 1
    if done:
        text = "The rule is" if done == 1 else f"{done} rules are"
        messages.info(request, f"{text} in force. What they release posts with the run that begins now.")
    if refusal:
        messages.warning(request, refusal)
    return redirect(back)


def _asked(request: FirmRequest) -> tuple[list[tuple[Case, Wish]], int]:
    """Return the ticked cases that one choice can answer, those like the first; and how many it cannot."""
    rows = cases.open_cases(firms=[request.firm.pk]).filter(pk__in=chosen(request, "case"))
    ticked = list(rows)
    pairs = [(case, wish) for case in ticked if case.books_id and (wish := _wish(case))]
    like = [
        (case, wish)
        for case, wish in pairs
        if (case.books_id, wish.kind) == (pairs[0][0].books_id, pairs[0][1].kind)
    ]
    return like[:MOST], len(ticked) - len(like[:MOST])


def _wish(case: Case) -> Wish | None:
    return placing.wish_of(case.code, case.facts)


def _offered(asked: list[tuple[Case, Wish]]) -> dict[str, str]:
    """Return what may take the lines of all."""
    version = queries.published(asked[0][0].books_id or 0)
    if version is None:
        return {}
    book = queries.book_of(version)
    lists = [dict(placing.candidates(wish, book.chart, book.walled)) for _, wish in asked]
    return {value: label for value, label in lists[0].items() if all(value in each for each in lists)}


def _page(
    request: FirmRequest,
    asked: list[tuple[Case, Wish]],
    more: int,
    offered: dict[str, str],
    choice: str,
    back: str,
) -> HttpResponse:
    first = asked[0][0]
    version = queries.published(first.books_id or 0)
    placed: list[Placed] = []
    if version is not None and choice in offered:
        for case, wish in asked:
            tried = placing.tried(wish, choice, version)
            effect = foreseen.effect(case=case, tried=tried, codes=placing.CODES, show=1)
            placed.append(Placed(case=case, wish=wish, said=placing.said(wish, choice), effect=effect))
    context = {
        "section": "exceptions",
        "asked": asked,
        "more": more,
        "offered": offered,
        "choice": choice,
        "placed": placed,
        "records": sum(len(one.effect.here) for one in placed),
        "minor": sum(one.effect.here_minor for one in placed),
        "draft": queries.draft(first.books_id or 0),
        "ledger": words.LEDGERS.get(first.books.ledger, "") if first.books else "the books",
        "currency": request.firm.currency,
        "back": back,
    }
    return render(request, "desk/map_many.html", context)
