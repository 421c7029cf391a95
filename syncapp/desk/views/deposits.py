"""What waits in Undeposited Funds, and the deposits that a person makes of it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import queries as firms
from accounts.access import firm_view
from accounts.paging import capped
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from mapping import options
from mapping import queries as mapping
from syncapp.core import money
from syncapp.core.books import Chart
from syncapp.core.payouts import Receipt, of_bank_line
from syncapp.core.planning.facts import AGED_AFTER
from syncapp.desk import actions
from syncapp.desk.deposit_forms import BankLineForm, SlipForm, TakeBackForm
from syncapp.desk.export import table
from syncapp.desk.queries import deposits as queries
from syncapp.desk.replies import reply
from syncapp.pipeline.deposits import actions as verbs
from syncapp.pipeline.deposits import waiting
from syncapp.pipeline.deposits.wish import number_of
from syncapp.records.models import BankDeposit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from accounts.access import FirmRequest
    from accounts.models import Books
    from syncapp.pipeline.deposits.waiting import Waits

PAGE = 50
MOST = 500  # of one deposit
HEADS = ["Received", "From", "Number", "Days", "Amount"]


def chosen_books(request: FirmRequest) -> tuple[list[Books], Books | None]:
    """Return the sets of books, and the one that the address names, else the first. Raises Http404."""
    listed = firms.books_of(firm_id=request.firm.pk)
    wanted = request.GET.get("books") or request.POST.get("books") or ""
    if wanted and wanted not in {str(one.pk) for one in listed}:
        raise Http404
    return listed, next((one for one in listed if not wanted or str(one.pk) == wanted), None)


def account_of(books: Books | None) -> waiting.Account:
    """Return Undeposited Funds of a set of books, of none nothing."""
    return waiting.read(firm_id=books.firm_id, books_id=books.pk) if books else waiting.Account()


def frame(request: FirmRequest, tab: str) -> dict[str, Any]:
    """Return what every page of deposits shows."""
    listed, books = chosen_books(request)
    return {
        "section": "deposits",
        "tab": tab,
        "books_list": listed,
        "books": books,
        "currency": request.firm.currency,
        "may_make": Permission.APPROVE in request.can,
        "may_export": Permission.EXPORT in request.can,
    }


def aged_after(books: Books | None) -> int:
    """Return after how many days here something is an exception."""
    version = mapping.published(books.pk) if books else None
    return options.aged_after(version.options) if version else AGED_AFTER


@require_safe
@firm_view(Permission.SEE)
def deposits(request: FirmRequest) -> HttpResponse:
    """Answer: what waits to be deposited, since when, and does it tie to the account."""
    context = frame(request, "waiting")
    books, today = context["books"], firms.today_of(request.firm, timezone.now())
    account, days = account_of(books), aged_after(books)
    aged = [one for one in account.waits if (today - one.day).days > days]
    only_aged = request.GET.get("aged") == "1"
    page = Paginator(aged if only_aged else account.waits, PAGE).get_page(request.GET.get("page"))
    context |= {
        "account": account,
        "page": page,
        "rows": queries.listed(books=books, rows=list(page), today=today),
        "aged": aged,
        "aged_sum": sum(one.amount for one in aged),
        "aged_after": days,
        "only_aged": only_aged,
        "oldest": (today - account.waits[0].day).days if account.waits else 0,
        "line_form": BankLineForm(initial={"day": today}),
    }
    return render(request, "desk/deposits.html", context)


@require_safe
@firm_view(Permission.EXPORT, scope="none")
def export(request: FirmRequest) -> HttpResponse:
    """Hand out what waits, with the total that the page shows."""
    now, firm = timezone.now(), request.firm
    today = firms.today_of(firm, now)
    with firm_scope(write=firm.pk):
        _, books = chosen_books(request)
        account = account_of(books)
        rows = queries.listed(books=books, rows=account.waits, today=today)
        what = f"Undeposited Funds, {len(rows)} rows"
        actions.exported(firm_id=firm.pk, what=what, by=request.user, now=now)
    cells: list[list[Any]] = [
        [row.one.day, row.name, row.one.reference, row.age, money.decimal(row.one.amount, firm.currency)]
        for row in rows
    ]
    return table(
        name=f"{firm.slug}-undeposited-{today:%Y-%m-%d}",
        heads=HEADS,
        rows=cells,
        form=request.GET.get("format", ""),
        totals=["Total", None, None, None, money.decimal(account.waiting, firm.currency)],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@firm_view(Permission.APPROVE, scope="none")
def slip(request: FirmRequest) -> HttpResponse:
    """Show the entry of what was ticked, or of what comes to a bank's line, and make the deposit."""
    firm_id, now = request.firm.pk, timezone.now()
    today = firms.today_of(request.firm, now)
    with firm_scope(write=None, reads=[firm_id]):
        context = frame(request, "waiting")
        books, account = context["books"], account_of(context["books"])
        where = verbs.places(firm_id=firm_id, books_id=books.pk) if books else verbs.Places(chart=Chart())
    keys, told = _wanted(request, account)
    form = SlipForm(
        request.POST or None,
        banks=where.banks,
        fees=bool(where.fees),
        **told | {"today": told.get("today", today)},
    )
    if request.method == "POST" and form.is_valid() and books is not None:
        fee = _minor(form.cleaned_data.get("fee"), request.firm.currency)
        wanted = verbs.Slip(day=form.cleaned_data["day"], bank=form.cleaned_data["bank"], keys=keys, fee=fee)
        made = verbs.make(firm_id=firm_id, books_id=books.pk, slip=wanted, by=request.user, now=now)
        if isinstance(made, BankDeposit):
            messages.info(request, f"Deposit {number_of(made.pk)} posts with the run that begins now.")
            return redirect("desk:deposit", deposit_id=made.pk)
        form.add_error(None, made)
    with firm_scope(write=None, reads=[firm_id]):
        context |= _ticked(books, account, keys, today) | {"form": form}
        fee = _minor(money_of(str(form["fee"].value() or "")) if where.fees else None, request.firm.currency)
        context |= _entry(request, where, context["chosen"], str(form["bank"].value() or ""), fee)
        return render(request, "desk/slip.html", context, status=422 if form.errors else 200)


