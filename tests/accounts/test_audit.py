"""The audit log: a chain that says where it was broken."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, connections

from accounts import audit, verbs
from accounts.models import AuditEvent, AuditHead
from accounts.tenancy import NoScope, firm_scope
from syncapp.local.surroundings import ROOT
from tests import cast

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cast import House


def write(house: House, count: int = 5) -> None:
    for number in range(count):
        with firm_scope(write=house.firm.pk):
            audit.record(
                firm_id=house.firm.pk,
                actor=house.bookkeeper,
                verb="hold.retried",
                kind="hold",
                id=number,
                text=f"bill {number}",
                before={"amount": Decimal("10.10"), "on": date(2026, 1, 2)},
                after={"state": "ready \x00 Zoë"},
                now=cast.NOW,
            )


@pytest.mark.django_db
def test_events_are_numbered_and_chained_per_firm() -> None:
    alpha, beta = cast.firm("Alpha"), cast.firm("Beta")
    write(alpha)
    write(beta, 2)

    with firm_scope(write=None, reads=[alpha.firm.pk, beta.firm.pk]):
        assert audit.verify(alpha.firm.pk).count == 10
        assert audit.verify(beta.firm.pk).count == 7
        last = AuditEvent.objects.filter(firm=alpha.firm).first()
        assert last is not None
        assert audit.sentence(last) == "Alpha bookkeeper retried bill 4"
        assert last.before == {"amount": "10.10", "on": "2026-01-02"}


def owner_runs(sql: str, *params: Any) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql, params)


@pytest.mark.parametrize(
    ("tampering", "first_broken"),
    [
        ("update accounts_auditevent set object_text = 'another' where number = 6", 6),
        ("update accounts_auditevent set after = '{}' where number = 7", 7),
        ("delete from accounts_auditevent where number = 5", 5),
        ("delete from accounts_auditevent where number >= 8", 8),
        ("update accounts_auditevent set number = 100 where number = 9", 9),
    ],
)
def test_whoever_changes_the_log_behind_the_triggers_is_found(
    real_db: None, tampering: str, first_broken: int
) -> None:
    alpha = cast.firm("Alpha")
    write(alpha)
    owner_runs("alter table accounts_auditevent disable trigger user")
    owner_runs("alter table accounts_auditevent no force row level security")

    owner_runs(tampering)

    with firm_scope(write=None, reads=[alpha.firm.pk]):
        verdict = audit.verify(alpha.firm.pk)
    assert (verdict.ok, verdict.first_broken) == (False, first_broken)
    connections["owner"].close()
    connection.close()


@pytest.mark.django_db
def test_an_export_is_checked_without_us(tmp_path: Path) -> None:
    alpha = cast.firm("Alpha")
    write(alpha)
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        packed = audit.export_zip(firm=alpha.firm, now=cast.NOW)
    zipfile.ZipFile(io.BytesIO(packed)).extractall(tmp_path)

    def offline() -> tuple[int, str]:
        command = [sys.executable, "-I", "verifier.py", "audit.jsonl"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    assert offline()[0] == 0

    log = tmp_path / "audit.jsonl"
    lines = log.read_text(encoding="utf-8").splitlines()
    log.write_text("\n".join(lines[:-1]), encoding="utf-8")
    assert offline() == (1, "BROKEN at event 10: The log ends at event 9; 10 were written.\n")

    changed = json.loads(lines[5]) | {"object_text": "another"}
    log.write_text("\n".join([*lines[:5], json.dumps(changed), *lines[6:]]), encoding="utf-8")
    assert offline() == (1, "BROKEN at event 6: Event 6 was changed.\n")

    log.write_text("not a log", encoding="utf-8")
    assert offline()[0] == 2


@pytest.mark.django_db
def test_an_event_needs_a_sentence_its_own_scope_and_no_floats() -> None:
    alpha, beta = cast.firm("Alpha"), cast.firm("Beta")

    with firm_scope(write=alpha.firm.pk):
        with pytest.raises(ValueError, match="no sentence"):
            audit.record(firm_id=alpha.firm.pk, actor=None, verb="nobody.knows", now=cast.NOW)
        with pytest.raises(NoScope):
            audit.record(firm_id=beta.firm.pk, actor=None, verb="firm.changed", now=cast.NOW)
        with pytest.raises(TypeError, match="float"):
            audit.record(
                firm_id=alpha.firm.pk, actor=None, verb="firm.changed", after={"fee": 1.5}, now=cast.NOW
            )
        assert AuditHead.objects.get().number == 5


def test_every_verb_says_something_even_without_facts() -> None:
    for verb in verbs.VERBS:
        assert verbs.say(verb, actor="Ann", obj="it").strip()
    assert verbs.say("person.invited", actor="Ann", obj="b@c.test", after={"role": "partner"}) == (
        "Ann invited b@c.test as partner"
    )


def test_two_apps_cannot_give_one_verb_two_sentences() -> None:
    with pytest.raises(ValueError, match="two sentences"):
        verbs.extend({"firm.created": "{actor} did something else"})


def test_every_process_knows_the_verbs_of_the_road() -> None:
    told = (
        "import django; django.setup(); from accounts import audit; print('posting.created' in audit.VERBS)"
    )
    done = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip().endswith("True"), done.stderr
