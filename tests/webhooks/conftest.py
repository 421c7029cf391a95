"""A firm whose vendors can reach it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.webhooks.post import TOKEN, Post, post


@pytest.fixture
def mail(db: Any, settings: Any) -> Iterator[Post]:
    """Give a firm with live subscriptions, at rest."""
    settings.QBO_WEBHOOK_VERIFIER_TOKEN = TOKEN
    with post() as made:
        made.subscribe_wholly()
        made.rest()
        yield made
