"""What keeps a difference from being posted as it is: trust, numbers taken, closed periods, deposits."""

from __future__ import annotations

from syncapp.core import codec, keys
from syncapp.core.books import Account
from syncapp.core.ledger import NAME_LISTS, Draft, InvoiceDraft, PaymentDraft, TrustJournalDraft, TwinDraft
from syncapp.core.planning.wanted import Answer, Wanted, closed
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline.context import Context, draft_of
from syncapp.pipeline.trust import twin_words
from syncapp.records.models import BookRow, Document, Link, PostingState


class Blocked(Exception):
    """A difference cannot be posted as it is; carries the Problem out of the comparison."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.words)
        self.problem = problem


def print_of(draft: Draft) -> str:
    """Return the fingerprint of a draft's content."""
    return keys.fingerprint(codec.to_json(draft))


def barred(context: Context, answer: Answer) -> Problem | None:
    """Return what keeps a wish from being posted as things stand, before anything is made for it."""
    try:
        for wanted in answer.wanted:
            check(context, wanted)
    except Blocked as blocked:
        return blocked.problem
    return None


def ends(context: Context, row: Document, answer: Answer) -> Problem | None:
    """Return what keeps the objects that a wish leaves out from being taken back as things stand."""
    wanted = {one.subject for one in answer.wanted} | answer.kept
    try:
        for link in context.standing(row):
            if link.subject not in wanted and link.content is not None and link.object_kind not in NAME_LISTS:
                check_changeable(context, draft_of(link.object_kind, link.content), None, link)
    except Blocked as blocked:
        return blocked.problem
    return None


def check(context: Context, wanted: Wanted) -> None:
    """Raise Blocked when the wanted object cannot be made or changed as things stand."""
    link, draft = context.links.get(wanted.subject), wanted.draft
    waiting = context.waiting.get(wanted.subject)
    if waiting is not None and waiting.state != PostingState.READY.value:
        return  # its outcome comes first; the next round compares again
    _check_wall(context, draft)
    if link is None and not wanted.adopt:
        _check_open(context, draft, _named(draft))
    if isinstance(draft, InvoiceDraft) and not wanted.adopt:
        _check_number(context, wanted.subject, draft)
    if link is None or link.print == print_of(draft) or link.content is None:
        return
    standing = draft_of(link.object_kind, link.content)
    check_changeable(context, standing, draft, link)


def _check_wall(context: Context, draft: Draft) -> None:
    """Refuse an operating entry that touches client money, whatever the rules say (DESIGN 6, row 3)."""
    if isinstance(draft, TrustJournalDraft):
        _check_trust(context, draft)
        return
    for line in draft.entry():
        account = context.book.chart.accounts.get(line.account)
        if line.account in context.walled or (account is not None and account.is_trust):
            name = account.name if account is not None else line.account
            raise Blocked(
                Problem(
                    code="trust_wall",
                    fix=Fix.MAP,
                    cause=f"account {line.account}",
                    words=f"This would post to “{name}”, which holds client money. Only trust entries may. "
                    "Choose another account in the mapping.",
                    facts={"account": line.account},
                )
            )


def _check_trust(context: Context, draft: TrustJournalDraft) -> None:
    """Refuse an entry of client money that leaves the two accounts of one pair, whatever planned it."""
    banks, liabilities = {line.account for line in draft.banks}, {line.account for line in draft.ledgers}
    within = [
        pair
        for pair in context.book.pairs.values()
        if banks <= {pair.bank} and liabilities <= {pair.liability}
    ]
    own = {context.place(line): line.account for line in draft.entry() if line.below}
    chart = context.book.chart
    accounts = {key: chart.accounts.get(key) for key in banks | liabilities | own.keys()}
    apart = {key for key, above in own.items() if key != above and not chart.is_below(key, above)}
    foreign = next(
        (
            key
            for key in sorted(accounts)
            if key in apart or not _of_client_money(accounts[key], key in banks)
        ),
        "",
    )
    if within and not foreign:
        return
    account = foreign or min(accounts)
    found = accounts[account]
    raise Blocked(
        Problem(
            code="trust_wall",
            fix=Fix.TRUST,
            cause=f"account {account}",
            words=f"An entry of client money would touch “{found.name if found else account}”, which is not "
            "of one trust account, or not active. Nothing of it posts; check the trust account's set-up.",
            facts={"account": account},
        )
    )


