from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from syncapp.desk.templatetags import charts, formats
from tests.desk import gallery

NOW = datetime(2026, 9, 14, 18, 2, tzinfo=UTC)


def shown(source: str, **values: Any) -> str:
    return Template("{% load tieout %}" + source).render(Context(values))


@pytest.mark.parametrize(
    ("minor", "text"),
    [(291844210, "2,918,442.10"), (0, "0.00"), (5, "0.05"), (None, ""), (100, "1.00")],
)
def test_money_is_written_to_the_cent(minor: int | None, text: str) -> None:
    assert shown("{{ m|money }}", m=minor) == text


def test_negative_money_stands_in_parentheses_and_says_minus_to_a_screen_reader() -> None:
    assert (
        shown("{{ m|money }}", m=-25000) == '<span class="neg"><span class="vh">minus </span>(250.00)</span>'
    )
    assert shown("{{ m|cash }}", m=-25000).endswith("($250.00)</span>")
    assert shown("{{ m|money_text:'USD' }}", m=-25000) == "\N{MINUS SIGN}$250.00"


def test_money_that_is_not_whole_cents_is_refused() -> None:
    with pytest.raises(TypeError, match="whole cents"):
        shown("{{ m|money }}", m="12.50")


@pytest.mark.parametrize(
    ("currency", "text"),
    [("USD", "$1.00"), ("CAD", "CA$1.00"), ("GBP", "£1.00"), ("CHF", "CHF\N{NO-BREAK SPACE}1.00")],
)
def test_cash_carries_its_currency(currency: str, text: str) -> None:
    assert shown("{{ m|cash:c }}", m=100, c=currency) == text


@given(st.integers(min_value=-(10**14), max_value=10**14))
def test_written_money_reads_back_as_the_same_cents(minor: int) -> None:
    whole, cents = formats.digits(minor).replace(",", "").split(".")

    assert int(whole) * 100 + int(cents) == abs(minor)


def test_days_and_moments_are_written_one_way_in_the_firms_zone() -> None:
    with timezone.override("America/New_York"):
        assert shown("{{ d|day }}", d=date(2026, 9, 4)) == "4 Sep 2026"
        assert shown("{{ d|day }}", d=datetime(2026, 9, 5, 1, 0, tzinfo=UTC)) == "4 Sep 2026"
        assert (
            shown("{{ d|moment }}", d=NOW)
            == '<time class="nowrap" datetime="2026-09-14T14:02:00-04:00">14 Sep 2026 14:02</time>'
        )
        assert ">14:02<" in shown("{{ d|clock }}", d=NOW)
    assert shown("{{ d|day }}{{ d|moment }}{{ d|clock }}{% ago d %}", d=None) == ""


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=2), "just now"),
        (timedelta(seconds=38), "38\N{NO-BREAK SPACE}s ago"),
        (timedelta(minutes=59), "59\N{NO-BREAK SPACE}min ago"),
        (timedelta(hours=3), "3\N{NO-BREAK SPACE}h ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=54), "54 days ago"),
        (-timedelta(days=9), "in 9 days"),
    ],
)
def test_relative_time_is_counted_from_the_pages_now(before: timedelta, words: str) -> None:
    assert f">{words}</time>" in shown("{% ago at %}", at=NOW - before, now=NOW)


def test_counts_carry_their_noun() -> None:
    assert (
        shown("{{ 1|plural_count:'invoice' }}, {{ 1204|plural_count:'invoice' }}")
        == "1 invoice, 1,204 invoices"
    )
    assert (
        shown("{{ 2|plural_count:'entry,entries' }}, {{ 0|plural_count:'entry,entries' }}")
        == "2 entries, 0 entries"
    )


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (1, 1, "100%"),
        (9999, 10000, "99.9%"),
        (1, 8, "12.5%"),
        (-1, 4, "\N{MINUS SIGN}25%"),
        (3, 0, "\N{EN DASH}"),
    ],
)
def test_a_hundred_percent_means_all_of_it(part: int, whole: int, text: str) -> None:
    assert formats.percent_text(part, whole) == text


