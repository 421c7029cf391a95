"""What a document asks of the accounts of client money: the part of settling that is walled off.

A payment from trust is two entries of one movement. They are parts of one document that are planned apart:
the trust leg posts although the bill is held (DESIGN section 9, rules d and i).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from syncapp.core import codec
from syncapp.core.documents import Money, Payment
from syncapp.core.ledger import TrustCheckDraft, TrustJournalDraft
from syncapp.core.money import spoken
from syncapp.core.planning.trust.entries import named
from syncapp.core.planning.trust.pairs import account_key
from syncapp.core.planning.trust.plan import plan_leg
from syncapp.core.planning.wanted import Answer, foreign
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline.context import Context
from syncapp.pipeline.settling.barriers import print_of
from syncapp.pipeline.trust import twins
from syncapp.records.models import Document, PostingState
from trust import rules
from trust.nouns import Movement

BELOW = "trust_below_zero"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a document's wish: what it is, and whether it is client money."""

    answer: Answer | Problem
    trust: bool


def movements(context: Context, document: Money | Payment) -> dict[str, Movement] | Problem:
    """Return what a document does to each trust account, as the practice system links it.

    A deposit that came back is one of the deposits, with the one that it takes back.
    """
    told = rules.movements(document, context.book.matters, context.known, transfers=context.transfers)
    if isinstance(told, Problem):
        return told
    back = context.returned
    return {
        account: replace(one, kind="deposit", returns=back[one.subject]) if one.subject in back else one
        for account, one in told.items()
    }


def is_deposit(context: Context, payment: Payment) -> bool:
    """Tell whether a payment only brings client money: it pays trust requests, or nothing that is known."""
    bills = [context.bills.get(part.bill_id or 0) for part in payment.allocations]
    asked = all(bill is None or bill.trust_request for bill in bills)
    into = payment.into_trust or any(row.amount > 0 for row in payment.trust_rows)
    return asked and (into or any(bill is not None for bill in bills))


def parts(context: Context, row: Document, document: Money | Payment) -> list[Part]:
    """Return the parts of client money of a document; none when trust is not set up for any of them."""
    told = movements(context, document)
    standing = of_trust(context, row)
    if isinstance(told, Problem):
        return [Part(_untold(context, document, told), trust=True)] if context.book.pairs else []
    lost = twins.lost(context, standing, told)
    if not lost and not any(account_key(account) in context.book.pairs for account in told):
        gone = Answer(skipped="the movement was removed")
        return [Part(gone, trust=True)] if standing and not told else []
    legs = [_leg(context, document.currency, account, moved) for account, moved in told.items()]
    return [Part(leg, trust=True) for leg in _merged([*legs, *lost], standing)]


def _leg(context: Context, currency: str, account: str, moved: Movement) -> Answer | Problem:
    """Return what one trust account is asked for: by what the books have of it already, if they do."""
    standing = context.content(moved.subject)
    checks = isinstance(standing, TrustCheckDraft) if standing is not None else None
    planned = _below(context, account, moved) or plan_leg(account, moved, context.book, checks=checks)
    if isinstance(planned, Answer) and planned.wanted:
        home = context.book.company.currency
        planned = foreign("This movement of client money", currency, home) or planned
    return twins.leg(context, account, moved, planned, tell=movements)


def _below(context: Context, account: str, moved: Movement) -> Problem | None:
    """Hold what would take a ledger below zero where the firm chose that; what stands already stays."""
    balance = context.overdrawn.get(moved.subject)
    if balance is None or context.stands(moved.subject):
        return None
    ledger = next(key for key, amount in moved.ledgers if amount < 0)
    currency = context.book.company.currency
    return Problem(
        code=BELOW,
        fix=Fix.TRUST,
        cause=moved.subject,
        words=f"{spoken(-balance, currency)} too little stands in {account} for "
        f"{named(ledger, context.book)}, and the firm holds what would take a ledger below zero. It happened "
        "in Clio all the same: restore the money, and record the deposit there.",
        facts={"ledger": ledger, "account": account, "balance": str(balance)},
    )


def _untold(context: Context, document: Money | Payment, problem: Problem) -> Answer | Problem:
    """Leave out what nobody can tell where it lies before the start date of its account."""
    pair = context.book.pairs.get(account_key(document.bank_account))
    if pair is not None and document.day < pair.start:
        return Answer(skipped="before the start date of this trust account")
    return problem


def _merged(legs: Iterable[Answer | Problem], standing: frozenset[str]) -> list[Answer | Problem]:
    """Put what is wanted into one answer. What only waits, or is left out, stays as it stands."""
    problems = [leg for leg in legs if isinstance(leg, Problem)]
    answers = [leg for leg in legs if isinstance(leg, Answer)]
    if not answers:
        return list(problems)
    wanted = tuple(one for answer in answers for one in answer.wanted)
    left_out = bool(problems) or any(answer.skipped for answer in answers)
    kept = standing if left_out else frozenset[str]()
    whole = Answer(
        wanted=wanted,
        alarms=tuple(alarm for answer in answers for alarm in answer.alarms),
        skipped="" if wanted else answers[0].skipped,
        kept=kept,
    )
    return [whole, *problems]


def unapproved(context: Context, answer: Answer) -> Problem | None:
    """Say which entry of client money waits for approval before it is sent; None when all of it may post."""
    for wanted in answer.wanted:
        draft, link = wanted.draft, context.links.get(wanted.subject)
        waiting, print_ = context.waiting.get(wanted.subject), print_of(wanted.draft)
        sent = waiting is not None and waiting.state != PostingState.READY.value
        if not isinstance(draft, TrustJournalDraft) or sent or (link is not None and link.print == print_):
            continue
        problem = context.approvals.of(
            subject=wanted.subject,
            amount=draft.total,
            print_=print_,
            entry=json.dumps(codec.to_json(draft)),
        )
        if problem is not None:
            return problem
    return None


def is_trust(data: dict[str, Any] | None) -> bool:
    """Tell whether a kept draft is an entry of client money."""
    return data is not None and "ledgers" in data


def of_trust(context: Context, row: Document) -> frozenset[str]:
    """Return what stands, or is on its way, of a document's client money."""
    return frozenset(subject for subject in _subjects(context, row) if _in_trust(context, subject))


def keeping(context: Context, row: Document, part: Part) -> Answer | Problem:
    """Return a part that leaves alone what the document's other parts stand for."""
    if isinstance(part.answer, Problem):
        return part.answer
    mine = of_trust(context, row)
    others = frozenset(_subjects(context, row)) - mine if part.trust else mine
    return replace(part.answer, kept=part.answer.kept | others)


def _subjects(context: Context, row: Document) -> set[str]:
    return context.own.get(row.pk, set()) | context.coming.get(row.pk, set())


def _in_trust(context: Context, subject: str) -> bool:
    link, waiting = context.links.get(subject), context.waiting.get(subject)
    return is_trust(link.content if link else None) or is_trust(waiting.draft if waiting else None)
