"""Questions about what waits in Undeposited Funds, and about the deposits that were made of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from mapping import queries as mapping
from syncapp.core.money import spoken
from syncapp.desk.queries import search
from syncapp.pipeline.deposits import parts, taken, waiting, wish
from syncapp.records.models import BankDeposit, BookRow, Document, Hold, Link

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from accounts.models import Books
    from syncapp.core.books import Chart
    from syncapp.core.ledger import DepositDraft, JournalDraft
    from syncapp.core.payouts import Receipt
    from syncapp.pipeline.deposits.payouts import Grouped
    from syncapp.records.models import PayoutCharge


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One thing that waits as the list shows it; `age` in days."""

    one: waiting.Waits
    name: str
    age: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """How a deposit stands: a pill, where it is in the books, the record and the exception that holds it."""

    label: str
    tone: str
    remote_id: str = ""
    document: int | None = None
    case: int | None = None


def names_of(*, books: Books | None, keys: Iterable[str]) -> dict[str, str]:
    """Return the names of some customers of the books."""
    if books is None:
        return {}
    rows = BookRow.objects.filter(firm_id=books.firm_id, books=books, kind="customer")
    return dict(rows.filter(remote_id__in=set(keys)).values_list("remote_id", "name"))


def listed(*, books: Books | None, rows: Sequence[waiting.Waits], today: date) -> list[Listed]:
    """Return some of what waits, with names and ages."""
    names = names_of(books=books, keys=[one.customer for one in rows])
    return [Listed(one=one, name=names.get(one.customer, ""), age=(today - one.day).days) for one in rows]


def made(*, firm_id: int, books: Books | None) -> QuerySet[BankDeposit]:
    """Return the deposits that were made here, the newest first."""
    rows = BankDeposit.objects.filter(firm_id=firm_id, books=books)
    return rows.select_related("payout", "by", "ended_by").order_by("-day", "-pk")


def states(*, firm_id: int, rows: Sequence[BankDeposit]) -> dict[int, Stands]:
    """Return how some deposits stand, in three queries."""
    ids = [row.pk for row in rows]
    documents = Document.objects.filter(firm_id=firm_id, kind=wish.KIND, source_id__in=ids)
    by_source = dict(documents.values_list("source_id", "pk"))
    links = Link.objects.filter(firm_id=firm_id, live=True, document_id__in=by_source.values())
    standing = {link.document_id: link for link in links.order_by("-object_kind")}  # the deposit, not its fee
    holds = Hold.objects.filter(firm_id=firm_id, document_id__in=by_source.values(), closed_at__isnull=True)
    cases = dict(holds.filter(alarm=False).values_list("document_id", "case_id"))
    found = {}
    for row in rows:
        document = by_source.get(row.pk)
        link, case = standing.get(document), cases.get(document or 0)
        label, tone = _pill(link, case, ended=row.ended_at is not None)
        remote = link.remote_id if link else ""
        found[row.pk] = Stands(label=label, tone=tone, remote_id=remote, document=document, case=case)
    return found


def _pill(link: Link | None, case: int | None, *, ended: bool) -> tuple[str, str]:
    if case is not None:
        return "Held", "wrong"
    if ended:
        return ("Being taken back", "waiting") if link else ("Taken back", "")
    return ("In the books", "proven") if link else ("Posts with the next run", "waiting")