def money_of(text: str) -> Decimal | None:
    """Read what somebody typed as an amount; None for what is none."""
    try:
        found = Decimal(text.replace(",", "").strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() and 0 <= found < 10**10 else None


def _minor(amount: Decimal | None, currency: str) -> int:
    return money.minor(amount, currency) if amount is not None else 0


def _wanted(request: FirmRequest, account: waiting.Account) -> tuple[list[str], dict[str, Any]]:
    """Return what is ticked, or what alone comes to a bank line that was typed, with its day and fee."""
    line = BankLineForm(request.GET)
    if request.method == "POST" or "amount" not in request.GET:
        given = request.POST if request.method == "POST" else request.GET
        return given.getlist("waits")[:MOST], {}
    if not line.is_valid():
        messages.error(request, "Type the day and the amount as the bank shows them.")
        return [], {}
    said, currency = line.cleaned_data, request.firm.currency
    receipts = [
        Receipt(key=one.key, day=one.day, amount=one.amount) for one in account.waits if one.slip is None
    ]
    fee = _minor(said["fee"], currency)
    ways = of_bank_line(receipts, day=said["day"], amount=_minor(said["amount"], currency), fee=fee)
    if len(ways) != 1:
        several = "Several sets of receipts come to that amount: tick those that went together."
        messages.warning(request, several if ways else "No set of receipts comes to that amount. Tick them.")
        return [], {}
    return list(ways[0]), {"today": said["day"], "fee": str(said["fee"] or "")}


def _ticked(
    books: Books | None, account: waiting.Account, keys: Sequence[str], today: date
) -> dict[str, Any]:
    chosen = [one for one in account.waits if one.key in set(keys)]
    return {
        "chosen": chosen,
        "rows": queries.listed(books=books, rows=chosen, today=today),
        "total": sum(one.amount for one in chosen),
        "gone": len(set(keys)) - len(chosen),
    }


def _entry(
    request: FirmRequest, where: verbs.Places, chosen: Sequence[Waits], bank: str, fee: int
) -> dict[str, Any]:
    """Return the entry as it would post; without a bank chosen yet its line says so."""
    gathered = sum(one.amount for one in chosen)
    if not chosen or fee > gathered:
        return {}
    known = where.chart.accounts.get(bank)
    rows = [{"kind": one.place[0], "id": one.place[1], "amount": one.amount} for one in chosen]
    bank_id = known.id if known else "The bank account"
    made = BankDeposit(day=chosen[0].day, bank=bank_id, rows=rows, fee=fee, fee_account=where.fees)
    lines, totals = queries.entry(queries.drafted(made, where.chart, request.firm.currency), where.chart)
    return {"lines": lines, "totals": totals, "at_bank": gathered - fee}


@require_safe
@firm_view(Permission.SEE)
def made(request: FirmRequest) -> HttpResponse:
    """List the deposits that were made here, and how each stands."""
    context = frame(request, "made")
    rows_made = queries.made(firm_id=request.firm.pk, books=context["books"])
    page = capped(rows_made, PAGE).get_page(request.GET.get("page"))
    shown = list(page)
    stands = queries.states(firm_id=request.firm.pk, rows=shown)
    rows = [(row, number_of(row.pk), stands[row.pk]) for row in shown]
    return render(request, "desk/deposits_made.html", context | {"page": page, "rows": rows})


@require_safe
@firm_view(Permission.SEE)
def deposit(request: FirmRequest, deposit_id: int) -> HttpResponse:
    """Show one deposit as a slip: what it gathers, its entry, how it stands."""
    return _page(request, deposit_id, TakeBackForm())


def _page(request: FirmRequest, deposit_id: int, form: TakeBackForm, *, status: int = 200) -> HttpResponse:
    rows = BankDeposit.objects.filter(firm_id=request.firm.pk, pk=deposit_id)
    found = rows.select_related("books", "payout", "by", "ended_by").first()
    if found is None:
        raise Http404
    chart = queries.chart_of(found.books)
    lines, totals = queries.entry(queries.drafted(found, chart, request.firm.currency), chart)
    context = {
        "section": "deposits",
        "made": found,
        "number": number_of(found.pk),
        "stands": queries.states(firm_id=request.firm.pk, rows=[found])[found.pk],
        "lines": lines,
        "totals": totals,
        "form": form,
        "currency": request.firm.currency,
        "may_make": Permission.APPROVE in request.can,
    }
    return render(request, "desk/deposit.html", context, status=status)


@require_POST
@firm_view(Permission.APPROVE, scope="none")
def take_back(request: FirmRequest, deposit_id: int) -> HttpResponse:
    """Take a deposit back, with the reason."""
    firm_id, form = request.firm.pk, TakeBackForm(request.POST)
    with firm_scope(write=None, reads=[firm_id]):
        if not BankDeposit.objects.filter(firm_id=firm_id, pk=deposit_id).exists():
            raise Http404
        if not form.is_valid():
            return _page(request, deposit_id, form, status=422)
    refused = verbs.take_back(
        firm_id=firm_id,
        deposit_id=deposit_id,
        reason=form.cleaned_data["reason"],
        by=request.user,
        now=timezone.now(),
    )
    reply(request, refused, "Taken back by the run that begins now. What it gathered waits again.")
    return redirect(reverse("desk:deposit", args=[deposit_id]))
