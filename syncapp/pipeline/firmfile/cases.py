"""What a firm file may say of exceptions: whose they are, by when, and when a partner hears. Pure."""

from __future__ import annotations

from syncapp.pipeline.firmfile.shape import Check, keys, one_of, rows, text

LONGEST_TERM = 60  # working days
TERM = one_of(*range(LONGEST_TERM + 1))


def shape(email: Check) -> Check:
    """Return how the exceptions of a firm are written; `email` is how an address is."""
    rule = keys(
        {
            "kind": text(longest=40),
            "severity": one_of("trust", "needs_person", "waiting"),
            "client": text(longest=200),
            "owner": email,
        },
        need=("owner",),
    )
    return keys(
        {
            "owner": email,
            "owners": rows(rule),
            "due": keys({"trust": TERM, "needs_person": TERM}),
            "escalate_after": TERM,
        }
    )
