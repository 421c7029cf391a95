"""The small server under the emulators: who asks to close the connection is told that it closes."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

from syncapp.emulators.wire import Answer, App, Running


def test_a_connection_is_kept_until_the_client_asks_to_close_it():
    app = App()
    app.route("/ping")(lambda _request: Answer({"pong": True}))

    with Running(app) as url:
        line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)
        heard = []
        for headers in ({}, {"Connection": "close"}, {}):
            line.request("GET", "/ping", headers=headers)
            answer = line.getresponse()
            heard.append((answer.status, answer.read(), answer.getheader("Connection")))

    assert heard == [(200, b'{"pong":true}', said) for said in (None, "close", None)]
