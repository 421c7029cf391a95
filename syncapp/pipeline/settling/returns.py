"""A payment that is no more: void while it is free, else a person says whether it was returned.

DESIGN section 9, "payment removed" and "returned check": a payment in a deposit or in a closed period is
never void. The return is an entry of its own, dated the return, and the payment moves from the invoice to it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from syncapp.core.documents import Kind
from syncapp.core.ledger import Application, EntryLine, JournalDraft, ObjectKind, PaymentDraft
from syncapp.core.money import spoken
from syncapp.core.planning import returns as core
from syncapp.core.planning.corrections import open_day
from syncapp.core.planning.wanted import Answer, Wanted
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline.cases.choices import REMOVED
from syncapp.pipeline.context import Context, draft_of
from syncapp.pipeline.deposited import doing as deposited
from syncapp.pipeline.reading.edited import edited_on
from syncapp.pipeline.settling import amended, parted
from syncapp.records.models import Document, Link

FEE = "/fee"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One payment that stands for a document: `closed` lies in the closed books, `deposit` holds it."""

    subject: str
    draft: PaymentDraft
    bank: str  # the account that the money reached
    closed: bool
    deposit: str
    ours: bool  # the deposit is one that Tieout made for this payment
    stays: bool  # on the invoices that it paid: QuickBooks lets nobody move it
    back: dict[str, int]  # what entries of its own took back of it before, by their subjects
    kept: frozenset[str]  # entries that correct it, and stand as long as it does

    @property
    def less(self) -> int:
        """Return what was taken back of it before, in minor units."""
        return sum(self.back.values())


def amend(context: Context, row: Document, answer: Answer) -> Answer | Problem:
    """Say what becomes of a payment that was removed, or that a person said was returned.

    What is free is taken back by the comparison; what is not waits for the answer of a person.
    """
    if row.kind != Kind.PAYMENT.value:
        return answer
    parts = [part for link in context.standing(row) if (part := _part(context, row, link)) is not None]
    if not parts or any(part.subject in context.waiting for part in parts):
        return deposited.amend(context, row, answer)
    subject = core.payment_subject(row.source_id)
    said = core.said(context.choices.get(subject, ""))
    if said is not None and said.what in {core.RETURNED, core.CHARGEBACK}:
        return _returned(context, row, answer, parts, said)
    if answer.wanted:
        return deposited.amend(context, row, answer)
    fixed = [part for part in parts if part.closed or part.deposit]
    if not fixed:
        return answer
    if said is None and all(part.less >= part.draft.amount for part in parts):
        return _taken_back(context, row, parts)
    if said is None:
        return _asks(context, row, fixed[0], paid=sum(part.draft.amount - part.less for part in parts))
    return _mistaken(context, row, answer, parts)


def _part(context: Context, row: Document, link: Link) -> _Part | None:
    if link.object_kind != ObjectKind.PAYMENT.value or link.content is None:
        return None
    draft = draft_of(link.object_kind, link.content)
    if not isinstance(draft, PaymentDraft) or not draft.amount:
        return None
    through, deposit = context.book.company.closed_through, context.deposited.get(link.remote_id, "")
    by = context.links.get(context.subject_of.get((ObjectKind.DEPOSIT.value, deposit), ""))
    closed = through is not None and draft.day <= through
    bank = context.deposit_bank.get(deposit, "") or draft.account
    corrected = _corrected(context, link.subject)
    moved = Counter({draft.account: draft.amount})
    for entry in corrected.values():
        moved.update({line.account: line.amount for line in _accounts(context, entry)})
    if moved[draft.account] <= 0:  # a hand put it on that account, and an entry took it off again
        bank = next((account for account, amount in moved.items() if amount > 0), bank)
    back = {key: -sum(line.amount for line in _accounts(context, one)) for key, one in corrected.items()}
    back |= _less(context, link.subject, bank) | parted.owed_again(context, link.subject)
    return _Part(
        subject=link.subject,
        draft=draft,
        bank=bank,
        back={key: amount for key, amount in back.items() if amount},
        kept=frozenset(corrected) | parted.entries(context, link.subject),
        closed=closed,
        stays=closed or bool(deposit and not context.book.relinks_deposited),
        deposit=deposit,
        ours=by is not None and by.document_id == row.pk,
    )