def entry(
    drafts: Iterable[tuple[str, DepositDraft | JournalDraft]], chart: Chart
) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Return what a deposit posts as debits and credits with totals, as `components/entry` shows them."""
    rows: list[dict[str, Any]] = []
    for _, draft in drafts:
        for line in draft.entry():
            known = chart.accounts.get(line.account)
            name = known.name if known else line.account
            side = "debit_minor" if line.amount > 0 else "credit_minor"
            rows.append({"account": name, "memo": line.memo, side: abs(line.amount)})
    both = sum(row.get("debit_minor", 0) for row in rows)
    return rows, {"debit_minor": both, "credit_minor": both}


def drafted(made_: BankDeposit, chart: Chart, currency: str) -> list[tuple[str, DepositDraft | JournalDraft]]:
    """Return what a deposit posts; one that is not kept yet too."""
    return wish.drafts(made_, undeposited=waiting.undeposited(chart), currency=currency)


def chart_of(books: Books) -> Chart:
    """Return the accounts of a set of books."""
    return mapping.chart(books.pk)


TOLD = {
    taken.CHARGED_BACK: "Payment charged back",
    taken.REFUNDED: "Refund recorded in Clio",
    parts.PART: "A part of a payment charged back",
    taken.WON: "Dispute won",
    parts.WON_PART: "Dispute about a part won",
    taken.FEE: "A fee or an adjustment",
}
ASKED = 20  # rows of a payout that are asked about at a time
WAITS = "Undeposited Funds, for this payout"
SIDES = {  # what each answer posts: the debit, and the credit
    taken.CHARGED_BACK: ("Accounts receivable", WAITS),
    taken.REFUNDED: ("Client retainers, or the client's credit", WAITS),
    parts.PART: ("Accounts receivable", WAITS),
    taken.WON: (WAITS, "Accounts receivable"),
    parts.WON_PART: (WAITS, "Accounts receivable"),
    taken.FEE: ("Processor fees", "The bank account, by this payout"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Posts:
    """The entry that an answer posts, in minor units."""

    caption: str
    lines: list[dict[str, Any]]
    totals: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeRow:
    """One row of a payout as its page shows it; `candidates` are keys and words to choose from.

    `answers` are what a person may say that the processor took it for, and `posts` what each then posts.
    """

    charge: PayoutCharge
    label: str
    tone: str
    receipt: Receipt | None = None
    name: str = ""
    candidates: tuple[tuple[str, str], ...] = ()
    case: int | None = None
    answers: tuple[tuple[str, str], ...] = ()
    posts: tuple[Posts, ...] = ()


def payout_pill(one: Grouped) -> tuple[str, str]:
    """Say how a payout stands."""
    if one.made is not None:
        return "Deposited here", "proven"
    if one.deposited:
        return "Deposited in QuickBooks", "proven"
    if one.missing:
        return "Not all of it is explained", "wrong"
    if one.coming:
        return "An entry of it posts first", "waiting"
    if one.grouping.doubtful:
        return "A person chooses", "waiting"
    return ("Ready to post", "waiting") if one.ready else ("Partly deposited", "wrong")


def charges(one: Grouped, books: Books) -> list[ChargeRow]:
    """Return the charges of a payout, each with its payment, its choices or its exception."""
    missing = {charge.pk for charge in one.missing}
    holds = Hold.objects.filter(firm_id=books.firm_id, closed_at__isnull=True, document__kind=wish.CHARGE)
    cases = dict(holds.filter(document__source_id__in=missing).values_list("document__source_id", "case_id"))
    names = _payers(books, one)
    rows = [_charge_row(one, charge, names, cases, missing) for charge in one.charges]
    disputed = taken.disputed(books.firm_id)
    asked = [row for row in rows if row.charge.pk in missing and (row.charge.gross < 0 or disputed)][:ASKED]
    told = {row.charge.pk: _with_answers(row, books) for row in asked}
    return [told.get(row.charge.pk, row) for row in rows]


def _charge_row(
    one: Grouped, charge: PayoutCharge, names: dict[str, str], cases: dict[int, int], missing: set[int]
) -> ChargeRow:
    if charge.pk in missing:
        label = "Taken, and not explained" if charge.gross < 0 else "No payment in Clio"
        return ChargeRow(charge=charge, label=label, tone="wrong", case=cases.get(charge.pk))
    if charge.pk in one.coming:
        return ChargeRow(charge=charge, label="Its entry posts with the next run", tone="waiting")
    if charge.chosen == taken.FEE or not charge.gross:
        return ChargeRow(charge=charge, label="A fee, an expense of the firm", tone="proven")
    if charge.whole:
        return ChargeRow(charge=charge, label="Client money, arrived whole", tone="proven")
    if (receipt := one.grouping.found.get(charge.pk)) is not None:
        inside = bool(receipt.deposit) and one.made is None
        label, tone = ("Deposited already", "waiting") if inside else (_found(charge), "proven")
        return ChargeRow(
            charge=charge, label=label, tone=tone, receipt=receipt, name=names.get(receipt.key, "")
        )
    choices = tuple(
        (
            each.key,
            " · ".join(
                part for part in (names.get(each.key, ""), each.reference, f"{each.day:%-d %b %Y}") if part
            ),
        )
        for each in one.grouping.doubtful.get(charge.pk, ())
    )
    return ChargeRow(charge=charge, label="Several payments fit", tone="waiting", candidates=choices)


def _found(charge: PayoutCharge) -> str:
    if charge.gross < 0:
        return "Refund found" if "/card" in charge.chosen else "Chargeback found"
    return "Dispute won" if charge.chosen.endswith("/won") else "Payment found"


def _with_answers(row: ChargeRow, books: Books) -> ChargeRow:
    """Add what a person may say of a row that nothing explains, and what each answer posts."""
    charge = row.charge
    some = taken.candidates(firm_id=books.firm_id, books_id=books.pk, charge=charge)
    ids = {one.client_id for one in some if one.client_id}
    names = search.client_names(firm_id=books.firm_id, ids=ids)
    answers = []
    for one in some:
        of = ", ".join(
            part
            for part in (
                names.get(one.client_id or 0, ""),
                one.reference,
                f"{one.day:%-d %b %Y}" if one.day else "",
                f"of {spoken(one.of, books.firm.currency)}" if one.of else "",
            )
            if part
        )
        answers.append((one.answer, f"{TOLD[one.what]}: {of}" if of else TOLD[one.what]))
    posts = tuple(_posts(what, abs(charge.gross)) for what in dict.fromkeys(one.what for one in some))
    return replace(row, answers=tuple(answers), posts=posts)


def _posts(what: str, amount: int) -> Posts:
    debit, credit = SIDES[what]
    lines = [{"account": debit, "debit_minor": amount}, {"account": credit, "credit_minor": amount}]
    return Posts(caption=TOLD[what], lines=lines, totals={"debit_minor": amount, "credit_minor": amount})


def _payers(books: Books, one: Grouped) -> dict[str, str]:
    """Return who paid each receipt that a payout may hold, by its place."""
    receipts = [
        *one.grouping.found.values(),
        *(each for some in one.grouping.doubtful.values() for each in some),
    ]
    ids = {each.key.partition(":")[2] for each in receipts}
    rows = BookRow.objects.filter(firm_id=books.firm_id, books=books, kind__in=waiting.DEPOSITABLE)
    customers = {
        f"{kind}:{key}": customer
        for kind, key, customer in rows.filter(remote_id__in=ids).values_list("kind", "remote_id", "customer")
    }
    names = names_of(books=books, keys=customers.values())
    return {key: names.get(customer, "") for key, customer in customers.items()}
