"""Refusals: was anything written, and what does the bookkeeper do now."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from syncapp.core.books import Account, Chart, Item, NotSent, Refused, Uncertain
from syncapp.core.problems import Fix
from syncapp.qbo import oauth, webhooks
from syncapp.qbo.complaints import inactive_names, problem
from syncapp.qbo.faults import Disconnected, Verdict, fault_in, verdict
from tests.qbo.drafts import invoice, line


def fault(
    code: str = "6000", detail: str = "", words: str = "", type_: str = "ValidationFault"
) -> dict[str, Any]:
    return {"Fault": {"Error": [{"Message": words, "Detail": detail, "code": code}], "type": type_}}


GATEWAY = {
    "fault": {
        "error": [
            {
                "message": "message=AuthenticationFailed; errorCode=003200; statusCode=401",
                "detail": "Token expired",
                "code": "3200",
            }
        ],
        "type": "AUTHENTICATION",
    }
}
LOST = {
    "fault": {
        "error": [{"message": "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403"}],
        "type": "AUTHORIZATION",
    }
}
XML = (
    '<IntuitResponse xmlns="http://schema.intuit.com/finance/v3"><Fault type="ValidationFault">'
    '<Error code="6240" element="x"><Message>Duplicate &amp; Name</Message><Detail>taken</Detail></Error>'
    "</Fault></IntuitResponse>"
)
WAIT = "Business Validation Error: Please wait a few minutes and try again"
LOCK = "Business Validation Error: You can only add or edit one name at a time. Please try again."


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, fault("6140"), Refused),
        (200, fault("6140"), Refused),
        (200, fault("6000", WAIT), Uncertain),
        (200, fault("10000", "System Failure Error: x", type_="SystemFault"), Uncertain),
        (500, fault("10000", "System Failure Error: x", type_="SystemFault"), Uncertain),
        (200, fault("10000", "System Failure Error: java.lang.UnsupportedOperationException"), Refused),
        (400, fault("6000", LOCK), NotSent),
        (429, fault("3001", type_="SERVICE"), NotSent),
        (403, fault("3001", type_="SERVICE"), NotSent),
        (401, GATEWAY, NotSent),
        (403, LOST, Disconnected),
        (401, fault("120", ": -11014-You do not have access"), Disconnected),
        (400, XML, Refused),
        (200, {"BatchItemResponse": [], "time": "x"}, Uncertain),
        (200, "<html>", Uncertain),
        (502, "<html>", Uncertain),
        (404, "<html>", Refused),
        (403, "<html>", NotSent),
        (400, fault("6190", "Subscription period has ended or canceled"), NotSent),
        (403, fault("6000", "Your subscription period has ended."), NotSent),
        (400, fault("600"), Uncertain),
    ],
)
def test_a_refusal_says_whether_anything_was_written(status: int, body: Any, kind: type[Verdict]) -> None:
    assert isinstance(verdict(status, fault_in(body), vendor_request_id="1-a"), kind)


def test_a_fault_in_xml_is_read_like_any_other() -> None:
    found = fault_in(XML)

    assert found is not None
    assert (found.code, found.words, found.detail, found.element) == (
        "6240",
        "Duplicate & Name",
        "taken",
        "x",
    )


@pytest.mark.parametrize(
    ("code", "detail", "expected", "fix", "cause"),
    [
        (
            "610",
            "Object Not Found : Something you're trying to use has been made inactive.",
            "inactive_reference",
            Fix.BOOKS,
            "product or service Legal Fees",
        ),
        (
            "2500",
            "Invalid Reference Id : Accounts element id 75 not found",
            "missing_reference",
            Fix.MAP,
            "account 75",
        ),
        (
            "6140",
            "Used. DocNumber=123 is assigned to TxnType=Journal Entry with TxnId=3632",
            "duplicate_number",
            Fix.CHOOSE,
            "123",
        ),
        ("6210", "closed", "closed_period", Fix.BOOKS, ""),
        ("6540", "This transaction has been deposited.", "deposited", Fix.BOOKS, "bills/9"),
        ("5010", "Stale Object Error", "stale", Fix.WAIT, "bills/9"),
        ("6190", "Subscription period has ended", "subscription_ended", Fix.SETUP, ""),
        ("6240", "The name supplied already exists.", "duplicate_name", Fix.CHOOSE, "Amy Bird"),
        (
            "6000",
            "Business Validation Error: Something new",
            "unknown_refusal",
            Fix.BOOKS,
            "6000 Something new",
        ),
    ],
)
def test_each_known_refusal_names_its_cause_and_whose_move_it_is(
    code: str, detail: str, expected: str, fix: Fix, cause: str
) -> None:
    inactive = "product or service Legal Fees" if code == "610" else ""

    found = problem(code, "Message", detail, subject="bills/9", name="Amy Bird", inactive=inactive)

    assert (found.code, found.fix, found.cause) == (expected, fix, cause)
    assert found.facts["vendor_code"] == code
    assert found.facts["vendor_detail"] == detail
    assert found.words.endswith(".") or expected == "unknown_refusal"


def test_the_inactive_one_is_found_in_the_chart() -> None:
    chart = Chart(
        items={"2": Item(id="2", name="Fax", active=False), "1": Item(id="1", name="Fees")},
        accounts={"302": Account(id="302", name="Income", type="Income")},
    )

    assert inactive_names(invoice(line(1), line(2, item="2")), chart) == ("product or service Fax",)


def test_a_notice_counts_only_with_its_signature() -> None:
    body = b"[]"
    signature = base64.b64encode(hmac.new(b"token", body, hashlib.sha256).digest()).decode()

    assert webhooks.verified(body=body, signature=signature, token="token")
    assert not webhooks.verified(body=b"[ ]", signature=signature, token="token")
    assert not webhooks.verified(body=body, signature="é", token="token")
    assert not webhooks.verified(body=body, signature=signature, token="")


def test_both_forms_of_notices_are_read() -> None:
    event = {"type": "qbo.journalentry.voided.v1", "intuitentityid": "12", "intuitaccountid": "31", "id": "u"}
    merge = {
        "type": "qbo.customer.merged.v1",
        "intuitentityid": "1",
        "intuitaccountid": "31",
        "data": {"deletedid": "27"},
    }
    entities = [{"id": "1234", "operation": "Create", "name": "Account"}]
    legacy = {"eventNotifications": [{"realmId": "31", "dataChangeEvent": {"entities": entities}}]}

    first, second = webhooks.notices(json.dumps([event, merge, {"type": "other"}]).encode())
    (third,) = webhooks.notices(json.dumps(legacy).encode())

    assert (first.realm, first.entity, first.id, first.operation) == ("31", "JournalEntry", "12", "void")
    assert second.gone == "27"
    assert (third.entity, third.operation) == ("Account", "create")
    with pytest.raises(webhooks.UnreadableNoticeError):
        webhooks.notices(b"{}")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https://us/back?code=c&state=other&realmId=31", "does not belong"),
        ("https://us/back?error=access_denied&state=s", "permission was not given"),
        ("https://us/back?code=c&state=s", "which company"),
    ],
)
def test_a_callback_without_consent_says_why(address: str, words: str) -> None:
    with pytest.raises(oauth.DeniedError, match=words):
        oauth.callback(address, state="s")


def test_a_callback_names_the_company() -> None:
    found = oauth.callback("https://us/back?code=abc&state=s&realmId=31", state="s")

    assert (found.code, found.realm) == ("abc", "31")
