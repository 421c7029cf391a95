"""What a firm file may say. The format may grow; what stands here keeps its meaning. Pure."""

from __future__ import annotations

from typing import Any

from accounts.roles import Role
from mapping.checks import WRITTEN_OFF
from mapping.rules import WHEN_KEYS
from mapping.words import (
    CLIENT_FIELDS,
    LONGEST_NAME,
    MATTER_FIELDS,
    OWN_NAMES,
    normal,
    same_name,
    template_trouble,
)
from syncapp.core.documents import Cost, LineKind
from syncapp.pipeline.firmfile import cases
from syncapp.pipeline.firmfile.bill_words import INVOICES
from syncapp.pipeline.firmfile.contact_words import CONTACTS
from syncapp.pipeline.firmfile.levels import LEVELS
from syncapp.pipeline.firmfile.money_words import CLIENT_MONEY, CONFIDENTIAL, ROUNDING
from syncapp.pipeline.firmfile.schedule_words import SCHEDULE
from syncapp.pipeline.firmfile.shape import (
    Check,
    Trouble,
    Troubles,
    day,
    either,
    keys,
    money,
    one_of,
    pattern,
    rows,
    text,
    time_zone,
    within,
)

MOVEMENTS = ("deposit", "disbursement", "refund", "transfer", "bill_payment", "interest", "bank_charge")
NAME = text()
REGION = one_of("us", "ca", "eu", "au")
EMAIL = pattern(r"[^@\s]+@[^@\s]+\.[^@\s]+", "an e-mail address")


def _person(value: Any, place: str, troubles: Troubles) -> Any:
    if value.get("role") == Role.AUDITOR and "until" not in value:
        troubles.append(Trouble(within(place, "until"), "an auditor needs a last day"))
    window = [key for key in ("accounts", "from", "to") if key in value]
    if window and value.get("role") != Role.AUDITOR:
        troubles.append(Trouble(within(place, window[0]), "only an auditor is held to accounts and days"))
    elif window and (missing := {"accounts", "from", "to"} - set(window)):
        words = "an auditor who is held to trust accounts needs accounts, from and to"
        troubles.append(Trouble(within(place, min(missing)), words))
    elif window and str(value["to"]) < str(value["from"]):
        troubles.append(Trouble(within(place, "to"), "this day comes before from"))
    return value


def _same(value: Any) -> str:
    return normal(value) if isinstance(value, str) else ""


def _when_word(*words: str) -> Check:
    """Take one of some words in any case, in their own spelling."""

    def check(value: Any, place: str, troubles: Troubles) -> Any:
        return one_of(*words)(_same(value) if _same(value) in words else value, place, troubles)

    return check


def _template(*known: str) -> Check:
    """Take a name template."""

    def check(value: Any, place: str, troubles: Troubles) -> Any:
        text()(value, place, troubles)
        if isinstance(value, str) and (words := template_trouble(value, known)):
            troubles.append(Trouble(place, words))
        return value

    return check


WHEN: dict[str, Check] = {key: text(empty=True) for key in WHEN_KEYS}
WHEN["line"] = _when_word(*[line.value for line in LineKind])
WHEN["cost"] = _when_word(*[cost.value for cost in Cost])
WHEN["of"] = _when_word(*WRITTEN_OFF)


def _customers(value: Any, place: str, troubles: Troubles) -> Any:
    """Take how customers are named: two ledgers that are nobody's bear two names."""
    named = text(longest=LONGEST_NAME)
    found = keys(
        {
            "matters_as": one_of("sub-customers", "none"),
            "client_name": _template(*CLIENT_FIELDS),
            "matter_name": _template(*MATTER_FIELDS),
            **dict.fromkeys(OWN_NAMES, named),
            "confidential": CONFIDENTIAL,
        }
    )(value, place, troubles)
    if isinstance(value, dict):
        both = [str(value.get(key, name)) for key, name in OWN_NAMES.items()]
        if same_name(*both):
            troubles.append(Trouble(place, "the firm's own funds and the interest in trust need two names"))
    return found


def _rule(value: Any, place: str, troubles: Troubles) -> Any:
    chosen = [key for key in ("item", "account", "class", "location") if key in value]
    when = value.get("when")
    line = _same(when.get("line")) if isinstance(when, dict) else ""
    if not chosen:
        troubles.append(Trouble(place, "this rule chooses nothing: give item, account, class or location"))
    elif "item" in chosen and "account" in chosen:
        troubles.append(Trouble(place, "this rule names both an item and an account; choose one"))
    elif "account" in chosen and line != LineKind.DISCOUNT.value:
        troubles.append(Trouble(within(place, "account"), "only discounts go to an account; name an item"))
    elif "item" in chosen and line == LineKind.DISCOUNT.value:
        troubles.append(Trouble(within(place, "item"), "a discount goes to an account; name an account"))
    return value


def _deposit(value: Any, place: str, troubles: Troubles) -> Any:
    if "otherwise" in value and len(value) > 1:
        troubles.append(Trouble(place, "otherwise stands alone"))
    if "otherwise" not in value and "account" not in value:
        troubles.append(Trouble(within(place, "account"), "this is missing"))
    if "otherwise" not in value and not {"clio_bank_account", "method"} & set(value):
        troubles.append(Trouble(place, "say for which clio_bank_account or method, or write otherwise"))
    return value


