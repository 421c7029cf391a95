"""The evidence binder: one ZIP of a month that anybody can prove without Tieout."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.tenancy import firm_scope
from syncapp.emulators.bank import Line, Sheet, write
from tests import cast
from tests.cast import House
from tests.trust import world
from tests.trust.named import ADDRESS
from trust.actions import statements
from trust.models import TrustPair
from trust.queries import figures
from trust.statements.fitting import Told

pytestmark = pytest.mark.django_db
MONTH, LAST = date(2026, 9, 1), date(2026, 9, 30)
BANK = write(
    "ofx2",
    Sheet(
        account="7725", first_day=MONTH, last_day=LAST, opening=0, closing=12_000,
        lines=(Line(day=LAST - timedelta(days=9), amount=12_000, id="A1", text="DEPOSIT"),),
    ),
)  # fmt: skip


@pytest.fixture
def house() -> House:
    return cast.firm("Alpha")


@pytest.fixture
def pair(house: House) -> TrustPair:
    """A trust account with the bank's own file of September and the deposit that is on it."""
    made = world.pair(house, last_digits="7725")
    world.booked(made, "31", LAST - timedelta(days=9), 12_000, payee="Ada Payer")
    told = Told(opening=0)
    with firm_scope(write=house.firm.pk):
        file = statements.open_file(name="Sep 2026 (7725).ofx", content=BANK, currency="USD")
        statements.take(
            pair=made, file=file, told=told, digits="7725", by=house.bookkeeper,
            today=LAST + timedelta(days=9), now=cast.NOW,
        )  # fmt: skip
    return made


def taken(client: Client, house: House, pair: TrustPair) -> tuple[bytes, str]:
    """The binder as a bookkeeper gets it, and the hash that the answer names."""
    cast.sign_in(client, house.bookkeeper)
    answer = client.post(reverse("trust:binder", args=[pair.pk, ADDRESS]))
    assert answer.status_code == 200, answer.text
    assert answer["Content-Type"] == "application/zip"
    return answer.content, answer["X-Manifest-SHA256"]


def proved(folder: Path) -> tuple[int, str]:
    """What the binder's own program says, run by itself without anything of Tieout."""
    done = subprocess.run(
        [sys.executable, "-I", "verify.py"], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout


def test_a_binder_holds_all_that_proves_a_month_and_proves_itself(
    client: Client, house: House, pair: TrustPair, tmp_path: Path
) -> None:
    content, digest = taken(client, house, pair)

    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
        packed.extractall(tmp_path)
    assert set(files) == {
        "report.pdf", "report.csv", "outstanding.csv", "client-ledgers.csv", "negative-ledgers.csv",
        "differences.csv", "sign-offs.csv", "exceptions-closed.csv", "figures.json",
        "statements/01-Sep-2026-7725.ofx", "manifest.json", "verify.py",
    }  # fmt: skip
    assert files["statements/01-Sep-2026-7725.ofx"] == BANK
    assert files["report.pdf"].startswith(b"%PDF")
    assert sha256(files["manifest.json"]).hexdigest() == digest
    manifest = json.loads(files["manifest.json"])
    assert (manifest["account"], manifest["month"]) == ("IOLTA", ADDRESS)
    with firm_scope(write=None, reads=[house.firm.pk]):
        assert manifest["figures_sha256"] == figures.of(pair, MONTH).digest
        event = AuditEvent.objects.filter(firm=house.firm, verb="trust.binder_taken").get()
    assert event.after == {"sha256": digest}
    assert proved(tmp_path) == (0, "Every file is as it was packed.\n")


@pytest.mark.parametrize(
    ("name", "spoil", "words"),
    [
        ("report.csv", b"other", "report.csv was changed."),
        ("figures.json", b"{}", "figures.json was changed."),
        ("statements/01-Sep-2026-7725.ofx", BANK.replace(b"120.00", b"120.01"), "was changed."),
        ("outstanding.csv", None, "outstanding.csv is missing."),
        ("more.csv", b"more", "more.csv was added."),
    ],
)
def test_a_binder_that_somebody_touched_says_so(
    client: Client, house: House, pair: TrustPair, tmp_path: Path, name: str, spoil: bytes | None, words: str
) -> None:
    content, _ = taken(client, house, pair)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        packed.extractall(tmp_path)

    if spoil is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes(spoil)

    code, said = proved(tmp_path)
    assert code == 1
    assert words in said


def test_the_lists_of_a_binder_agree_with_the_figures(client: Client, house: House, pair: TrustPair) -> None:
    world.booked(pair, "32", LAST, 5_000, payee="Bo Payer")
    content, _ = taken(client, house, pair)

    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        rows = list(csv.reader(io.StringIO(packed.read("outstanding.csv").decode("utf-8-sig"))))
        told = json.loads(packed.read("figures.json"))
    assert ["Total", "", "", "", "50.00"] in rows
    assert told["deposits"] == [["books/journal:32", "2026-09-30", 5_000, ""]]
