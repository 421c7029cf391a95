"""What people ask of the road from these pages. The verbs themselves live in the pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts import actions as firms
from accounts import audit
from accounts.tenancy import firm_scope
from mapping import placing
from syncapp.desk.queries import views
from syncapp.pipeline import queue
from syncapp.pipeline.adoption import accepting
from syncapp.pipeline.cases import alike, choices, elsewhere, mending, taking_back
from syncapp.pipeline.clock import schedule
from syncapp.pipeline.drifting import answers
from syncapp.pipeline.trust import restoring
from syncapp.pipeline.undoing import acts
from syncapp.records.models import Case, CaseView

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import date, datetime

    from django.core.files.uploadedfile import UploadedFile

    from accounts.models import Books, User
    from mapping.placing import Wish
    from syncapp.core.planning.returns import Said
    from syncapp.pipeline.undoing.refusals import Rights


def sync_now(*, firm_id: int, by: User, now: datetime) -> None:
    """Make the firm due at once, and keep who asked."""
    with firm_scope(write=firm_id):
        audit.record(firm_id=firm_id, actor=by, verb="run.started", kind="run", text="a run", now=now)
    schedule.ask(firm_id=firm_id, now=now)


def retry(
    *,
    firm_id: int,
    case_ids: Sequence[int],
    hold_ids: Sequence[int],
    everything: bool,
    by: User,
    now: datetime,
) -> int:
    """Ask for another try and wake the firm; return how many records are tried."""
    asked = queue.retry(
        firm_id=firm_id, case_ids=case_ids, hold_ids=hold_ids, everything=everything, by=by, now=now
    )
    if asked:
        schedule.ask(firm_id=firm_id, now=now)
    return asked


def revive(*, firm_id: int, case_id: int, by: User, clock: Callable[[], datetime]) -> str | None:
    """Make active in the books what a case is about and wake the firm; a sentence when it cannot be."""
    refusal = mending.revive(firm_id=firm_id, case_id=case_id, by=by, clock=clock)
    if refusal is None:
        schedule.ask(firm_id=firm_id, now=clock())
    return refusal


def map_here(*, firm_id: int, case_id: int, wish: Wish, choice: str, by: User, now: datetime) -> str:
    """Put a case's own choice in force as a rule and wake the firm; a sentence when it cannot be."""
    with firm_scope(write=firm_id):
        case = Case.objects.filter(firm_id=firm_id, pk=case_id, closed_at__isnull=True).first()
        if case is None or case.books is None:
            return choices.CLOSED
        refusal = placing.put_in_force(books=case.books, wish=wish, choice=choice, actor=by, now=now)
        if refusal:
            return refusal
        said = placing.said(wish, choice)
        audit.record(
            firm_id=firm_id,
            actor=by,
            verb="case.mapped",
            kind="case",
            id=case.pk,
            text=case.title,
            after={"said": said},
            now=now,
        )
    schedule.ask(firm_id=firm_id, now=now)
    return ""


def choose(*, firm_id: int, case_id: int, answer: str, by: User, now: datetime) -> str | None:
    """Keep an answer to a case and wake the firm; a sentence when it cannot be taken.

    A customer that is inactive is made active in the books first.
    """
    refusal = mending.revive_chosen(
        firm_id=firm_id, case_id=case_id, answer=answer, by=by, clock=lambda: now
    ) or choices.choose(firm_id=firm_id, case_id=case_id, answer=answer, by=by, now=now)
    if refusal is None:
        schedule.ask(firm_id=firm_id, now=now)
    return refusal


def give_all(
    *, firm_id: int, code: str, tokens: Sequence[str], by: User, now: datetime
) -> tuple[int, list[str]]:
    """Give one answer to many cases and wake the firm; how many took it, and why others did not."""
    taken, refusals = alike.give(firm_id=firm_id, code=code, tokens=tokens, by=by, now=now)
    if taken:
        schedule.ask(firm_id=firm_id, now=now)
    return taken, refusals


def hand(
    *, firm_id: int, case_id: int, answer: str, reason: str, by: User, today: date, now: datetime
) -> str | None:
    """Keep what a person decides of a hand in the books and wake the firm; a sentence when it cannot be."""
    refusal = answers.answer(
        firm_id=firm_id, case_id=case_id, answer=answer, reason=reason, by=by, today=today, now=now
    )
    if refusal is None:
        schedule.ask(firm_id=firm_id, now=now)
    return refusal


def restore_trust(
    *, firm_id: int, case_id: int, place: str, shown: str, way: str, by: User, now: datetime
) -> str | None:
    """Have an entry of client money posted as it was, or corrected, and wake the firm; or say why not."""
    refusal = restoring.restore(
        firm_id=firm_id, case_id=case_id, place=place, shown=shown, way=way, by=by, now=now
    )
    if refusal is None:
        schedule.ask(firm_id=firm_id, now=now)
    return refusal


def adopt(*, firm_id: int, books_id: int, ids: Sequence[int] | None, by: User, now: datetime) -> int | str:
    """Adopt what stands in the books, all that is certain or some, and wake the firm."""
    done = accepting.accept(firm_id=firm_id, books_id=books_id, ids=ids, by=by, now=now)
    if isinstance(done, int) and done:
        schedule.ask(firm_id=firm_id, now=now)
    return done


