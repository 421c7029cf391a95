"""A wrong environment stops the start with one sentence; logs keep secrets."""

from __future__ import annotations

import base64
import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from syncapp import environment as env
from syncapp import logs
from syncapp.local import surroundings
from tests.house.sources import ROOT

KEY = base64.urlsafe_b64encode(b"k" * 32).decode()


def start(tmp_path, **changes: str | None) -> subprocess.CompletedProcess[str]:
    values = {**os.environ, "HOME": str(tmp_path), **surroundings.placeholders()}
    values = {name: value for name, value in {**values, **changes}.items() if value is not None}
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=values,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SECRET_KEY", None, "SECRET_KEY is missing"),
        ("DATABASE_URL", "mysql://a@b/c", "DATABASE_URL must look like postgresql://"),
        ("DATABASE_URL", "postgresql://a:b@host:port/c", "DATABASE_URL must look like postgresql://"),
        ("REDIS_URL", "http://somewhere", "REDIS_URL must look like redis://"),
        ("SEAL_KEYS", "one:short", "SEAL_KEYS must be id:base64url-of-32-bytes"),
        ("PUBLIC_URL", "tieout.example", "PUBLIC_URL must be an http or https address"),
        ("MAILBOX_URL", "imap://a:b@mail.example.com", "MAILBOX_URL must look like imaps://"),
        ("TIME_SCALE", "fast", "TIME_SCALE must be a number"),
        ("TIME_SCALE", "nan", "TIME_SCALE must be between 1 and"),
        ("TIEOUT_MODE", "staging", "TIEOUT_MODE must be one of"),
    ],
)
def test_a_wrong_environment_stops_the_start_with_one_sentence(tmp_path, name, value, words) -> None:
    ended = start(tmp_path, **{name: value})

    assert ended.returncode == 1
    assert words in ended.stderr
    assert ended.stderr.startswith("Tieout cannot start. ")
    assert ended.stderr.count("\n") == 1
    assert "Traceback" not in ended.stderr


def test_a_value_may_come_from_a_file(monkeypatch, tmp_path) -> None:
    (tmp_path / "secret").write_text("from a file\n")
    monkeypatch.delenv("SOME_SECRET", raising=False)
    monkeypatch.setenv("SOME_SECRET_FILE", str(tmp_path / "secret"))

    assert env.text("SOME_SECRET") == "from a file"


def test_a_file_that_is_not_there_is_a_sentence(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("SOME_SECRET_FILE", str(tmp_path / "nothing"))

    with pytest.raises(ImproperlyConfigured, match="SOME_SECRET_FILE names a file that cannot be read"):
        env.text("SOME_SECRET")


def test_time_runs_faster_only_against_vendors_on_this_machine(monkeypatch) -> None:
    monkeypatch.setenv("TIME_SCALE", "20")

    assert env.time_scale("TIME_SCALE", ["http://127.0.0.1:8001", "http://localhost:1"]) == 20
    with pytest.raises(ImproperlyConfigured, match="only for vendors on this machine"):
        env.time_scale("TIME_SCALE", ["http://127.0.0.1:8001", "https://app.clio.com"])
    with pytest.raises(ImproperlyConfigured, match="only for vendors on this machine"):
        env.time_scale("TIME_SCALE", ["", "http://127.0.0.1:8001"])


def test_the_first_seal_key_seals_and_all_of_them_open(monkeypatch) -> None:
    monkeypatch.setenv("SEAL_KEYS", f"new:{KEY},old:{KEY.rstrip('=')}")

    assert list(env.seal_keys("SEAL_KEYS").items()) == [("new", b"k" * 32), ("old", b"k" * 32)]


def test_the_broker_may_be_a_socket(monkeypatch) -> None:
    monkeypatch.setenv("REDIS_URL", "unix:///run/valkey.sock?db=2")

    assert env.broker("REDIS_URL") == (
        "unix:///run/valkey.sock?db=2",
        "redis+socket:///run/valkey.sock?virtual_host=2",
    )


@pytest.mark.parametrize(
    "event",
    [
        {"authorization": "Bearer s3cret-value"},
        {"event": "sent Authorization: Bearer s3cret-value to Clio"},
        {"url": "https://host/callback?code=s3cret-value&realmId=1"},
        {"body": {"grant_type": "refresh_token", "refresh_token": "s3cret-value"}},
        {"event": "grant_type=authorization_code&client_secret=s3cret-value"},
        {"event": '{"access_token": "s3cret-value", "expires_in": 3600}'},
        {"headers": [{"Authorization": "Basic s3cret-value"}]},
        {"event": "postgresql://tieout_app:s3cret-value@host:5432/tieout"},
        {"exception": "Traceback …\nValueError: refresh_token='s3cret-value'"},
        {"request": "POST /webhooks/clio/s3cret-value/"},
        {"request": "GET /binder/s3cret-value/"},
        {"request": "POST /invitation/s3cret-value/"},
        {"request": "GET /accounts/password/reset/key/1-s3cret-value/"},
        {"request": "POST /accounts/confirm-email/MQ:s3cret-value:x_y/"},
        {"event": "curl with tieout_7_s3cret-value-and-thirty-more-characters"},
    ],
)
def test_no_secret_reaches_a_log_line(event) -> None:
    line = json.dumps(logs.remove_secrets(None, "info", dict(event)), ensure_ascii=False)

    assert "s3cret-value" not in line
    assert "[removed]" in line


def test_what_is_no_secret_stays_in_the_log() -> None:
    event = {
        "event": "posted", "firm": 7, "number": "1042", "intuit_tid": "1-abc", "status_code": 200, "code": 500
    }  # fmt: skip

    assert logs.remove_secrets(None, "info", dict(event)) == event


def test_the_standard_library_logs_json_without_secrets(capsys) -> None:
    logs.configure(level="INFO")
    try:
        logging.getLogger("house").info("fetching %s", "https://host/?access_token=s3cret-value")
        said = capsys.readouterr().err
    finally:
        logs.configure(level="WARNING")

    line = json.loads(said.splitlines()[-1])
    assert line["event"] == "fetching https://host/?access_token=[removed]"
    assert line["level"] == "info"


def test_a_process_that_used_the_database_ends_at_once(real_db: dict[str, str]) -> None:
    """A pool that nobody closed keeps the process for twenty seconds, and complains."""
    asks = "from accounts.models import User; User.objects.count()"
    ended = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", asks],
        cwd=ROOT, env=os.environ | real_db | {"TIEOUT_MODE": "production"},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    assert ended.returncode == 0, ended.stderr
    assert "couldn't stop thread" not in ended.stderr


def test_a_banks_file_of_no_firm_is_read_without_an_environment(tmp_path: Path) -> None:
    (tmp_path / "bank.csv").write_text("Date,Description,Amount\n2026-09-01,Deposit,10.00\n")
    read = subprocess.run(
        [sys.executable, "manage.py", "statement", str(tmp_path / "bank.csv"), "--json"],
        cwd=ROOT, env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert read.returncode == 0, read.stderr
    assert json.loads(read.stdout)["lines"][0]["amount"] == "10.00"
