"""The commands over the road: what they answer, and how they end."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Firm
from syncapp.pipeline import run as road
from syncapp.pipeline.clock import schedule
from syncapp.pipeline.firmfile.applying import apply
from syncapp.pipeline.firmfile.reading import read
from syncapp.pipeline.run import Order
from tests.delivery.scene import Scene, scene

pytestmark = pytest.mark.django_db

FILE = Path(__file__).resolve().parents[2] / "syncapp" / "local" / "demo_firm.yaml"


def asked(name: str, **given: Any) -> Any:
    """What a command answers machines."""
    out = io.StringIO()
    call_command(name, as_json=True, stdout=out, **given)
    return json.loads(out.getvalue())


def mixed(at: Scene) -> None:
    """A bill that posts with its payment, one that is held, and a draft."""
    good, bad = at.bills(2)
    bad.number = "9" * 40
    at.on.world.touch(bad)
    at.pay(good.id, amount="50")
    at.bill(at.fresh_matter(), approve=False)


def test_sync_answers_totals_that_agree() -> None:
    with scene() as at:
        mixed(at)

        first = asked("sync", firm=at.on.firm.slug, until_quiet=True)
        second = asked("sync", firm=at.on.firm.slug, until_quiet=True)

        for told in (first, second):
            assert told["seen"] == sum(told[name] for name in ("posted", "held", "skipped", "unchanged"))
            assert told["uncertain"] == 0
        assert first["seen"] == second["seen"]
        assert (first["posted"], first["held"], first["unchanged"]) == (2, 1, 0)
        assert (second["posted"], second["held"], second["unchanged"]) == (0, 1, second["seen"] - 1)


def test_a_held_bill_is_an_answer_and_only_strict_makes_it_a_failure() -> None:
    with scene() as at:
        mixed(at)
        asked("sync", firm=at.on.firm.slug, until_quiet=True)
        (case,) = asked("exceptions", firm=at.on.firm.slug)
        assert [row["kind"] for row in case["holds"]] == ["bills"]

        with pytest.raises(SystemExit) as ended:
            asked("sync", firm=at.on.firm.slug, until_quiet=True, strict=True)

        assert ended.value.code == 2


def test_a_shadow_run_plans_everything_and_posts_nothing() -> None:
    with scene() as at:
        at.bills(2)

        for _ in range(2):
            told = asked("sync", firm=at.on.firm.slug, shadow=True)

        assert (told["planned"], told["posted"], told["uncertain"]) == (2, 0, 0)
        assert {one.state for one in at.postings()} == {"shadow"}
        assert not at.store("Invoice")
        at.sync()
        at.assert_ties()


def test_a_firm_that_is_not_connected_is_told_so() -> None:
    apply(read(FILE.read_text(encoding="utf-8")), now=timezone.now())
    firm = Firm.objects.get()

    done = road.run(firm=firm, order=Order(trigger="command"), clock=timezone.now)

    assert (done.state, done.words) == ("waiting", "Clio is not connected. Connect it under Connections.")
    with pytest.raises(CommandError, match="Clio is not connected"):
        call_command("sync", firm=firm.slug)


def test_a_firm_that_nobody_knows_is_a_sentence() -> None:
    with pytest.raises(CommandError, match="There is no firm “nobody”"):
        call_command("sync", firm="nobody")


def test_runs_of_one_firm_never_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    with scene() as at:
        at.bills(1)
        monkeypatch.setattr("syncapp.pipeline.management.commands.sync.PATIENCE", -1.0)
        with schedule.leased(firm_id=at.on.firm.pk, now=timezone.now()):
            with pytest.raises(CommandError, match="Another run of this firm is going on"):
                call_command("sync", firm=at.on.firm.slug)
            assert not at.store("Invoice")

        asked("sync", firm=at.on.firm.slug, until_quiet=True)

        at.assert_ties()
