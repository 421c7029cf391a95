"""What each address of the exception queue asks for: a part of the permission matrix (`tests/matrix.py`)."""

from __future__ import annotations

from accounts.roles import Permission
from tests.desk import contact_rows as named
from tests.desk import named as seeded
from tests.matrix_rows import anybody, fixed, within

CASES = {
    "desk:exceptions": within(Permission.SEE),
    "desk:exceptions_export": within(Permission.EXPORT),
    "desk:everywhere": within(Permission.SEE),
    "desk:carried": within(Permission.SEE),
    "desk:carried_file": within(Permission.EXPORT),
    "desk:many": within(Permission.APPROVE, method="post", words={"what": "assign"}),
    "desk:keep_view": within(Permission.SEE, method="post", body={"name": "Mine", "query": "owner=me"}),
    "desk:drop_view": within(Permission.SEE, method="post", body={"name": "Mine"}),
    "desk:comment": within(Permission.APPROVE, method="post", args=seeded.a_case, body={"words": "Ours?"}),
    "desk:case_rules": within(Permission.SEE),
    "desk:case_rules_change": within(Permission.CONNECT, method="post"),
    "desk:link_here": within(Permission.APPROVE, args=named.a_held_bill),
    "desk:find_customer": within(Permission.RETRY, args=named.a_doubtful_client),
    "desk:merged": within(Permission.APPROVE, method="post", args=named.a_merger),
    "desk:strangers": within(Permission.SEE),
    "desk:strangers_file": within(Permission.EXPORT),
    "desk:stranger": within(Permission.SEE, args=named.a_stranger),
    "desk:stranger_decide": within(
        Permission.RETRY, method="post", args=named.a_stranger, body={"answer": "none"}
    ),
    "desk:contact_rules": within(Permission.SEE),
    "desk:contact_rules_change": within(Permission.CONNECT, method="post"),
    "desk:retry": within(Permission.RETRY, method="post", body={"all": "1"}),
    "desk:case": within(Permission.SEE, args=seeded.a_case),
    "desk:close_many": within(Permission.RETRY, method="post"),
    "desk:map_many": within(Permission.MAP, method="post"),
    "desk:map_here": within(Permission.MAP, args=seeded.an_unmapped_case),
    "desk:alerts": within(Permission.SEE),
    "desk:alert_add": within(Permission.CONNECT, method="post"),
    "desk:alert_trial": within(Permission.CONNECT, method="post", args=seeded.a_channel),
    "desk:alert_remove": within(Permission.CONNECT, method="post", args=seeded.a_channel),
    "desk:auto_rules": within(Permission.SEE),
    "desk:auto_rule_add": within(Permission.RETRY, method="post"),
    "desk:auto_rule_change": within(Permission.RETRY, method="post", words={"what": "off"}),
    "desk:ask": within(Permission.APPROVE, args=seeded.a_case),
    "desk:ask_remind": within(Permission.APPROVE, method="post", args=seeded.an_ask),
    "desk:ask_end": within(Permission.APPROVE, method="post", args=seeded.an_ask),
    "desk:answer": anybody(args=fixed(token="unknown")),
    "desk:elsewhere": within(Permission.APPROVE, args=seeded.a_case),
    "desk:answer_take_back": within(Permission.APPROVE, method="post", args=seeded.a_correction),
    "desk:take_back": within(Permission.APPROVE, method="post", args=seeded.a_case),
    "desk:evidence": within(Permission.SEE, args=seeded.an_evidence),
    "desk:restore_trust": within(Permission.SIGN, method="post", args=seeded.a_stray),
    "desk:undo_record": within(Permission.APPROVE, args=seeded.a_record),
    "desk:undo_run": within(Permission.APPROVE, args=seeded.a_run),
    "desk:send_again": within(Permission.APPROVE, method="post", args=seeded.a_record),
    "desk:send_case_again": within(Permission.APPROVE, method="post", args=seeded.a_case),
    "desk:alike": within(Permission.RETRY, args=seeded.a_correction),
}
