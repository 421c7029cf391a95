"""A Clio emulator over WSGI, with a token, and its API document when it is at hand."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from syncapp.emulators.clio.app import create_app
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.world import small
from syncapp.emulators.wire import App, Clock

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
DOCUMENT = "vendors/clio/openapi-2026-08-12.json"


@dataclass
class Clio:
    """An emulator, a browser on it, and a token."""

    app: App
    http: Client
    token: str

    @property
    def world(self) -> World:
        world: World = self.app.state.world
        return world

    def get(self, path: str, **headers: str) -> Any:
        return self.http.get(f"/api/v4/{path}", headers=self.headers(headers))

    def send(self, method: str, path: str, data: Any = None, **headers: str) -> Any:
        body = None if data is None else {"data": data}
        return self.http.open(f"/api/v4/{path}", method=method, json=body, headers=self.headers(headers))

    def data(self, path: str) -> Any:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return json.loads(answer.text, parse_float=Decimal)["data"]

    def headers(self, more: dict[str, str]) -> dict[str, str]:
        given = {k.replace("_", "-"): v for k, v in more.items()}
        return {"Authorization": f"Bearer {self.token}"} | given


def open_clio(world: World) -> Clio:
    app = create_app(world, clock=Clock(NOW))
    http = Client(app)
    return Clio(app, http, http.post("/_backdoor/token").get_json()["access_token"])


@pytest.fixture
def clio() -> Clio:
    """The small firm on 2 November 2026."""
    return open_clio(small())


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    """Clio's API document of 2026-08-12."""
    root = Path(os.environ.get("TIEOUT_SHARED", Path(__file__).parents[4] / "shared"))
    path = root / DOCUMENT
    if not path.exists():
        pytest.skip(f"Clio's API document is not at {DOCUMENT}; set TIEOUT_SHARED to the folder that has it")
    found: dict[str, Any] = json.loads(path.read_text())
    return found
