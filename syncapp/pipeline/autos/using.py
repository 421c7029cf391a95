"""Rules at work: what they would answer now, and answering it, each record at most once for a cause.

What a rule answered and what comes back under the same cause is left to a person.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from accounts import audit
from accounts.tenancy import firm_scope
from syncapp.pipeline.autos import rules as autos
from syncapp.pipeline.autos.rules import Rule
from syncapp.pipeline.cases import alike
from syncapp.records.models import AutoUse, BookChoice, Case, Hold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User
    from syncapp.pipeline.cases.alike import One


def run(*, firm_id: int, books_id: int, now: datetime) -> int:
    """Answer what the firm's rules answer in one set of books; return how many cases. In no scope."""
    with firm_scope(write=None, reads=[firm_id]):
        standing = [rule for rule in autos.of_firm(firm_id) if rule.on]
        if not standing:
            return 0
        authors = autos.authors(firm_id=firm_id, now=now)
        living = [rule for rule in standing if rule.by in authors]
        found = would(firm_id=firm_id, books_id=books_id, rules=living)
    return sum(_use(rule, one, authors[rule.by], now) for rule, one in found)


def would(*, firm_id: int, books_id: int | None, rules: Sequence[Rule]) -> list[tuple[Rule, One]]:
    """Return what rules would answer now: each case once, by the first rule that fits. In a reading scope."""
    taken: set[int] = set()
    answered: list[tuple[Rule, One]] = []
    names = autos.names_of(firm_id=firm_id, rules=rules)
    for rule in rules:
        for one in _open(firm_id, books_id, rule):
            if one.case.pk not in taken and one.holds and rule.fits(one, names):
                taken.add(one.case.pk)
                answered.append((rule, one))
    used = _used(firm_id, [hold for _, one in answered for hold in one.holds])
    said = _said(firm_id, [one for _, one in answered])
    return [
        (rule, one)
        for rule, one in answered
        if not _subjects(one) & said and not any((hold.document_id, rule.cause) in used for hold in one.holds)
    ]


def _subjects(one: One) -> set[str]:
    """Return what an answer to a case is kept under."""
    if "for" in one.case.facts:
        return {str(one.case.facts["for"])}
    return {f"{hold.resource}/{hold.source_id}" for hold in one.holds}


def _said(firm_id: int, found: Sequence[One]) -> set[str]:
    """Return what a person answered already: no rule answers it otherwise."""
    subjects = [subject for one in found for subject in _subjects(one)]
    rows = BookChoice.objects.filter(firm_id=firm_id, subject__in=subjects)
    return set(rows.values_list("subject", flat=True))


def _open(firm_id: int, books_id: int | None, rule: Rule) -> list[One]:
    """List the open cases that would take a rule's answer."""
    books = {} if books_id is None else {"books_id": books_id}
    rows = Case.objects.filter(firm_id=firm_id, code=rule.cause, closed_at__isnull=True, **books)
    found: list[One] = []
    for one in {case.books_id: case for case in rows.order_by("pk")}.values():
        found += alike.of(one, rule.answer)
    return found


def _used(firm_id: int, holds: Sequence[Hold]) -> set[tuple[int, str]]:
    rows = AutoUse.objects.filter(firm_id=firm_id, document__in=[hold.document_id for hold in holds])
    return set(rows.values_list("document_id", "cause"))


def _use(rule: Rule, one: One, author: User, now: datetime) -> bool:
    """Give a rule's answer to one case, and keep that it did; False when the card does not take it."""
    case = one.case
    through = _through(rule, author)
    refusal = alike.answer_one(
        firm_id=case.firm_id, case_id=case.pk, code=case.code, answer=one.answer, by=author, now=now,
        through=through,
    )  # fmt: skip
    if refusal is not None:
        return False
    with firm_scope(write=case.firm_id):
        AutoUse.objects.bulk_create(
            AutoUse(
                firm_id=case.firm_id,
                case=case,
                document=hold.document,
                cause=rule.cause,
                rule=rule.name,
                says=rule.says,
                amount=hold.amount,
                author=author,
                at=now,
            )
            for hold in one.holds
        )
        audit.record(
            firm_id=case.firm_id, actor=through, verb="case.auto_resolved", kind="case",
            id=case.pk, text=case.title[:300], after={"rule": rule.name, "says": rule.says}, now=now,
        )  # fmt: skip
    return True


def _through(rule: Rule, author: User) -> str:
    """Name who answered, for the log: the rule, and the person who stands for it."""
    return f"Rule “{rule.name}” of {author}"
