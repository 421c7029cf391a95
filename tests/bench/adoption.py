"""A firm with two years under Clio's own connector: how much of 5,000 records is adopted, and is it right."""

from __future__ import annotations

import os
from collections import Counter

from syncapp.local import testing
from tests.adoption.history import plant
from tests.adoption.measured import adopted
from tests.bench.document import table

CLIENTS = 290
SCALE = 20  # as patient as a real vendor is with a busy machine
HEAD = ["kind", "records", "certain", "of the plain ones", "wrong", "left to a person", "not shown"]
LEAST_PLAIN = 95  # per cent of what nobody need be asked about


def figures() -> str:
    """Adopt the history, and say what came of it. Raises AssertionError where the promise does not hold."""
    history = plant(clients=CLIENTS)
    with testing.clone(f"adoption_{os.getpid()}"), adopted(history, scale=SCALE) as found:
        certain, wrong, missed = found.certain(), found.wrong(), found.missed()
        kinds = Counter(kind for kind, _ in history.truth)
        rows = []
        for kind, count in sorted(kinds.items()):
            plain = sum(1 for name, _ in history.plain if name == kind)
            lost = sum(1 for name, _ in missed if name == kind)
            sure = sum(1 for name, _ in certain if name == kind)
            asked = sum(1 for key in found.sure if key[0] == kind and key not in certain)
            unseen = sum(1 for name, _ in found.unseen() if name == kind)
            bad = sum(1 for name, _ in wrong if name == kind)
            rows.append(
                [
                    kind,
                    *map(str, (count, sure)),
                    f"{plain - lost} of {plain}",
                    *map(str, (bad, asked, unseen)),
                ]
            )
        promised = 100 * (len(history.plain) - len(missed)) >= LEAST_PLAIN * len(history.plain)
        new, seconds, hidden = found.new(), found.seconds, found.unseen()
        assert not wrong, wrong
        assert not new, new
        assert not hidden, hidden
        assert promised, (len(missed), len(history.plain))
    share = 100 * (len(history.plain) - len(missed)) / len(history.plain)
    said = (
        f"{history.objects:,} objects in QuickBooks; {found.adopted:,} adopted in one press; "
        f"{share:.1f}% of what is unambiguous without a person; {len(wrong)} wrong links; "
        f"{sum(new.values())} objects more afterwards."
    )
    took = "; ".join(f"{what} {value:.1f} s" for what, value in seconds.items())
    return f"{said}\n\n{table(HEAD, rows)}\n\n{took}"
