"""A person's consent on a vendor's own page."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qsl, urlsplit

from werkzeug.test import Client as Browser

from syncapp.emulators.wire import App


def consent(app: App, address: str) -> dict[str, str]:
    """Open a vendor's consent page, approve, and give what the browser is sent back with."""
    parts = urlsplit(address)
    browser = Browser(app)
    page = browser.get(f"{parts.path}?{parts.query}").text
    form = {}
    for tag in re.findall(r"<input[^>]*>", page):
        values = {name: html.unescape(value) for name, value in re.findall(r'(\w+)="([^"]*)"', tag)}
        if values.get("type") in ("hidden", "radio") and values["name"] not in form:
            form[values["name"]] = values["value"]
    target = re.search(r'<form[^>]*action="([^"]*)"', page)
    answer = browser.post(
        html.unescape(target[1]) if target else parts.path, data={**form, "decision": "approve"}
    )
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
