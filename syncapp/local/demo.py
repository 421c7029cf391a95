"""`make demo`: the whole product on this machine, from nothing, with a seeded firm; Ctrl-C ends all of it."""

from __future__ import annotations

import json
import os
import signal
import sys
from functools import partial
from typing import TYPE_CHECKING

from syncapp.local import postgres, processes, surroundings, valkey
from syncapp.local.supervisor import Stopped, Supervisor

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = surroundings.LOCAL / "demo"
WEB_PORT, CLIO_PORT, QBO_PORT, BANK_PORT = 8000, 8001, 8002, 8003
WORLDS = "year,trust"  # a firm with a year of work, and one with a year of client money
START_SECONDS = 60
TIME_SCALE = "20"
CELERY_ALONE = ("--without-gossip", "--without-mingle", "--without-heartbeat")


def main() -> int:
    """Start everything, seed, print where to go, and stay until somebody stops it."""
    if os.environ.get("TIEOUT_TIED"):
        processes.tie_self()
    try:
        with Supervisor(logs=FOLDER / "logs", environment={}) as supervisor:
            _run(supervisor)
    except Stopped:
        _say("\nStopped.")
        return 0
    except (RuntimeError, OSError) as error:
        sys.stderr.write(f"\nThe demo stopped. {error}\nLogs: {FOLDER / 'logs'}\n")
        return 1
    return 0


def _run(supervisor: Supervisor) -> None:
    addresses = _servers(supervisor)
    ports = {"web": processes.free_port(WEB_PORT)}
    ports["clio"] = processes.free_port(CLIO_PORT)
    ports["qbo"] = processes.free_port(QBO_PORT)
    ports["bank"] = processes.free_port(BANK_PORT)
    environment = _environment(addresses, ports)
    supervisor.environment = {**os.environ, **environment}

    manage = partial(_python, "manage.py")
    _say("Making the tables …")
    supervisor.finish("migrate", manage("migrate", "--verbosity", "0"))
    _say("Starting Clio, QuickBooks and the banks (emulated), web, worker and schedule …")
    for vendor in ("clio", "qbo", "bank"):
        supervisor.start(vendor, manage("emulate", vendor, "--port", str(ports[vendor]), "--world", WORLDS))
    supervisor.start("web", _web(ports["web"]))
    celery = ("celery", "-A", "syncapp.celery")
    supervisor.start(
        "worker",
        # threads: one process, so that the kernel can end it outright; work in flight is found again
        _python("-m", *celery, "worker", "--pool", "threads", "--concurrency", "2", *CELERY_ALONE),
        end=signal.SIGQUIT,
        death=signal.SIGKILL,
    )
    supervisor.start("beat", _python("-m", *celery, "beat", "--pidfile", ""))
    supervisor.answering(ports, seconds=START_SECONDS)
    running = _announce(environment)
    supervisor.cleanups.append(partial(running.unlink, missing_ok=True))
    bank = f"http://127.0.0.1:{ports['bank']}"
    supervisor.finish("demo_seed", manage("demo_seed", "--bank", bank))
    _say(f"\nTieout is ready: {environment['PUBLIC_URL']}")
    _say(f"Clio (emulated):       {environment['CLIO_BASE_URL']}")
    _say(f"QuickBooks (emulated): {environment['QBO_API_BASE_URL']}")
    _say(f"Banks (emulated):      {bank}")
    _say("Ctrl-C stops everything.")
    supervisor.wait()


def _servers(supervisor: Supervisor) -> dict[str, str]:
    """Start what the environment does not name: each run has a new year of work, so an empty database."""
    addresses: dict[str, str] = {}
    if not surroundings.given(os.environ, "DATABASE_URL"):
        _say("Starting PostgreSQL …")
        database = postgres.start(FOLDER, empty=True)
        supervisor.cleanups.append(database.stop)
        addresses["DATABASE_URL"] = database.url("app")
        addresses["DATABASE_OWNER_URL"] = database.url("owner")
    if not surroundings.given(os.environ, "REDIS_URL"):
        _say("Starting Valkey …")
        broker = valkey.start(FOLDER)
        supervisor.cleanups.append(broker.stop)
        addresses["REDIS_URL"] = broker.url
    return addresses


def _environment(addresses: dict[str, str], ports: dict[str, int]) -> dict[str, str]:
    """Return what DESIGN section 10 asks for, over whatever the caller's environment says."""
    clio, qbo = (f"http://127.0.0.1:{ports[vendor]}" for vendor in ("clio", "qbo"))
    return {
        **surroundings.placeholders(),
        **{name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)},
        **addresses,
        "TIEOUT_MODE": "demo",
        "TIME_SCALE": TIME_SCALE,  # a minute of the vendors' budgets in three seconds: a year in sight
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "syncapp.settings",
        "PUBLIC_URL": f"http://localhost:{ports['web']}",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "CLIO_BASE_URL": clio,
        "QBO_DISCOVERY_URL": f"{qbo}/.well-known/openid_configuration",
        "QBO_API_BASE_URL": qbo,
        "QBO_WEBHOOK_URL": f"http://127.0.0.1:{ports['web']}/webhooks/qbo/",  # read by the emulator
        "CELERY_BEAT_FILE": str(FOLDER / "beat"),
        "EMAIL_URL": f"file://{surroundings.LOCAL / 'mail'}",
    }


def _announce(environment: dict[str, str]) -> Path:
    """Leave the demo's environment where `manage.py` finds it, for this user alone."""
    file = surroundings.DEMO_FILE
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_text(json.dumps({"pid": os.getpid(), "environment": environment}), encoding="utf-8")
    return file


def _python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def _web(port: int) -> list[str]:
    options = ["--bind", f"127.0.0.1:{port}", "--workers", "2", "--worker-class", "gthread", "--threads", "4"]
    options += ["--graceful-timeout", "2", "--timeout", "60", "--no-control-socket"]
    return _python("-m", "gunicorn", *options, "syncapp.wsgi:application")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
