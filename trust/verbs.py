"""What trust writes into the log, each verb with its sentence; loaded with the app."""

from __future__ import annotations

from accounts import audit

audit.extend(
    {
        "trust.pair_added": "{actor} set up the trust account {object}",
        "trust.pair_client_named": "{actor} named the client of the trust account {object}",
    }
)
