"""`manage.py statement`: what it prints, brings in and refuses."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.tenancy import firm_scope
from syncapp.emulators.bank import FORMATS, SUFFIX, write
from tests import cast
from tests.statements.sheets import ACCOUNT, LINES, sep, sheet
from tests.trust import world
from trust.queries import statements as query


def asked(path: Path, *more: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("statement", str(path), "--json", *more, stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def refused(path: Path, *more: str) -> str:
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("statement", str(path), "--json", *more, stdout=out)
    assert ended.value.code == 1
    answer = json.loads(out.getvalue())
    assert set(answer) == {"error"}
    return str(answer["error"])


def file(folder: Path, name: str, **more: Any) -> Path:
    path = folder / f"statement.{SUFFIX[name]}"
    path.write_bytes(write(name, sheet(**more)))
    return path


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "csv-odd"])
def test_the_command_prints_every_format_in_one_form(tmp_path, name) -> None:
    answer = asked(file(tmp_path, name))

    assert set(answer) >= {"reader", "account", "opening", "closing", "lines", "proof", "warnings"}
    assert answer["closing"] == "10748.67"
    assert answer["account"] in {ACCOUNT, ""}
    assert [(line["date"], line["amount"], line["check"]) for line in answer["lines"]] == [
        (line.day.isoformat(), f"{line.amount / 100:.2f}", line.check) for line in LINES
    ]
    assert set(answer["lines"][0]) >= {"date", "amount", "id", "check", "text"}
    if answer["opening"] is None:
        assert answer["proof"] == {"ok": False, "difference": None}
        assert "nothing here proves it" in answer["warnings"][0]
    else:
        assert (answer["opening"], answer["proof"]) == ("10000.00", {"ok": True, "difference": "0.00"})


def test_the_command_says_by_how_much_a_file_does_not_prove(tmp_path) -> None:
    answer = asked(file(tmp_path, "bai2", closing=1_074_866))

    assert answer["proof"] == {"ok": False, "difference": "0.01"}


def test_an_opening_that_is_told_proves_a_file_without_one(tmp_path) -> None:
    answer = asked(file(tmp_path, "qbo"), "--opening", "10,000.00")

    assert answer["proof"] == {"ok": True, "difference": "0.00"}


def test_people_read_the_same(tmp_path) -> None:
    out = io.StringIO()
    call_command("statement", str(file(tmp_path, "bai2")), stdout=out)

    assert "2026-09-30         -250.10  1042     Check paid Muller & Sons" in out.getvalue()
    assert "Closing 10748.67: proved" in out.getvalue()


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path) -> None:
    wrong = tmp_path / "picture.ofx"
    wrong.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\x00" * 9)

    assert "This is a picture" in refused(wrong)
    assert "cannot be opened" in refused(tmp_path / "nowhere.ofx")
    with pytest.raises(CommandError, match="This is a picture"):
        call_command("statement", str(wrong))


def test_a_file_of_200_megabytes_is_not_even_opened(tmp_path) -> None:
    large = tmp_path / "large.csv"
    with large.open("wb") as made:
        made.truncate(200 * 1024 * 1024)

    assert refused(large) == "The file has 200 MB; a statement has less than 10."


def test_the_command_brings_a_statement_in_and_again_adds_nothing(tmp_path, db) -> None:
    house = cast.firm()
    account = world.pair(house)
    where = ["--firm", house.firm.slug, "--account", "IOLTA"]
    path = file(tmp_path, "csv-debit-credit")

    first = asked(path, *where)
    again = asked(path, *where)

    assert (first["imported"]["new"], first["imported"]["known"]) == (4, 0)
    assert first["proof"] == {"ok": True, "difference": "0.00"}
    assert (again["imported"]["new"], again["imported"]["known"]) == (0, 4)
    assert "was brought in before" in again["warnings"][0]
    with firm_scope(write=None, reads=[house.firm.pk]):
        kept = query.lines(account, sep(1), sep(30))
    assert [line.id for line in kept] == [line["id"] for line in first["lines"]]


def test_the_command_refuses_what_does_not_fit_the_account(tmp_path, db) -> None:
    house = cast.firm()
    world.pair(house, last_digits="4444")
    where = ["--firm", house.firm.slug, "--account", "IOLTA"]

    assert "is of account …7725, this trust account is …4444" in refused(file(tmp_path, "bai2"), *where)
    assert "There is no trust account “Nobody”" in refused(
        file(tmp_path, "bai2"), "--firm", house.firm.slug, "--account", "Nobody"
    )
    assert "There is no firm “nobody”" in refused(file(tmp_path, "bai2"), "--firm", "nobody")
    assert "do not make the closing balance" in refused(
        file(tmp_path, "mt940", closing=1, account="00004444"), *where
    )
