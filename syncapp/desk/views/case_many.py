"""What is done with several exceptions at once: first say what, then do it, in each firm what is its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import queries as firms
from accounts.access import firm_view
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from syncapp.desk import actions, words
from syncapp.desk.case_forms import (
    Asked,
    Comment,
    DueDay,
    Give,
    KeepView,
    Resume,
    Settle,
    SettledElsewhere,
    WaitUntil,
)
from syncapp.desk.queries import cases, views
from syncapp.desk.views.case_list import chosen, way_back
from syncapp.pipeline.cases import acts, owners

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from django import forms

    from accounts.access import FirmRequest
    from accounts.models import User
    from syncapp.records.models import Case

NAMED = 10  # cases that are named before something is done with all of them

CLOSE, ELSEWHERE = "close", "elsewhere"
STAYS = "client money, which a partner settles with the evidence, or nothing of it is held."

type Act = Callable[[dict[str, Any], dict[str, Any]], int | str | tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that is done with many cases: its form, its act, and its words."""

    form: type[Asked]
    act: Act
    title: str
    text: str
    verb: str
    done: str


DEEDS = {
    "assign": Deed(
        Give,
        lambda given, who: acts.assign(owner_id=int(given["owner"]), **who),
        "Give {these} to a colleague?",
        "Who gets them is told by mail. Nothing posts.",
        "Give",
        "given",
    ),
    "due": Deed(
        DueDay,
        lambda given, who: acts.set_due(due=given["day"], **who),
        "By when shall {these} be cleared?",
        "What is not cleared by that day is shown as late. Nothing posts.",
        "Set the day",
        "due on the new day",
    ),
    "until": Deed(
        WaitUntil,
        lambda given, who: acts.rest(until=given["day"], reason=given["reason"], **who),
        "Until when shall {these} wait?",
        "They stand apart until that day, then come back by themselves and are tried again. What can post "
        "before that day posts: to stop it, pause it.",
        "Let wait",
        "waiting until that day",
    ),
    "resume": Deed(
        Resume,
        lambda _given, who: acts.unrest(**who),
        "Take up {these} again?",
        "They wait no longer and stand with what needs a person.",
        "Take it up again",
        "taken up again",
    ),
    ELSEWHERE: Deed(
        SettledElsewhere,
        lambda given, who: actions.settle_many(reason=given["reason"], file=given["file"], **who),
        "Was all that {these} hold settled elsewhere?",
        "Tieout posts none of it. Both sides go on to differ by it, and the tie-out names each record with "
        "your reason. Client money stays unless you sign for it and give the evidence. It may be taken back.",
        "Keep as settled elsewhere",
        "settled elsewhere",
    ),
    CLOSE: Deed(
        Settle,
        lambda given, who: acts.close(reason=given["reason"], **who),
        "Close what has posted of {these}?",
        "Alarms close with your reason in the log. What is held is not in the books yet: it stays, and "
        "closes when it posts. So does what ends only by a choice on its card.",
        "Close the alarms",
        "closed",
    ),
}


@require_POST
@firm_view(Permission.APPROVE, scope="none")
def many(request: FirmRequest, what: str) -> HttpResponse:
    """Do one thing with all that was ticked, in every firm of the person that it belongs to."""
    if what not in DEEDS or what == CLOSE:
        raise Http404
    return _many(request, what)


@require_POST
@firm_view(Permission.RETRY, scope="none")
def close_many(request: FirmRequest) -> HttpResponse:
    """Close the alarms of all that was ticked, where the person may."""
    return _many(request, CLOSE)


def _many(request: FirmRequest, what: str) -> HttpResponse:
    """Ask first, then do it: `request.reads` are the firms in which the person may."""
    deed, back, sure = DEEDS[what], way_back(request), request.POST.get("sure") == "1"
    with firm_scope(write=None, reads=request.reads):
        by_firm = views.by_firm(firms=request.reads, case_ids=chosen(request, "case"))
        people = _common(sorted(by_firm), timezone.now())
        given = (request.POST, request.FILES) if sure else (None, None)
        form = deed.form(*given, people=people, today=request.today)
        if not by_firm:
            messages.warning(request, "Nothing was chosen that is open. Tick what you mean.")
            return redirect(back)
        if not sure or not form.is_valid():
            return _ask(request, what, form, by_firm, back, status=422 if sure else 200)
    now, count, still = timezone.now(), 0, 0
    for firm_id, ids in by_firm.items():
        who = {"firm_id": firm_id, "case_ids": ids, "by": request.user, "now": now}
        answer = deed.act(form.cleaned_data, who)
        if isinstance(answer, str):
            messages.warning(request, answer)
            return redirect(back)
        number, held = answer if isinstance(answer, tuple) else (answer, 0)
        count, still = count + number, still + held
    _say(request, what, count, still)
    return redirect(back)


