"""Children that never outlive their parent."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PR_SET_PDEATHSIG = 1


def dies_with_parent(sig: int) -> Callable[[], None]:
    """Return what a child runs before it becomes its program: the kernel signals it when the parent ends.

    Only Linux has this; elsewhere a parent that is killed outright leaves its children behind.
    """
    parent = os.getpid()
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

    def tie() -> None:
        if libc is not None:
            libc.prctl(PR_SET_PDEATHSIG, sig, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return tie


def tie_self() -> None:
    """End this process when its parent ends, whatever ends the parent."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def start(command: Sequence[str], *, death: int = signal.SIGTERM, **more: Any) -> subprocess.Popen[bytes]:
    """Start a program in its own session, tied to this process. Call from the main thread."""
    return subprocess.Popen(  # noqa: S603 - the commands are our own
        list(command),
        start_new_session=True,
        preexec_fn=dies_with_parent(death),  # noqa: PLW1509 - runs before any thread exists in the child
        **more,
    )


def stop(child: subprocess.Popen[bytes], *, sig: int = signal.SIGTERM, patience: float = 10) -> None:
    """End a child: ask, wait at most `patience` seconds, then kill its whole session."""
    if child.poll() is None:
        child.send_signal(sig)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(patience)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(5)


def free_port(wanted: int = 0) -> int:
    """Return the wanted port of the loopback interface when nobody listens there, else any free one."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            if wanted == 0:
                raise
            return free_port()
        port: int = probe.getsockname()[1]
        return port


def wait_for(ready: Callable[[], bool], child: subprocess.Popen[bytes], *, what: str, seconds: float) -> None:
    """Wait until a child answers. Raises RuntimeError when it ends or stays silent."""
    until = time.monotonic() + seconds
    while not ready():
        if child.poll() is not None:
            raise RuntimeError(f"{what} ended at its start with code {child.returncode}.")
        if time.monotonic() > until:
            raise RuntimeError(f"{what} did not answer within {seconds:.0f} seconds.")
        time.sleep(0.02)


def answers(port: int) -> bool:
    """Say whether somebody listens on a port of the loopback interface."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.5):
        return True
    return False
