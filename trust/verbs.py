"""What trust writes into the log, each verb with its sentence; loaded with the app."""

from __future__ import annotations

from accounts import audit

audit.extend(
    {
        "trust.pair_added": "{actor} set up the trust account {object}",
        "trust.pair_client_named": "{actor} named the client of the trust account {object}",
        "trust.prepared": "{actor} prepared {object} for signature",
        "trust.asked": "{actor} asked about {object}: {after[text]}",
        "trust.answered": "{actor} answered about {object}: {after[text]}",
        "trust.signed": "{actor} signed {object}",
        "trust.suspended": "The signature of {object} is suspended, because figures moved: {after[text]}",
        "trust.reopened": "{actor} reopened {object}: {after[text]}",
        "trust.signing_refused": "{actor} may not prepare or sign {object}: {after[words]}",
        "trust.rule_set": "{actor} set the rule {object}: {after[words]}",
        "trust.duty_named": "{actor} named {after[person]} for {object}: {after[duty]}",
        "trust.duty_taken_back": "{actor} took back from {before[person]} for {object}: {before[duty]}",
        "trust.deputy_named": "{actor} named a deputy: {object}",
        "trust.deputy_ended": "{actor} ended the deputy early: {object}",
    }
)
