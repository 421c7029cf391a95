"""Nothing that we start outlives us, however we end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from syncapp.local import processes
from tests.house.sources import ROOT

PROGRAM = """
import os
import sys
from pathlib import Path
from syncapp.local import valkey
from syncapp.local.supervisor import Stopped, Supervisor
here = Path(sys.argv[1])
try:
    with Supervisor(logs=here, environment=dict(os.environ)) as supervisor:
        broker = valkey.start(here)
        supervisor.cleanups.append(broker.stop)
        sleeper = supervisor.start("sleeper", [sys.executable, "-c", "import time; time.sleep(600)"])
        short = float(sys.argv[2])
        if short:
            words = f"print('last words'); import time; time.sleep({short})"
            supervisor.start("short", [sys.executable, "-c", words])
        print(broker.child.pid, sleeper.pid, flush=True)
        supervisor.wait()
except Stopped:
    sys.exit(0)
except RuntimeError as error:
    print(error)
    sys.exit(3)
"""


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def gone(pids: list[int], seconds: float = 5) -> bool:
    until = time.monotonic() + seconds
    while any(alive(pid) for pid in pids):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def supervised(folder, short: float = 0) -> tuple[subprocess.Popen[str], list[int]]:
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder), str(short)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert program.stdout is not None
    return program, [int(pid) for pid in program.stdout.readline().split()]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent was killed")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_no_process_stays_behind(tmp_path, number) -> None:
    program, children = supervised(tmp_path)
    assert all(alive(pid) for pid in children)

    os.kill(program.pid, number)

    assert program.wait(10) == (-signal.SIGKILL if number == signal.SIGKILL else 0)
    assert gone(children)


def test_one_child_that_ends_takes_the_others_along(tmp_path) -> None:
    program, children = supervised(tmp_path, short=0.3)

    said, _ = program.communicate(timeout=15)

    assert program.returncode == 3
    assert "short ended with code 0." in said
    assert "last words" in said
    assert gone(children)


def test_a_taken_port_is_replaced() -> None:
    taken = processes.free_port()
    child = processes.start([sys.executable, "-m", "http.server", str(taken), "--bind", "127.0.0.1"])
    try:
        processes.wait_for(lambda: processes.answers(taken), child, what="A server", seconds=10)
        assert processes.free_port(taken) != taken
    finally:
        processes.stop(child)