def settle_elsewhere(
    *,
    firm_id: int,
    case_id: int,
    reason: str,
    proof: elsewhere.Proof | None,
    partner: bool,
    by: User,
    now: datetime,
) -> int | str:
    """Keep that all that a case holds is settled elsewhere and wake the firm; how many, or why not."""
    found = elsewhere.settle(
        firm_id=firm_id, case_id=case_id, reason=reason, proof=proof, partner=partner, by=by, now=now
    )
    if isinstance(found, int):
        schedule.ask(firm_id=firm_id, now=now)
    return found


def settle_many(
    *,
    firm_id: int,
    case_ids: Sequence[int],
    reason: str,
    file: UploadedFile[Any] | None,
    by: User,
    now: datetime,
) -> tuple[int, int] | str:
    """Keep that all that some cases hold is settled elsewhere, and wake the firm; how many, how many stay."""
    content = b"".join(file.chunks()) if file else b""
    proof = elsewhere.Proof(name=file.name or "evidence", content=content) if file else None
    found = elsewhere.settle_many(
        firm_id=firm_id, case_ids=case_ids, reason=reason, proof=proof, by=by, now=now
    )
    if not isinstance(found, str):
        schedule.ask(firm_id=firm_id, now=now)
    return found


def take_back(*, firm_id: int, case_id: int, by: User, now: datetime) -> int:
    """Let what was settled elsewhere be planned again and wake the firm; how many records."""
    found = elsewhere.take_back(firm_id=firm_id, case_id=case_id, by=by, now=now)
    if found:
        schedule.ask(firm_id=firm_id, now=now)
    return found


def take_answer_back(
    *, firm_id: int, case_id: int, every: bool, by: User, now: datetime
) -> taking_back.Taken | str:
    """Take back an answer that no run has carried out, and wake the firm; how many, or why not."""
    found = taking_back.take_back(firm_id=firm_id, case_id=case_id, every=every, by=by, now=now)
    if not isinstance(found, str):
        schedule.ask(firm_id=firm_id, now=now)
    return found


def undo(
    *,
    firm_id: int,
    documents: Collection[int],
    shown: str,
    reason: str,
    again: bool,
    rights: Rights,
    run_id: int | None,
    by: User,
    now: datetime,
) -> int | str:
    """Undo some records as they were looked at and wake the firm; how many, or why not."""
    found = acts.undo(
        firm_id=firm_id, documents=documents, shown=shown, reason=reason, again=again, rights=rights,
        run_id=run_id, by=by, now=now,
    )  # fmt: skip
    if isinstance(found, int):
        schedule.ask(firm_id=firm_id, now=now)
    return found


def send_again(
    *, firm_id: int, documents: Collection[int], rights: Rights, by: User, now: datetime
) -> int | str:
    """Let undone records be sent again and wake the firm; how many, or why not."""
    found = acts.send_again(firm_id=firm_id, documents=documents, rights=rights, by=by, now=now)
    if isinstance(found, int):
        schedule.ask(firm_id=firm_id, now=now)
    return found


def returned(*, firm_id: int, case_id: int, said: Said, by: User, now: datetime) -> str | None:
    """Keep what happened to a payment and wake the firm; a sentence when it cannot be taken."""
    refusal = choices.returned(firm_id=firm_id, case_id=case_id, said=said, by=by, now=now)
    if refusal is None:
        schedule.ask(firm_id=firm_id, now=now)
    return refusal


def say_returned(*, firm_id: int, document_id: int, said: Said, by: User, now: datetime) -> str | None:
    """Keep that the bank returned a payment and wake the firm; a sentence when it cannot be taken."""
    refusal = choices.say_returned(firm_id=firm_id, document_id=document_id, said=said, by=by, now=now)
    if refusal is None:
        schedule.ask(firm_id=firm_id, now=now)
    return refusal


def take_return_back(*, firm_id: int, document_id: int, by: User, now: datetime) -> str | None:
    """Take back that the bank returned a payment, before the run; a sentence when it cannot be."""
    return taking_back.take_word_back(firm_id=firm_id, document_id=document_id, by=by, now=now)


def add_books(*, firm_id: int, name: str, by: User, now: datetime) -> Books:
    """Add a set of books."""
    with firm_scope(write=firm_id):
        return firms.add_books(firm_id=firm_id, name=name, ledger="qbo", by=by, now=now)


def exported(*, firm_id: int, what: str, by: User, now: datetime) -> None:
    """Keep in the log that somebody took a list out, in the open scope of the firm."""
    audit.record(firm_id=firm_id, actor=by, verb="export.made", kind="list", text=what, now=now)


def keep_view(*, firm_id: int, user: User, everywhere: bool, name: str, query: str) -> bool:
    """Keep a filter of the exceptions under a name of the person's; False when there are too many."""
    with firm_scope(write=firm_id):
        mine = CaseView.objects.filter(firm_id=firm_id, user=user, everywhere=everywhere)
        if mine.exclude(name=name).count() >= views.MOST:
            return False
        mine.update_or_create(
            name=name,
            defaults={"query": query},
            create_defaults={
                "firm_id": firm_id, "user": user, "everywhere": everywhere, "name": name, "query": query
            },
        )  # fmt: skip
    return True


def drop_view(*, view: CaseView) -> None:
    """Forget a view that a person kept."""
    with firm_scope(write=view.firm_id):
        CaseView.objects.filter(firm_id=view.firm_id, pk=view.pk).delete()
