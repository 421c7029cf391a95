"""The auditor's scenarios with both vendors: what he asks for is there, and nobody else's name is."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from syncapp.local import testing
from tests import cast
from tests.trust.audited import NOBODY_KNOWS, OCTOBER, Audited, audited, last_day


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Audited]:
    """One story for all of these, in a database of its own."""
    with django_db_blocker.unblock(), testing.clone(f"auditor_{os.getpid()}"), audited() as made:
        yield made


@pytest.fixture
def his(told: Audited) -> Client:
    return cast.sign_in(Client(), told.auditor)


def days() -> str:
    return f"?from=2026-10-01&to={last_day()}"


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_no_page_or_file_of_his_names_anybody_else(told: Audited, his: Client) -> None:
    """Scenario auditor 1: he follows every link from his first page, and takes every file."""
    seen: dict[str, bytes] = {}
    waiting = [reverse("trust:auditor")]
    waiting += [f"{told.at('trust:tests')}{days()}&what={what}" for what in ("firm-money", "hands")]
    waiting += [f"{told.at('trust:registers')}{days()}&what={what}" for what in ("ledger", "balances")]
    while waiting:
        address = waiting.pop()
        if address.partition("#")[0] in seen:
            continue
        response = his.get(address, follow=True)
        assert response.status_code == 200, address
        seen[address] = response.content
        if "text/html" in response["Content-Type"]:
            links = re.findall(r'href="(/[^"#]*)', response.text)
            waiting += [link.replace("&amp;", "&") for link in links if link.startswith("/trust/")]
    seen["binder"] = his.post(told.at("trust:binder", month=OCTOBER)).content
    assert seen["binder"].startswith(b"PK")
    seen["log"] = his.post(reverse("accounts:audit_export")).content

    assert len(seen) > 25
    assert sum(content.startswith(b"%PDF") for content in seen.values()) > 2
    for address, content in seen.items():
        for text in _texts(content):
            found = [name for name in NOBODY_KNOWS if name in text]
            assert not found, (address, found)
    partner = cast.sign_in(Client(), told.partner)
    page = partner.get(reverse("accounts:visits_file", kwargs={"user_id": told.auditor.pk}))
    rows = {row["Address"] for row in csv.DictReader(io.StringIO(page.content.decode("utf-8-sig")))}
    assert told.at("trust:month", month=OCTOBER) in rows


def _texts(content: bytes) -> Iterator[str]:
    if content.startswith(b"%PDF"):
        with pdfplumber.open(io.BytesIO(content)) as paper:
            yield "\n".join(page.extract_text() for page in paper.pages)
        return
    if not content.startswith(b"PK"):
        yield content.decode("utf-8", "replace")
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            yield archive.read(name).decode("utf-8", "replace")


def test_balances_as_signed_and_as_known_now_differ_by_two_corrections(told: Audited, his: Client) -> None:
    """Scenario auditor 2."""
    page = words(his.get(told.at("trust:standing") + "?day=2026-10-31").text)

    assert "As known now, beside the list of Pat Partner" in page
    assert "Later corrections make $7,140.00 of then $7,065.00." in page
    assert "(25.00)" in page
    assert "(50.00)" in page


def test_a_check_at_the_bank_leads_to_the_entry_and_to_clio(told: Audited, his: Client) -> None:
    """Scenario auditor 3."""
    found = his.get(told.at("trust:matching") + "?month=2026-10&q=1042", follow=True)
    page = words(found.text)

    assert "1 of 1 line of the bank has its entry" in page
    for said in ("CHECK 1042", "bank transactions", "Ash Holdings", "Harbor Title", "Title search"):
        assert said in page
    assert re.search(r"Journal entry 1042\S* ?, id \d+|Journal entry \S+, id \d+", page)
    deposit = words(his.get(told.at("trust:paper", month=OCTOBER) + "?q=5000.00").text)
    assert "Pat Partner" in deposit
    assert "nobody: it lay below the firm's limit" in page.replace("&#x27;", "'").replace("’", "'")


def test_every_movement_of_clio_is_posted_held_or_left_out_with_its_reason(
    told: Audited, his: Client
) -> None:
    """Scenario auditor 4."""
    address = told.at("trust:completeness") + days()
    page = words(his.get(address).text).replace("&#x27;", "'")

    assert "Of 7 movements that Clio has: 5 posted, 1 held for a person, 1 left out by rule" in page
    assert "1 in the books without a source" in page
    assert "waits for 1 approval" in page
    assert "left to the bank feed" in page
    assert "STRAY-1" in page
    table = list(csv.reader(io.StringIO(his.get(address + "&format=csv").content.decode("utf-8-sig"))))
    states = {row[0]: row[1:] for row in table if len(row) == 5}
    sums = [[float(cell) for cell in states[name]] for name in
            ("Posted", "Held for a person", "Left out by rule", "Not settled yet")]  # fmt: skip
    whole = [float(cell) for cell in states["All that Clio has"]]
    assert [sum(column) for column in zip(*sums, strict=True)] == whole
    assert states["Posted"] == states["Our entries in the books"]


def test_the_rule_of_a_day_says_who_wrote_and_who_approved_it(told: Audited, his: Client) -> None:
    """Scenario auditor 5."""
    page = words(his.get(told.at("desk:rule_on_day") + f"?day={last_day()}").text)

    assert "Version 2 of the mapping was in force" in page
    assert "Written by Bo Books, approved by Pat Partner" in page
    assert "What it changed against version 1" in page
    assert "client is withheld" in page
    partner = cast.sign_in(Client(), told.partner)
    whole = words(partner.get(told.at("desk:rule_on_day")).text)
    assert "client is Quentin Quirk" in whole
    before = his.get(told.at("desk:rule_on_day") + "?day=2026-10-01")
    assert before.status_code == 200
    assert "No mapping was in force" in before.text


def test_the_log_proves_itself_and_one_altered_byte_is_named(
    told: Audited, his: Client, tmp_path: Path
) -> None:
    """Scenario auditor 7: the verifier is run by itself, without anything of Tieout."""
    with zipfile.ZipFile(io.BytesIO(his.post(reverse("accounts:audit_export")).content)) as archive:
        archive.extractall(tmp_path)

    code, said = _proved(tmp_path)
    assert code == 0, said
    assert "of them withheld" in said
    log = tmp_path / "audit.jsonl"
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if json.loads(line).get("verb") == "trust.signed")
    lines[at] = lines[at].replace('"trust.signed"', '"trust.Signed"')
    log.write_text("".join(lines), encoding="utf-8")
    assert _proved(tmp_path) == (1, f"BROKEN at event {at + 1}: Event {at + 1} was changed.\n")


def _proved(folder: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-I", "verifier.py", "audit.jsonl"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


def test_a_month_comes_as_one_zip_that_agrees_with_itself(told: Audited, his: Client, tmp_path: Path) -> None:
    """Scenario auditor 8."""
    packed = his.post(told.at("trust:binder", month=OCTOBER))

    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        names = archive.namelist()
        archive.extractall(tmp_path)
        closed = archive.read(next(n for n in names if "exceptions" in n)).decode()
    assert any(name.endswith(".ofx") for name in names)
    rows = [row for row in csv.reader(io.StringIO(closed)) if row and row[-1] in {"5000.00", "4200.00"}]
    assert [row[-1] for row in rows] == ["5000.00"]  # the other account's is in its own binder
    done = subprocess.run(
        [sys.executable, "-I", "verify.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_what_lies_beyond_his_days_and_accounts_stays_closed(told: Audited, his: Client) -> None:
    closed = [
        reverse("trust:month", kwargs={"pair_id": told.other.pk, "month": OCTOBER}),
        reverse("trust:completeness", kwargs={"pair_id": told.other.pk}) + days(),
        told.at("trust:month", month="2026-09"),
        told.at("trust:registers") + "?from=2026-09-01&to=2026-10-31",
        reverse("desk:search") + "?q=4200.00",
        reverse("desk:exceptions"),
        reverse("accounts:people"),
    ]
    for address in closed:
        response: Any = his.get(address)
        assert response.status_code == 403, address
        assert not [name for name in NOBODY_KNOWS if name in response.text]
