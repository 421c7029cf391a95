"""`python -m syncapp.probe URL`: whether one of our own processes answers, for a container's health check.

It asks under the first of ALLOWED_HOSTS: under any other name the product answers nobody.
"""

from __future__ import annotations

import sys
import urllib.error
import urllib.request

from syncapp import environment

SECONDS = 4


def host() -> str:
    """Return a name under which the product answers."""
    first = next(iter(environment.listing("ALLOWED_HOSTS", "")), "localhost")
    return "localhost" if first == "*" else first.lstrip(".")


def main(url: str) -> int:
    """Return 0 when it answers well; say what it answered when it does not."""
    asked = urllib.request.Request(url, headers={"Host": host()})  # noqa: S310 - our own address
    try:
        with urllib.request.urlopen(asked, timeout=SECONDS):  # noqa: S310 - as above
            return 0
    except urllib.error.HTTPError as error:
        sys.stderr.write(f"{error.code}: {error.read(500).decode(errors='replace')}\n")
    except OSError as error:
        sys.stderr.write(f"{error}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
