"""The choices of a set of books beside its rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import firm_view
from accounts.roles import Permission
from accounts.tenancy import firm_scope
from mapping import actions, practice, queries
from mapping.deposit_forms import DepositRows
from mapping.option_forms import OptionsForm, options_from
from mapping.views.frame import back, chosen_books, page

if TYPE_CHECKING:
    from accounts.access import FirmRequest

GROUPS = [
    (
        "Start",
        "What is dated earlier is in the books already and is left alone.",
        ("start_bills", "start_payments", "start_credits", "start_trust"),
    ),
    (
        "Customers",
        "Fields: {client}, {matter_number}, {matter}.",
        (
            *("matters_as", "client_name", "matter_name", "firm_funds", "trust_interest"),
            *("confidential_matters", "confidential_areas"),
        ),
    ),
    (
        "Invoices",
        "How a bill of Clio stands in the books.",
        (
            *("number_prefix", "lines", "several_matters", "costs", "costs_suffix", "tax", "paid_first"),
            *("narrative", "bill_pdf"),
        ),
    ),
    (
        "Retainers and openings",
        "Left empty, such money and such bills are held.",
        ("retainer_liability", "retainer_item", "opening_item"),
    ),
    (
        "Payouts and Undeposited Funds",
        "What a card processor keeps is an expense of the firm, of client money too.",
        ("payout_fees", "aged_after"),
    ),
    (
        "Rounding",
        "A bill whose lines lack a few cents of its total posts with one line that says so.",
        ("rounding_item", "rounding_up_to"),
    ),
    ("Fallback", "Holding is the safe answer.", ("fallback",)),
]


@require_http_methods(["GET", "POST"])
@firm_view(Permission.MAP, scope="none")
def options(request: FirmRequest) -> HttpResponse:
    """Choose start dates, names, numbers, deposits, retainers and openings; saved to the draft."""
    with firm_scope(write=request.firm.pk):
        books = chosen_books(request)
        if books is None:
            return page(request, "rules", "options", {"books": None, "version": None})
        version = queries.draft(books.pk) or queries.published(books.pk)
        raw = version.options if version else {}
        chart = queries.chart(books.pk)
        form = OptionsForm(request.POST or None, chart=chart, raw=raw)
        rows = [row for row in raw.get("deposits", []) if "otherwise" not in row]
        deposits = DepositRows(
            request.POST or None, initial=rows, prefix="deposits", form_kwargs={"chart": chart}
        )
        if request.method == "POST" and form.is_valid() and deposits.is_valid():
            draft = actions.start_draft(books=books, author=request.user, now=timezone.now())
            filled = [row for row in deposits.cleaned_data if row.get("account")]
            actions.save_draft(
                books=books,
                options=options_from(form.cleaned_data, filled, draft.options),
                rules=queries.rule_rows(draft),
                author=request.user,
                now=timezone.now(),
            )
            messages.info(request, "The options are in the draft. Publish it to put them in force.")
            return back("rules", books)
        context: dict[str, Any] = {
            "books": books,
            "form": form,
            "groups": [(title, words, [form[name] for name in names]) for title, words, names in GROUPS],
            "otherwise": form["otherwise"],
            "deposits": deposits,
            "bank_accounts": practice.practice(request.firm.pk).bank_accounts,
            "bad_rows": request.method == "POST" and not deposits.is_valid(),
        }
        return page(request, "options", "options", context, status=422 if request.method == "POST" else 200)
