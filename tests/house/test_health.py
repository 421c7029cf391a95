"""What the probes of an operator are told."""

from __future__ import annotations

import pytest


def test_healthz_says_that_the_process_answers(client) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"ok": True})


@pytest.mark.django_db
def test_readyz_names_database_broker_and_tick(client) -> None:
    answer = client.get("/readyz")

    checks = answer.json()["checks"]
    assert checks["database"] == "ok"
    assert checks["broker"] == "ok"
    assert "last_tick" in checks


@pytest.mark.django_db
def test_readyz_is_503_when_the_broker_is_gone(client, settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"]["broker"] == "the broker does not answer"
