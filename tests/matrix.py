"""Who may open which address. One row for every name of the URL configuration; the house rules check that.

`tests/accounts/test_matrix.py` opens each as anonymous, as every role, and as a stranger's administrator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts import actions
from accounts.models import Invitation
from accounts.roles import Permission, Role
from tests import cast
from tests.adoption.rows import ADOPTION
from tests.desk import named as seeded
from tests.desk.deposit_rows import DEPOSITS
from tests.desk.month_rows import MONTHS
from tests.mapping import world as mapped
from tests.matrix_cases import CASES
from tests.matrix_rows import HOUSE, WEBHOOKS, Row, Who, anybody, fixed, signed_in, vendor, within
from tests.statements import named as stated
from tests.trust import fees, kept, matched
from tests.trust import named as signed
from tests.trust import setting_up as set_up

if TYPE_CHECKING:
    from tests.cast import House

__all__ = ["MATRIX", "Row", "Who"]


def _bookkeeper(house: House) -> dict[str, Any]:
    return {"member_id": house.member(Role.BOOKKEEPER).pk}


def _auditor(house: House) -> dict[str, Any]:
    return {"user_id": house.auditor.pk}


def _invitation(house: House) -> dict[str, Any]:
    made = actions.invite(
        firm=house.firm,
        email="new@elsewhere.test",
        role=Role.PARTNER,
        ends_on=None,
        by=house.administrator,
        now=cast.NOW,
        mail=lambda *_: None,
    )
    assert isinstance(made, Invitation)
    return {"invitation_id": made.pk}


def _chart(house: House) -> dict[str, Any]:
    mapped.mirrored(house)
    return {}


def _version(house: House) -> dict[str, Any]:
    mapped.published(house)
    return {"number": 1}


def _rule(house: House) -> dict[str, Any]:
    return {"rule_id": mapped.drafted(house).pk}


ACCOUNTS = {
    "accounts:signup": anybody(),
    "accounts:invitation": anybody(args=fixed(token="unknown")),
    "accounts:no_firm": signed_in(),
    "accounts:new_firm": signed_in(),
    "accounts:switch": signed_in(method="post", body={"firm": "nobody"}),
    "accounts:profile": signed_in(),
    "accounts:people": within(Permission.SEE),
    "accounts:invite": within(Permission.MANAGE_PEOPLE, method="post"),
    "accounts:withdraw": within(Permission.MANAGE_PEOPLE, method="post", args=_invitation),
    "accounts:person": within(Permission.MANAGE_PEOPLE, args=_bookkeeper),
    "accounts:visits": within(Permission.SEE_AUDIT, args=_auditor),
    "accounts:visits_file": within(Permission.EXPORT, args=_auditor),
    "accounts:remove": within(Permission.MANAGE_PEOPLE, method="post", args=_bookkeeper),
    "accounts:notifications": within(Permission.SEE),
    "accounts:audit": within(Permission.SEE_AUDIT),
    "accounts:audit_verify": within(Permission.SEE_AUDIT, method="post"),
    "accounts:audit_export": within(Permission.EXPORT, method="post"),
}

ALLAUTH = {
    **dict.fromkeys(
        [
            "account_login",
            "account_logout",
            "account_inactive",
            "account_signup",
            "account_email_verification_sent",
            "account_reset_password",
            "account_reset_password_done",
            "account_reset_password_from_key_done",
            "account_confirm_login_code",
            "mfa_authenticate",
            "mfa_login_webauthn",
        ],
        anybody(),
    ),
    "account_confirm_email": anybody(args=fixed(key="unknown")),
    "account_reset_password_from_key": anybody(args=fixed(uidb36="1", key="unknown")),
    **dict.fromkeys(
        [
            "account_reauthenticate",
            "account_email",
            "account_change_password",
            "account_set_password",
            "mfa_index",
            "mfa_reauthenticate",
            "mfa_activate_totp",
            "mfa_deactivate_totp",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
            "mfa_download_recovery_codes",
            "mfa_list_webauthn",
            "mfa_add_webauthn",
            "mfa_reauthenticate_webauthn",
            "usersessions_list",
        ],
        signed_in(),
    ),
    "mfa_remove_webauthn": signed_in(args=fixed(pk=1)),
    "mfa_edit_webauthn": signed_in(args=fixed(pk=1)),
}

DESK = {
    **CASES,
    "desk:overview": within(Permission.SEE),
    "desk:red": within(Permission.SEE),
    "desk:setup": within(Permission.SEE),
    "desk:start": within(Permission.CONNECT, method="post", args=seeded.a_set_of_books),
    "desk:revive": within(Permission.RETRY, method="post", args=seeded.a_case),
    "desk:choose": within(Permission.RETRY, method="post", args=seeded.a_case),
    "desk:approve": within(Permission.APPROVE, method="post", args=seeded.a_correction),
    "desk:payment": within(
        Permission.RETRY, method="post", args=seeded.a_removed_payment, body={"what": "mistake"}
    ),
    "desk:close_alarm": within(Permission.RETRY, method="post", args=seeded.an_alarm),
    "desk:record": within(Permission.SEE, args=seeded.a_record),
    "desk:returned": within(Permission.RETRY, args=seeded.a_payment),
    "desk:search": within(Permission.SEE),
    "desk:trace": within(Permission.SEE),
    "desk:runs": within(Permission.SEE),
    "desk:run": within(Permission.SEE, args=seeded.a_run),
    "desk:progress": within(Permission.SEE),
    "desk:sync": within(Permission.RETRY, method="post"),
    "desk:pause": within(Permission.RETRY, method="post", body={"words": "closing"}),
    "desk:resume": within(Permission.RETRY, method="post"),
    "desk:pausing": within(Permission.SEE),
    "desk:schedule": within(Permission.SEE),
    "desk:schedule_change": within(Permission.CONNECT, method="post"),
    "desk:reread": within(Permission.CONNECT, method="post", body={"every": "never"}),
    "desk:tieout": within(Permission.SEE),
    "desk:tieout_export": within(Permission.EXPORT),
    "desk:connections": within(Permission.SEE),
    "desk:connect": within(Permission.CONNECT, method="post", words={"provider": "clio"}),
    "desk:callback": within(Permission.CONNECT, words={"provider": "clio"}),
    "desk:disconnect": within(Permission.CONNECT, method="post", args=seeded.a_grant),
    "desk:purge": within(Permission.CONNECT, method="post", args=seeded.a_company),
    "desk:add_books": within(Permission.CONNECT, method="post", body={"name": "second"}),
    "desk:check": within(Permission.RETRY, method="post", args=seeded.a_set_of_books),
    "desk:yearly": within(Permission.SEE),
    "desk:yearly_file": within(Permission.EXPORT),
    "desk:trust_accounts": within(Permission.SEE),
    "desk:trust_account": within(Permission.SEE, args=set_up.a_trust_account),
    "desk:trust_account_add": within(Permission.MAP),
    "desk:trust_account_change": within(Permission.MAP, args=set_up.a_trust_account),
    "desk:rule_on_day": within(Permission.SEE, args=set_up.a_trust_account),
    "desk:trust_opening": within(Permission.SEE, args=set_up.a_trust_account),
    "desk:trust_opening_file": within(Permission.MAP, method="post", args=set_up.a_trust_account),
    "desk:trust_opening_statement": within(Permission.MAP, method="post", args=set_up.a_trust_account),
    "desk:trust_change": within(Permission.SEE, args=set_up.a_change),
    "desk:trust_change_decide": within(
        Permission.SIGN, method="post", args=set_up.a_change, body={"decision": "approve"}
    ),
    "desk:trust_approvals": within(Permission.SEE),
    "desk:trust_limit": within(Permission.SEE),
    "desk:trust_limit_ask": within(Permission.APPROVE, method="post", body={"needed": "1", "reason": "Why"}),
    "desk:trust_limit_decide": within(
        Permission.SIGN, method="post", args=set_up.a_limit, body={"decision": "refuse"}
    ),
    "desk:trust_limit_take_back": within(Permission.APPROVE, method="post", args=set_up.a_limit),
    "desk:trust_approve": within(Permission.APPROVE, method="post", args=set_up.an_entry),
}

MAPPING = {
    "mapping:rules": within(Permission.SEE),
    "mapping:versions": within(Permission.SEE),
    "mapping:version": within(Permission.SEE, args=_version),
    "mapping:coverage": within(Permission.SEE),
    "mapping:chart": within(Permission.SEE),
    "mapping:start": within(Permission.MAP, method="post", args=_chart),
    "mapping:add": within(Permission.MAP, args=_chart),
    "mapping:edit": within(Permission.MAP, args=_rule),
    "mapping:move": within(Permission.MAP, method="post", args=_rule, body={"direction": "down"}),
    "mapping:remove": within(Permission.MAP, method="post", args=_rule),
    "mapping:options": within(Permission.MAP),
    "mapping:publish": within(Permission.MAP, method="post", args=_chart),
    "mapping:discard": within(Permission.MAP, method="post", args=_chart),
}

TRUST = {
    "trust:overview": within(Permission.SEE),
    "trust:awaiting": within(Permission.SEE),
    "trust:month": within(Permission.SEE, args=signed.a_month),
    "trust:lists": within(Permission.SEE, args=signed.an_account),
    "trust:auditor": within(Permission.SEE),
    "trust:completeness": within(Permission.SEE, args=signed.an_account),
    "trust:paper": within(Permission.SEE, args=signed.a_month),
    "trust:below_zero": within(Permission.SEE, args=signed.an_account),
    "trust:below_zero_file": within(Permission.EXPORT, args=signed.an_account),
    "trust:shortage": within(Permission.SEE, args=signed.a_shortage),
    "trust:shortage_note": within(Permission.EXPORT, args=signed.a_shortage),
    "trust:earned": within(Permission.SEE, args=signed.an_account),
    "trust:sign_transfers": within(Permission.SIGN, method="post", args=signed.an_account),
    "trust:earned_bill": within(Permission.SEE, args=fees.a_bill),
    "trust:dispute": within(Permission.APPROVE, method="post", args=fees.a_bill),
    "trust:bill_sent": within(Permission.APPROVE, method="post", args=fees.a_bill),
    "trust:transfers": within(Permission.SEE, args=fees.a_signed_list),
    "trust:transfers_file": within(Permission.EXPORT, args=fees.a_signed_list),
    "trust:take_off": within(Permission.SIGN, method="post", args=fees.a_signed_line),
    "trust:levels": within(Permission.SEE, args=signed.an_account),
    "trust:set_level": within(Permission.APPROVE, method="post", args=signed.an_account),
    "trust:tests": within(Permission.SEE, args=signed.an_account),
    "trust:tests_file": within(Permission.EXPORT, args=signed.an_account),
    "trust:registers": within(Permission.SEE, args=signed.an_account),
    "trust:register_file": within(Permission.EXPORT, args=signed.an_account),
    "trust:report": within(Permission.EXPORT, args=signed.a_month),
    "trust:binder": within(Permission.EXPORT, method="post", args=signed.a_month),
    "trust:binder_links": within(Permission.APPROVE, args=signed.a_month),
    "trust:send_link": within(Permission.APPROVE, method="post", args=signed.a_month),
    "trust:end_link": within(Permission.APPROVE, method="post", args=kept.a_link),
    "trust:fetch_binder": anybody(args=fixed(token="unknown")),
    "trust:submit": within(
        Permission.APPROVE, method="post", args=signed.a_month, body={"position": "Bookkeeper"}
    ),
    "trust:sign": within(Permission.SIGN, method="post", args=signed.a_submitted_month),
    "trust:ask": within(
        Permission.SIGN, method="post", args=signed.a_submitted_month, body={"words": "Why?"}
    ),
    "trust:answer": within(Permission.APPROVE, method="post", args=signed.a_submitted_month),
    "trust:reopen": within(
        Permission.APPROVE, method="post", args=signed.a_submitted_month, body={"reason": "A correction."}
    ),
    "trust:standing": within(Permission.SEE, args=signed.an_account),
    "trust:review": within(Permission.SEE, args=signed.a_quarter),
    "trust:review_draw": within(Permission.SIGN, method="post", args=signed.a_quarter),
    "trust:review_answer": within(Permission.SIGN, method="post", args=signed.a_drawn_quarter),
    "trust:review_sign": within(Permission.SIGN, method="post", args=signed.a_drawn_quarter),
    "trust:retention": within(Permission.SEE),
    "trust:retention_file": within(Permission.EXPORT),
    "trust:kept": within(Permission.SEE, args=kept.a_record),
    "trust:delete": within(Permission.APPROVE, method="post", args=kept.a_record),
    "trust:hold": within(Permission.SIGN, method="post", args=kept.a_record),
    "trust:lift": within(Permission.SIGN, method="post", args=kept.a_hold),
    "trust:rules": within(Permission.SEE),
    "trust:rule": within(Permission.SEE, words={"code": "NC", "key": "keep"}),
    "trust:set_rule": within(Permission.SIGN, method="post", words={"code": "NC", "key": "keep"}),
    "trust:people": within(Permission.SEE),
    "trust:name": within(Permission.SIGN, method="post"),
    "trust:take_back": within(Permission.SIGN, method="post", args=signed.a_duty),
    "trust:deputy": within(Permission.SIGN, method="post"),
    "trust:end_deputy": within(Permission.SIGN, method="post", args=signed.a_deputy),
    "trust:matching": within(Permission.SEE, args=matched.an_account),
    "trust:chosen": within(Permission.SEE, args=matched.an_account),
    "trust:match": within(Permission.RETRY, method="post", args=matched.an_account),
    "trust:accept": within(Permission.RETRY, method="post", args=matched.an_account),
    "trust:undo_match": within(Permission.RETRY, method="post", args=matched.a_match),
    "trust:payees": within(Permission.SEE, args=matched.an_account),
    "trust:statements": within(Permission.SEE, args=stated.an_account),
    "trust:statement": within(Permission.SEE, args=stated.a_statement),
    "trust:bank_file": within(Permission.EXPORT, args=stated.a_statement),
    "trust:upload": within(Permission.RETRY, method="post", args=stated.an_account),
    "trust:new_statement": within(Permission.RETRY, args=stated.an_upload),
    "trust:columns": within(Permission.RETRY, args=stated.an_odd_upload),
    "trust:drop_upload": within(Permission.RETRY, method="post", args=stated.an_upload),
    "trust:arrivals": within(Permission.SEE, args=stated.an_account),
    "trust:make_token": within(
        Permission.RETRY, method="post", args=stated.an_account, body={"name": "Bank download"}
    ),
    "trust:set_mail": within(
        Permission.RETRY, method="post", args=stated.an_account, body={"senders": "bank@example.com"}
    ),
    "trust:stop_mail": within(Permission.RETRY, method="post", args=stated.an_account),
    "trust:revoke_token": within(Permission.RETRY, method="post", args=stated.a_token),
    "trust:look_at_arrival": within(Permission.RETRY, method="post", args=stated.an_arrival),
    "trust:dismiss_arrival": within(Permission.RETRY, method="post", args=stated.an_arrival),
    "trust:arrive": vendor(),
    "trust:stop_payee": within(Permission.RETRY, method="post", args=matched.a_learned_payee),
}

MATRIX: dict[str, Row] = {
    **HOUSE, **WEBHOOKS, **DESK, **MONTHS, **DEPOSITS, **ADOPTION, **MAPPING, **TRUST, **ACCOUNTS, **ALLAUTH
}  # fmt: skip
