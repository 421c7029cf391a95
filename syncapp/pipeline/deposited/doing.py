"""Does what a person chose for a payment that changed in its deposit, step by step.

Each step looks at what stands now, so that it is done once whatever happened between two of them: the deposit
is opened, the payment changed, the deposit put together again; or the payment stays, and an entry says the
rest. There is never a second payment.
"""

from __future__ import annotations

from dataclasses import replace

from syncapp.core import codec
from syncapp.core.documents import Kind
from syncapp.core.ledger import Application, DepositDraft, JournalDraft, ObjectKind, SlipDraft
from syncapp.core.money import spoken
from syncapp.core.planning import returns
from syncapp.core.planning.corrections import open_day
from syncapp.core.planning.wanted import Answer, Wanted
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline.context import Context
from syncapp.pipeline.deposited import slips
from syncapp.pipeline.deposited.asking import (
    AGAIN,
    CREDIT,
    ENTRY,
    Part,
    moves,
    parts_of,
    print_of_wish,
    question,
    stuck,
    subject_of,
)
from syncapp.pipeline.reading.edited import edited_on
from syncapp.pipeline.settling.barriers import print_of
from syncapp.records.models import Document, Link


def amend(context: Context, row: Document, answer: Answer) -> Answer | Problem:
    """Repair a payment that changed in its deposit as a person chose, or ask."""
    if row.kind != Kind.PAYMENT.value or not answer.wanted:
        return answer
    if returns.said(context.choices.get(returns.payment_subject(row.source_id), "")) is not None:
        return answer
    parts = parts_of(context, answer)
    if not parts:
        return answer
    stays = replace(answer, kept=answer.kept | {slips.subject_of(answer, parts)})
    way, _, rest = context.choices.get(subject_of(row.source_id), "").partition(":")
    shown, _, told = rest.partition(":")
    if way and shown == print_of_wish(parts):
        deposit, _, gap = told.partition(":")
        if way == AGAIN:
            return _again(context, row, answer, parts, deposit, int(gap))
        held = next((part for part in parts if part.deposit), None)
        return stays if held is None else _stays(context, row, stays, held, way)
    if any(stuck(context, part) for part in parts):
        return question(context, row, answer, parts)
    return stays


def _again(
    context: Context, row: Document, answer: Answer, parts: list[Part], deposit: str, gap: int
) -> Answer | Problem:
    """Open the deposit, change the payment, put the deposit together again: the step that is next."""
    subject, mine = slips.subject_of(answer, parts), frozenset(part.subject for part in parts)
    differing = [part for part in parts if part.differs]
    if inside := [part for part in differing if part.deposit]:
        opened = _opened(context, row, answer, parts, inside)
        if opened is None:
            return question(context, row, answer, parts)
        return replace(answer, wanted=opened, kept=answer.kept | mine, more=True)
    if differing:
        payments = tuple(one for one in answer.wanted if not isinstance(one.draft, DepositDraft))
        return replace(answer, wanted=payments, kept=answer.kept | {subject}, more=True)
    return _put_back(context, answer, parts, deposit, gap)


def _opened(
    context: Context, row: Document, answer: Answer, parts: list[Part], inside: list[Part]
) -> tuple[Wanted, ...] | None:
    """Want the deposit without the payments that change, or none at all where it holds nothing else.

    None where that cannot be done from what is known of the deposit.
    """
    deposit, subject = inside[0].deposit, slips.subject_of(answer, parts)
    stands = slips.standing(context, answer, parts, deposit)
    if stands is None or any(part.deposit != deposit for part in inside):
        return None
    if subject not in context.links:
        _take_up(context, row, subject, deposit, stands)
    if isinstance(stands, DepositDraft):
        return ()
    for part in inside:
        stands = stands.without(f"Payment:{part.link.remote_id}")
    return (Wanted(subject=subject, draft=stands),)


def _take_up(context: Context, row: Document, subject: str, deposit: str, stands: slips.Slip) -> None:
    """Take up somebody's deposit as it stands, while it is being changed."""
    link = Link.objects.create(
        firm_id=context.firm_id,
        books_id=context.books_id,
        subject=subject,
        generation=context.generations.get(subject, 0) + 1,
        object_kind=ObjectKind.DEPOSIT.value,
        remote_id=deposit,
        adopted=True,
        content=codec.to_json(stands),
        print=print_of(stands),
        document=row,
        at=row.read_at,
    )
    context.keep(link)


