"""The whole product on this machine for one browser: both vendors, web, worker and schedule as children."""

from __future__ import annotations

import email
import json
import os
import quopri
import re
import signal
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.policy import default
from pathlib import Path
from typing import Any

from syncapp.local import processes, surroundings, valkey
from syncapp.local.demo import CELERY_ALONE
from syncapp.local.supervisor import Supervisor

SCALE = 10
PATIENCE = 60
MAIL_PATIENCE = 10
PYTHON = (sys.executable,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where everything answers. `clio` and `books` are the emulated vendors."""

    url: str
    clio: str
    books: str
    mail: Path
    supervisor: Supervisor

    def letter(self, to: str, words: str) -> str:
        """Return the newest letter to somebody that has these words in its subject, waiting for it."""
        until = time.monotonic() + MAIL_PATIENCE
        while time.monotonic() < until:
            for file in sorted(self.mail.glob("*"), key=lambda one: one.stat().st_mtime, reverse=True):
                message = email.message_from_bytes(file.read_bytes(), policy=default)
                if to in str(message["To"]) and words.lower() in str(message["Subject"]).lower():
                    return str(message.get_content())
            time.sleep(0.1)
        raise AssertionError(f"No letter to {to} about “{words}” came.")

    def clio_does(self, action: str, **given: Any) -> Any:
        """Act as a person on Clio's screens, by the names of its desk. Returns the record."""
        return _post(f"{self.clio}/_backdoor/do", {"do": action, **given})["data"]

    def books_do(self, action: str, **given: Any) -> Any:
        """Act as a person on the screens of the company in QuickBooks."""
        return _post(f"{self.books}/_backdoor/{self.realm()}/{action}", given)

    def planted(self, kind: str) -> int:
        """Return the id of what the seeded firm holds of a kind."""
        return next(int(one["id"]) for one in _get(f"{self.clio}/_backdoor/planted") if one["kind"] == kind)

    def hurry(self) -> None:
        """Take both vendors' limits out of the way."""
        _post(f"{self.clio}/_backdoor/switches", {"rate_limited": False})
        self.books_do("switches", throttle=False)

    def realm(self) -> str:
        """Return the id of the one company there is."""
        return str(_get(f"{self.books}/_backdoor/companies")["companies"][0]["realm"])

    def books_hold(self) -> dict[str, list[dict[str, Any]]]:
        """Return everything the company holds, by entity, as its API shows it."""
        held: dict[str, list[dict[str, Any]]] = _get(f"{self.books}/_backdoor/{self.realm()}/dump")["objects"]
        return held


def _get(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return json.load(answer)


def _post(address: str, given: dict[str, Any]) -> Any:
    asked = urllib.request.Request(
        address, data=json.dumps(given).encode(), headers={"Content-Type": "application/json"}
    )
    return _get(asked)  # type: ignore[arg-type]


def link_in(letter: str, containing: str) -> str:
    """Return the first address of a letter that has this in it."""
    found = re.search(rf"https?://\S*{re.escape(containing)}\S*", quopri.decodestring(letter).decode())
    assert found, letter
    return found[0]


@contextmanager
def running(database: dict[str, str], *, folder: Path, world: str = "small") -> Iterator[Site]:
    """Start everything against a database; all of it ends with the block."""
    ports = {name: processes.free_port() for name in ("clio", "qbo", "web")}
    mail = folder / "mail"
    mail.mkdir()
    environment = _environment(database, ports, folder=folder, mail=mail)
    with Supervisor(logs=folder / "logs", environment={**os.environ, **environment}) as supervisor:
        broker = valkey.start(folder)  # of its own: another worker's tasks are not ours
        supervisor.cleanups.append(broker.stop)
        supervisor.environment["REDIS_URL"] = broker.url
        for vendor in ("clio", "qbo"):
            supervisor.start(
                vendor, _manage("emulate", vendor, "--port", str(ports[vendor]), "--world", world)
            )
        supervisor.start("web", _web(ports["web"]))
        celery = (*PYTHON, "-m", "celery", "-A", "syncapp.celery")
        supervisor.start(
            "worker",
            [*celery, "worker", "--pool", "threads", "--concurrency", "1", *CELERY_ALONE],
            end=signal.SIGQUIT,
            death=signal.SIGKILL,
        )
        supervisor.start("beat", [*celery, "beat", "--pidfile", ""])
        supervisor.answering(ports, seconds=PATIENCE)
        made = Site(
            url=environment["PUBLIC_URL"],
            clio=environment["CLIO_BASE_URL"],
            books=environment["QBO_API_BASE_URL"],
            mail=mail,
            supervisor=supervisor,
        )
        made.hurry()
        yield made


def _environment(
    database: dict[str, str], ports: dict[str, int], *, folder: Path, mail: Path
) -> dict[str, str]:
    clio, qbo = (f"http://127.0.0.1:{ports[vendor]}" for vendor in ("clio", "qbo"))
    return {
        **surroundings.placeholders(),
        **database,
        "TIEOUT_MODE": "demo",  # with the door that signs in as anybody
        "TIME_SCALE": str(SCALE),
        "DJANGO_SETTINGS_MODULE": "syncapp.settings",
        "PUBLIC_URL": f"http://localhost:{ports['web']}",  # passkeys want a name, not an address
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "CLIO_BASE_URL": clio,
        "QBO_DISCOVERY_URL": f"{qbo}/.well-known/openid_configuration",
        "QBO_API_BASE_URL": qbo,
        "CELERY_BEAT_FILE": str(folder / "beat"),
        "EMAIL_URL": f"file://{mail}",
    }


def _manage(*arguments: str) -> list[str]:
    return [*PYTHON, "manage.py", *arguments]


def _web(port: int) -> list[str]:
    options = ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--worker-class", "gthread", "--threads", "4"]
    options += ["--graceful-timeout", "1", "--no-control-socket"]
    return [*PYTHON, "-m", "gunicorn", *options, "syncapp.wsgi:application"]
