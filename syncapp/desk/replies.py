"""What a press came to, told on the next page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages

if TYPE_CHECKING:
    from django.http import HttpRequest


def reply(request: HttpRequest, refusal: str | None, done: str) -> None:
    """Say why it was refused, or what is done and comes next."""
    if refusal:
        messages.error(request, refusal)
    else:
        messages.info(request, done)
