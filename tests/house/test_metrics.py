"""What Prometheus is told, by whom it may be asked, and what it costs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.metrics import collect, questions
from syncapp.pipeline.clock import schedule, use
from tests import cast
from tests.house.scrape import figures

TOKEN = "a-token-of-the-probe"
LOCAL = {"HTTP_HOST": "localhost:8000"}


@pytest.fixture(autouse=True)
def _no_token(settings: Any) -> None:
    settings.METRICS_TOKEN = ""


@pytest.mark.django_db
def test_a_program_on_this_machine_may_read_without_a_token(client) -> None:
    answer = client.get("/metrics", headers={"host": "localhost:8000"})

    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=")
    assert ("tieout_firms", ()) in figures(answer.text)


@pytest.mark.parametrize(
    "given",
    [
        {"REMOTE_ADDR": "203.0.113.9"},
        {"HTTP_HOST": "testserver"},
        {"HTTP_X_FORWARDED_FOR": "203.0.113.9"},
        {"HTTP_FORWARDED": "for=203.0.113.9"},
        {"REMOTE_ADDR": ""},
    ],
)
def test_a_stranger_may_not_even_behind_a_proxy_of_this_machine(client, given) -> None:
    answer = client.get("/metrics", **{**LOCAL, **given})

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert "tieout_" not in answer.text


def test_behind_a_proxy_there_is_no_reading_without_a_token(client, settings) -> None:
    settings.TRUSTED_PROXIES = 1

    assert client.get("/metrics", **LOCAL).status_code == 401


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", TOKEN])
def test_a_wrong_token_is_refused_also_from_this_machine(client, settings, given) -> None:
    settings.METRICS_TOKEN = TOKEN

    assert client.get("/metrics", HTTP_AUTHORIZATION=given, **LOCAL).status_code == 401


@pytest.mark.django_db
def test_the_token_opens_from_anywhere(client, settings) -> None:
    settings.METRICS_TOKEN = TOKEN

    answer = client.get("/metrics", HTTP_AUTHORIZATION=f"Bearer {TOKEN}", REMOTE_ADDR="203.0.113.9")

    assert answer.status_code == 200


@pytest.mark.django_db
def test_signing_in_gives_no_figures(client) -> None:
    house = cast.firm("Alpha")
    cast.sign_in(client, house.administrator)

    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 401


@pytest.mark.django_db
def test_the_figures_of_several_firms_cost_the_queries_of_one() -> None:
    asked = []
    for name in ("Alpha", "Beta", "Gamma"):
        cast.firm(name)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            collect.text(now=timezone.now())
        asked.append(len(queries))

    assert asked[0] == asked[1] == asked[2]
    assert asked[0] <= len(questions.ALL) + 8  # the firms, the scope's own statements and the time limit


@pytest.mark.django_db
def test_each_firm_has_its_own_figures() -> None:
    alpha, beta = cast.firm("Alpha").firm, cast.firm("Beta").firm
    now = timezone.now()
    schedule.beat(now=now - timedelta(seconds=7))
    for firm in (alpha, beta):
        schedule.enrol(firm_id=firm.pk, now=now)
    with firm_scope(write=alpha.pk):
        use.add(firm_id=alpha.pk, provider="clio", calls=11, now=now)
        use.add(firm_id=alpha.pk, provider="clio", calls=11, now=now + timedelta(days=1))
    with schedule.leased(firm_id=beta.pk, now=now):
        seen = figures(collect.text(now=now + timedelta(seconds=30)).decode())

    assert seen["tieout_firms", ()] == 2
    assert seen["tieout_last_tick_age_seconds", ()] == pytest.approx(37, abs=0.01)
    assert seen["tieout_vendor_calls_total", (alpha.slug, "clio")] == 22
    assert ("tieout_vendor_calls_total", (beta.slug, "clio")) not in seen
    assert seen["tieout_lease_age_seconds", (beta.slug,)] == pytest.approx(30, abs=0.01)
    assert ("tieout_lease_age_seconds", (alpha.slug,)) not in seen
    assert seen["tieout_paused", (alpha.slug,)] == 0
    assert seen["tieout_held", (beta.slug,)] == 0
