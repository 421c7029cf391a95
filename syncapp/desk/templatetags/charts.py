"""Small inline SVG charts, each with the table it was drawn from. Integer geometry, no inline style."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypedDict

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .formats import digits, money_text, short_money

WIDTH, HEIGHT, LEFT, BASE, TOP = 560, 150, 54, 128, 10
ROOMY = 32  # a month's width from which every month is named


class Series(TypedDict):
    """One measured thing over the labels; values in whole cents."""

    label: str
    values: Sequence[int]


class Bucket(TypedDict):
    """One span of age with its money in whole cents and its number of records."""

    label: str
    minor: int
    count: int


def _figure(kind: str, *parts: SafeString) -> SafeString:
    return format_html(
        '<figure class="chart {}">{}</figure>', kind, format_html_join("", "{}", ([p] for p in parts))
    )


def figures_table(heads: Iterable[str], rows: Iterable[Sequence[str]], *, title: str) -> SafeString:
    """Put the figures behind a chart, closed until asked for."""
    head = format_html_join("", '<th scope="col"{}>{}</th>', ((_n(i), h) for i, h in enumerate(heads)))
    body = format_html_join("", "<tr>{}</tr>", ([_row(row)] for row in rows))
    return format_html(
        '<details><summary>Show figures</summary><div class="sheet"><table class="table dense">'
        '<caption class="vh">{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div></details>',
        title,
        head,
        body,
    )


def _n(index: int) -> SafeString:
    return SafeString(' class="n"' if index else "")


def _row(cells: Sequence[str]) -> SafeString:
    rest = format_html_join("", '<td class="n">{}</td>', ([c] for c in cells[1:]))
    return format_html('<th scope="row">{}</th>{}', cells[0], rest)


def nice_top(value: int) -> int:
    """Find the smallest of 1, 2, 2.5, 5 times a power of ten (in cents) that is not below ``value``."""
    step = 100
    while step * 10 < value:
        step *= 10
    for tenths in (10, 20, 25, 50, 100):
        if step * tenths // 10 >= value:
            return step * tenths // 10
    return step * 10


def bars_svg(series: Sequence[Series], labels: Sequence[str], *, title: str, currency: str) -> SafeString:
    """Draw grouped bars over months, with scale, key and figures. A bar below zero shows as none."""
    values = [v for s in series for v in s["values"]]
    top = nice_top(max([*values, 1]))
    slot = (WIDTH - LEFT) // max(len(labels), 1)
    wide = max(min(18, (slot - 8) // max(len(series), 1)), 2)
    rules = _rules(top, currency)
    rects = format_html_join("", '<rect class="c{}" x="{}" y="{}" width="{}" height="{}" rx="1"/>', (
        (n + 1, LEFT + i * slot + (slot - wide * len(series)) // 2 + n * wide, BASE - h, wide - 1, h)
        for n, s in enumerate(series)
        for i, v in enumerate(s["values"])
        if (h := max(v, 0) * (BASE - TOP) // top) or v > 0
    ))  # fmt: skip
    names = _month_names(labels, slot)
    svg = format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>',
        WIDTH,
        HEIGHT,
        title,
        rules,
        rects,
        names,
    )
    rows = [[name, *(digits_signed(s["values"][i]) for s in series)] for i, name in enumerate(labels)]
    table = figures_table(["Month", *(s["label"] for s in series)], rows, title=title)
    return _figure("bars", _key([s["label"] for s in series]), svg, table)


def _rules(top: int, currency: str) -> SafeString:
    """Draw the three lines of the scale."""
    return format_html_join(
        "",
        '<line class="rule" x1="{}" x2="{}" y1="{}" y2="{}"/><text x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (
                LEFT,
                WIDTH,
                y,
                y,
                LEFT - 8,
                y + 4,
                short_money(top * (BASE - y) // (BASE - TOP), currency=currency),
            )
            for y in (BASE, (BASE + TOP) // 2, TOP)
        ),
    )


def _month_names(labels: Sequence[str], slot: int) -> SafeString:
    """Write the months below their bars, every second one where they stand close."""
    every = 1 if slot >= ROOMY else 2
    return format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle"{}>{}</text>',
        (
            (
                LEFT + i * slot + slot // 2,
                BASE + 17,
                SafeString(' class="alt"' if i // every % 2 else ""),
                name,
            )
            for i, name in enumerate(labels)
            if i % every == 0
        ),
    )


def digits_signed(minor: int) -> str:
    """Write a table figure without currency; negative with a true minus."""
    return money_text(minor) if minor < 0 else digits(minor)


def _key(labels: Sequence[str]) -> SafeString:
    spans = format_html_join(
        "",
        '<span class="key"><svg viewBox="0 0 10 10" aria-hidden="true">'
        '<rect class="c{}" width="10" height="10" rx="2"/></svg>{}</span>',
        ((n + 1, label) for n, label in enumerate(labels)),
    )
    return format_html("<figcaption>{}</figcaption>", spans)


def ageing_svg(buckets: Sequence[Bucket], *, title: str, currency: str) -> SafeString:
    """Draw one bar per span of age; the list itself carries the figures, so no second table is needed."""
    top = max([abs(b["minor"]) for b in buckets] + [1])
    rows = format_html_join(
        "",
        '<li><span>{}</span><svg viewBox="0 0 200 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="c{}" width="{}" height="10" rx="1"/></svg><span class="num soft">{}</span>'
        '<span class="num n">{}</span></li>',
        (
            (
                b["label"],
                2 if b["minor"] >= 0 else 1,
                max(abs(b["minor"]) * 200 // top, 1 if b["minor"] else 0),
                f"{b['count']:,}",
                money_text(b["minor"], currency=currency),
            )
            for b in buckets
        ),
    )
    return format_html(
        '<figure class="chart"><ul class="ageing" aria-label="{}">{}</ul></figure>', title, rows
    )


def sparkline_svg(values: Sequence[int], *, label: str) -> SafeString:
    """Draw a line of 96 by 24 with its first, last, lowest and highest figure said in words."""
    if not values:
        return SafeString("")
    low, span = min(values), max(max(values) - min(values), 1)
    step = 92 * 100 // max(len(values) - 1, 1)
    points = " ".join(f"{2 + i * step // 100},{21 - (v - low) * 18 // span}" for i, v in enumerate(values))
    words = (
        f"{label}: from {money_text(values[0])} to {money_text(values[-1])}, "
        f"lowest {money_text(low)}, highest {money_text(max(values))}"
    )
    return format_html(
        '<span class="chart spark"><svg viewBox="0 0 96 24" role="img" aria-label="{}">'
        '<polyline class="line" points="{}"/></svg></span>',
        words.removeprefix(": "),
        points,
    )