def _less(context: Context, subject: str, bank: str) -> dict[str, int]:
    """Return what an entry took back of a payment, out of the account that it reached, in minor units."""
    entry = context.content(core.part_subject(subject))
    lines = entry.lines if isinstance(entry, JournalDraft) else ()
    return {core.part_subject(subject): -sum(line.amount for line in lines if line.account == bank)}


def _corrected(context: Context, subject: str) -> dict[str, JournalDraft]:
    """Return the entries that correct what a hand made of a payment, and stand when the bank returns it.

    What paid other invoices by its credit is taken back with the payment: then the payment itself is owed.
    """
    found = dict(amended.corrections_of_money(context, subject))
    if any(context.stands(key + amended.APPLY) for key in found):
        return {}
    return {key: one for key, one in found.items() if isinstance(one, JournalDraft)}


def _accounts(context: Context, entry: JournalDraft) -> list[EntryLine]:
    return [line for line in entry.lines if line.account != context.book.receivable]


def _taken_back(context: Context, row: Document, parts: list[_Part]) -> Answer:
    """Leave a payment that a processor charged back part by part: all of it is owed again already."""
    wanted, kept = _entries(row, parts, parts[0].draft.day, "")
    kept |= {link.subject for link in context.standing(row) if link.object_kind == ObjectKind.DEPOSIT.value}
    return Answer(wanted=tuple(wanted), kept=frozenset(kept))


def _asks(context: Context, row: Document, part: _Part, *, paid: int) -> Problem:
    """Ask what happened to a payment that Clio has no longer; `paid` is what stands of it in the books."""
    draft, through = part.draft, context.book.company.closed_through
    where = "lies in a closed period" if part.closed else "is in a deposit in QuickBooks"
    account = context.book.chart.accounts.get(part.bank)
    if part.closed:
        mistake = "A journal entry takes it out again, dated in the open period. The closed entry stays."
    elif part.ours:
        mistake = "Its deposit, which Tieout made, is taken back, and the payment is made void."
    else:
        mistake = "Take it out of its deposit in QuickBooks; then Tieout makes it void."
    return Problem(
        code=REMOVED,
        fix=Fix.CHOOSE,
        cause=core.payment_subject(row.source_id),
        title=f"A payment of {spoken(draft.amount, draft.currency)} of {draft.day:%-d %b %Y} was removed in "
        f"Clio, and it {where}.",
        words="Say whether the bank returned it, or whether it was entered by mistake.",
        amount=paid,
        facts={
            "for": core.payment_subject(row.source_id),
            "amount": str(draft.amount),
            "currency": draft.currency,
            "day": draft.day.isoformat(),
            "removed": "yes",
            "bank": account.name if account else "",
            "closed": "yes" if part.closed else "no",
            "closed_through": through.isoformat() if through else "",
            "deposit": "" if not part.deposit else "ours" if part.ours else "theirs",
            "mistake": mistake,
        },
    )


