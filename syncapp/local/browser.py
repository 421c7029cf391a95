"""Find a Chromium for browser tests, or make Debian bring one."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/usr/bin/chromium",
    "/usr/lib/chromium/chromium",
    "/snap/bin/chromium",
    "/opt/google/chrome/chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
PACKAGES = ("chromium", "fonts-liberation")
COMMAND = f"sudo apt-get update && sudo apt-get install --yes {' '.join(PACKAGES)}"


def find(*, install: bool = True) -> Path | None:
    """Return the path of a Chromium; as root on Debian, install one when there is none.

    None means that a person has to run COMMAND, or set CHROMIUM to a browser.
    """
    if named := os.environ.get("CHROMIUM"):
        return Path(named) if os.access(named, os.X_OK) else None
    for name in (*NAMES, *PLACES):
        if found := shutil.which(name):
            return Path(found)
    if install and os.geteuid() == 0 and shutil.which("apt-get") and _install():
        return find(install=False)
    return None


def _install() -> bool:
    quiet = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, "stdout": subprocess.DEVNULL}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "--yes", "-qq", "--no-install-recommends", *PACKAGES],
    ):
        if subprocess.run(command, check=False, **quiet).returncode:  # type: ignore[call-overload] # noqa: S603
            return False
    return True
