"""What a deposit that a person made asks of the books: one Deposit, and the fee that came apart from it."""

from __future__ import annotations

from syncapp.core.ledger import DepositDraft, EntryLine, JournalDraft, ObjectKind
from syncapp.core.money import spoken
from syncapp.core.planning.wanted import Answer, Wanted
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline.context import Context
from syncapp.pipeline.deposits import waiting
from syncapp.records.models import BankDeposit, BookRow, Document

KIND, RESOURCE = "deposit", "deposits"  # of the document that stands for a deposit
CHARGE = "charge"  # of the document of a processor's charge, which asks for nothing
KINDS = (KIND, CHARGE)
FEE, FEE_OF_TRUST = "Fee of the processor", "Fee of the processor for client money"


def subject_of(deposit_id: int) -> str:
    """Return the subject of a deposit."""
    return f"{RESOURCE}/{deposit_id}"


def number_of(deposit_id: int) -> str:
    """Return the number by which people call a deposit."""
    return f"D{deposit_id}"


def answer(context: Context, row: Document) -> Answer | Problem:
    """Want the deposit, while nobody has taken it back. What stands is wanted as it was posted."""
    if row.kind == CHARGE:
        return Answer(skipped="It did not come from Clio.")
    made = BankDeposit.objects.filter(
        firm_id=context.firm_id, books_id=context.books_id, pk=row.source_id
    ).first()
    if made is None:
        return Answer(skipped="it is of another set of books")
    if made.ended_at is not None:
        return Answer(skipped=f"taken back: {made.ended_words}")
    subject = subject_of(made.pk)
    wanted = drafts(made, undeposited=context.book.undeposited, currency=context.book.company.currency)
    if isinstance(context.content(subject), DepositDraft):
        standing = ((name, context.content(name) or draft) for name, draft in wanted)
        return Answer(wanted=tuple(Wanted(subject=name, draft=draft) for name, draft in standing))
    if problem := _otherwise(context, made):
        return problem
    return Answer(wanted=tuple(Wanted(subject=name, draft=draft) for name, draft in wanted))


def drafts(
    made: BankDeposit, *, undeposited: str, currency: str
) -> list[tuple[str, DepositDraft | JournalDraft]]:
    """Return what a deposit posts, by subject. Its fee of client money is never in a trust account."""
    apart = made.apart or not made.rows
    fees = [
        EntryLine(account=made.fee_account, amount=amount, memo=words)
        for amount, words in ((made.fee, FEE), (0 if apart else made.trust_fee, FEE_OF_TRUST))
        if amount
    ]
    found: list[tuple[str, DepositDraft | JournalDraft]] = []
    subject, number = subject_of(made.pk), number_of(made.pk)
    gathered = [(f"id:{row['id']}", ObjectKind(row["kind"]), int(row["amount"])) for row in made.rows]
    if made.rows and made.total < 0:
        short = _short(made, undeposited=undeposited, currency=currency)
        found.append((f"{subject}/short", short))
        gathered.append((f"{subject}/short", ObjectKind.JOURNAL, -made.total))
    if made.rows:
        deposit = DepositDraft(
            day=made.day,
            bank=made.bank,
            undeposited=undeposited,
            payments=tuple(key for key, _, _ in gathered),
            amounts=tuple(amount for _, _, amount in gathered),
            kinds=tuple(kind for _, kind, _ in gathered),
            lines=tuple(fees),
            currency=currency,
            memo=f"Tieout deposit {number}" + (f", payout {made.payout.key}" if made.payout else ""),
        )
        found.append((subject, deposit))
    if apart and made.trust_fee:
        lines = (
            EntryLine(account=made.fee_account, amount=made.trust_fee, memo=FEE_OF_TRUST),
            EntryLine(account=made.bank, amount=-made.trust_fee, memo=FEE_OF_TRUST),
        )
        memo = f"{FEE_OF_TRUST}, {number}"
        journal = JournalDraft(number=f"PF{made.pk}", day=made.day, lines=lines, memo=memo, currency=currency)
        found.append((f"{subject}/fee", journal))
    return found


def _short(made: BankDeposit, *, undeposited: str, currency: str) -> JournalDraft:
    """Take from the bank what a payout took more than it brought: no deposit is below zero there.

    The deposit then gathers it with the rest, and comes to nothing.
    """
    words = f"Taken by the processor, {number_of(made.pk)}"
    lines = (
        EntryLine(account=undeposited, amount=-made.total, memo=words),
        EntryLine(account=made.bank, amount=made.total, memo=words),
    )
    return JournalDraft(number=f"PS{made.pk}", day=made.day, lines=lines, memo=words, currency=currency)


def _otherwise(context: Context, made: BankDeposit) -> Problem | None:
    """Say what became of what it gathers since a person ticked it: somebody was faster in QuickBooks."""
    inside = waiting.deposited(firm_id=context.firm_id, books_id=context.books_id)
    ids = [row["id"] for row in made.rows]
    rows = BookRow.objects.filter(firm_id=context.firm_id, books_id=context.books_id, remote_id__in=ids)
    stands = {(row.kind, row.remote_id): row for row in rows.filter(kind__in=waiting.DEPOSITABLE)}
    for one in made.rows:
        place, amount = (str(one["kind"]), str(one["id"])), int(one["amount"])
        row, words = stands.get(place), f"{one['words']} of {spoken(amount, context.book.company.currency)}"
        if row is None or row.deleted or row.voided:
            return _changed(made, f"{words} is not in QuickBooks any more.")
        if place in inside:
            return _changed(made, f"{words} lies in deposit {inside[place]} of QuickBooks already.")
        if row.total != abs(amount):
            now = spoken(row.total, context.book.company.currency)
            return _changed(made, f"{words} stands in QuickBooks with {now} now.")
        if row.data.get("account", "") not in {"", context.book.undeposited} and row.kind == waiting.PAYMENT:
            return _changed(made, f"{words} is not in Undeposited Funds any more.")
    return None


def _changed(made: BankDeposit, words: str) -> Problem:
    number = number_of(made.pk)
    return Problem(
        code="deposit_changed",
        fix=Fix.BOOKS,
        cause=subject_of(made.pk),
        title=f"Deposit {number} cannot post as it was made.",
        words=f"Deposit {number} of {made.day:%-d %b %Y} was not posted. {words}",
        facts={"deposit": str(made.pk)},
    )
