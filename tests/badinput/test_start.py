"""A command that is started wrongly says one sentence and does nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from syncapp.local import surroundings

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("CLIO_BASE_URL", "clio", "CLIO_BASE_URL"),
        ("TIME_SCALE", "0", "TIME_SCALE"),
        ("QBO_API_BASE_URL", "ftp://books", "QBO_API_BASE_URL"),
        ("DATABASE_URL", "sqlite:///books.db", "DATABASE_URL"),
    ],
)
def test_a_wrong_value_at_start_is_one_sentence(tmp_path: Path, name: str, value: str, words: str) -> None:
    given = {**os.environ, "HOME": str(tmp_path), **surroundings.placeholders(), name: value}

    ended = subprocess.run(
        [sys.executable, "manage.py", "sync", "--firm", "nobody"], cwd=ROOT, env=given, capture_output=True,
        text=True, check=False,
    )  # fmt: skip

    assert ended.returncode != 0
    assert words in ended.stderr
    assert ended.stderr.strip().count("\n") == 0
    assert "Traceback" not in ended.stderr
