"""What the planner is told: facts of a line, where it goes, and the choices of one set of books."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from syncapp.core.books import Account, Chart, Company, Item
from syncapp.core.cashbasis import PAID_FIRST
from syncapp.core.documents import Client, Cost, LineKind, Matter
from syncapp.core.planning import confidential
from syncapp.core.planning.trust.pairs import Pair
from syncapp.core.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFacts:
    """All that a mapping rule may ask of a line, by the words of the firm file's `when`."""

    line: LineKind
    practice_area: str = ""
    responsible: str = ""
    timekeeper: str = ""
    expense_category: str = ""
    cost: Cost | None = None
    of: str = ""  # what a write-off writes off: fees, costs (hard), tax
    client: str = ""
    matter: str = ""
    office: str = ""
    activity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a line goes in the books, and by which rule. Ids are the books' own.

    `account` is where the line posts: the item's own account, or for a discount the account itself.
    """

    account: str
    item: str = ""
    class_id: str = ""
    location: str = ""
    rule: int = 0


Place = Callable[[LineFacts], Target | Problem]


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositRule:
    """Where a payment from outside lands; empty conditions fit everything.

    `account` is the books' id, empty when the books have no account of the chosen name.
    """

    account: str
    bank_account: str = ""  # the practice system's account, by name
    method: str = ""


FIRM_FUNDS_NAME = "Firm funds in trust"
INTEREST_NAME = "IOLTA interest"
COSTS_SUFFIX = "-COSTS"
AGED_AFTER = 7  # days that a payment may wait in Undeposited Funds, unless the firm says otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The choices of one set of books (the firm file's `books` entry), names resolved to ids of the books."""

    start_bills: date
    start_payments: date
    start_credits: date
    matters_as: str = "sub-customers"  # or "none"
    client_name: str = "{client}"
    matter_name: str = "{matter_number} {client}"
    firm_funds: str = FIRM_FUNDS_NAME  # whom the books name for the firm's own money in trust
    trust_interest: str = INTEREST_NAME  # and for the programme's interest
    confidential: confidential.Rule = confidential.NOBODY
    number_prefix: str = ""
    lines: str = "detail"  # or "summary"
    tax: str = "aggregate"  # or "per_line"
    several_matters: str = "one"  # or "each"
    costs: str = "together"  # or "own": on an invoice of their own
    costs_suffix: str = COSTS_SUFFIX  # of that invoice's number
    paid_first: str = PAID_FIRST  # what a part payment pays, where costs have their own invoice
    narrative: bool = False
    deposits: tuple[DepositRule, ...] = ()
    retainer_account: Account | None = None
    retainer_item: Item | None = None
    opening_item: Item | None = None
    fee_account: Account | None = None  # what a card processor keeps
    aged_after: int = AGED_AFTER  # days in Undeposited Funds
    rounding_item: Item | None = None  # takes what a bill's lines lack of its amount, up to
    rounding_up_to: int = 0  # so many minor units
    walled: frozenset[str] = frozenset()  # account ids of client money, by type or by a trust pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """One set of books as the planner sees it: pure, read once for a whole batch."""

    name: str
    company: Company
    chart: Chart
    options: Options
    place: Place
    version: int  # of the mapping
    across_subcustomers: bool = True  # the company takes one payment over several sub-customers
    relinks_deposited: bool = True  # it lets a payment in a deposit pay another invoice
    undeposited: str = ""  # account ids
    receivable: str = ""
    trace_url: str = ""
    clients: dict[int, Client] = field(default_factory=dict)  # as the books may know them
    matters: dict[int, Matter] = field(default_factory=dict)
    known_clients: dict[int, str] = field(default_factory=dict)  # names of the coded ones, for rules alone
    known_matters: dict[int, str] = field(default_factory=dict)
    pairs: dict[str, Pair] = field(default_factory=dict)  # by the trust account's name (`account_key`)

    def hides(self, *, client_id: int | None, matter_ids: Iterable[int]) -> bool:
        """Tell whether no text of a client or of some matters may leave."""
        return client_id in self.known_clients or any(key in self.known_matters for key in matter_ids)
