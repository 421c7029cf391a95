"""The web alone, answered by a thread of this process over a database of its own, and signed-in sessions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, Playwright
from werkzeug.serving import make_server

from accounts.models import User
from tests import cast

# There is no graphics card: Chromium would play one on the processor.
OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-extensions")


@contextmanager
def served() -> Iterator[str]:
    """Answer requests from a thread of this process; give the address."""
    server = make_server("127.0.0.1", 0, get_wsgi_application(), threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        connections.close_all()


def launched(playwright: Playwright, chromium: Path) -> Browser:
    """Start a browser."""
    return playwright.chromium.launch(executable_path=str(chromium), args=OPTIONS)


def session_of(user: User) -> dict[str, str]:
    """Return the cookie that carries a person's session."""
    client = cast.sign_in(Client(), user)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value}
