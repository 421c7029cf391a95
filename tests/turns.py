"""Which tests one worker runs together, and which begin first.

What stands for a whole file (a browser's site, an installation, a firm on the road) is set up once when one
worker runs the file. The marker `xdist_group` does not say so: since pytest 9.2 xdist 3.8 passes it by.
"""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

# The longest first; the rest is small change that fills the workers' last minute evenly.
LONG = tuple(
    f"tests/{name}"
    for name in (
        "browser/test_story.py",
        "kills/",
        "stateful/test_histories.py",
        "browser/",
        "table/",
        "accounts/test_matrix.py",
        "commands/",
        "road/",
        "delivery/",
        "desk/",
        "trust/",
        "pipeline/",
    )
)
HISTORIES = "tests/stateful/test_histories.py"
TABLE = "tests/table/test_table.py"


def turn(nodeid: str) -> int:
    """Return how early a test begins: a lower number is earlier."""
    return next((turn for turn, name in enumerate(LONG) if nodeid.startswith(name)), len(LONG))


def together(nodeid: str) -> str:
    """Name what a worker runs as a whole: a file; of the histories one part; of the faults' table one row."""
    file = nodeid.partition("::")[0]
    if file == HISTORIES:
        return nodeid
    return nodeid.partition("-")[0] if file == TABLE else file


class Turns(LoadScopeScheduling):
    """Gives a worker what belongs together."""

    def _split_scope(self, nodeid: str) -> str:
        return together(nodeid)
