"""Who holds a lease: a process, named so that its death can be seen from the same machine.

A name says where its process lives (machine, start of the machine, space of process numbers) and when it was
born: two containers with one host name, and a number that was given out anew, are never taken for each other.
"""

from __future__ import annotations

import os
import socket
from functools import cache
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

_STATE, _BORN = 0, 19  # of /proc/<pid>/stat, counted behind the name of the program (proc(5))


@cache
def here() -> str:
    """Return what tells this space of process numbers from every other."""
    parts = [socket.gethostname(), _text("/proc/sys/kernel/random/boot_id"), _link("/proc/self/ns/pid")]
    return sha256("|".join(parts).encode()).hexdigest()[:12]


def new() -> str:
    """Return a name for a lease that this process takes now."""
    pid = os.getpid()
    return f"{here()}:{pid}:{_born(pid)}:{uuid4().hex[:12]}"


def is_dead(holder: str) -> bool:
    """Tell whether a holder is a process of this machine that is no more; False when nobody can know."""
    place, _, rest = holder.partition(":")
    pid, _, rest = rest.partition(":")
    born = rest.partition(":")[0]
    if place != here() or not pid.isdigit():
        return False
    if born:
        return _born(int(pid)) != born
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    return False


def _born(pid: int) -> str:
    """Return when a process began, in ticks since the machine did; empty when it is gone or unknown."""
    fields = _text(f"/proc/{pid}/stat").rpartition(")")[2].split()
    if len(fields) <= _BORN or fields[_STATE] in {"Z", "X"}:
        return ""
    return fields[_BORN]


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def _link(path: str) -> str:
    try:
        return str(Path(path).readlink())
    except OSError:
        return ""
