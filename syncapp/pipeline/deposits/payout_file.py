"""A processor's payout file: its table by plain heads, checked row by row. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from syncapp.core.money import NotMoneyError, text
from trust.nouns import Unreadable
from trust.statements.amounts import amount, day, order_of
from trust.statements.reading import table_of

MOST = 5_000  # charges of one file
HEAD_ROWS = 20
HEADS: dict[str, tuple[str, ...]] = {
    "payout": (
        *("payout id", "payout", "deposit id", "transfer id", "settlement id", "batch id", "batch"),
        *("payout number", "deposit"),
    ),
    "paid": ("payout date", "deposit date", "arrival date", "settlement date", "paid on", "deposited"),
    "day": ("date", "charge date", "transaction date", "created", "payment date", "date created"),
    "gross": ("gross", "gross amount", "charge amount", "amount", "transaction amount", "payment amount"),
    "fee": ("fee", "fees", "processing fee", "fee amount", "transaction fee"),
    "net": ("net", "net amount", "deposited amount", "payout amount"),
    "reference": (
        *("reference", "reference number", "ref", "confirmation number", "confirmation", "transaction id"),
        *("charge id", "payment reference"),
    ),
    "account": ("account", "account type", "deposit account", "bank account", "account name"),
    "type": ("type", "transaction type", "kind", "record type", "category", "reporting category"),
    "text": ("description", "payer", "client", "customer", "name", "card holder", "cardholder", "memo"),
}
NEEDED = {"payout": "the payout", "day": "the date", "gross": "gross", "fee": "the fee", "net": "net"}
CLIENT_MONEY = ("trust", "iolta", "client funds")
CHARGE, REFUND, CHARGEBACK = "", "refund", "chargeback"
REVERSAL, FEE, ADJUSTMENT = "reversal", "fee", "adjustment"
KINDS = (  # the first whose word stands in the file's type
    (REVERSAL, ("reversal", "dispute won", "chargeback won", "reinstat", "representment")),
    (CHARGEBACK, ("chargeback", "dispute")),
    (REFUND, ("refund", "return")),
    (FEE, ("fee",)),
    (ADJUSTMENT, ("adjust",)),
)
ITSELF = {"payout", "transfer", "deposit"}  # a row of the payout's own total


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row as the file says it, minor units: a charge, or what its `kind` names.

    `whole`: no fee was taken out of it: client money. What the processor took is below zero.
    """

    payout: str
    paid: date
    day: date
    gross: int
    fee: int
    whole: bool
    reference: str
    text: str
    kind: str = CHARGE


def read(data: bytes, *, currency: str) -> list[Row]:
    """Read a CSV or a workbook. Raises Unreadable with the bookkeeper's sentence for what does not add up."""
    table, _ = table_of(data)
    columns, first = _columns(table)
    order, _ = order_of([cell(row, columns["day"]) for row in table[first:] if cell(row, columns["day"])])
    rows = []
    for number, row in enumerate(table[first:], start=first + 1):
        if cell(row, columns["type"]).casefold() in ITSELF:
            continue
        if any(text_.strip() for text_ in row) and cell(row, columns["payout"]):
            rows.append(_row(row, columns, number, order, currency))
    if not rows:
        raise Unreadable("The file holds no charge of a payout.")
    if len(rows) > MOST:
        raise Unreadable(f"The file holds more than {MOST} charges. Bring it in by parts.")
    return rows


def _columns(table: list[list[str]]) -> tuple[dict[str, int], int]:
    """Find the heads; return each column, and where the rows begin."""
    best: dict[str, int] = {}
    for number, row in enumerate(table[:HEAD_ROWS]):
        heads = [text_.strip().strip(":").casefold() for text_ in row]
        found = {
            role: next((heads.index(name) for name in names if name in heads), -1)
            for role, names in HEADS.items()
        }
        if all(found[role] >= 0 for role in NEEDED):
            return found, number + 1
        best = max(best, found, key=lambda one: sum(at >= 0 for at in one.values()))
    lacks = ", ".join(words for role, words in NEEDED.items() if best.get(role, -1) < 0)
    raise Unreadable(
        f"No column says {lacks}. A payout file has heads for payout id, date, gross, fee, net and reference."
    )


def cell(row: list[str], column: int) -> str:
    """Return a cell of a row; nothing where the row is too short, or the column is none."""
    return row[column].strip() if 0 <= column < len(row) else ""


def _row(row: list[str], columns: dict[str, int], number: int, order: str, currency: str) -> Row:
    when, paid = (day(cell(row, columns[role]), order=order) for role in ("day", "paid"))
    if when is None:
        raise Unreadable(f"Row {number} has no date: “{cell(row, columns['day'])[:40]}”.")
    try:
        gross, fee, net = (
            amount(cell(row, columns[role]) or "0", currency=currency) for role in ("gross", "fee", "net")
        )
    except NotMoneyError as error:
        raise Unreadable(f"Row {number}: {error}.") from error
    kind = _kind(cell(row, columns["type"]))
    if net != gross - fee and (net == gross + fee or gross >= 0):
        fee = -fee if net == gross + fee else abs(fee)  # some write it as money out
    said = any(word in cell(row, columns["account"]).casefold() for word in CLIENT_MONEY)
    if kind == FEE and net == gross - fee:
        gross, fee = 0, -net
    if said and fee and net == gross - fee:
        raise Unreadable(
            f"Row {number}: a fee of {text(fee, currency)} was taken out of client money. Restore it to the "
            "trust account, and have the processor take its fees from operating."
        )
    if net != gross - fee and (net != gross or (gross < 0 and not said)):
        raise Unreadable(
            f"Row {number} does not add up: {text(gross, currency)} less {text(fee, currency)} is not "
            f"{text(net, currency)}."
        )
    return Row(
        payout=cell(row, columns["payout"])[:80],
        paid=paid or when,
        day=when,
        gross=gross,
        fee=fee,
        whole=said or (gross > 0 and fee > 0 and net == gross),
        reference=cell(row, columns["reference"])[:120],
        text=cell(row, columns["text"])[:300],
        kind=kind,
    )


def _kind(written: str) -> str:
    """Return what a type of the file means; a charge where it says nothing that is known."""
    plain = written.casefold().replace("_", " ")
    return next((kind for kind, words in KINDS if any(word in plain for word in words)), CHARGE)
