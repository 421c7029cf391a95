"""A mailbox in this process that speaks enough IMAP (RFC 3501) to be read by whatever client."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

WORD = "secret word"


@dataclass
class Post:
    """What lies in the mailbox, by UID; `calls` are the commands that came."""

    letters: dict[int, bytes] = field(default_factory=dict)
    validity: int = 7
    calls: list[str] = field(default_factory=list)
    cut_at: str = ""  # the connection ends when a command of this name comes

    def put(self, raw: bytes) -> int:
        """Lay a letter into it."""
        uid = max(self.letters, default=100) + 1
        self.letters[uid] = raw
        return uid


class _Talk(socketserver.StreamRequestHandler):
    post: Post

    def handle(self) -> None:
        self._say(b"* OK ready")
        while line := self.rfile.readline():
            tag, _, rest = line.decode().strip().partition(" ")
            name = re.sub(r"^UID (\w+).*|^(\w+).*", lambda m: m[1] or m[2], rest).upper()
            self.post.calls.append(name)
            if name == self.post.cut_at:
                return
            done = getattr(self, f"do_{name.lower()}", self._unknown)(rest)
            self._say(f"{tag} {done}".encode())
            if name == "LOGOUT":
                return

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")

    def _unknown(self, _rest: str) -> str:
        return "BAD what?"

    def do_capability(self, _rest: str) -> str:
        self._say(b"* CAPABILITY IMAP4rev1")
        return "OK done"

    def do_login(self, rest: str) -> str:
        return "OK done" if WORD in rest else "NO wrong"

    def do_examine(self, rest: str) -> str:
        if "INBOX" not in rest:
            return "NO no such folder"
        self._say(f"* {len(self.post.letters)} EXISTS".encode())
        self._say(f"* OK [UIDVALIDITY {self.post.validity}] valid".encode())
        return "OK [READ-ONLY] open"

    def do_search(self, rest: str) -> str:
        first = int(re.search(r"UID (\d+):\*", rest)[1])  # type: ignore[index]
        last = max(self.post.letters, default=0)
        found = [uid for uid in self.post.letters if uid >= first or (uid == last and last)]
        self._say(f"* SEARCH {' '.join(map(str, found))}".rstrip().encode())
        return "OK done"

    def do_fetch(self, rest: str) -> str:
        uid = int(rest.split()[2])
        raw = self.post.letters.get(uid)
        if raw is not None:
            given = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if "HEADER" in rest else raw
            self._say(f"* 1 FETCH (UID {uid} RFC822.SIZE {len(raw)} BODY[] {{{len(given)}}}".encode())
            self.wfile.write(given + b")\r\n")
        return "OK done"

    def do_logout(self, _rest: str) -> str:
        self._say(b"* BYE")
        return "OK done"


@contextmanager
def mailbox() -> Iterator[tuple[Post, str]]:
    """Serve a mailbox; give it with its address."""
    post = Post()
    talk = type("Talk", (_Talk,), {"post": post})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), talk) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            host, port = server.server_address[:2]
            yield post, f"imap://statements%40firm.test:{WORD.replace(' ', '%20')}@{host!s}:{port}/INBOX"
        finally:
            server.shutdown()
            thread.join()
