"""A PostgreSQL and a broker of these tests' own: both are killed and started again under the product."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
import redis
from psycopg import sql

from syncapp.local import postgres, processes, surroundings, testing, valkey

FOLDER = surroundings.LOCAL / "kills"


@dataclass(slots=True, kw_only=True)
class Servers:
    """What the product stands on."""

    database: postgres.Postgres
    broker: valkey.Valkey

    def superuser(self, name: str) -> psycopg.Connection[Any]:
        """Look from outside: no wall, no trigger."""
        return postgres._superuser(self.database, name)

    def crash_database(self) -> None:
        """End PostgreSQL as `pg_ctl restart -m immediate` does: every connection breaks, then recovery."""
        before = self.database.child
        account = postgres._account()
        user: dict[str, Any] = {}
        if account is not None:
            user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": [], "cwd": "/"}
        processes.stop(before, sig=signal.SIGQUIT)
        assert isinstance(before.args, list)
        child = processes.start(
            before.args, death=signal.SIGINT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, **user,
        )  # fmt: skip
        self.database = replace(self.database, child=child)
        processes.wait_for(lambda: postgres._answers(self.database), child, what="PostgreSQL", seconds=30)

    def empty_broker(self) -> int:
        """Forget every message; return how many keys there were."""
        with redis.Redis(unix_socket_path=str(self.broker.socket)) as client:
            count = int(client.dbsize())
            client.flushall()
        return count

    def crash_broker(self) -> None:
        """Kill the broker outright and start it again, empty, at its address."""
        os.killpg(self.broker.child.pid, signal.SIGKILL)
        self.broker.child.wait(5)
        self.broker = valkey.start(self.broker.socket.parent)


@contextmanager
def servers(folder: Path) -> Iterator[Servers]:
    """Start both; the database keeps its migrated template from run to run."""
    database = postgres.start(FOLDER, slots=4)
    made = Servers(database=database, broker=valkey.start(folder))
    try:
        with made.superuser("postgres") as connection:
            # what it said is committed must be there after a crash of its own
            connection.execute("alter role tieout_app set synchronous_commit = on")
        yield made
    finally:
        made.broker.stop()
        made.database.stop()


@contextmanager
def database(of: Servers, name: str, environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """Clone the migrated template; the value is its two addresses."""
    template = f"template_{testing.state_of_migrations()}"
    with of.superuser("postgres") as connection:
        known = {row[0] for row in connection.execute("select datname from pg_database").fetchall()}
        if template not in known:
            for older in sorted(one for one in known if one.startswith("template_")):
                connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(older)))
            _migrate(of, connection, template, environment)
        _make(connection, name, template)
    try:
        yield {"DATABASE_URL": of.database.url("app", database=name),
               "DATABASE_OWNER_URL": of.database.url("owner", database=name)}  # fmt: skip
    finally:
        with of.superuser("postgres") as connection:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def _make(connection: psycopg.Connection[Any], name: str, template: str) -> None:
    connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
    connection.execute(
        sql.SQL("create database {} template {} owner tieout_owner strategy file_copy").format(
            sql.Identifier(name), sql.Identifier(template)
        )
    )


def _migrate(
    of: Servers, connection: psycopg.Connection[Any], template: str, environment: dict[str, str]
) -> None:
    building = "building_template"
    _make(connection, building, "template1")
    addresses = {"DATABASE_URL": of.database.url("app", database=building),
                 "DATABASE_OWNER_URL": of.database.url("owner", database=building)}  # fmt: skip
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=surroundings.ROOT,
        env=environment | addresses,
        check=True,
    )
    rename = sql.SQL("alter database {} rename to {}")
    connection.execute(rename.format(sql.Identifier(building), sql.Identifier(template)))
