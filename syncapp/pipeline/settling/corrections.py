"""What lies in a closed period stays as it is: a change of it is a new entry, proposed and approved first.

DESIGN section 9, rule e: a bill or credit that was edited, made void or removed after its period was closed
is corrected by an entry dated the day of the change.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from syncapp.core import codec
from syncapp.core.documents import Credit, Kind, Payment
from syncapp.core.keys import fingerprint
from syncapp.core.ledger import (
    CreditMemoDraft,
    Draft,
    InvoiceDraft,
    PaymentDraft,
)
from syncapp.core.money import spoken
from syncapp.core.planning import corrections as core
from syncapp.core.planning.invoices import NUMBER_LIMIT
from syncapp.core.planning.wanted import Answer, Wanted
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline.cases.choices import APPROVE, CORRECTION
from syncapp.pipeline.context import Context, draft_of
from syncapp.pipeline.drifting import taking
from syncapp.pipeline.reading.edited import edited_on
from syncapp.pipeline.settling import amended, applying, moved
from syncapp.pipeline.settling.again import beside, corrections_of_sale
from syncapp.records import anew
from syncapp.records.models import Document, Link

SHOWN = 24  # characters of the fingerprint that a person approves


@dataclass(frozen=True, slots=True, kw_only=True)
class _Closed:
    """An entry in the closed books with what corrects it, by subject, and which correction would be next."""

    subject: str
    standing: core.Sale
    earlier: dict[str, core.Correction]
    position: int
    kept: frozenset[str]


def amend(context: Context, row: Document, answer: Answer) -> Answer | Problem:
    """Leave what lies in the closed books as it is, and want the entries that correct it instead.

    What is not approved yet is a Problem that shows the entry. A bill put back to draft is left to a person.
    """
    through = context.book.company.closed_through
    again = tuple(taking.dated_anew(context, one, _once_more) for one in answer.wanted)
    answer, beyond = beside(context, row, replace(answer, wanted=again))
    if through is None or answer.renumber:
        return answer
    answer = moved.payments(context, row, answer)
    for base in list(_closed(context, row, through, beyond)):
        wanted = next((w for w in answer.wanted if w.subject == base.subject), None)
        if _moved(context, base, wanted, answer):
            return answer
        corrected = _amended(context, row, base, wanted, answer, through)
        if isinstance(corrected, Problem):
            return corrected
        answer = corrected
    return answer


def _once_more(draft: Draft, day: date) -> Draft | None:
    if isinstance(draft, InvoiceDraft | CreditMemoDraft | PaymentDraft):
        return core.posted_again(draft, day=day)
    return None


def _closed(context: Context, row: Document, through: date, beyond: frozenset[str]) -> Iterator[_Closed]:
    """Return the invoices and credits of a document that lie in the closed books, or stay as they are."""
    for link in context.standing(row):
        draft = _sale(link)
        waits = context.waiting.get(link.subject)
        if draft is None or core.is_correction(link.subject) or waits is not None:
            continue
        if draft.day > through and link.subject not in beyond:
            continue
        ever = amended.ever_corrected(context, link.subject)
        earlier = corrections_of_sale(context, link.subject)
        kept = {name + end for name in (link.subject, *ever) for end in ("", amended.APPLY)}
        yield _Closed(
            subject=link.subject, standing=draft, earlier=earlier, position=len(ever) + 1,
            kept=frozenset(kept),
        )  # fmt: skip


def _sale(link: Link) -> core.Sale | None:
    if link.adopted or link.content is None or link.object_kind not in {"invoice", "credit_memo"}:
        return None
    draft = draft_of(link.object_kind, link.content)
    return draft if isinstance(draft, InvoiceDraft | CreditMemoDraft) else None


def _moved(context: Context, base: _Closed, wanted: Wanted | None, answer: Answer) -> bool:
    """Tell whether a credit pays another invoice now: only the closed entry itself could say so."""
    applied = context.content(base.subject + amended.APPLY)
    asked = next((w.draft for w in answer.wanted if w.subject == base.subject + amended.APPLY), None)
    if wanted is None or not isinstance(applied, PaymentDraft) or not isinstance(asked, PaymentDraft):
        return False
    return {part.subject for part in applied.applications} != {part.subject for part in asked.applications}


def _amended(
    context: Context, row: Document, base: _Closed, wanted: Wanted | None, answer: Answer, through: date
) -> Answer | Problem:
    """Take the closed entry out of a wish, and put in what corrects it."""
    sale = wanted.draft if wanted is not None else None
    if sale is not None and not isinstance(sale, InvoiceDraft | CreditMemoDraft):
        return answer
    first = base.position
    number = f"{base.standing.number[: NUMBER_LIMIT - 4]}-K{first}"
    day = core.open_day(max([edited_on(context, row), *_taken_on(context, base)]), through)
    drafts = core.corrections(base.standing, base.earlier.values(), sale, number=number, day=day)
    again = _again(context, base.subject + amended.APPLY)
    once_again = _no_more(context, base, answer, again)
    rest = (*(w for w in answer.wanted if w.subject not in base.kept), *once_again)
    credit = _credit(base, answer, once_again)
    once_more = _to_apply_again(context, base)
    kept = answer.kept | base.kept
    if not drafts:
        applied = [*applying.applied(context, credit, once_more)] or [*_rest(context, base, credit)]
        return replace(answer, wanted=(*rest, *applied), kept=kept)
    subjects = [core.correction_subject(base.subject, first + n) for n in range(len(drafts))]
    problem = _unapproved(context, row, base, drafts, subjects[0])
    if problem is not None:
        return problem
    new = dict(zip(subjects, drafts, strict=True))
    dated = {subject: (draft, draft.day) for subject, draft in new.items()}
    applied = [*applying.applied(context, credit, once_more | dated)]
    told = (Wanted(subject=subject, draft=draft) for subject, draft in new.items())
    _wake(context, amended.invoice_of(context, base.subject))
    return replace(answer, wanted=(*rest, *told, *applied), kept=kept, skipped="")


def _again(context: Context, apply: str) -> str:
    """Name what applied an entry where it is, or was, posted once more; empty where it stands as it was."""
    said, stands = taking.days(context, apply), context.content(apply)
    return apply if said is not None and getattr(stands, "day", said[1]) == said[1] else ""


def _rest(context: Context, base: _Closed, credit: applying.Base) -> Iterator[Wanted]:
    """Apply once more what a hand took off, where a person had that corrected."""
    names = (base.subject, *amended.ever_corrected(context, base.subject))
    said = [taking.days(context, name + amended.APPLY) for name in names]
    days = [one[1] for one in said if one is not None]
    if days and not credit.again:
        subject = core.correction_subject(base.subject, base.position)
        yield from applying.rest(context, credit, base.earlier, subject=subject, day=max(days))


def _no_more(context: Context, base: _Closed, answer: Answer, again: str) -> tuple[Wanted, ...]:
    """Apply an entry once more, `again`, as far as what stands beside it does not apply it."""
    wanted = next((w for w in answer.wanted if w.subject == again), None)
    if wanted is None or not isinstance(wanted.draft, PaymentDraft):
        return ()

    def beside_it(subject: str) -> int:
        paying = amended.payers(context, subject)
        return sum(a for by, _, a in paying if by != again and amended.belongs(by, base.subject))

    parts = wanted.draft.applications
    rooms = [one.amount - beside_it(one.subject) for one in parts if one.subject != base.subject]
    amount = min([base.standing.total - beside_it(base.subject), *rooms])
    payment = replace(wanted.draft, applications=tuple(replace(one, amount=amount) for one in parts))
    return (replace(wanted, draft=payment),) if amount > 0 else ()


def _credit(base: _Closed, answer: Answer, again: tuple[Wanted, ...]) -> applying.Base:
    """Return an entry with what applies it by Clio; `again` is that where it is posted once more."""
    asked = next((w.draft for w in answer.wanted if w.subject == base.subject + amended.APPLY), None)
    drafts = [one.draft for one in again if isinstance(one.draft, PaymentDraft)]
    return applying.Base(
        subject=base.subject,
        standing=base.standing,
        asked=asked if isinstance(asked, PaymentDraft) else None,
        again=drafts[0] if drafts else None,
    )


def _taken_on(context: Context, base: _Closed) -> list[date]:
    """Return the days that were shown of corrections of what a hand changed, or took out."""
    ever = amended.ever_corrected(context, base.subject)
    said = [taking.days(context, subject) for subject in (base.subject, *ever)]
    return [one[1] for one in said if one is not None]


def _to_apply_again(context: Context, base: _Closed) -> dict[str, tuple[core.Correction, date]]:
    """Return the corrections of which a hand took out what applied them, each with the day that was shown."""
    said = {subject: taking.days(context, subject + amended.APPLY) for subject in base.earlier}
    return {
        subject: (base.earlier[subject], shown[1])
        for subject, shown in said.items()
        if shown is not None and not context.stands(subject + amended.APPLY)
    }


def _wake(context: Context, invoice: str) -> None:
    """Plan anew what pays an invoice: its room differs from now on."""
    kind, _, rest = invoice.partition("/")
    key = int(rest.partition("/")[0] or 0)
    bills = (
        {key} if kind == "bills" else {b for b, rows in context.interest.items() for c in rows if c.id == key}
    )
    kinds = {Payment: Kind.PAYMENT.value, Credit: Kind.CREDIT.value}
    paying = [(kinds[type(paid)], paid.id) for bill in bills for paid in context.paying.get(bill, [])]
    rows = [context.documents[name].pk for name in paying if name in context.documents]
    anew.plan(Document.objects.filter(firm_id=context.firm_id, pk__in=rows))


def _unapproved(
    context: Context, row: Document, base: _Closed, drafts: list[core.Correction], subject: str
) -> Problem | None:
    """Return the proposal while nobody has approved just these entries."""
    shown = fingerprint([codec.to_json(draft) for draft in drafts])[:SHOWN]
    if context.choices.get(subject) == f"{APPROVE}:{shown}":
        return None
    draft, through = drafts[0], context.book.company.closed_through
    total = sum(core.owed(one) for one in drafts)
    kind = draft.kind.value.replace("_", " ")
    amount = spoken(abs(total), draft.currency)
    what = {"credit memo": "a credit", "invoice": "an invoice"}.get(kind, "an entry")
    name = base.standing.number
    where = "QuickBooks" if _taken_on(context, base) else "Clio"
    return Problem(
        code=CORRECTION,
        fix=Fix.APPROVE,
        cause=base.subject,
        title=f"{row.kind.capitalize()} {name} changed in {where} after its period was closed: {what} of "
        f"{amount} dated {draft.day:%-d %b %Y} would correct it.",
        words=f"{_lies(base.standing.day, through)} stays as it is; approve {what} of {amount} dated "
        f"{draft.day:%-d %b %Y}.",
        facts={
            "kind": draft.kind.value,
            "number": draft.number,
            "day": draft.day.isoformat(),
            "total": str(abs(total)),
            "currency": draft.currency,
            "for": subject,
            "print": shown,
            "was_day": base.standing.day.isoformat(),
            "closed_through": through.isoformat() if through else "",
            "customer": _customer(context, base.standing.customer),
            "entry": json.dumps([line for one in drafts for line in _shown(context, one)]),
        },
    )


def _lies(day: date, through: date | None) -> str:
    """Say where an entry lies that stays as it is."""
    if through is None or day > through:
        return f"It was posted once more on {day:%-d %b %Y}, beside what corrects it, and"
    return (
        f"It is dated {day:%-d %b %Y}, and the books are closed through {through:%-d %b %Y}. The closed entry"
    )


def _shown(context: Context, draft: core.Correction) -> Iterator[dict[str, str | int]]:
    """Return the entry as a person reads it: accounts by name, debits and credits."""
    for line in draft.entry():
        account = context.book.chart.accounts.get(line.account)
        yield {
            "account": account.name if account else line.account,
            "memo": draft.number,
            "debit": max(line.amount, 0),
            "credit": max(-line.amount, 0),
        }


def _customer(context: Context, subject: str) -> str:
    kind, _, key = subject.partition("/")
    if kind == "matters" and key.isdigit() and int(key) in context.book.matters:
        matter = context.book.matters[int(key)]
        client = context.book.clients.get(matter.client_id)
        return f"{matter.number} {client.name if client else ''}".strip()
    client = context.book.clients.get(int(key)) if key.isdigit() else None
    return client.name if client else subject
