"""What a person reads at an address that only takes what a form sends."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.shortcuts import render

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

PAGE = "text/html"


def no_dead_end(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Answer whoever opens a form's own address by hand, or reloads it, with a page.

    A program gets the bare 405. A form that was refused is shown under its own address, and Enter in the
    address bar asks for that.
    """

    def answered(request: HttpRequest) -> HttpResponseBase:
        answer = get_response(request)
        by_hand = request.method == "GET" and PAGE in request.headers.get("Accept", "")
        if answer.status_code != HTTPStatus.METHOD_NOT_ALLOWED or not by_hand:
            return answer
        page = render(request, "405.html", status=HTTPStatus.METHOD_NOT_ALLOWED)
        page["Allow"] = answer["Allow"]
        return page

    return answered