def _of_client_money(account: Account | None, bank: bool) -> bool:  # noqa: FBT001 - which of the two sides
    """Tell whether an account may hold client money on one side of an entry (qbo/API.md section 8.3)."""
    wanted = "Bank" if bank else "Other Current Liability"
    return account is not None and account.active and account.is_trust and account.type == wanted


def _check_open(context: Context, draft: Draft | None, what: str) -> None:
    """Refuse a day in the closed books before QuickBooks does (qbo/API.md section 11, row 5)."""
    problem = closed(getattr(draft, "day", None), context.book.company.closed_through, what)
    if problem is not None:
        raise Blocked(problem)


def _named(draft: Draft) -> str:
    kind, number = draft.kind.value.replace("_", " "), getattr(draft, "number", "")
    return f"{kind.capitalize()} {number}" if number else f"This {kind}"


def check_changeable(context: Context, standing: Draft, draft: Draft | None, link: Link) -> None:
    """Raise Blocked when what stands lies in a closed period, or in a deposit that the change would touch.

    What somebody else entered is never taken back by us.
    """
    if draft is None and isinstance(standing, TwinDraft):
        raise Blocked(twin_words.gone(link.subject, standing))
    for one in (standing, draft):
        _check_open(context, one, "What stands in the books")
    deposit = context.deposited.get(link.remote_id) if isinstance(standing, PaymentDraft) else None
    ours = context.links.get(context.subject_of.get(("deposit", deposit or ""), ""))
    if draft is None and ours is not None and ours.document_id == link.document_id:
        return  # the deposit that parts one payment ends with it
    relinked = context.book.relinks_deposited and only_relinked(standing, draft)
    if deposit is not None and not relinked:
        raise Blocked(
            Problem(
                code="deposited",
                fix=Fix.BOOKS,
                cause=f"payment {link.remote_id}",
                words="This payment is in a QuickBooks deposit and changed in Clio later. Take it out of the "
                "deposit in QuickBooks, then retry; if the bank returned it, say so on the payment.",
                facts={"payment": link.remote_id},
            )
        )


def only_relinked(standing: Draft, draft: Draft | None) -> bool:
    """Tell whether a payment only pays other invoices: its money and its deposit stay as they are."""
    if not isinstance(standing, PaymentDraft) or not isinstance(draft, PaymentDraft):
        return False
    return (standing.amount, standing.account) == (draft.amount, draft.account)


def _check_number(context: Context, subject: str, draft: InvoiceDraft) -> None:
    """Refuse a number that another sale of the books bears already (qbo/API.md section 11, row 2)."""
    number = draft.number
    link = context.links.get(subject)
    taken = [
        row
        for row in context.numbers.get(number.casefold(), [])
        if not (link and link.remote_id == row.remote_id and link.object_kind == row.kind)
    ]
    others = [row for row in taken if (row.kind, row.remote_id) not in context.subject_of]
    if others:
        raise Blocked(_taken(context, subject, draft, others[0]))
    ours = {context.subject_of[row.kind, row.remote_id] for row in taken} - {subject}
    ours |= context.numbered[number.casefold()] - {subject}
    if ours:
        words = f"Two bills in Clio bear the number {number}. Renumber one; the other is in the books."
        cause, facts = f"number {number}", {"number": number}
        raise Blocked(Problem(code="number_used_twice", fix=Fix.CLIO, cause=cause, words=words, facts=facts))


def _taken(context: Context, subject: str, draft: InvoiceDraft, row: BookRow) -> Problem:
    """Say that a sale of the books, not of ours, bears the number, and whether it is the same invoice."""
    return Problem(
        code="duplicate_number",
        fix=Fix.BOOKS,
        cause=f"number {draft.number}",
        words=f"{row.kind.replace('_', ' ').capitalize()} {draft.number} stands in QuickBooks already and "
        "is not from Tieout. If it is the same, link it; if not, renumber one of the two.",
        facts={
            "for": subject,
            "books_id": row.remote_id,
            "number": draft.number,
            "total": str(row.total),
            "same": "yes" if _same(context, draft, row) else "no",
        },
    )


def _same(context: Context, draft: InvoiceDraft, row: BookRow) -> bool:
    """Tell whether an invoice of the books is this one: customer (if it is linked), day and total."""
    link = context.links.get(draft.customer)
    known = link is None or link.remote_id == row.customer
    return known and row.kind == "invoice" and (row.day, row.total) == (draft.day, draft.total)
