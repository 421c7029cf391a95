"""What templates may say about money, time, counts and where the reader is. ``{% load tieout %}``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.http import QueryDict
from django.template.context import Context
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from syncapp.desk import words

from . import charts, formats

register = template.Library()


def _amount(minor: int | None, sign: str) -> SafeString:
    if minor is None:
        return SafeString("")
    if not isinstance(minor, int):
        raise TypeError(f"money is whole cents, not {type(minor).__name__}")
    if minor < 0:
        return format_html(
            '<span class="neg"><span class="vh">minus </span>({}{})</span>', sign, formats.digits(minor)
        )
    return format_html("{}{}", sign, formats.digits(minor))


@register.filter
def money(minor: int | None) -> SafeString:
    """Write whole cents as ``2,918,442.10``; negative in parentheses; None is empty."""
    return _amount(minor, "")


@register.filter
def cash(minor: int | None, currency: str = "USD") -> SafeString:
    """Write the same with the currency's sign, for amounts that stand alone: ``$178,650.00``."""
    return _amount(minor, formats.currency_sign(currency))


@register.filter
def money_text(minor: int | None, currency: str = "") -> str:
    """Write plain text for titles, labels and e-mail, negative with a true minus."""
    return "" if minor is None else formats.money_text(minor, currency=currency)


def _local(at: datetime) -> datetime:
    return timezone.localtime(at) if timezone.is_aware(at) else at


@register.filter
def day(value: date | datetime | None) -> str:
    """Write a day as ``14 Sep 2026``; an instant becomes a day in the active zone (the firm's)."""
    if value is None:
        return ""
    return formats.day_text(_local(value) if isinstance(value, datetime) else value)


@register.filter
def moment(value: datetime | None) -> SafeString:
    """Write an instant as ``14 Sep 2026 14:02`` in the active zone, exact in ``<time datetime>``."""
    if value is None:
        return SafeString("")
    local = _local(value)
    return format_html(
        '<time class="nowrap" datetime="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        formats.moment_text(local),
    )


@register.filter
def clock(value: datetime | None) -> SafeString:
    """Write only the hour of an instant, ``06:00``, for a sentence that names the day."""
    if value is None:
        return SafeString("")
    local = _local(value)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), f"{local:%H:%M}")


@register.simple_tag(takes_context=True)
def ago(context: Context, value: datetime | None) -> SafeString:
    """Say relative time from the page's ``now`` (else the server's clock), the exact one in the title."""
    if value is None:
        return SafeString("")
    local = _local(value)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        formats.moment_text(local),
        formats.ago_text(value, now=context.get("now") or timezone.now()),
    )


@register.filter
def plural_count(number: int, words: str) -> str:
    """``{{ n|plural_count:"invoice" }}``: ``1 invoice``, ``1,204 invoices``."""
    return formats.count_text(number, words)


@register.filter
def stands(resource: str) -> str:
    """Say where a record stands that needs a look: we posted it, or somebody else entered it."""
    return words.STANDS.get(resource, "Posted")


@register.filter
def count(number: int | None) -> str:
    """Write a whole number with thousands separated."""
    return "" if number is None else f"{number:,}"


@register.filter
def percent(part: int, whole: int) -> str:
    """``{{ part|percent:whole }}``, cut to a tenth, so that 100% means all of it."""
    return formats.percent_text(part, whole)


@register.simple_tag
def bars(
    series: Sequence[charts.Series], labels: Sequence[str], title: str = "By month", currency: str = "USD"
) -> SafeString:
    """Draw grouped bars; ``series`` is ``[{"label", "values"}]`` in whole cents."""
    return charts.bars_svg(series, labels, title=title, currency=currency)


@register.simple_tag
def ageing(buckets: Sequence[charts.Bucket], title: str = "By age", currency: str = "USD") -> SafeString:
    """Draw bars by age; ``buckets`` is ``[{"label", "minor", "count"}]``."""
    return charts.ageing_svg(buckets, title=title, currency=currency)


@register.simple_tag
def sparkline(values: Sequence[int], label: str = "") -> SafeString:
    """Draw a small line of whole cents with its figures in words."""
    return charts.sparkline_svg(values, label=label)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Show one symbol of ``static/icons.svg``: decoration, unless ``label`` says what it means."""
    address = f"{static('icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, address
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', address)


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changes: Any) -> str:
    """Keep the page's query string with ``changes``; None drops a key; a change of others drops ``page``."""
    request = context.get("request")
    query: QueryDict = request.GET.copy() if request is not None else QueryDict(mutable=True)
    if "page" not in changes:
        query.pop("page", None)
    for key, value in changes.items():
        if value is None or value == "":
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def nav_link(
    context: Context, name: str, label: str, section: str = "", number: int | None = None
) -> SafeString:
    """Show one entry of the rail; nothing while the address ``name`` does not exist.

    Current when the page's ``section`` is this one's, or, where the page names none, by its address.
    """
    try:
        address = reverse(name)
    except NoReverseMatch:
        return SafeString("")
    request = context.get("request")
    path = request.path if request is not None else ""
    here = context.get("section")
    current = here == section if here else path == address or (address != "/" and path.startswith(address))
    return format_html(
        '<li><a href="{}"{}>{}{}</a></li>',
        address,
        SafeString(' aria-current="page"') if current else "",
        label,
        format_html(' <b>{}<span class="vh"> waiting</span></b>', f"{number:,}") if number else "",
    )


@register.simple_tag(takes_context=True)
def sort_link(context: Context, key: str) -> dict[str, str]:
    """Say where a head leads and how its column stands, as ``aria-sort`` has it: ``{"href", "state"}``."""
    request = context.get("request")
    current = context.get("sort") or (request.GET.get("sort", "") if request is not None else "")
    state = {key: "ascending", f"-{key}": "descending"}.get(str(current), "")
    return {"href": query_with(context, sort=f"-{key}" if state == "ascending" else key), "state": state}


@register.filter
def is_check(field: Any) -> bool:
    """Tell whether a form field is one checkbox, whose label stands behind it."""
    return getattr(field.field.widget, "input_type", "") == "checkbox" and not field.use_fieldset
