"""What QuickBooks itself made of a write: it said yes, and answered with another entry than was sent.

Automated sales tax adds a tax, a rounding or a default of the company changes a line (qbo/API.md section 11,
rows 1 and 10). Nobody's hand did it, so what helps is not to send the same once more: the tax engine is told
to add nothing, cents within the firm's tolerance get one rounding line, or a person accepts what stands.
Client money has its own case (`trust.strays`) and is never rounded.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mapping import queries as mapping_queries
from syncapp.core.books import ENGINE_TAX
from syncapp.core.ledger import NAME_LISTS, CreditMemoDraft, Draft, InvoiceDraft, SaleLine, Verb
from syncapp.core.money import spoken
from syncapp.core.planning.rounding import ROLE
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline import queue
from syncapp.pipeline.context import Context, draft_of
from syncapp.pipeline.drifting import drift, hands
from syncapp.pipeline.ties import entries
from syncapp.pipeline.ties.sight import as_sent
from syncapp.pipeline.trust.legs import is_trust
from syncapp.records.models import BookChoice, BookRow, Hold, Link

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from syncapp.core.books import Operation
    from syncapp.pipeline.drifting.drift import Place
    from syncapp.records.models import Posting

UNTAX, ROUND = "untax", "round"
DETAIL = "detail_differs"
MADE_ELSE = "QuickBooks took {name} and made something else of it."


def tell(*, firm_id: int, books_id: int, posting: Posting, operation: Operation, now: datetime) -> None:
    """Raise what came back other than it was sent. In a writing scope, the object of the books kept.

    What moves an account, a day, a customer or what is paid is a case until both sides agree; what the
    tie-out does not see is an alarm that a person closes.
    """
    place = (posting.object_kind, posting.remote_id)
    row = BookRow.objects.filter(
        firm_id=firm_id, books_id=books_id, kind=place[0], remote_id=place[1]
    ).first()
    name = f"{posting.object_kind.replace('_', ' ')} {posting.number or posting.remote_id}"
    title = MADE_ELSE.format(name=name)
    words = f"QuickBooks took {name} but shows it otherwise: {' '.join(posting.differences)}"
    named, print_ = ":".join(place), drift.shape_of(row)
    stake = _at_stake(operation, row, books_id) if row is not None else None
    if stake is None:
        problem = Problem(
            code=DETAIL, fix=Fix.LOOK, cause=f"posting {posting.subject}", title=title, words=words,
            facts={"books_id": posting.remote_id},
        )  # fmt: skip
    else:
        problem = Problem(
            code=hands.OTHERWISE, fix=Fix.LOOK, cause=named, title=title, words=words, amount=stake,
            facts={"place": named, "books_id": named, "print": print_},
        )  # fmt: skip
        said = BookChoice.objects.filter(firm_id=firm_id, books_id=books_id, subject=drift.subject_of(*place))
        if said.filter(answer=f"{drift.ACCEPT}:{print_}").exists():
            return
        said.delete()  # what was answered was done, and this is what came of it
    mine = Hold.objects.filter(firm_id=firm_id, document=posting.document, alarm=True, code=problem.code)
    mine.filter(closed_at__isnull=False).update(closed_at=None, closed_words="")
    verdict = queue.Verdict(document=posting.document, alarms=(problem,))
    queue.apply(firm_id=firm_id, books_id=books_id, verdicts=[verdict], now=now, release=False)


def _at_stake(operation: Operation, row: BookRow, books_id: int) -> int | None:
    """Return the money by which an object differs from what was sent; None where no tie-out sees it."""
    draft, company = operation.draft, mapping_queries.company(books_id)
    if draft is None or company is None or operation.verb not in {Verb.CREATE, Verb.UPDATE}:
        return None
    if draft.kind in NAME_LISTS or hasattr(draft, "ledgers") or row.deleted or row.voided:
        return None
    sight = as_sent(operation, company, mapping_queries.chart(books_id))
    return entries.at_stake(draft, row, sight) if entries.differs(draft, row, sight) else None


def standing(context: Context, documents: Iterable[int]) -> set[Place]:
    """Return the places where QuickBooks answered otherwise and never agreed since. In a scope."""
    holds = Hold.objects.filter(firm_id=context.firm_id, code=hands.OTHERWISE, document__in=list(documents))
    holds = holds.exclude(closed_words__startswith=hands.ENDS[hands.OTHERWISE])
    named = holds.values_list("facts__place", flat=True)
    return {(kind, key) for kind, _, key in (str(one).partition(":") for one in named)}


def answered(context: Context, link: Link, row: BookRow | None, found: Problem) -> Problem:
    """Say of an entry that differs that QuickBooks made it so, and what would mend it; gone is gone."""
    posted: Any = draft_of(link.object_kind, link.content or {})
    if row is None or row.deleted or row.voided:
        return found
    name = f"{link.object_kind.replace('_', ' ')} {getattr(posted, 'number', '') or link.remote_id}"
    sent, tax = getattr(posted, "total", row.total), _tax(row)
    words, title = found.words, MADE_ELSE.format(name=name)
    if sent != row.total:
        title = f"QuickBooks makes {spoken(row.total)} of {name}, and {spoken(sent)} was sent."
        words = f"QuickBooks shows a total of {spoken(row.total)} where {spoken(sent)} was sent."
        words += f" It added {spoken(tax)} of sales tax by itself." if tax else ""
    facts = dict(found.facts) | {"sent": str(sent), "shown": str(row.total)}
    if tax and isinstance(posted, InvoiceDraft | CreditMemoDraft):
        facts |= {"tax": str(tax)} | ({"kept_tax": "yes"} if posted.untaxed else {})
    elif (rounding := _rounded(context, posted, row)) is not None:
        lines = [drift.shown_line(context, one.account, one.amount) for one in rounding.entry() if one.amount]
        facts |= {"rounding": json.dumps(lines)}
    return replace(found, code=hands.OTHERWISE, title=title, words=words, facts=facts)


def _tax(row: BookRow) -> int:
    """Return the tax that the engine added, in minor units: it names no account of its own."""
    lines = row.data.get("lines") or []
    return abs(
        sum(int(one["amount"]) for one in lines if not one["account"] and one.get("memo") == ENGINE_TAX)
    )


def _rounded(context: Context, posted: Draft, row: BookRow) -> InvoiceDraft | None:
    """Return an invoice as QuickBooks makes its lines, with the one line that brings it to what was sent.

    None beyond the firm's tolerance, and where more than the amount of lines differs.
    """
    item, most = context.book.options.rounding_item, context.book.options.rounding_up_to
    if not isinstance(posted, InvoiceDraft) or item is None or not 0 < abs(row.total - posted.total) <= most:
        return None
    shown: Counter[tuple[str, str]] = Counter()
    for one in row.data.get("lines") or []:
        if one.get("item"):
            shown[one["item"], one["account"]] -= one["amount"]
    sent: Counter[tuple[str, str]] = Counter()
    for line in posted.lines:
        sent[line.item, line.account] += line.amount
    if not shown.keys() <= sent.keys():
        return None
    lines = list(posted.lines)
    for where in sent:
        at = next(i for i, line in enumerate(lines) if (line.item, line.account) == where)
        if more := shown[where] - sent[where]:
            lines[at] = replace(lines[at], amount=lines[at].amount + more, quantity=None, rate=None)
    less = posted.total - row.total
    if replace(posted, lines=tuple(lines)).total != row.total:
        return None  # more than the amount of lines differs
    made, said = spoken(row.total, posted.currency), spoken(posted.total, posted.currency)
    about = f"Rounding: QuickBooks makes {made} of it, Clio bills {said}"
    lines.append(SaleLine(item=item.id, account=item.account, amount=less, description=about, role=ROLE))
    return replace(posted, lines=tuple(lines))


def meant(context: Context, link: Link) -> Draft | None:
    """Return what a person wants in the place of what QuickBooks made of an entry; None when nobody does."""
    place = (link.object_kind, link.remote_id)
    what = context.choices.get(drift.subject_of(*place), "").partition(":")[0]
    if what not in {UNTAX, ROUND} or link.content is None or is_trust(link.content):
        return None
    rows = BookRow.objects.filter(firm_id=context.firm_id, books_id=context.books_id, kind=place[0])
    row = rows.filter(remote_id=place[1]).first()
    if row is None or drift.answered(context, place, row) != what:
        return None
    posted = draft_of(link.object_kind, link.content)
    if what == ROUND:
        return _rounded(context, posted, row)
    return replace(posted, untaxed=True) if isinstance(posted, InvoiceDraft | CreditMemoDraft) else None


def kept(link: Link, draft: Draft) -> Draft:
    """Return a changed entry with what the tax engine was told of it before."""
    if isinstance(draft, InvoiceDraft | CreditMemoDraft) and (link.content or {}).get("untaxed"):
        return replace(draft, untaxed=True)
    return draft