def test_the_query_string_keeps_filters_and_starts_at_the_first_page_again() -> None:
    request = RequestFactory().get("/exceptions/", {"kind": "bills", "page": "3", "sort": "age"})

    assert shown("{% query_with page=4 as q %}{{ q|safe }}", request=request) == "?kind=bills&page=4&sort=age"
    assert shown("{% query_with sort='-age' as q %}{{ q|safe }}", request=request) == "?kind=bills&sort=-age"
    assert shown("{% query_with kind=None as q %}{{ q|safe }}", request=request) == "?sort=age"


def test_a_sorted_column_says_so_and_its_link_turns_it() -> None:
    source = "{% include 'components/table_head.html' %}"
    columns = [
        {"key": "age", "label": "Age", "sortable": True},
        {"key": "amount", "label": "Amount", "numeric": True},
    ]
    up = shown(source, columns=columns, request=RequestFactory().get("/", {"sort": "age"}))
    down = shown(source, columns=columns, request=RequestFactory().get("/", {"sort": "-age"}))

    assert 'aria-sort="ascending"' in up
    assert "?sort=-age" in up
    assert 'aria-sort="descending"' in down
    assert 'href="?sort=age"' in down
    assert up.count("aria-sort") == 1


def test_a_chart_has_its_figures_behind_it() -> None:
    svg = shown(
        "{% bars s months title='Billed' %}",
        s=[{"label": "Billed", "values": [150000, -5]}],
        months=["Oct", "Nov"],
    )

    assert 'role="img" aria-label="Billed"' in svg
    assert "<details>" in svg
    assert "1,500.00" in svg
    assert "\N{MINUS SIGN}0.05" in svg
    assert svg.count('<rect class="c1" x=') == 1
    assert "style=" not in svg


def test_ageing_and_sparkline_say_their_figures() -> None:
    aged = shown("{% ageing b %}", b=[{"label": "Today", "minor": 121240, "count": 6}])
    line = shown("{% sparkline v 'Unapplied' %}", v=[0, -2000, 3000])

    assert "$1,212.40" in aged
    assert ">6<" in aged
    assert "Unapplied: from 0.00 to 30.00, lowest \N{MINUS SIGN}20.00, highest 30.00" in line
    assert shown("{% sparkline v %}", v=[]) == ""


@given(st.integers(min_value=1, max_value=10**13))
def test_a_charts_scale_holds_its_highest_bar_and_wastes_little(value: int) -> None:
    top = charts.nice_top(value)

    assert value <= top <= max(value * 5 // 2 + 1, 100)


def test_a_label_from_the_vendor_cannot_become_markup() -> None:
    series = [{"label": "<b>", "values": [1]}]
    aged = [{"label": "<u>", "minor": 1, "count": 1}]
    source = "{% bars s m %}{% ageing b %}{% icon 'check' label=x %}"
    svg = shown(source, s=series, m=["<i>"], b=aged, x='"><script>')

    assert not [tag for tag in ("<b>", "<i>", "<u>", "<script>") if tag in svg]


def test_the_rail_leaves_out_what_has_no_address_yet() -> None:
    request = RequestFactory().get("/")

    assert shown("{% nav_link 'nobody:knows' 'Nothing' %}", request=request) == ""
    assert 'aria-current="page"' in shown(
        "{% nav_link 'healthz' 'H' section='h' %}", request=request, section="h"
    )
    assert "aria-current" not in shown(
        "{% nav_link 'healthz' 'H' section='h' %}", request=request, section="x"
    )
    assert "<b>4<" in shown("{% nav_link 'healthz' 'H' number=4 %}", request=request)


def test_the_gallery_shows_every_component_without_inline_style_or_script() -> None:
    page = gallery.render()

    for part in (
        "tie",
        "compare",
        "entry",
        "timeline",
        "pagination",
        "steps",
        "progress",
        "errors",
        "banner",
        "empty",
    ):
        assert f'class="{part}' in page
    assert "style=" not in page
    assert "onclick" not in page
    assert "&lt; " not in page
    assert "< " not in page
    assert all("src=" in tag for tag in page.split("<script")[1:])


@pytest.mark.parametrize("name", ["404.html", "403.html", "500.html"])
def test_an_error_page_says_what_it_means_for_the_books(name: str) -> None:
    page = shown(f"{{% include '{name}' %}}")

    assert "<h1>" in page
    assert 'class="btn go"' in page
