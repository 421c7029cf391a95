"""What a bookkeeper does about each planted cause: at most three acts, on the pages or where they point to.

An act is a press that changes something here, or the mending in Clio or QuickBooks that the card asks for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.urls import reverse

from syncapp.emulators.clio.nouns import Bill
from syncapp.emulators.qbo import backdoor
from tests.planted.firms import LAST, Firm

ANSWER = r'name="answer" value="({}[^"]*)"'
HIDDEN = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')
MOST = 3
OUGHT = {"": "Legal Fees", "discount": "Discounts Given"}  # where nothing is proposed


@dataclass(slots=True)
class Clerk:
    """A bookkeeper at the screen, with the acts for each record counted."""

    firm: Firm
    browser: Client
    acts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def clear(self, case: dict[str, Any]) -> None:
        """Do about a case what its card says first; each act counts for all that the case holds."""
        walk, here = WALKS[case["code"]], reverse("desk:case", args=[case["case"]])
        number = walk(self, case, self.browser.get(here).text)
        for row in [*case["holds"], *case["alarms"]]:
            self.acts[row["kind"], str(row.get("clio_id") or row.get("books_id") or row["number"])] += number

    def press(self, name: str, case: dict[str, Any], **given: Any) -> None:
        """Press a button that the page of the case has."""
        answer = self.browser.post(reverse(name, args=[case["case"]]), given)
        alert = re.findall(r'role="alert">(.*?)</div>', answer.text, re.DOTALL)
        assert answer.status_code == 302, (name, case["cause"], given, alert)

    def bill(self, case: dict[str, Any]) -> Bill:
        """The one bill that the case holds."""
        [row] = [row for row in case["holds"] if row["kind"] == "bills"]
        return next(one for one in self.firm.world.all(Bill) if one.id == row["clio_id"])


type Walk = Callable[[Clerk, dict[str, Any], str], int]


def _mapped(clerk: Clerk, case: dict[str, Any], _page: str) -> int:
    address = reverse("desk:map_here", args=[case["case"]])
    shown = clerk.browser.get(address).text
    offered = re.findall(r'<option value="([^"]+)"( selected)?>', shown)
    choice = next((value for value, on in offered if on), "")
    choice = choice or next(value for value, _ in offered if value in OUGHT.values())
    assert "Put the rule in force" in clerk.browser.get(address, {"choice": choice}).text, case
    clerk.press("desk:map_here", case, choice=choice)
    return 1


def _revived(clerk: Clerk, case: dict[str, Any], page: str) -> int:
    assert reverse("desk:revive", args=[case["case"]]) in page
    clerk.press("desk:revive", case)
    return 1


def _answered(*ways: str, name: str = "desk:choose", **more: str) -> Walk:
    """Give the first of some answers that the page offers."""

    def walk(clerk: Clerk, case: dict[str, Any], page: str) -> int:
        found = [match[1] for way in ways if (match := re.search(ANSWER.format(way), page))]
        assert found, (case["code"], case["cause"], ways)
        clerk.press(name, case, answer=found[0], **more)
        return 1

    return walk


def _renumbered(clerk: Clerk, case: dict[str, Any], _page: str) -> int:
    clerk.firm.number += 1
    clerk.firm.do("edit_bill", bill=clerk.bill(case).id, number=str(clerk.firm.number))
    return 1


def _regenerated(clerk: Clerk, case: dict[str, Any], _page: str) -> int:
    bill = clerk.bill(case)
    bill.off *= 0
    clerk.firm.world.touch(bill)
    return 1


def _reopened(clerk: Clerk, case: dict[str, Any], page: str) -> int:
    backdoor.close_books(clerk.firm.company, None)
    return 1 + _retried(clerk, case, page)


def _retried(clerk: Clerk, case: dict[str, Any], page: str) -> int:
    assert f'name="case" value="{case["case"]}"' in page
    asked = clerk.browser.post(reverse("desk:retry"), {"case": case["case"], "next": "/"})
    clerk.browser.post(reverse("desk:retry"), dict(HIDDEN.findall(asked.text)))
    return 2


def _returned(clerk: Clerk, case: dict[str, Any], page: str) -> int:
    assert "The bank returned it" in page
    clerk.press("desk:payment", case, what="returned", day=LAST.isoformat())
    return 1


def _adopted(clerk: Clerk, case: dict[str, Any], page: str) -> int:
    [row] = [row for row in case["holds"] if row["kind"] == "bills"]
    where = re.search(r'href="([^"]*/adoption/[^"]*)"', page)
    assert where
    listed = clerk.browser.get(where[1].replace("&amp;", "&")).text
    form = rf'action="([^"]*/decide/)">(?:(?!</form>).)*?aria-label="Adopt [^"]* for [^"]*{row["number"]}"'
    mine = re.search(form, listed, re.DOTALL)
    assert mine, row
    clerk.browser.post(mine[1], {"answer": "adopt"})
    return 1


def _merged(clerk: Clerk, case: dict[str, Any], page: str) -> int:
    assert reverse("desk:merged", args=[case["case"]]) in page
    clerk.press("desk:merged", case)
    return 1


def _closed(clerk: Clerk, _case: dict[str, Any], page: str) -> int:
    addresses = set(re.findall(r'action="([^"]*/alarms/\d+/close/)"', page))
    assert addresses
    for address in addresses:
        clerk.browser.post(address, {"reason": "Looked at with the client's statement"})
    return len(addresses)


def _without_income(clerk: Clerk, case: dict[str, Any], _page: str) -> int:
    [row] = case["alarms"]
    backdoor.delete(clerk.firm.company, "Deposit", row["books_id"].partition(":")[2])
    return 1


def _no_credit(clerk: Clerk, case: dict[str, Any], _page: str) -> int:
    rows: list[dict[str, Any]] = case["holds"] + case["alarms"]
    [row] = rows
    clerk.firm.do("remove_credit", credit=row["clio_id"])
    return 1


NO_PLACE = ("unmapped", "needs_account", "missing_in_books", "not_sellable", "item_is_category")
WALKS: dict[str, Walk] = {
    **dict.fromkeys(NO_PLACE, _mapped),
    **dict.fromkeys(
        ("inactive_item", "inactive_account", "inactive_class", "inactive_customer", "inactive_location"),
        _revived,
    ),
    "duplicate_number": _answered("link", "renumber"),
    "stands_already": _adopted,
    "doubtful_customer": _answered("new", r"\d+"),
    "number_used_twice": _renumbered,
    "number_too_long": _renumbered,
    "bill_does_not_add_up": _regenerated,
    "closed_period": _reopened,
    "closed_correction": _answered("approve", name="desk:approve"),
    "changed_in_books": _answered("restore", "correct"),
    "posted_differs": _answered("untax"),
    "typed_in_books": _answered("reverse"),
    "typed_payment": _answered("reverse"),
    "income_twice": _without_income,
    "customer_merged": _merged,
    "deposited": _answered(""),
    "payment_removed": _returned,
    "unearned_in_operating": _closed,
    "payment_unapplied": _closed,
    "deposit_differs": _closed,
    "credit_over_balance": _no_credit,
}  # fmt: skip
