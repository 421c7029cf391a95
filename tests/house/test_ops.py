"""The files of production, as far as they can be proved without a container engine."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
import yaml
from django.utils import timezone

from syncapp.local import surroundings
from syncapp.metrics import collect, questions
from syncapp.probe import host
from tests.house.sources import ROOT, python_files

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = ("web", "worker", "beat", "migrate")
ALERTS: dict[str, Any] = yaml.safe_load((ROOT / "ops" / "alerts.yml").read_text())
RULES = [rule for group in ALERTS["groups"] for rule in group["rules"]]
# what a firm's row of the environment table calls a secret; addresses of vendors and of ourselves are none
SECRET = re.compile(r"SECRET|PASSWORD|TOKEN|KEYS|DATABASE_|EMAIL_URL|CLIENT_ID")
MADE = {f"tieout_{figure.name}" for question in questions.ALL for figure in question.figures} | {
    "tieout_firms"
}


def known_names() -> set[str]:
    """Every name that the product asks the environment for."""
    asked = re.compile(r'\benv(?:ironment)?\.(?:\w+)\(\s*"([A-Z_]+)"|environ(?:\.get\(|\[)"([A-Z_]+)"')
    text = "\n".join(file.read_text() for file in python_files("syncapp"))
    return {one or other for one, other in asked.findall(text)}


def dockerfile() -> list[tuple[str, str]]:
    """The instructions with their words, continued lines joined."""
    lines = (ROOT / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
    return [
        (line.split()[0], line.split(maxsplit=1)[1]) for line in lines if line and not line.startswith("#")
    ]


@pytest.mark.parametrize("name", OURS)
def test_a_service_takes_its_secrets_by_file_and_knows_no_other(name: str) -> None:
    service = SERVICES[name]
    for variable, value in service["environment"].items():
        plain = variable.removesuffix("_FILE")
        assert plain in known_names(), f"{variable} is nothing that the product reads"
        if SECRET.search(plain):
            assert variable.endswith("_FILE"), f"{variable} must come from a file"
            assert value == f"/run/secrets/{value.rpartition('/')[2]}"
            assert value.rpartition("/")[2] in service["secrets"]
    given = {
        value.rpartition("/")[2] for key, value in service["environment"].items() if key.endswith("_FILE")
    }
    assert given == set(service["secrets"])


def test_every_secret_that_is_named_is_made_or_asked_for() -> None:
    made = (ROOT / "ops" / "secrets.sh").read_text()
    used = {name for service in SERVICES.values() for name in service.get("secrets", [])}

    assert used == set(COMPOSE["secrets"])
    for name, secret in COMPOSE["secrets"].items():
        assert secret == {"file": f"./secrets/{name}"}
        assert re.search(rf"\b{name}\b", made), name


def test_secrets_are_made_once_and_fit_each_other(tmp_path) -> None:
    (tmp_path / "ops").mkdir()
    script = tmp_path / "ops" / "secrets.sh"
    script.write_text((ROOT / "ops" / "secrets.sh").read_text())

    def make() -> dict[str, str]:
        subprocess.run(["sh", str(script)], check=True, capture_output=True)
        return {file.name: file.read_text() for file in (tmp_path / "secrets").iterdir()}

    first = make()
    (tmp_path / "secrets" / "clio_client_id").write_text("ours")
    second = make()

    assert set(first) == set(COMPOSE["secrets"])
    assert second == first | {"clio_client_id": "ours"}
    assert first["app_password"] in first["database_url"]
    assert first["owner_password"] in first["database_owner_url"]
    assert re.fullmatch(r"k1:[\w-]{43}=", first["seal_keys"])
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0


def test_only_migrate_knows_the_owner() -> None:
    for name, service in SERVICES.items():
        knows = "database_owner_url" in service.get("secrets", [])
        assert knows == (name == "migrate")
    assert SERVICES["migrate"]["command"].startswith("python manage.py migrate")
    assert SERVICES["migrate"]["restart"] == "no"
    for name in ("web", "worker", "beat"):
        waits = SERVICES[name]["depends_on"]
        assert waits["migrate"]["condition"] == "service_completed_successfully"
        assert waits["broker"]["condition"] == "service_healthy"
        assert SERVICES[name]["restart"] == "unless-stopped"
    assert SERVICES["migrate"]["depends_on"] == {"db": {"condition": "service_healthy"}}


def test_every_service_is_watched_confined_and_of_a_named_version() -> None:
    for name, service in SERVICES.items():
        image = service["image"]
        assert ":" in image, image
        assert not image.endswith(":latest"), image
        if name not in {"web", "migrate"}:
            assert service["healthcheck"]["test"], f"{name} has no health check"
        if name in OURS:
            assert service["read_only"] is True
            assert service["cap_drop"] == ["ALL"]
            assert "privileged" not in service
            assert "user" not in service, "the image's own user works"
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), "only the proxy of this host may reach it"
    assert SERVICES["db"]["volumes"][0].split(":")[0] in COMPOSE["volumes"]


def test_the_image_is_built_in_two_stages_without_secrets_and_runs_as_nobody() -> None:
    told = dockerfile()
    bases = [words for instruction, words in told if instruction == "FROM"]
    last = told[max(i for i, (instruction, _) in enumerate(told) if instruction == "FROM") :]
    users = [words for instruction, words in last if instruction == "USER"]

    assert len(bases) == 2
    assert all(re.match(r"python:3\.13\.\d+-slim-\w+( AS build)?$", base) for base in bases)
    assert [user.split(":")[0].isdigit() and int(user.split(":")[0]) > 0 for user in users] == [True]
    assert any("--require-hashes" in words for instruction, words in told if instruction == "RUN")
    assert any(instruction == "HEALTHCHECK" and "/healthz" in words for instruction, words in last)
    assert not any(instruction in {"ARG", "ADD"} for instruction, _ in told)
    kept = " ".join(words for instruction, words in told if instruction == "ENV")
    assert not SECRET.search(kept)


def test_collectstatic_needs_no_secret(tmp_path) -> None:
    (command,) = [
        words for instruction, words in dockerfile() if instruction == "RUN" and "collectstatic" in words
    ]
    given = dict(re.findall(r"\b([A-Z_]+)=(\S+)", command.split("/opt/")[0]))
    code = (
        "import os, django; from syncapp.local import surroundings;"
        "surroundings.prepare(['collectstatic'], os.environ)"
    )

    done = subprocess.run(
        [sys.executable, "-c", f"{code}; django.setup()"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), **given},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def test_what_is_private_never_enters_the_image() -> None:
    left_out = set((ROOT / ".dockerignore").read_text().split())

    assert {".git", ".venv", ".local", ".env", "secrets", "tests"} <= left_out


@pytest.mark.parametrize("name", OURS)
def test_a_command_names_what_exists(name: str) -> None:
    words = (SERVICES[name].get("command") or "gunicorn syncapp.wsgi:application").split()
    if words[0] == "python":
        assert (ROOT / words[1]).exists()
        assert (ROOT / "syncapp" / "management" / "commands" / f"{words[2]}.py").exists()
    elif words[0] == "celery":
        assert import_module(words[words.index("-A") + 1]).app.main == "tieout"
        assert words[3] in {"worker", "beat"}
    else:
        assert 'CMD ["gunicorn", "syncapp.wsgi:application"' in (ROOT / "Dockerfile").read_text()
        assert (ROOT / "syncapp" / "wsgi.py").exists()


def test_the_roles_of_production_are_those_of_the_private_server() -> None:
    script = (ROOT / "ops" / "postgres" / "roles.sh").read_text()
    statements = script.split("<<'SQL'\n")[1].split("SQL")[0]

    for role in ("tieout_owner", "tieout_app"):
        assert re.search(
            rf"create role {role} login nosuperuser nobypassrls nocreaterole nocreatedb", statements
        )
    assert "create database tieout owner tieout_owner" in statements


def superuser() -> psycopg.Connection[Any] | None:
    """The private server's superuser; None where the tests were given a server of somebody else's."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    for file in (surroundings.LOCAL / "test").glob("postgres-*.json"):
        with suppress(psycopg.OperationalError):
            return psycopg.connect(
                host=parts.hostname,
                port=parts.port,
                user="postgres",
                password=json.loads(file.read_text())["superuser"],
                dbname="postgres",
                autocommit=True,
            )
    return None