def _returned(
    context: Context, row: Document, answer: Answer, parts: list[_Part], said: core.Said
) -> Answer | Problem:
    """Want the entry of the return, dated the return, and the payment on it instead of on its invoices."""
    if said.day is None:
        return answer
    card = context.book.undeposited if said.what == core.CHARGEBACK else ""
    words = "Charged back by the card processor" if card else "Payment returned by the bank"
    wanted, kept = _entries(row, parts, said.day, words, card=card)
    if card and said.won is not None and answer.wanted:
        return _won(answer, parts, said.won, card=card, wanted=wanted)
    if said.fee:
        fee = core.bank_fee(
            fee=said.fee,
            account=said.fee_account,
            bank=parts[0].bank,
            day=said.day,
            number=f"RET-{row.source_id}-F",
            currency=parts[0].draft.currency,
        )
        wanted.append(Wanted(subject=core.payment_subject(row.source_id) + FEE, draft=fee))
    kept |= {link.subject for link in context.standing(row) if link.object_kind == ObjectKind.DEPOSIT.value}
    alarms: tuple[Problem, ...] = ()
    if answer.wanted:
        words = f"{words}, and Clio still counts it. Remove it there."
        cause = f"{core.payment_subject(row.source_id)} returned"
        alarms = (Problem(code="returned_not_removed", fix=Fix.LOOK, cause=cause, words=words),)
    return Answer(wanted=tuple(wanted), kept=frozenset(kept), alarms=alarms)


def _mistaken(context: Context, row: Document, answer: Answer, parts: list[_Part]) -> Answer | Problem:
    """Take a payment that never was out of the books: by an entry where it is closed, else void."""
    through = context.book.company.closed_through
    closed = [part for part in parts if part.closed]
    if not closed or through is None:
        return answer
    day = open_day(edited_on(context, row), through)
    wanted, kept = _entries(row, closed, day, "Payment entered by mistake")
    kept |= {link.subject for link in context.standing(row) if link.object_kind == ObjectKind.DEPOSIT.value}
    return Answer(wanted=tuple(wanted), kept=frozenset(kept))


def _won(answer: Answer, parts: list[_Part], day: date, *, card: str, wanted: list[Wanted]) -> Answer:
    """Let a payment pay its invoices again, and give back what was charged back by an entry of its own."""
    back = {one.subject: one for one in wanted if core.is_return(one.subject)}
    more: list[Wanted] = []
    for part in parts:
        subject = core.return_subject(part.subject)
        amount, given = part.draft.amount - part.less, subject + core.WON
        number = f"{getattr(back[subject].draft, 'number', '')}-W"
        entry = core.charged_back(
            part.draft, amount=-amount, account=card, day=day, number=number, words="Dispute won"
        )
        applied = core.settled_by(part.draft, back=subject, given=given, amount=amount, day=day)
        more += [back[subject], Wanted(subject=given, draft=entry)]
        more.append(Wanted(subject=given + parted.SETTLED, draft=applied))
    kept = answer.kept.union(*(part.kept | part.back.keys() for part in parts))
    return replace(answer, wanted=(*answer.wanted, *more), kept=kept)


def _entries(
    row: Document, parts: list[_Part], day: date, words: str, *, card: str = ""
) -> tuple[list[Wanted], set[str]]:
    """Draft an entry for each part, and move to it each payment that is not closed.

    `card` is the account of a processor's payouts, where it was the processor that took it back.
    """
    wanted: list[Wanted] = []
    kept: set[str] = set()
    for position, part in enumerate(parts):
        subject = core.return_subject(part.subject)
        suffix = f"-{position + 1}" if position else ""
        number = f"{'CB' if card else 'RET'}-{row.source_id}{suffix}"
        form, account = (core.charged_back, card) if card else (core.part_back, part.bank)
        left = part.draft.amount - part.less
        if left:
            entry = form(part.draft, amount=left, account=account, day=day, number=number, words=words)
            wanted.append(Wanted(subject=subject, draft=entry))
        sums = {**({subject: left} if left else {}), **part.back}
        kept |= part.back.keys() | part.kept
        if part.stays:
            kept.add(part.subject)
        else:
            taken = (Application(subject=s, kind=ObjectKind.JOURNAL, amount=a) for s, a in sums.items())
            moved = replace(part.draft, applications=tuple(taken))
            wanted.append(Wanted(subject=part.subject, draft=moved))
    return wanted, kept
