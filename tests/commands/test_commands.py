"""The stable interface: a firm from a file, both vendors connected, synced, asked, exported and moved."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from syncapp.emulators.clio.nouns import Bill
from syncapp.emulators.clio.world import small
from syncapp.emulators.qbo.seed import law_firm
from syncapp.local import testing
from syncapp.local.surroundings import ROOT
from tests.commands.machine import Machine, machine

FIRM = (ROOT / "syncapp" / "local" / "demo_firm.yaml").read_text(encoding="utf-8")
SLUG = "ash-birch"
CONTROL = {"seen", "posted", "held", "skipped", "unchanged", "uncertain"}
KINDS = {"invoices", "payments", "credits", "receivables", "trust", "entries"}


def _plans(there: Machine) -> list[object]:
    """The lines that the first bills were planned with."""
    bills = [str(bill.id) for bill in there.world.all(Bill)[:4]]
    traces = [there.json("trace", "--firm", SLUG, "bills", bill) for bill in bills]
    return [[posting["entry"] for posting in trace["postings"]] for trace in traces]


@pytest.fixture
def here(real_db: dict[str, str]) -> Iterator[Machine]:
    """An empty installation with its vendors."""
    with machine(small(7), law_firm(seed=7, name="Ash & Birch LLP"), real_db) as one:
        yield one


def _connected(there: Machine) -> dict[str, int]:
    """Connect both sides of an applied firm, and sync."""
    there.connect("clio", SLUG)
    there.connect("qbo", SLUG)
    counts: dict[str, int] = there.json("sync", "--firm", SLUG, "--until-quiet")
    return counts


@dataclass(frozen=True)
class Synced:
    """An installation whose firm was applied twice, connected and synced; the commands' answers."""

    there: Machine
    applied: list[str]
    applied_again: list[str]
    counts: dict[str, int]


@pytest.fixture(scope="module")
def synced(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Synced]:
    """The installation that the tests ask; none of them changes what the others see."""
    with (
        django_db_blocker.unblock(),
        testing.clone(f"synced_{os.getpid()}") as database,
        machine(small(7), law_firm(seed=7, name="Ash & Birch LLP"), database) as there,
    ):
        first = there.json("firm", "apply", "-", stdin=FIRM)["changed"]
        second = there.json("firm", "apply", "-", stdin=FIRM)["changed"]
        yield Synced(there, first, second, _connected(there))


def test_a_firm_is_applied_connected_synced_and_asked(synced: Synced) -> None:
    here, counts = synced.there, synced.counts
    assert synced.applied
    assert synced.applied_again == []
    assert set(counts) == CONTROL
    assert counts["seen"] == sum(counts[name] for name in CONTROL - {"seen"})
    assert counts["posted"]
    assert counts["uncertain"] == 0

    again = here.json("sync", "--firm", SLUG, "--until-quiet")
    assert again["posted"] == 0
    assert again["unchanged"] + again["held"] == again["seen"]

    queue = here.json("exceptions", "--firm", SLUG)
    held = [row for case in queue for row in case["holds"]]
    assert {row["kind"] for row in held} <= {"allocations", "bank_transactions"}
    assert {case["severity"] for case in queue} == {"needs_person"}  # client money is set up, and posts
    assert all(row["amount"].count(".") == 1 and row["reason"] for row in held)

    tie = here.json("tieout", "--firm", SLUG)
    assert set(tie["kinds"]) == KINDS
    assert all(kind["unexplained"] == "0.00" for kind in tie["kinds"].values()), tie
    assert tie["equal"] is True
    assert here.run("tieout", "--firm", SLUG, "--strict").returncode == 0

    bill = here.world.all(Bill)[0]
    trace = here.json("trace", "--firm", SLUG, "bills", str(bill.id))
    assert trace["postings"][0]["state"] == "posted"
    assert here.json("verify", "--firm", SLUG)["ok"] is True


def test_a_firm_moves_to_an_empty_installation_and_plans_the_same(synced: Synced) -> None:
    here = synced.there
    exported = here.run("firm", "export", "--firm", SLUG).stdout
    first = _plans(here)
    with (
        testing.clone(f"moved_{os.getpid()}") as database,
        machine(small(7), law_firm(seed=7, name="Ash & Birch LLP"), database) as there,
    ):
        there.json("firm", "apply", "-", stdin=exported)
        _connected(there)
        assert there.run("firm", "export", "--firm", SLUG).stdout == exported
        assert _plans(there) == first


def test_what_cannot_be_done_is_a_sentence_and_a_code(here: Machine) -> None:
    strange = here.run("sync", "--firm", "nobody")
    assert strange.returncode == 1
    assert "There is no firm “nobody”" in strange.stderr
    assert "Traceback" not in strange.stderr
    here.json("firm", "apply", "-", stdin=FIRM)
    early = here.run("sync", "--firm", SLUG)
    assert early.returncode == 1
    assert "Clio is not connected" in early.stderr
    forged = here.run("connect", "clio", "--firm", SLUG, "--callback", "https://tieout.test/?code=x&state=y")
    assert forged.returncode == 1
    assert "does not belong to a connection you started" in forged.stderr
    unknown = here.run("firm", "apply", "-", stdin=FIRM.replace("slug:", "slugg:"))
    assert unknown.returncode == 1
    assert "slugg" in unknown.stderr


def test_a_wrong_value_stops_the_start_with_a_sentence(here: Machine, tmp_path: Path) -> None:
    for name, wrong in (("SEAL_KEYS", "k1:short"), ("DATABASE_URL", "mysql://x/y"), ("TIME_SCALE", "fast")):
        broken = Machine(here.environment | {name: wrong}, here.world, here.company)
        done = broken.run("exceptions", "--firm", SLUG)
        assert done.returncode != 0
        assert name in done.stderr
        assert "Traceback" not in done.stderr
    secret = tmp_path / "secret"
    secret.write_text(here.environment["SECRET_KEY"])
    by_file = {k: v for k, v in here.environment.items() if k != "SECRET_KEY"} | {
        "SECRET_KEY_FILE": str(secret)
    }
    assert Machine(by_file, here.world, here.company).run("check").returncode == 0
