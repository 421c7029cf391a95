"""QuickBooks' refusals, in both casings (API.md 2, 9)."""

from __future__ import annotations

from typing import Any

BUSINESS = "A business validation error has occurred while processing your request"
MESSAGES = {
    "500": "Unsupported Operation",
    "610": "Object Not Found",
    "620": "Transaction ID cannot be linked",
    "1040": "Batch size exceeds limit",
    "2010": "Request has invalid or unsupported property",
    "2020": "Required param missing, need to supply the required value for the API",
    "2030": "Invalid ID",
    "2050": "Invalid String Length",
    "2130": "Invalid Request Id Format",
    "2170": "Invalid Enumeration",
    "2210": "Invalid Email Address Format",
    "2250": "Missing Lines",
    "2260": "Missing Posting Type",
    "2290": "Negative Amount",
    "2300": "Amount on debits not equal to credits",
    "2500": "Invalid Reference Id",
    "4000": "Error parsing query",
    "4001": "Invalid query",
    "5010": "Stale Object Error",
    "6000": BUSINESS,
    "6010": "AccountType or AccountSubType needed",
    "6070": "Amount calculation incorrect in the request",
    "6080": "No name provided",
    "6140": "Duplicate Document Number Error",
    "6180": "Subcustomer level limit exceeded",
    "6210": "Account Period Closed, Cannot Update Through Services API",
    "6240": "Duplicate Name Exists Error",
    "6250": "Invalid Sales Customer",
    "6430": "Invalid account type used",
    "6540": "Deposited Transaction cannot be changed",
    "10000": "An application error has occurred while processing your request",
}
INACTIVE = (
    "Object Not Found : Something you're trying to use has been made inactive. Check the fields with "
    "accounts, customers, items, vendors or employees."
)
DELETED = "Object Not Found : Another user has deleted this transaction."


class Refused(Exception):
    """QuickBooks says no: HTTP status and the one error of a `Fault`."""

    def __init__(
        self, code: str, detail: str, *, element: str = "", status: int = 400, kind: str = "ValidationFault"
    ) -> None:
        super().__init__(f"{code} {detail}")
        self.code, self.detail, self.element = code, detail, element
        self.status, self.kind = status, kind

    def fault(self) -> dict[str, Any]:
        """The body of the `Fault` member."""
        error = {
            "Message": MESSAGES.get(self.code, BUSINESS),
            "Detail": self.detail,
            "code": self.code,
            "element": self.element,
        }
        return {"Error": [error], "type": self.kind}


def business(text: str) -> Refused:
    """6000 with one of the texts of API.md 9."""
    return Refused("6000", f"Business Validation Error: {text}")


def missing(name: str) -> Refused:
    """2020 (API.md 9)."""
    return Refused("2020", f"Required parameter {name} is missing in the request", element=name)


def bad_reference(kind: str, identity: str) -> Refused:
    """2500 for an id that no list holds. Kinds: Names, Accounts, Items, Klasses, Depts (API.md 9)."""
    return Refused(
        "2500", f"Invalid Reference Id : {kind} element id {identity} not found", element="Reference Id"
    )


def stale(who: str) -> Refused:
    """5010 (API.md 7, 9)."""
    text = f"You and {who} were working on this at the same time. {who} finished before you did, so your work"
    return Refused("5010", f"Stale Object Error : {text} was not saved.")


def throttled() -> dict[str, Any]:
    """The 429 body, type SERVICE (API.md 6)."""
    error = {
        "Message": "message=ThrottleExceeded; errorCode=003001; statusCode=429",
        "Detail": "The request limit was reached.  Try again later",
        "code": "3001",
    }
    return {"Error": [error], "type": "SERVICE"}


def gateway(code: str, detail: str, *, millis: int) -> tuple[int, dict[str, Any]]:
    """The lower-case fault of the gateway and its status (API.md 2: 3200 → 401, 3100 → 403)."""
    name, status, kind = {
        "3200": ("AuthenticationFailed", 401, "AUTHENTICATION"),
        "3100": ("ApplicationAuthorizationFailed", 403, "AUTHORIZATION"),
    }[code]
    error = {
        "message": f"message={name}; errorCode=00{code}; statusCode={status}",
        "detail": detail,
        "code": code,
        "element": None,
    }
    return status, {
        "warnings": None,
        "intuitObject": None,
        "fault": {"error": [error], "type": kind},
        "report": None,
        "queryResponse": None,
        "batchItemResponse": [],
        "attachableResponse": [],
        "syncErrorResponse": None,
        "requestId": None,
        "time": millis,
        "status": None,
        "cdcresponse": [],
    }
