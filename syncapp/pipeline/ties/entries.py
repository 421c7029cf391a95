"""Our own entries as they stand in the books against what was posted; and the time control total."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from syncapp.core.ledger import (
    CreditMemoDraft,
    Draft,
    InvoiceDraft,
    JournalDraft,
    ObjectKind,
    PaymentDraft,
)
from syncapp.core.money import spoken
from syncapp.pipeline.ties.sight import Sight, as_it_stands

if TYPE_CHECKING:
    from syncapp.clio.translate import Hours, TimeTotals
    from syncapp.pipeline.context import Context
    from syncapp.records.models import BookRow

TARGETS = {  # what a payment pays or applies, as QuickBooks names it
    ObjectKind.INVOICE: "Invoice",
    ObjectKind.CREDIT_MEMO: "CreditMemo",
    ObjectKind.JOURNAL: "JournalEntry",
}
type _Where = tuple[str, ...]  # an account, with the tags of its lines where the books track them


def debits(row: BookRow | None) -> int:
    """Return the sum of the debits of an object of the books, in minor units."""
    return sum(line["amount"] for line in _lines(row) if line["amount"] > 0)


def _lines(row: BookRow | None) -> list[dict[str, Any]]:
    return (row.data.get("lines") or []) if row is not None else []


def difference(draft: Draft, row: BookRow | None, context: Context) -> str:
    """Say how an object of the books differs from what was posted, in a sentence; empty when it does not."""
    return differs(draft, row, as_it_stands(context))


def differs(draft: Draft, row: BookRow | None, sight: Sight) -> str:
    """Say the same as it is looked at."""
    if words := _apart(draft, row, sight):
        return words
    return _paid_elsewhere(draft, row, sight) if isinstance(draft, PaymentDraft) and row is not None else ""


def loosened(draft: PaymentDraft, row: BookRow | None, context: Context) -> bool:
    """Tell whether a payment only pays or applies less than it was posted to, and nothing else instead.

    What an invoice or a credit made smaller has no room for is left unapplied on its payment.
    """
    sight = as_it_stands(context)
    if row is None or _apart(draft, row, sight):
        return False
    asked, pays = asked_of(draft, sight), shown(row)
    return asked != pays and all(pays[target] <= asked[target] for target in pays)


def at_stake(draft: Draft, row: BookRow | None, sight: Sight) -> int:
    """Return the money by which the books differ from what was posted, in minor units.

    It is all of an entry that is gone, or is on another day or customer; else what its total differs by; else
    what of it stands on other accounts, clients or invoices.
    """
    whole = _total(draft)
    if row is None or row.deleted or row.voided:
        return whole
    forms = InvoiceDraft | CreditMemoDraft | PaymentDraft
    shown_ = row.total if isinstance(draft, forms) else debits(row)
    if _day_differs(draft, row) or _customer_differs(draft, row, sight):
        return max(whole, shown_)
    was = draft.amount if isinstance(draft, PaymentDraft) else whole
    return abs(was - shown_) or _moved(draft, row, sight)


def _total(draft: Draft) -> int:
    """Return what an entry comes to; of a payment of nothing what it applies."""
    if isinstance(draft, PaymentDraft):
        return draft.amount or sum(part.amount for part in draft.applications) // 2
    if isinstance(draft, InvoiceDraft | CreditMemoDraft):
        return draft.total
    return sum(line.amount for line in draft.entry() if line.amount > 0)


def _moved(draft: Draft, row: BookRow, sight: Sight) -> int:
    """Return what of an entry stands on other accounts, clients or invoices."""
    tags = _tags(draft, sight)
    apart: Counter[_Where] = Counter(_posted(draft, sight, tags))
    apart.subtract(_standing(row, tags))
    ways: dict[str, Counter[Any]] = {"": apart}
    if isinstance(draft, JournalDraft):
        ways["client"] = _by_client(draft, row, sight)
    if isinstance(draft, PaymentDraft):
        paid = Counter(asked_of(draft, sight))
        paid.subtract(shown(row))
        for target, amount in paid.items():
            ways.setdefault(target.partition(":")[0], Counter())[target] = amount
    sides = [[amount * sign for amount in way.values()] for way in ways.values() for sign in (1, -1)]
    return max(sum(amount for amount in side if amount > 0) for side in sides)


def reclassified(draft: Draft, row: BookRow | None, context: Context) -> tuple[str, str] | None:
    """Return from where to where an entry was put, by the names of the accounts; None if more of it differs.

    QuickBooks puts many at once on another account or class, by a tool of its own or with a product.
    """
    sight = as_it_stands(context)
    if row is None or row.deleted or _heads(draft, row, sight):
        return None
    if isinstance(draft, PaymentDraft) and _paid_elsewhere(draft, row, sight):
        return None
    if isinstance(draft, JournalDraft) and _charged_to(draft, row, sight):
        return None
    tags = _tags(draft, sight)
    posted, shown = _posted(draft, sight, tags), _standing(row, tags)
    differ = [where for where in sorted(posted.keys() | shown.keys()) if posted[where] != shown[where]]
    less = [where for where in differ if abs(shown[where]) < abs(posted[where])]
    more = [where for where in differ if where not in less]
    apart = sum(shown[where] - posted[where] for where in differ)
    if len(less) != 1 or len(more) != 1 or apart != 0:
        return None
    return _called(less[0], differ, tags, sight), _called(more[0], differ, tags, sight)


def _apart(draft: Draft, row: BookRow | None, sight: Sight) -> str:
    """Say how an object differs but for what it pays or applies."""
    if row is None or row.deleted:
        return "It was posted, and it is not in the books any more."
    words = _heads(draft, row, sight) or _on_accounts(draft, row, sight)
    return words or (_charged_to(draft, row, sight) if isinstance(draft, JournalDraft) else "")


def _heads(draft: Draft, row: BookRow, sight: Sight) -> str:
    """Say how an object differs but for its accounts, and what it pays or applies."""
    if row.voided:
        return "It was posted, and it was made void in the books."
    if _day_differs(draft, row):
        return f"It was posted with the date {getattr(draft, 'day', None)}, and the books show {row.day}."
    number = getattr(draft, "number", "")
    if number and row.number and row.number.casefold() != number.casefold():
        return f"It was posted as {number}, and the books show {row.number}."
    if _customer_differs(draft, row, sight):
        return "It was posted for one customer, and the books show another."
    return ""


def _day_differs(draft: Draft, row: BookRow) -> bool:
    day = getattr(draft, "day", None)
    return day is not None and row.day is not None and row.day != day


def _customer_differs(draft: Draft, row: BookRow, sight: Sight) -> bool:
    customer = sight.id_of(getattr(draft, "customer", ""))
    return bool(customer and row.customer and sight.now_on(row.customer) != sight.now_on(customer))


def _on_accounts(draft: Draft, row: BookRow, sight: Sight) -> str:
    """Say on which account, with which class and location, another amount stands than was posted."""
    tags = _tags(draft, sight)
    posted, shown = _posted(draft, sight, tags), _standing(row, tags)
    differ = [where for where in sorted(posted.keys() | shown.keys()) if posted[where] != shown[where]]
    if not differ:
        return ""
    where = differ[0]
    return (
        f"On {_called(where, differ, tags, sight)}, {_side(posted[where])} was posted and the "
        f"books show {_side(shown[where])}."
    )


def _side(amount: int) -> str:
    """Say an amount of an account as a debit or a credit."""
    return f"a {'credit' if amount < 0 else 'debit'} of {spoken(abs(amount))}" if amount else "nothing"


def _posted(draft: Draft, sight: Sight, tags: tuple[str, ...]) -> Counter[_Where]:
    found: Counter[_Where] = Counter()
    for line in draft.entry():
        found[sight.place(line), *(getattr(line, tag) for tag in tags)] += line.amount
    return found


def _standing(row: BookRow, tags: tuple[str, ...]) -> Counter[_Where]:
    found: Counter[_Where] = Counter()
    for line in _lines(row):
        found[line["account"], *(line.get(tag) or "" for tag in tags)] += line["amount"]
    return found


def _tags(draft: Draft, sight: Sight) -> tuple[str, ...]:
    """Return by what the lines of an entry are told apart beside their account, where the books track it."""
    return sight.tags if isinstance(draft, InvoiceDraft | CreditMemoDraft | JournalDraft) else ()


def _called(where: _Where, differ: list[_Where], tags: tuple[str, ...], sight: Sight) -> str:
    """Name an account with its class and location; that it has none, where another that differs has one."""
    chart = sight.chart
    known = chart.accounts.get(where[0])
    names = {"class_id": chart.classes, "location": chart.locations}
    told = [known.name if known else where[0] or "sales tax"]
    for at, tag in enumerate(tags, start=1):
        noun, key = tag.removesuffix("_id"), where[at]
        if key:
            told.append(f"{noun} {names[tag][key].name if key in names[tag] else key}")
        elif any(one[at] for one in differ):
            told.append(f"no {noun}")
    return ", ".join(told)


def _charged_to(draft: JournalDraft, row: BookRow, sight: Sight) -> str:
    """Say that a journal entry charges, or credits, other clients than it was posted for."""
    words = "Its receivables line was posted for one customer, and the books show another."
    return words if any(_by_client(draft, row, sight).values()) else ""


def _by_client(draft: JournalDraft, row: BookRow, sight: Sight) -> Counter[str]:
    """Return by customer how much more a journal entry was posted to charge than it does."""
    receivable, now_on = sight.receivable, sight.now_on
    apart: Counter[str] = Counter()
    for line in draft.entry():
        on = sight.id_of(line.customer) or line.customer.removeprefix("id:")
        if line.account == receivable:
            apart[now_on(on)] += line.amount
    for shown in _lines(row):
        if shown["account"] == receivable:
            apart[now_on(shown.get("customer") or "")] -= shown["amount"]
    return apart


def _paid_elsewhere(draft: PaymentDraft, row: BookRow, sight: Sight) -> str:
    """Say that a payment pays other invoices, or other amounts of them, than it was posted for."""
    if not all(sight.id_of(part.subject) for part in draft.applications):
        return ""  # what it pays is on its way, or was taken back: that is a difference of its own
    asked, pays = asked_of(draft, sight), shown(row)
    for target in sorted(set(asked) | set(pays)):
        if asked[target] != pays[target]:
            named = called(sight, target)
            return f"It paid {spoken(asked[target])} of {named}, and the books show {spoken(pays[target])}."
    return ""


def asked_of(draft: PaymentDraft, sight: Sight) -> Counter[str]:
    """Return what a payment was posted to pay or apply, minor units by `Entity:id`."""
    asked: Counter[str] = Counter()
    for part in draft.applications:
        if on := sight.id_of(part.subject):
            asked[f"{TARGETS.get(part.kind, '')}:{on}"] += part.amount
    return asked


def shown(row: BookRow) -> Counter[str]:
    """Return what a payment of the books pays or applies, minor units by `Entity:id`."""
    pays: Counter[str] = Counter()
    for target, amount in row.data.get("links") or []:
        if target.partition(":")[0] in TARGETS.values():
            pays[target] += amount
    return pays


def called(sight: Sight, target: str) -> str:
    """Name what a payment pays, given as `Entity:id`."""
    entity, _, key = target.partition(":")
    kind = next((kind.value for kind, name in TARGETS.items() if name == entity), "")
    return f"{kind.replace('_', ' ')} {sight.number_of(kind, key) or key}"


def time_control(totals: TimeTotals, posted: set[int]) -> dict[str, Any]:
    """Return the control total of time: billable = billed and posted + billed and held + drafted + unbilled.

    Non-billable time stands beside it as written down. Hours are text, amounts minor units.
    """

    def figures(parts: list[Hours]) -> dict[str, Any]:
        return {
            "hours": str(sum((p.hours for p in parts), start=type(totals.all.hours)(0))),
            "amount": sum(p.amount for p in parts),
            "count": sum(p.count for p in parts),
        }

    on_posted = [hours for bill, hours in totals.billed.items() if bill in posted]
    on_held = [hours for bill, hours in totals.billed.items() if bill not in posted]
    return {
        "billable": figures([totals.all]),
        "billed_posted": figures(on_posted),
        "billed_held": figures(on_held),
        "drafted": figures([totals.drafted]),
        "unbilled": figures([totals.unbilled]),
        "written_down": figures([totals.non_billable]),
        "redacted": totals.redacted,
        "oldest_unbilled": totals.oldest_unbilled.isoformat() if totals.oldest_unbilled else None,
    }