def _deposits(value: Any, place: str, troubles: Troubles) -> Any:
    listed = rows(
        keys(
            {"clio_bank_account": NAME, "method": NAME, "account": NAME, "otherwise": NAME},
            also=_deposit,
        )
    )(value, place, troubles)
    if isinstance(listed, list):
        for index, row in enumerate(listed[:-1]):
            if isinstance(row, dict) and "otherwise" in row:
                troubles.append(Trouble(f"{place}[{index}]", "otherwise comes last, and once"))
    return listed


def _unlike(key: str, words: str) -> Check:
    """Refuse two rows of one name."""

    def check(value: Any, place: str, troubles: Troubles) -> Any:
        seen: set[str] = set()
        for index, row in enumerate(value if isinstance(value, list) else []):
            name = _same(row.get(key)) if isinstance(row, dict) else ""
            if name and name in seen:
                troubles.append(Trouble(f"{place}[{index}].{key}", words))
            seen.add(name)
        return value

    return check


def _all(*checks: Check) -> Check:
    def check(value: Any, place: str, troubles: Troubles) -> Any:
        for each in checks:
            value = each(value, place, troubles)
        return value

    return check


def _trust(value: Any, place: str, troubles: Troubles) -> Any:
    if "client" in value and value.get("kind") != "single-client":
        troubles.append(Trouble(within(place, "client"), "only a single-client account names its client"))
    if _same(value.get("bank")) and _same(value.get("bank")) == _same(value.get("liability")):
        troubles.append(Trouble(within(place, "liability"), "the bank is not its own liability"))
    return value


def _approvals(value: Any, place: str, troubles: Troubles) -> Any:
    named = {_same(one) for one in value.get("approvers") or []}
    if "approvers" in value and len(named) < value.get("needed", 1):
        words = "fewer people are named than approvals are needed"
        troubles.append(Trouble(within(place, "approvers"), words))
    return value


ITEM = keys({"item": NAME}, need=("item",))
RULE = keys(
    {
        "when": keys(WHEN),
        **dict.fromkeys(("item", "account", "class", "location"), NAME),
    },
    also=_rule,
)
TRUST_PAIR = keys(
    {
        "clio_account": NAME,
        "kind": one_of("pooled", "single-client"),
        "operating": NAME,
        "bank": NAME,
        "liability": NAME,
        "client_as": one_of("customer", "sub-account"),
        "disbursement_as": one_of("journal", "check"),
        "opening": NAME,
        "post": rows(one_of(*MOVEMENTS)),
        "client": NAME,
        "start": day,
        "jurisdiction": text(longest=10),
        "last_digits": pattern(r"\d{2,20}", "the last digits of an account number, in quotes"),
    },
    need=("clio_account", "bank", "liability"),
    also=_trust,
)
BOOKS = keys(
    {
        "name": text(longest=120),
        "ledger": one_of("qbo", "xero"),
        "start": keys(
            {"bills": day, "payments": day, "credits": day, "trust": day},
            need=("bills", "payments", "credits"),
        ),
        "customers": _customers,
        "invoices": INVOICES,
        "mapping": keys({"rules": rows(RULE), "fallback": either("hold", ITEM)}),
        "deposits": _deposits,
        "retainers": keys({"liability": NAME, "item": NAME}, need=("liability",)),
        "openings": ITEM,
        "payouts": keys({"fees": NAME, "aged_after": one_of(*range(1, 91))}),
        "rounding": ROUNDING,
        "trust": _all(
            rows(TRUST_PAIR),
            _unlike("clio_account", "this trust account of Clio stands in the list already"),
            _unlike("bank", "this bank serves another trust account already"),
            _unlike("liability", "this liability serves another trust account already"),
        ),
    },
    need=("name",),
)
FILE = keys(
    {
        "version": one_of(1),
        "firm": keys(
            {
                "slug": pattern(
                    r"[a-z0-9][a-z0-9-]{0,59}", "a short name of small letters, digits and hyphens"
                ),
                "name": text(longest=200),
                "time_zone": time_zone,
                "currency": pattern(r"[A-Z]{3}", "a currency code, such as USD"),
                "jurisdiction": text(longest=40),
            },
            need=("slug", "name"),
        ),
        "people": _all(
            rows(
                keys(
                    {
                        "email": EMAIL,
                        "role": one_of(*[role.value for role in Role]),
                        "name": text(longest=150),
                        "until": day,
                        "accounts": rows(NAME, least=1),  # an auditor's, by their names in Clio
                        "from": day,
                        "to": day,
                    },
                    need=("email", "role"),
                    also=_person,
                )
            ),
            _unlike("email", "this person stands in the list already"),
        ),
        "source": keys({"provider": one_of("clio"), "region": REGION}, need=("provider",)),
        "books": _all(rows(BOOKS, least=1), _unlike("name", "this set of books stands in the list already")),
        "schedule": SCHEDULE,
        "client_money": CLIENT_MONEY,
        "approvals": keys(
            {"trust_over": money, "needed": one_of(1, 2), "approvers": rows(EMAIL)}, also=_approvals
        ),
        "cases": cases.shape(EMAIL),
        "contacts": CONTACTS,
        "red": keys({"over": money, "days": one_of(*range(1, 61))}),
        "month_end": keys({"invoices": one_of(*range(1, 101))}),
        "levels": LEVELS,
    },
    need=("version", "firm", "books"),
)
