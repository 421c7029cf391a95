"""A handful of programs that live and die together, with the standard library alone."""

from __future__ import annotations

import signal
import subprocess
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from syncapp.local import processes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """Somebody asked us to stop."""


@dataclass(kw_only=True)
class Supervisor:
    """Starts children in order, and ends them in reverse on a signal or on any child's end.

    What each child says goes to `logs/NAME.log`. Use as a context manager, from the main thread.
    """

    logs: Path
    environment: dict[str, str]
    children: list[tuple[str, subprocess.Popen[bytes], signal.Signals]] = field(default_factory=list)
    cleanups: list[Callable[[], None]] = field(default_factory=list)
    before: dict[signal.Signals, Any] = field(default_factory=dict)

    def __enter__(self) -> Self:
        """Turn signals into an exception that unwinds the block."""
        self.logs.mkdir(parents=True, exist_ok=True)
        self.before = {number: signal.signal(number, _stop) for number in SIGNALS}
        return self

    def __exit__(self, *_error: object) -> None:
        """End everything, deaf to further signals."""
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        for _name, child, end in reversed(self.children):
            processes.stop(child, sig=end, patience=5)
        for cleanup in reversed(self.cleanups):
            cleanup()
        for number, handler in self.before.items():
            signal.signal(number, handler)

    def start(
        self,
        name: str,
        command: Sequence[str],
        *,
        end: signal.Signals = signal.SIGTERM,
        death: signal.Signals = signal.SIGTERM,
    ) -> subprocess.Popen[bytes]:
        """Start one child; `end` is the signal that ends it, `death` what it gets when we are killed."""
        with (self.logs / f"{name}.log").open("wb") as log:
            child = processes.start(
                command,
                death=death,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.children.append((name, child, end))
        return child

    def finish(self, name: str, command: Sequence[str]) -> None:
        """Run one child to its end, its words on our terminal. Raises RuntimeError when it fails."""
        child = processes.start(command, env=self.environment, stdin=subprocess.DEVNULL)
        self.children.append((name, child, signal.SIGTERM))
        while child.poll() is None:
            self.check(but=child)
            time.sleep(0.1)
        self.children.remove((name, child, signal.SIGTERM))
        if child.returncode:
            raise RuntimeError(f"`{name}` ended with code {child.returncode}.")

    def check(self, but: subprocess.Popen[bytes] | None = None) -> None:
        """Raise RuntimeError with its last words when a child has ended."""
        for name, child, _end in self.children:
            if child is not but and child.poll() is not None:
                raise RuntimeError(f"{name} ended with code {child.returncode}.\n{self.last_words(name)}")

    def answering(self, ports: dict[str, int], *, seconds: float) -> None:
        """Wait until somebody listens on every port. Raises RuntimeError when a child ends or time is up."""
        until = time.monotonic() + seconds
        for name, port in ports.items():
            while not processes.answers(port):
                self.check()
                if time.monotonic() > until:
                    raise RuntimeError(f"{name} did not answer in time.\n{self.last_words(name)}")
                time.sleep(0.05)

    def last_words(self, name: str, lines: int = 15) -> str:
        """Return the end of a child's log."""
        text = (self.logs / f"{name}.log").read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])

    def wait(self) -> None:
        """Stay until a signal (Stopped) or until a child ends (RuntimeError)."""
        while True:
            self.check()
            time.sleep(0.3)


def _stop(number: int, _frame: object) -> None:
    raise Stopped(signal.Signals(number).name)
