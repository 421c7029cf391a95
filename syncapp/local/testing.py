"""Databases for tests: one template per state of the migrations, cloned in hundredths of a second."""

from __future__ import annotations

import ast
import contextlib
import hashlib
import time
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from syncapp.local import surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

TEMPLATE_LOCK = 7_104_113
LETTING_GO = 5  # seconds


@contextmanager
def clone(name: str) -> Iterator[dict[str, str]]:
    """Point both aliases at a fresh copy of the template for the time of the block.

    Yields DATABASE_URL and DATABASE_OWNER_URL of the copy, for a child process.
    """
    database = f"test_{name}"
    before = {alias: connections[alias].settings_dict["NAME"] for alias in ("default", "owner")}
    with _maintenance() as owner:
        template = _template(owner)
        _drop(owner, database)
        _create(owner, database, template)
    try:
        _point({"default": database, "owner": database})
        yield {"DATABASE_URL": _url("default"), "DATABASE_OWNER_URL": _url("owner")}
    finally:
        _point(before)
        with _maintenance() as owner:
            _drop(owner, database)


def _maintenance() -> psycopg.Connection[Any]:
    """Connect as the owner to the database of DATABASE_OWNER_URL, which tests leave empty."""
    at = settings.DATABASES["owner"]
    return psycopg.connect(
        host=at["HOST"],
        port=at["PORT"] or None,
        user=at["USER"],
        password=at["PASSWORD"],
        dbname=MAINTENANCE.setdefault("name", at["NAME"]),
        autocommit=True,
    )


MAINTENANCE: dict[str, str] = {}


def _template(owner: psycopg.Connection[Any]) -> str:
    """Return the migrated template, making it under an advisory lock when the migrations are new."""
    name = f"template_{state_of_migrations()}"
    owner.execute("select pg_advisory_lock(%s)", [TEMPLATE_LOCK])
    try:
        if owner.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
            return name
        building = "template_building"
        _drop(owner, building)
        _create(owner, building, "template1")
        before = {alias: connections[alias].settings_dict["NAME"] for alias in ("default", "owner")}
        try:
            _point({"default": building, "owner": building})
            call_command("migrate", verbosity=0)
        finally:
            _point(before)
        _forget_older(owner)
        owner.execute(
            sql.SQL("alter database {} rename to {}").format(sql.Identifier(building), sql.Identifier(name))
        )
        return name
    finally:
        owner.execute("select pg_advisory_unlock(%s)", [TEMPLATE_LOCK])


def _forget_older(owner: psycopg.Connection[Any]) -> None:
    older = owner.execute(
        r"select datname from pg_database where datname like 'template\_%' and datname <> 'template_building'"
    ).fetchall()
    for (name,) in older:
        _drop(owner, name)


def _create(owner: psycopg.Connection[Any], name: str, template: str) -> None:
    owner.execute(
        sql.SQL("create database {} template {} strategy file_copy").format(
            sql.Identifier(name), sql.Identifier(template)
        )
    )


def _drop(owner: psycopg.Connection[Any], name: str) -> None:
    """Drop a database; a thread that still ends a request there gets the moment it needs to let go."""
    until = time.monotonic() + LETTING_GO
    while True:
        try:
            owner.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
        except psycopg.errors.UndefinedObject:
            return
        except psycopg.errors.InsufficientPrivilege:  # the owner may not end what the application opened
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def _url(alias: str) -> str:
    at = settings.DATABASES[alias]
    user, password, host, name = (
        quote(str(at[part]), safe="") for part in ("USER", "PASSWORD", "HOST", "NAME")
    )
    return f"postgresql://{user}:{password}@{host}:{at['PORT'] or 5432}/{name}"


def _point(names: dict[str, str]) -> None:
    for alias, name in names.items():
        connection = connections[alias]
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
        connection.settings_dict["NAME"] = settings.DATABASES[alias]["NAME"] = name


def state_of_migrations() -> str:
    """Return a short hash of every migration, and of the project's modules that migrations import."""
    digest = hashlib.sha256()
    for app in apps.get_app_configs():
        for file in sorted((Path(app.path) / "migrations").glob("*")):
            if file.is_file():
                digest.update(f"{app.label}/{file.name}".encode() + file.read_bytes())
                if file.suffix == ".py" and file.is_relative_to(surroundings.ROOT):
                    for helper in _imports(file):
                        digest.update(helper.read_bytes())
    digest.update((surroundings.ROOT / "syncapp" / "roles.py").read_bytes())
    return digest.hexdigest()[:16]


def _imports(file: Path) -> list[Path]:
    found = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            if name.split(".")[0] not in {"accounts", "mapping", "trust", "syncapp"}:
                continue
            with contextlib.suppress(ModuleNotFoundError):
                spec = find_spec(name)
                if spec and spec.origin and spec.origin.endswith(".py"):
                    found.append(Path(spec.origin))
    return sorted(set(found))