def _common(firm_ids: Sequence[int], now: datetime) -> list[User]:
    """List who may have cases in all of some firms, by name."""
    found: dict[int, tuple[User, int]] = {}
    for firm_id in firm_ids:
        for member in owners.may_own(firms.members_today(firm_id=firm_id, now=now)):
            found[member.user_id] = (member.user, found.get(member.user_id, (member.user, 0))[1] + 1)
    return sorted((user for user, number in found.values() if number == len(firm_ids)), key=str)


def _ask(
    request: FirmRequest, what: str, form: forms.Form, by_firm: dict[int, list[int]], back: str, status: int
) -> HttpResponse:
    for field in list(form.fields.values())[:1]:
        field.widget.attrs["autofocus"] = True
    deed, ids = DEEDS[what], [pk for some in by_firm.values() for pk in some]
    these = words.counted(len(ids), "exception")
    found = cases.open_cases(firms=list(by_firm)).filter(pk__in=ids)
    context = {
        "section": "exceptions",
        "address": reverse("desk:close_many") if what == CLOSE else reverse("desk:many", args=[what]),
        "title": deed.title.format(these=these),
        "text": deed.text,
        "verb": deed.verb,
        "form": form,
        "rows": list(found[:NAMED]),
        "more": max(len(ids) - NAMED, 0),
        "case_ids": ids,
        "back": back,
    }
    return render(request, "desk/many.html", context, status=status)


def _say(request: FirmRequest, what: str, count: int, still: int) -> None:
    if what == CLOSE:
        closed = f"{words.counted(count, 'alarm')} closed." if count else "Nothing of it had posted."
        stays = (
            f" {words.counted(still, 'exception')} stay: what is held, or ends only as its card says."
            if still
            else ""
        )
        messages.info(request, closed + stays)
        return
    messages.info(request, f"{words.counted(count, 'exception')} {DEEDS[what].done}.")
    if still:
        stay = "stays" if still == 1 else "stay"
        messages.warning(request, f"{words.counted(still, 'exception')} {stay}: {STAYS}")


def care_of(request: FirmRequest, case: Case) -> dict[str, Any]:
    """Return what the page of a case says of its owner and its day, and the forms to change them."""
    if Permission.APPROVE not in request.can:
        return {"may_change": False, "late": _late(request, case)}
    people = _common([request.firm.pk], timezone.now())
    deeds = ["assign", "due", "resume"] if case.rested_until else ["assign", "due", "until"]
    forms = [
        (what, DEEDS[what].verb, DEEDS[what].form(people=people, today=request.today, auto_id=f"{what}_%s"))
        for what in deeds
    ]
    return {"may_change": True, "late": _late(request, case), "care": forms, "comment": Comment()}


def _late(request: FirmRequest, case: Case) -> bool:
    return bool(case.due_on and case.due_on < request.today and not case.closed_at)


@require_POST
@firm_view(Permission.APPROVE, scope="none")
def comment(request: FirmRequest, case_id: int) -> HttpResponse:
    """Keep what a person writes about a case, and say who is told."""
    with firm_scope(write=None, reads=[request.firm.pk]):
        if cases.case_or_none(firm_id=request.firm.pk, case_id=case_id) is None:
            raise Http404
    form = Comment(request.POST)
    text = form.cleaned_data["words"] if form.is_valid() else ""
    answer = acts.comment(
        firm_id=request.firm.pk, case_id=case_id, words=text, by=request.user, now=timezone.now()
    )
    if isinstance(answer, str):
        messages.warning(request, answer)
    else:
        told, unknown = answer
        names = words.joined(str(person) for person in told)
        if names:
            messages.info(request, f"{names} {'is' if len(told) == 1 else 'are'} told by mail.")
        if unknown:
            messages.warning(
                request, f"Nobody of the firm is called {words.joined(unknown)}: nobody was told."
            )
    return redirect("desk:case", case_id)


@require_POST
@firm_view(Permission.SEE, scope="none")
def keep_view(request: FirmRequest) -> HttpResponse:
    """Keep the filter that is on the page under a name; the same name again replaces it."""
    form, everywhere = KeepView(request.POST), request.POST.get("everywhere") == "1"
    back = way_back(request)
    if not form.is_valid():
        messages.warning(request, "Give the view a name.")
        return redirect(back)
    kept = actions.keep_view(
        firm_id=request.firm.pk, user=request.user, everywhere=everywhere, **form.cleaned_data
    )
    if not kept:
        messages.warning(request, "You keep as many views as can be kept. Remove one first.")
    return redirect(back)


@require_POST
@firm_view(Permission.SEE, scope="none")
def drop_view(request: FirmRequest) -> HttpResponse:
    """Forget a view of the person's own, by its name."""
    name, everywhere = request.POST.get("name", ""), request.POST.get("everywhere") == "1"
    with firm_scope(write=None, reads=request.reads):
        found = views.named(firms=request.reads, user=request.user, name=name, everywhere=everywhere)
    for view in found:
        actions.drop_view(view=view)
    return redirect(way_back(request))
