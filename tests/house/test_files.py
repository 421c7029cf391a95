"""House rules that reading the files is enough for."""

from __future__ import annotations

import ast
import fnmatch
import re
import subprocess

from tests.house.sources import PRODUCT, ROOT, calls, name_of, python_files, tree_of

LONGEST_FILE, LONGEST_FUNCTION = 300, 40

# file → reason
LONG_FILES: dict[str, str] = {}
# file::function → reason
LONG_FUNCTIONS: dict[str, str] = {}
# pattern → reason. Money is never a float; what stands here is time or a size on a screen.
FLOATS = {
    "syncapp/environment.py": "TIME_SCALE divides seconds",
    "syncapp/http/*": "seconds",
    "syncapp/emulators/*": "seconds",
    "*/commands/emulate.py": "TIME_SCALE divides seconds",
}
# pattern → reason. Everywhere else `now` arrives as an argument.
CLOCKS = {
    "*/views.py": "the edge: a request happens now",
    "*/views/*": "the edge: a request happens now",
    "*/tasks.py": "the edge: a task runs now",
    "*/management/commands/*": "the edge: a command runs now",
    "*/adapter.py": "the edge: allauth calls it within a request",
    "*/middleware.py": "the edge: every request passes it",
    "accounts/access.py": "the edge: every request passes it",
    "*/templatetags/*": "the edge: a page is rendered now, where the view names no time",
    "syncapp/http/*": "the edge: vendors name instants to wait for",
    "syncapp/health.py": "the edge: a probe asks about now",
    "syncapp/emulators/*": "vendors have their own clock",
    "syncapp/local/*": "waiting for processes",
}
CLOCK_CALLS = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "datetime.datetime.now"),
    *("date.today", "datetime.date.today", "time.time", "time.time_ns"),
    *("timezone.now", "django.utils.timezone.now"),
    # with an instant these only turn it into the firm's time, without one they read the clock
    *("timezone.localdate()", "timezone.localtime()"),
}
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bghp_[A-Za-z0-9]{30,}"
    r"|\bxox[abp]-[0-9A-Za-z-]{20,}|\bsk_live_[0-9a-zA-Z]{16,}|\beyJhbGciOi[\w-]{20,}\.[\w-]{20,}\."
)


def offenders(names: set[str], allowed: dict[str, str]) -> list[str]:
    return [
        f"{name_of(file)}:{line} {name}"
        for file in python_files(*PRODUCT)
        if not any(fnmatch.fnmatch(name_of(file), pattern) for pattern in allowed)
        for name, line in calls(file)
        if name in names
    ]


def test_a_file_is_read_in_one_sitting() -> None:
    lengths = {
        name_of(file): len(file.read_text(encoding="utf-8").splitlines())
        for file in python_files(*PRODUCT, "tests")
    }
    too_long = {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE}

    assert {name: lines for name, lines in too_long.items() if name not in LONG_FILES} == {}
    assert set(LONG_FILES) - set(too_long) == set(), "short enough now: take them off the list"


def test_a_function_fits_a_screen() -> None:
    too_long = {
        f"{name_of(file)}::{node.name}": length
        for file in python_files(*PRODUCT)
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    }

    assert {name: lines for name, lines in too_long.items() if name not in LONG_FUNCTIONS} == {}
    assert set(LONG_FUNCTIONS) - set(too_long) == set(), "short enough now: take them off the list"


def test_no_float_comes_near_money() -> None:
    assert offenders({"float"}, FLOATS) == []


def test_only_the_edge_reads_the_clock() -> None:
    assert offenders(CLOCK_CALLS, CLOCKS) == []


def test_the_package_of_the_house_stays_empty() -> None:
    assert (ROOT / "syncapp" / "__init__.py").read_bytes() == b""


def test_no_secret_is_in_a_file() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split("\0")
    files = [ROOT / name for name in listed if name] or python_files(*PRODUCT, "tests")
    found = []
    for file in files:
        if file.is_file() and file.stat().st_size < 2_000_000:
            text = file.read_text(encoding="utf-8", errors="ignore")
            found += [f"{name_of(file)}: {hit[0][:12]}…" for hit in SECRETS.finditer(text)]

    assert found == []


def test_every_test_that_the_proof_names_exists() -> None:
    proof = ROOT / "docs" / "proof.md"
    text = proof.read_text(encoding="utf-8") if proof.exists() else ""
    missing = []
    for path, name in re.findall(r"`(tests/[\w/]+\.py)(?:::([\w:]+))?(?:\[[^`]*)?`", text):
        file = ROOT / path
        defined = set()
        if file.exists():
            nodes = ast.walk(tree_of(file))
            defined = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        if not file.exists() or not set(filter(None, name.split("::"))) <= defined:
            missing.append(f"{path}::{name}")

    assert missing == []
