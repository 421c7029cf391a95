"""What trust writes into the log, each verb with its sentence; loaded with the app."""

from __future__ import annotations

from accounts import audit

audit.extend(
    {
        "trust.pair_added": "{actor} set up the trust account {object}",
        "trust.pair_client_named": "{actor} named the client of the trust account {object}",
        "trust.change_asked": "{actor} asked to change the trust account {object}",
        "trust.change_approved": "{actor} approved the change of the trust account {object}",
        "trust.change_refused": "{actor} refused the change of the trust account {object}",
        "trust.change_withdrawn": "{actor} took back the change of the trust account {object}",
        "trust.opening_given": "{actor} gave the opening of {object} from a file: {after[total]}",
        "trust.opening_statement": "{actor} gave the bank's balance at the opening of {object}: "
        "{after[statement]}",
        "trust.opening_agreed": "The opening of {object} ties with the books: {after[total]}",
        "trust.limit_asked": "{actor} asked to change the {object}: {after[reason]}",
        "trust.limit_approved": "{actor} put a change of the {object} in force",
        "trust.limit_refused": "{actor} refused the change of the {object}",
        "trust.limit_withdrawn": "{actor} took back the change of the {object}",
        "trust.entry_approved": "{actor} approved to post the {object}",
        "trust.approval_refused": "{actor} may not approve the {object}: {after[reason]}",
        "trust.prepared": "{actor} prepared {object} for signature",
        "trust.asked": "{actor} asked about {object}: {after[text]}",
        "trust.answered": "{actor} answered about {object}: {after[text]}",
        "trust.signed": "{actor} signed {object}",
        "trust.binder_taken": "{actor} took the evidence binder of {object}: {after[sha256]}",
        "trust.suspended": "The signature of {object} is suspended, because figures moved: {after[text]}",
        "trust.reopened": "{actor} reopened {object}: {after[text]}",
        "trust.signing_refused": "{actor} may not prepare or sign {object}: {after[words]}",
        "trust.rule_set": "{actor} set the rule {object}: {after[words]}",
        "trust.duty_named": "{actor} named {after[person]} for {object}: {after[duty]}",
        "trust.duty_taken_back": "{actor} took back from {before[person]} for {object}: {before[duty]}",
        "trust.deputy_named": "{actor} named a deputy: {object}",
        "trust.deputy_ended": "{actor} ended the deputy early: {object}",
        "trust.matched_certain": "Tieout matched {after[lines]} bank lines with the entries of {object}",
        "trust.match_accepted": "{actor} accepted a match of {object}",
        "trust.match_made": "{actor} matched {object} by hand",
        "trust.match_undone": "{actor} undid the match of {object}: {after[why]}",
        "trust.statement_taken": "{actor} brought in the statement of {object}, {after[period]}: "
        "{after[new]} new lines from {after[file]}",
        "trust.token_made": "{actor} made the upload token {object} for {after[account]}",
        "trust.token_revoked": "{actor} took back the upload token {object} for {after[account]}",
        "trust.mail_set": "{actor} said who may mail statements of {object}: {after[senders]}",
        "trust.mail_stopped": "{actor} stopped taking statements of {object} by mail",
        "trust.arrival_refused": "{after[file]} for {object} came through {actor} and was not taken: "
        "{after[words]}",
        "trust.arrival_seen": "{actor} looked at {after[file]} for {object}, which was not taken",
        "trust.profile_saved": "{actor} saved how the tables of {object} are read",
        "trust.payee_learned": "{actor} taught that the bank's text “{after[words]}” is {object}",
        "trust.payee_stopped": "{actor} stopped reading the bank's text “{before[words]}” as {object}",
        "trust.hold_set": "{actor} set a legal hold on {object}: {after[reason]}",
        "trust.hold_lifted": "{actor} lifted the legal hold on {object}: {after[reason]}",
        "trust.deletion_refused": "{actor} asked to delete {object} and was refused: {after[words]}",
        "trust.deletion_noted": "{actor} asked to delete {object}, which nothing keeps any longer",
        "trust.binder_link_sent": "{actor} sent a link to the evidence binder of {object} to {after[email]}, "
        "until {after[until]}",
        "trust.binder_link_ended": "{actor} took back the link to the evidence binder of {object} sent to "
        "{before[email]}",
        "trust.binder_fetched": "{after[email]} fetched the evidence binder of {object} by its link: "
        "{after[sha256]}",
        "trust.review_drawn": "{actor} drew transactions for the {object}, seed {after[seed]}",
        "trust.review_answered": "{actor} answered for a transaction of the {object}",
        "trust.transfers_signed": "{actor} signed the {object}: {after[transfers]} transfers, {after[total]}",
        "trust.transfer_taken_off": "{actor} took {after[amount]} of {object} off its list: {after[words]}",
        "trust.disputed": "{actor} noted a dispute of {object}, {after[amount]}: {after[words]}",
        "trust.dispute_over": "{actor} noted that {object} is not disputed any more: {after[words]}",
        "trust.bill_sent": "{actor} noted when {object} went to the client: {after[words]}",
        "trust.level_set": "{actor} set the {object}: minimum {after[minimum]}, evergreen {after[evergreen]}",
        "trust.review_signed": "{actor} signed the {object}",
    }
)
