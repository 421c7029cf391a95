"""The commands as a machine drives them: child processes with the environment of DESIGN section 10."""

from __future__ import annotations

import base64
import html
import json
import os
import re
import secrets
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urljoin

from syncapp.emulators.clio.app import create_app as create_clio
from syncapp.emulators.clio.model import World
from syncapp.emulators.qbo.app import create_app as create_qbo
from syncapp.emulators.qbo.company import Company
from syncapp.emulators.wire import Running
from syncapp.local.surroundings import ROOT

SCALE = 200
PATIENCE = 240


@dataclass(frozen=True)
class Machine:
    """One installation: its environment, and both vendors on this machine."""

    environment: dict[str, str]
    world: World
    company: Company

    def run(self, *arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run one command of `manage.py` to its end."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def json(self, *arguments: str, stdin: str | None = None) -> Any:
        """Run one command with `--json` and return its answer; it must exit 0."""
        done = self.run(*arguments, "--json", stdin=stdin)
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)
        return json.loads(done.stdout)

    def connect(self, provider: str, slug: str) -> Any:
        """Connect as a person with a browser would: open the address, approve, bring the answer back."""
        address = self.run("connect", provider, "--firm", slug).stdout.strip()
        return self.json("connect", provider, "--firm", slug, "--callback", consent(address))


@contextmanager
def machine(world: World, company: Company, database: dict[str, str]) -> Iterator[Machine]:
    """Serve both vendors on loopback ports and name them to the commands."""
    clio_secret, qbo_secret = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
    clio = create_clio(world, time_scale=SCALE, client_id="machine", client_secret=clio_secret)
    qbo = create_qbo([company], time_scale=SCALE, client_id="machine", client_secret=qbo_secret)
    with Running(clio) as clio_url, Running(qbo) as qbo_url:
        yield Machine(
            environment={
                "PATH": os.environ["PATH"],
                "HOME": os.environ.get("HOME", "/"),
                # where a Python outside the system keeps its own library
                **{name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ},
                **{name: database[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL")},
                "REDIS_URL": os.environ["REDIS_URL"],
                "SECRET_KEY": secrets.token_urlsafe(40),
                "SEAL_KEYS": "k1:" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
                "ALLOWED_HOSTS": "tieout.test",
                "PUBLIC_URL": "https://tieout.test",
                "CLIO_BASE_URL": clio_url,
                "CLIO_CLIENT_ID": "machine",
                "CLIO_CLIENT_SECRET": clio_secret,
                "QBO_DISCOVERY_URL": f"{qbo_url}/.well-known/openid_configuration",
                "QBO_API_BASE_URL": qbo_url,
                "QBO_CLIENT_ID": "machine",
                "QBO_CLIENT_SECRET": qbo_secret,
                "QBO_WEBHOOK_VERIFIER_TOKEN": secrets.token_urlsafe(16),
                "TIME_SCALE": str(SCALE),
            },
            world=world,
            company=company,
        )


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any) -> None:
        """Do not follow: the address is what we came for."""


def consent(address: str) -> str:
    """Approve on a consent page and return the address that the browser is sent back to."""
    opener = urllib.request.build_opener(_Stay())
    with opener.open(address, timeout=30) as page:
        text = page.read().decode()
    fields: dict[str, str] = {"decision": "approve"}
    for tag in re.findall(r"<input[^>]*>", text):
        parts = {key: html.unescape(value) for key, value in re.findall(r'(\w+)="([^"]*)"', tag)}
        if parts.get("name") and (parts.get("type") != "radio" or "checked" in tag):
            fields[parts["name"]] = parts.get("value", "")
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', text, flags=re.DOTALL):
        first = re.search(r'value="([^"]*)"', options)
        fields[name] = html.unescape(first[1]) if first else ""
    action = re.search(r'<form[^>]*action="([^"]*)"', text)
    target = urljoin(address, html.unescape(action[1])) if action and action[1] else address
    try:
        opener.open(target, data=urlencode(fields).encode(), timeout=30)
    except urllib.error.HTTPError as answer:
        return str(answer.headers["Location"])
    raise AssertionError("the consent page did not send the browser back")
