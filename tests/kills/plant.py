"""An installation of real processes: worker, beat, broker, PostgreSQL, and both vendors over the network.

The vendors listen on sockets of the test's own process, so that the oracle sees what the books hold.
"""

from __future__ import annotations

import json
import os
import random
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from syncapp.emulators.clio.app import create_app as create_clio
from syncapp.emulators.clio.desk import do
from syncapp.emulators.clio.model import Refused, World
from syncapp.emulators.clio.nouns import Bill, LineItem
from syncapp.emulators.clio.world import year
from syncapp.emulators.qbo import seed
from syncapp.emulators.qbo.app import create_app as create_qbo
from syncapp.emulators.qbo.company import Company
from syncapp.emulators.wire import App, ConnectionDropped, Running
from syncapp.local import processes, surroundings
from tests.kills.servers import Servers, database
from tests.stage import START, firm_file

SCALE = 60
PATIENCE = 120


class Trap:
    """Stands before QuickBooks and ends the worker in the middle of a write.

    `before`: the request arrived, nothing is written. `during`: written although its sender is dead by then.
    `after`: written, and the sender dies before it can read the answer.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app
        self.armed: tuple[str, Callable[[], None]] | None = None
        self.seconds = 0.0  # what a write takes longer: the real QuickBooks needs about one

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Pass a call on, and spring when it is a batch."""
        if self.seconds and environ["REQUEST_METHOD"] == "POST":
            time.sleep(self.seconds)
        if self.armed is None or not environ["PATH_INFO"].endswith("/batch"):
            return self.app(environ, start_response)
        (when, spring), self.armed = self.armed, None
        if when != "after":
            spring()
        if when == "before":
            raise ConnectionDropped("the sender is dead")
        answer = list(self.app(environ, start_response))
        if when == "after":
            spring()
        return answer


@dataclass(slots=True, kw_only=True)
class Plant:
    """The installation; `environment` is that of DESIGN section 10."""

    servers: Servers
    name: str
    folder: Path
    world: World
    company: Company
    clio: App
    trap: Trap
    environment: dict[str, str]
    file: dict[str, Any] = field(default_factory=firm_file)
    worker: subprocess.Popen[bytes] | None = None
    beat: subprocess.Popen[bytes] | None = None
    starts: int = 0
    stirred: set[int] = field(default_factory=set)

    def child(self, what: str) -> dict[str, Any]:
        """Run a step of `child.py` to its end."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.kills.child", what],
            cwd=surroundings.ROOT, env=self.environment, input=json.dumps(self.file, default=str),
            capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        assert done.returncode == 0, (what, done.stderr[-3000:])
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer

    def supervise(self) -> None:
        """Start what does not run, as a supervisor does. From the main thread."""
        if self.worker is None or self.worker.poll() is not None:
            self._sweep(self.worker)
            self.worker = self._start("worker", _production("worker"))
            self.starts += 1
        if self.beat is None or self.beat.poll() is not None:
            self.beat = self._start("beat", ["celery", "-A", "syncapp.celery", "beat", "--pidfile", ""])

    def stir(self, run: int) -> None:
        """Give it work when a run ended with none left: people raise a price on many bills, once a run."""
        if run in self.stirred:
            return
        self.stirred.add(run)
        dice = random.Random(run)
        with self.clio.lock:
            bills = [one for one in self.world.all(Bill) if one.line_ids and (one.issued_at or START) > START]
            for bill in dice.sample(bills, k=40):
                line = self.world.get(LineItem, bill.line_ids[0])
                with suppress(Refused):
                    do(self.world, "edit_line", line=line.id, price=str(line.price + 1))

    def freeze(self) -> None:
        """Hold the worker and its children where they are."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let them go on."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """`kill -9` of the worker and all its children at once."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """End all."""
        for one in (self.beat, self.worker):
            if one is not None:
                self._sweep(one)

    def log(self, name: str, lines: int = 15) -> str:
        """What a process said last."""
        files = sorted(self.folder.glob(f"{name}-*.log"))
        text = files[-1].read_text(encoding="utf-8", errors="replace") if files else ""
        told = [line for line in text.splitlines() if '"level": "info"' not in line]
        return "\n".join(line[:600] for line in told[-lines:])

    def _signal(self, number: signal.Signals) -> None:
        assert self.worker is not None
        try:
            os.killpg(self.worker.pid, number)
        except ProcessLookupError:
            return

    def _sweep(self, one: subprocess.Popen[bytes] | None) -> None:
        if one is not None:
            processes.stop(one, sig=signal.SIGKILL, patience=5)

    def _start(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}-{self.starts:03}.log").open("ab") as log:
            return processes.start(
                [sys.executable, "-m", *command], death=signal.SIGKILL, cwd=surroundings.ROOT,
                env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip


def _production(service: str) -> list[str]:
    """The command of a service as production runs it."""
    composed = yaml.safe_load((surroundings.ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    command = composed["services"][service]["command"]
    return shlex.split(command) if isinstance(command, str) else list(command)


@contextmanager
def plant(servers: Servers, folder: Path, *, name: str, seed_: int) -> Iterator[Plant]:
    """An installation with a firm of a small year, connected, its first sync asked for; nothing runs yet."""
    world, company = year(seed_, size=0.1), seed.law_firm(seed=seed_)
    base = surroundings.placeholders() | {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        **{key: os.environ[key] for key in ("LD_LIBRARY_PATH",) if key in os.environ},
        "TIEOUT_MODE": "production",
        "DJANGO_SETTINGS_MODULE": "syncapp.settings",
        "PUBLIC_URL": "https://tieout.test",
        "ALLOWED_HOSTS": "tieout.test",
        "REDIS_URL": servers.broker.url,
        "TIME_SCALE": str(SCALE),
        "CELERY_BEAT_FILE": str(folder / f"beat-{name}"),
        "EMAIL_URL": f"file://{folder / 'mail'}",
    }
    clio = create_clio(
        world,
        time_scale=SCALE,
        client_id=base["CLIO_CLIENT_ID"],
        client_secret=base["CLIO_CLIENT_SECRET"],
    )
    ledger_app = create_qbo(
        [company],
        time_scale=SCALE,
        client_id=base["QBO_CLIENT_ID"],
        client_secret=base["QBO_CLIENT_SECRET"],
    )
    trap = Trap(ledger_app)
    with Running(clio) as source, Running(trap) as ledger:  # type: ignore[arg-type]
        base |= {"CLIO_BASE_URL": source, "QBO_API_BASE_URL": ledger,
                 "QBO_DISCOVERY_URL": f"{ledger}/.well-known/openid_configuration"}  # fmt: skip
        with database(servers, name, base) as addresses:
            logs = folder / name
            logs.mkdir(parents=True, exist_ok=True)
            made = Plant(
                servers=servers, name=name, folder=logs, world=world, company=company, clio=clio, trap=trap,
                environment=base | addresses,
            )  # fmt: skip
            made.child("begin")
            try:
                yield made
            finally:
                made.stop()