def _put_back(context: Context, answer: Answer, parts: list[Part], deposit: str, gap: int) -> Answer:
    """Put the changed payments into their deposit; once it is whole it is its maker's again."""
    subject = slips.subject_of(answer, parts)
    link = context.links.get(subject)
    wanted, whole = answer.wanted, all(part.deposit for part in parts)
    if link is not None and isinstance(stands := context.content(subject), SlipDraft):
        if whole:
            Link.objects.filter(firm_id=context.firm_id, pk=link.pk).update(live=False)
            context.drop(link)
        else:
            wanted = (*wanted, Wanted(subject=subject, draft=slips.together(answer, stands, parts)))
    elif slips.wanted_of(answer) is None and (taken := slips.taken_back(context, subject, deposit)):
        wanted = (*wanted, Wanted(subject=subject, draft=slips.together(answer, taken, parts)))
    alarms = (*answer.alarms, _differs_from_bank(parts[0], gap)) if whole and gap else answer.alarms
    return replace(answer, wanted=wanted, kept=answer.kept | {subject}, alarms=alarms, more=not whole)


def _differs_from_bank(part: Part, gap: int) -> Problem:
    """Say that the deposit and the bank line may be apart now, and by how much."""
    currency = part.wanted.currency
    less = "less" if gap > 0 else "more"
    return Problem(
        code="deposit_differs",
        fix=Fix.LOOK,
        cause=part.subject,
        title=f"A deposit is {spoken(abs(gap), currency)} {less} than what the bank has received.",
        words=f"The payment in it was changed to {spoken(part.wanted.amount, currency)}. The bank line is of "
        f"the deposit as it was, {spoken(abs(gap), currency)} {'more' if gap > 0 else 'less'}.",
        facts={"amount": str(gap), "currency": currency},
    )


def _stays(context: Context, row: Document, answer: Answer, part: Part, way: str) -> Answer | Problem:
    """Leave payment and deposit as the bank has them; an entry, or the client's credit, says the rest."""
    bank, liability = context.deposit_bank.get(part.deposit, ""), context.book.options.retainer_account
    free = moves(context, part)
    rest = tuple(one for one in answer.wanted if one.subject != part.subject)
    entry = None
    if way == ENTRY:
        entry = _entry(context, row, part, bank, "Payment corrected after its deposit")
    elif not free:
        if liability is None:
            return question(context, row, answer, [part])
        entry = _entry(context, row, part, liability.id, "The bank received more: held for the client")
    back = returns.part_subject(part.subject)
    pays = part.wanted.applications
    if entry is not None:
        rest = (*rest, Wanted(subject=back, draft=entry))
        pays = (*pays, Application(subject=back, kind=ObjectKind.JOURNAL, amount=part.gap))
    if free:
        rest = (Wanted(subject=part.subject, draft=replace(part.standing, applications=pays)), *rest)
    kept = answer.kept if free else answer.kept | {part.subject}
    alarms = (*answer.alarms, _credit(part)) if way == CREDIT else answer.alarms
    return replace(answer, wanted=rest, kept=kept, alarms=alarms)


def _entry(context: Context, row: Document, part: Part, account: str, words: str) -> JournalDraft:
    """Draft the entry, dated the day of the change; once it stands it keeps its day."""
    stands = context.content(returns.part_subject(part.subject))
    through = context.book.company.closed_through
    day = edited_on(context, row) if through is None else open_day(edited_on(context, row), through)
    kept = stands.day if isinstance(stands, JournalDraft) else max(day, part.standing.day)
    number = f"COR-{row.source_id}"
    return returns.part_back(
        part.standing, amount=part.gap, account=account, day=kept, number=number, words=words
    )


def _credit(part: Part) -> Problem:
    """Say that the bank has more of a client than Clio."""
    currency = part.wanted.currency
    return Problem(
        code="client_credit",
        fix=Fix.CLIO,
        cause=part.subject,
        title=f"The bank received {spoken(part.gap, currency)} more than Clio says of a payment.",
        words=f"The bank received {spoken(part.standing.amount, currency)}, Clio says "
        f"{spoken(part.wanted.amount, currency)}: {spoken(part.gap, currency)} is the client's credit.",
        facts={"amount": str(part.gap), "currency": currency},
    )