def test_the_roles_are_made_as_written() -> None:
    script = (ROOT / "ops" / "postgres" / "roles.sh").read_text()
    statements = script.split("<<'SQL'\n")[1].split("SQL")[0]
    name = f"ops{os.getpid()}"
    renamed = statements.replace("tieout", name).replace(":'owner'", "'one'").replace(":'app'", "'two'")
    admin = superuser()
    if admin is None:
        return  # the tests were given somebody else's server, and make no roles there
    with admin:
        try:
            for statement in filter(str.strip, renamed.split(";")):
                admin.execute(statement.encode())
            address: dict[str, Any] = {"host": admin.info.host, "port": admin.info.port, "dbname": name}
            with psycopg.connect(user=f"{name}_app", password="two", **address) as app:
                rights = app.execute(
                    "select rolsuper, rolbypassrls, rolcreatedb, has_schema_privilege('public', 'create')"
                    " from pg_roles where rolname = current_user"
                ).fetchone()
            assert rights == (False, False, False, False)
        finally:
            admin.execute(f"drop database if exists {name}".encode())
            admin.execute(f"drop role if exists {name}_owner, {name}_app".encode())


def test_a_probe_asks_under_a_name_that_is_answered(monkeypatch) -> None:
    for given, name in ((".example.com,other", "example.com"), ("*", "localhost"), ("a.test", "a.test")):
        monkeypatch.setenv("ALLOWED_HOSTS", given)
        assert host() == name


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_a_rule_asks_for_figures_that_exist_and_says_what_to_do(rule: dict[str, Any]) -> None:
    asked = set(re.findall(r"\btieout_\w+", rule["expr"]))

    assert asked
    assert asked <= MADE
    assert rule["labels"]["severity"] in {"page", "warn", "info"}
    for text in (rule["annotations"]["summary"], rule["annotations"]["do"]):
        assert len(text) > 20
        assert text.rstrip().endswith(".")
    assert rule["expr"].count("(") == rule["expr"].count(")")


@pytest.mark.django_db
def test_every_figure_is_on_the_page_with_its_words() -> None:
    from tests import cast

    cast.firm("Alpha")
    page = collect.text(now=timezone.now()).decode()
    helped = {
        re.sub(r"^# HELP (\S+).*", r"\1", line) for line in page.splitlines() if line.startswith("# HELP")
    }

    assert helped == MADE


def test_what_must_be_watched_is_watched() -> None:
    watched = {name for rule in RULES for name in re.findall(r"\btieout_\w+", rule["expr"])}

    assert {
        "tieout_last_tick_age_seconds",
        "tieout_clio_read_age_seconds",
        "tieout_oldest_uncertain_age_seconds",
        "tieout_oldest_hold_age_seconds",
        "tieout_connected",
        "tieout_metered_reads_total",
        "tieout_lease_left_seconds",
        "tieout_webhook_silent_seconds",
        "tieout_authorisation_ends_in_seconds",
    } <= watched
