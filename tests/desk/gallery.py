"""Every component on one page, with the figures of a believable firm: for looks and for axe, never a URL."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import Context, Engine, Template, engines
from django.template.backends.django import DjangoTemplates

NOW = datetime(2026, 11, 21, 14, 2, 38, tzinfo=UTC)
PAGE = Path(__file__).with_name("gallery.html")


class RuleForm(forms.Form):
    """A form with one field of each shape."""

    name = forms.CharField(max_length=20, help_text="As the bookkeeper will read it.")
    item = forms.ChoiceField(choices=[("", "Choose an item"), ("1", "Legal Fees")])
    email = forms.EmailField()
    memo = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), required=False)
    detail = forms.ChoiceField(
        choices=[("detail", "One line per entry"), ("summary", "One line per item")],
        widget=forms.RadioSelect,
        label="Lines",
    )
    hold = forms.BooleanField(required=False, label="Hold what no rule fits", help_text="Recommended.")


def context() -> dict[str, Any]:
    """Give what the gallery shows; money in whole cents."""
    form = RuleForm({"name": "x" * 21, "email": "nobody", "detail": "detail"})
    kinds = [
        ("Invoices", 1204, 1197, 291844210, 290462970, 1381240),
        ("Payments", 988, 988, 260553692, 260553692, 0),
        ("Credits and write-offs", 31, 31, 4188000, 4188000, 0),
        ("Receivables", 214, 207, 27102518, 25721278, 1381240),
    ]
    return {
        "now": NOW,
        "section": "overview",
        "top_note": "Main · QuickBooks Online",
        "firm": SimpleNamespace(slug="ash", name="Ash & Birch LLP"),
        "firms": [
            SimpleNamespace(slug="ash", name="Ash & Birch LLP"),
            SimpleNamespace(slug="elm", name="Elm PC"),
        ],
        "nav": {"exceptions": 4, "trust": True},
        "standing": {"as_of_at": NOW.replace(second=0), "last_tied_at": NOW.replace(hour=6, minute=0)},
        "tie": {
            "currency": "USD",
            "sides": [
                {
                    "label": "Bank statement, adjusted",
                    "minor": 17865000,
                    "note": "182,450.00 \N{MINUS SIGN} outstanding 3,800.00",
                },
                {
                    "label": "QuickBooks trust bank",
                    "minor": 17865000,
                    "note": "liability 178,650.00",
                    "equal": True,
                },
                {"label": "Client ledgers in Clio", "minor": 17840000, "note": "41 ledgers", "equal": False},
            ],
        },
        "tie_columns": [
            {"key": "kind", "label": "Kind", "sortable": True},
            {"key": "records", "label": "Records", "numeric": True, "sortable": True},
            {"key": "clio", "label": "Clio", "numeric": True, "sortable": True},
            {"key": "books", "label": "QuickBooks", "numeric": True},
            {"key": "queued", "label": "In queue", "numeric": True},
            {"key": "unexplained", "label": "Unexplained", "numeric": True},
        ],
        "sort": "-clio",
        "kinds": [
            {
                "kind": k,
                "clio_count": a,
                "books_count": b,
                "clio": c,
                "books": d,
                "queued": q,
                "unexplained": 0,
            }
            for k, a, b, c, d, q in kinds
        ],
        "buckets": [
            {"label": "Today", "minor": 1221240, "count": 6},
            {"label": "2\N{EN DASH}7 days", "minor": 190000, "count": 3},
            {"label": "8\N{EN DASH}30 days", "minor": 0, "count": 0},
            {"label": "Older", "minor": 55000, "count": 2},
        ],
        "months": ["Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov"],
        "series": [
            {"label": "Billed", "values": [24100000 + (i * 7 % 5) * 1900000 for i in range(12)]},
            {"label": "Collected", "values": [20300000 + (i * 5 % 7) * 1400000 for i in range(12)]},
        ],
        "spark": [0, -2000, 1000, -5000, -5000, 3000],
        "compare": {
            "left": "Clio bill 10483",
            "right": "QuickBooks invoice 10483",
            "rows": [
                {"label": "Client", "left": "Cedar Freight, Inc.", "right": "Cedar Freight Inc"},
                {"label": "Date", "left": "14 Sep 2026", "right": "11 Sep 2026", "differs": True},
                {"label": "Total", "left": "$1,900.00", "right": "$900.00", "differs": True},
                {"label": "Entered", "left": "Daniela Ortiz", "right": "not by Tieout, 11 Sep 2026 09:12"},
            ],
        },
        "lines": [
            {"account": "Accounts receivable", "name": "Cedar Freight, Inc. : 00311", "debit_minor": 190000},
            {"account": "Legal Fees", "memo": "rule 4, version 7", "credit_minor": 165000},
            {"account": "Filing Fees Recovered", "memo": "rule 9, version 7", "credit_minor": 25000},
        ],
        "totals": {"debit_minor": 190000, "credit_minor": 190000},
        "progress": {
            "label": "Reading bills from Clio",
            "done": 731,
            "total": 1204,
            "counts": [
                {"label": "posted", "number": 640},
                {"label": "held", "number": 9},
                {"label": "unchanged", "number": 82},
            ],
        },
        "events": [
            {
                "title": "Approved in Clio",
                "who": "M. Birch",
                "at": NOW,
                "text": "Bill 10483, 1,900.00, issued 14 Sep 2026",
            },
            {
                "title": "Mapped",
                "who": "rule 4, version 7",
                "at": NOW,
                "text": "Time by partners goes to Legal Fees",
            },
            {
                "title": "Held",
                "at": NOW,
                "tone": "waiting",
                "text": "Another invoice 10483 exists",
                "href": "#h",
            },
            {
                "title": "Posted",
                "who": "Tieout",
                "at": NOW,
                "tone": "proven",
                "text": "QuickBooks invoice 1130",
            },
        ],
        "page": Paginator(range(241), 50).page(2),
        "form": form,
    }


def render() -> str:
    """Write the gallery as HTML, through the project's own templates."""
    backend = engines["django"]
    assert isinstance(backend, DjangoTemplates)
    engine: Engine = backend.engine
    request = HttpRequest()
    request.path = "/gallery/"
    template = Template(PAGE.read_text(encoding="utf-8"), engine=engine)
    return template.render(Context({**context(), "request": request}))
