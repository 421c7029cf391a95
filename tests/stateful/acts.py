"""What people do: in Clio, in QuickBooks on things that are not ours, and with the connections."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from syncapp.emulators.clio.model import Refused
from syncapp.emulators.qbo import backdoor
from syncapp.emulators.qbo.company import Company, Key, Obj
from syncapp.emulators.qbo.seed import item
from tests.road.test_any_order import ACTS, Numbers, day, money, pick
from tests.stage import Stage

type Act = Callable[[Stage, Numbers], Any]
USED = ("Costs Recovered", "Legal Fees", "Late Interest", "Write-offs", "Filing Fees Recovered")
NEWLY = "Newly"
UNUSED = ("Services", "Opening Balances")


def client(firm: Stage, given: Numbers) -> Any:
    """A new client with a matter."""
    made = firm.desk("create_client", name=f"Newcomer {len(firm.world.tables['Contact'])} LLC")
    return firm.desk("create_matter", client=made.id, description="New", open_date=date(2026, 10, 1))


def rename(firm: Stage, given: Numbers) -> Any:
    """A client goes by another name, which ends with the old one."""
    one = pick(firm, "Contact", given[0])
    name = firm.world.tables["Contact"][one].name
    return firm.desk("rename_client", contact=one, name=f"{NEWLY} {name}")


def as_once(name: str) -> str:
    """Give a name as it was at first: the customer in the books keeps the name that it was made with."""
    return name.replace(f"{NEWLY} ", "")


CLIO: dict[str, Act] = {name: act for name, act in ACTS.items() if name != "sync"} | {
    "client": client,
    "rename": rename,
}
OFTEN = ("draft", "draft", "pay", "pay", "credit", "edit a line", "void")


def theirs(company: Company, kind: str) -> list[str]:
    """What people made in the books by hand, of a kind; voided or not."""
    return [
        i for i in company.store[kind] if (kind, i) in company.writers and _by_hand(company.store[kind][i])
    ]


def _by_hand(one: Obj) -> bool:
    return "by hand" in str(one.get("PrivateNote", "") or one.get("Notes", ""))


def foreign(company: Company) -> set[Key]:
    """Everything in the books that people made themselves."""
    kinds = ("Customer", "Invoice", "Payment", "JournalEntry")
    return {(kind, identity) for kind in kinds for identity in theirs(company, kind)}


def _one(company: Company, kind: str, number: int) -> str:
    found = theirs(company, kind)
    if not found:
        raise Refused("There is none.")
    return found[number % len(found)]


def hand_customer(company: Company, given: Numbers) -> Any:
    """A customer whom Clio does not know."""
    name = f"Walk-in {len(company.store['Customer'])}"
    return backdoor.add(company, "Customer", {"DisplayName": name, "Notes": "by hand"})


def hand_invoice(company: Company, given: Numbers) -> Any:
    """An invoice typed by hand for a customer of their own."""
    detail = {"ItemRef": {"value": item(company, "Services")}}
    line = {"Amount": money(given[1]), "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}
    typed = {
        "CustomerRef": {"value": _one(company, "Customer", given[0])},
        "DocNumber": f"H-{len(company.store['Invoice'])}",
        "TxnDate": day(given[2]).isoformat(),
        "PrivateNote": "by hand",
        "Line": [line],
    }
    return backdoor.add(company, "Invoice", typed)


def hand_payment(company: Company, given: Numbers) -> Any:
    """A payment on an invoice that was typed by hand."""
    identity = _one(company, "Invoice", given[0])
    paid = company.store["Invoice"][identity]
    linked = [{"TxnId": identity, "TxnType": "Invoice"}]
    amount = min(paid["TotalAmt"], money(given[1]))
    typed = {
        "CustomerRef": {"value": paid["CustomerRef"]["value"]},
        "TotalAmt": amount,
        "PrivateNote": "by hand",
        "Line": [{"Amount": amount, "LinkedTxn": linked}],
    }
    return backdoor.add(company, "Payment", typed)


def hand_journal(company: Company, given: Numbers) -> Any:
    """A journal entry of their own: the rent."""
    lines = [
        {
            "Amount": money(given[1]),
            "DetailType": "JournalEntryLineDetail",
            "JournalEntryLineDetail": {
                "PostingType": side,
                "AccountRef": {"value": company.account(account)},
            },
        }
        for side, account in (("Debit", "Rent"), ("Credit", "Operating Bank"))
    ]
    return backdoor.add(company, "JournalEntry", {"PrivateNote": "by hand", "Line": lines})


def hand_edit(company: Company, given: Numbers) -> Any:
    """Another date on an invoice that was typed by hand."""
    identity = _one(company, "Invoice", given[0])
    return backdoor.edit(company, "Invoice", identity, {"TxnDate": day(given[1]).isoformat()})


def product(company: Company, given: Numbers) -> Any:
    """A product is made inactive, or active again; one that we use or one that we do not."""
    names = USED if given[1] % 3 else UNUSED
    identity = item(company, names[given[0] % len(names)])
    active = company.store["Item"][identity].get("Active", True)
    return backdoor.set_active(company, "Item", identity, active=not active)


BOOKS: dict[str, Callable[[Company, Numbers], Any]] = {
    "hand customer": hand_customer,
    "hand invoice": hand_invoice,
    "hand payment": hand_payment,
    "hand journal": hand_journal,
    "hand edit": hand_edit,
    "hand void": lambda co, n: backdoor.void(co, "Invoice", _one(co, "Invoice", n[0])),
    "hand delete": lambda co, n: backdoor.delete(co, "JournalEntry", _one(co, "JournalEntry", n[0])),
    "product": product,
}


def products_back(company: Company) -> None:
    """Everything that we use is active again."""
    for name in (*USED, *UNUSED):
        identity = item(company, name)
        if not company.store["Item"][identity].get("Active", True):
            backdoor.set_active(company, "Item", identity, active=True)
