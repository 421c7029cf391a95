"""Checks an unpacked evidence binder without any other program: `python3 verify.py` in its folder.

Every file is compared with the SHA-256 in manifest.json, the figures with the hash that was signed.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

OWN = {"manifest.json", "verify.py"}


def faults(folder: Path) -> list[str]:
    """Return what is not as it was packed, in sentences."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    listed = {one["name"]: one["sha256"] for one in manifest["files"]}
    found = []
    for name, told in listed.items():
        path = folder / name
        if not path.is_file():
            found.append(f"{name} is missing.")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != told:
            found.append(f"{name} was changed.")
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    found += [f"{name} was added." for name in sorted(there - set(listed) - OWN)]
    if listed.get("figures.json") != manifest["figures_sha256"]:
        found.append("The figures are not those of the hash.")
    return found


def main() -> int:
    """Say whether the binder in this file's folder is whole; 1 when it is not."""
    folder = Path(__file__).resolve().parent
    found = faults(folder)
    sys.stdout.write("\n".join(found or ["Every file is as it was packed."]) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
