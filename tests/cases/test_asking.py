"""A question about an exception by mail: a link without an account, answered once, which proposes."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions, links
from accounts.models import AuditEvent
from accounts.roles import Role
from accounts.tenancy import firm_scope
from syncapp.core.problems import Fix, Problem
from syncapp.pipeline.asking import acts
from syncapp.pipeline.cases import tending
from syncapp.records.models import BookChoice, CaseAsk, Document
from tests import cast
from tests.cases.held import MONDAY, client, hold, release
from tests.desk import asked as cards
from tests.desk import books as seeded

if TYPE_CHECKING:
    from accounts.models import Books
    from syncapp.records.models import Case
    from tests.cast import House

pytestmark = pytest.mark.django_db
ADA = "ada@elsewhere.test"
TAKEN = Problem(
    code="duplicate_number", fix=Fix.CHOOSE, cause="bills/4", words="Number 4 of Acme Holdings is taken.",
    facts={"number": "4", "books_id": "130", "same": "no"},
)  # fmt: skip


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    at(monkeypatch, timedelta())


def at(monkeypatch: pytest.MonkeyPatch, later: timedelta) -> None:
    monkeypatch.setattr(timezone, "now", lambda: MONDAY + later)


@pytest.fixture
def alpha() -> House:
    return cast.firm("Alpha", now=MONDAY - timedelta(days=30))


@pytest.fixture
def books(alpha: House) -> Books:
    return cast.books(alpha)


@pytest.fixture
def case(alpha: House, books: Books) -> Case:
    """A bill of Acme Holdings whose number another invoice bears; Ada Attorney is responsible."""
    client(alpha, 5, "Acme Holdings")
    with firm_scope(write=alpha.firm.pk):
        matter = {"id": 11, "number": "00011-Acme", "responsible": "Ada Attorney", "client_id": 5}
        seeded.document(alpha, 11, kind="matter", data=matter)
    return hold(alpha, books, 4, why=TAKEN, client=5)


@pytest.fixture
def desk(alpha: House) -> Client:
    return cast.sign_in(Client(), alpha.bookkeeper)


def send(desk: Client, case: Case, **more: str) -> str:
    """Ask Ada with the question as it is proposed; give the path of the link."""
    page = desk.get(reverse("desk:ask", args=[case.pk]))
    form = page.context["form"]
    given = {name: str(form[name].value() or "") for name in form.fields}
    answer = desk.post(reverse("desk:ask", args=[case.pk]), given | {"email": ADA} | more, follow=True)
    assert answer.status_code == 200, answer.text
    return path_of(str(mail.outbox[-1].body))


def path_of(letter: str) -> str:
    found = re.search(r"https?://\S+?(/answer/\S+)", letter)
    assert found is not None
    return found[1]


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", page)).split())


def only(firm: int) -> CaseAsk:
    with firm_scope(write=None, reads=[firm]):
        return CaseAsk.objects.select_related("case").get(firm=firm)


def test_the_attorney_is_proposed_and_the_letter_names_no_client(desk: Client, case: Case) -> None:
    form = desk.get(reverse("desk:ask", args=[case.pk])).context["form"]
    send(desk, case)

    letter = mail.outbox[-1]
    assert form["name"].value() == "Ada Attorney"
    assert letter.to == [ADA]
    assert "bill 4 of $100.00, dated 14 Sep 2026" in letter.body
    assert "Acme" not in f"{letter.subject} {letter.body}"
    page = words(desk.get(reverse("desk:case", args=[case.pk])).text)
    assert f"Waiting for an answer from Ada Attorney ({ADA}) since 14 Sep 2026" in page
    assert "waits for Ada Attorney since 14 Sep 2026" in words(desk.get(reverse("desk:exceptions")).text)


def test_opening_answers_nothing_and_a_press_answers_once(desk: Client, case: Case, alpha: House) -> None:
    path, stranger = send(desk, case), Client()

    shown = stranger.get(path)
    assert [stranger.get(path).status_code, stranger.head(path).status_code] == [200, 200]
    assert shown["Cache-Control"].count("no-store") == 1
    assert "Acme" not in shown.text
    assert only(alpha.firm.pk).answered_at is None
    nothing = stranger.post(path, {"said": " "})
    assert (nothing.status_code, "Choose an answer, or write one." in nothing.text) == (422, True)

    done = stranger.post(path, {"choice": "It is another invoice", "said": "We sent both."})
    again = stranger.post(path, {"choice": "It is the same invoice"})

    assert "Thank you" in done.text
    assert "answered already" in again.text
    assert "answered already" in stranger.get(path).text
    assert only(alpha.firm.pk).label == "It is another invoice"
    assert mail.outbox[-1].to == [alpha.bookkeeper.email]


def test_the_answer_proposes_and_is_applied_with_one_press(desk: Client, case: Case, alpha: House) -> None:
    path = send(desk, case)
    Client().post(path, {"choice": "It is another invoice", "said": "We sent both."})
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        assert not BookChoice.objects.filter(firm=alpha.firm).exists(), "it posts nothing"

    page = desk.get(reverse("desk:case", args=[case.pk])).text
    assert page.count("Ada Attorney proposes: It is another invoice. “We sent both.”") == 2, "card, history"
    assert "Ada Attorney answered" in desk.get(reverse("desk:exceptions")).text
    hidden = r"<input type=.hidden. name=.(\w+). value=.(\w+)"
    door = re.search(rf"action=.(\S+/choose/).>\s+<input[^>]+>\s+{hidden}", page)
    assert door is not None, page
    desk.post(door[1], {door[2]: door[3]})

    with firm_scope(write=None, reads=[alpha.firm.pk]):
        kept = BookChoice.objects.get(firm=alpha.firm)
    assert (kept.subject, kept.answer, kept.by) == ("bills/4", "renumber", alpha.bookkeeper)


def test_words_alone_are_a_proposal_that_a_person_follows(desk: Client, case: Case) -> None:
    path = send(desk, case, choices="Ask the client first")
    Client().post(path, {"choice": "Ask the client first"})

    page = desk.get(reverse("desk:case", args=[case.pk])).text
    assert "Ada Attorney proposes: Ask the client first" in page
    assert "Apply:" not in page
    assert "Do as it says below, or not." in page


def test_a_correction_and_a_removed_payment_are_applied_by_their_own_answers(
    desk: Client, alpha: House, books: Books
) -> None:
    correction, removed = cards.correction(alpha, books), cards.removed(alpha, books)
    Client().post(send(desk, correction, name="Ada", person=""), {"choice": "Yes, post the correction"})
    Client().post(send(desk, removed, name="Ada", person=""), {"choice": "It was entered by mistake"})

    first = desk.get(reverse("desk:case", args=[correction.pk])).text
    assert (
        f'name="answer" value="approve:{cards.PRINT}">\n          <button class="btn" type="submit">Apply'
        in first
    )
    second = desk.get(reverse("desk:case", args=[removed.pk])).text
    assert 'name="what" value="mistake">\n          <button class="btn" type="submit">Apply' in second


def test_a_link_opens_nothing_once_it_ran_out_was_taken_back_or_its_maker_left(
    desk: Client, case: Case, alpha: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = send(desk, case)
    page = desk.post(reverse("desk:ask_end", args=[only(alpha.firm.pk).pk]), follow=True)
    assert "opens nothing any more" in page.text
    assert (Client().get(first).status_code, Client().post(first, {"said": "x"}).status_code) == (404, 404)

    second = send(desk, case, days="3")
    at(monkeypatch, timedelta(days=4))
    assert Client().get(second).status_code == 404

    third = send(desk, case)
    assert Client().get(third).status_code == 200
    actions.remove(member=alpha.member(Role.BOOKKEEPER), by=alpha.administrator, now=timezone.now())
    assert Client().post(third, {"said": "x"}).status_code == 404
    unknown = Client().get(reverse("desk:answer", args=[links.new(alpha.firm.pk, table=acts.TABLE)]))
    assert (unknown.status_code, "opens nothing any more" in unknown.text) == (404, True)
    assert "Alpha" not in unknown.text


def test_what_closed_meanwhile_needs_no_answer(desk: Client, case: Case, alpha: House, books: Books) -> None:
    path = send(desk, case)
    release(alpha, books, 4, now=MONDAY)

    assert "no answer is needed" in Client().post(path, {"said": "Renumber it."}).text
    assert only(alpha.firm.pk).answered_at is None


def test_who_does_not_answer_is_reminded_once_and_both_links_open(
    desk: Client, case: Case, alpha: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = send(desk, case)
    ask = only(alpha.firm.pk).pk
    assert acts.TOO_SOON in desk.post(reverse("desk:ask_remind", args=[ask]), follow=True).text

    for days in (1, 2, 3, 4):
        at(monkeypatch, timedelta(days=days))
        tending.tend(firm=alpha.firm, now=timezone.now())
    letters = [one for one in mail.outbox if one.subject.startswith("Reminder: ")]
    assert [one.to for one in letters] == [[ADA]]
    second = path_of(str(letters[0].body))
    assert second != first
    assert (Client().get(first).status_code, Client().get(second).status_code) == (200, 200)
    desk.post(reverse("desk:ask_remind", args=[ask]))
    assert mail.outbox[-1].subject.startswith("Reminder: "), "a person reminds again"

    Client().post(second, {"said": "Another one."})
    assert "answered already" in Client().get(first).text
    with firm_scope(write=None, reads=[alpha.firm.pk]):
        verbs = list(
            AuditEvent.objects.filter(firm=alpha.firm, verb__startswith="case.ask").order_by("number")
        )
    assert [(one.verb, one.actor_text) for one in verbs] == [
        ("case.asked", "Alpha bookkeeper"),
        ("case.ask_reminded", "Tieout"),
        ("case.ask_reminded", "Alpha bookkeeper"),
        ("case.ask_answered", f"Ada Attorney <{ADA}>"),
    ]


def test_a_letter_that_cannot_be_sent_leaves_no_link_and_an_hour_has_its_measure(
    desk: Client, case: Case, alpha: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_more: object) -> int:
        raise OSError("no mail server")

    given = {"name": "Ada", "email": ADA, "question": "Which?", "days": "7"}
    with monkeypatch.context() as broken:
        broken.setattr("accounts.notify.send", refuse)
        page = desk.post(reverse("desk:ask", args=[case.pk]), given)
    assert (page.status_code, "could not be sent" in page.text) == (422, True)
    assert only(alpha.firm.pk).ended_at is not None

    monkeypatch.setattr(acts, "ASKS_AN_HOUR", 1)
    assert "questions an hour" in desk.post(reverse("desk:ask", args=[case.pk]), given).text
    nobody = desk.post(reverse("desk:ask", args=[case.pk]), {"question": "Which?", "days": "90"})
    assert (nobody.status_code, "Give the name." in nobody.text) == (422, True)


def test_a_person_of_the_firm_is_chosen_and_the_attorneys_address_is_remembered(
    desk: Client, case: Case, alpha: House
) -> None:
    Client().post(send(desk, case), {"said": "Later."})
    form = desk.get(reverse("desk:ask", args=[case.pk])).context["form"]
    assert form["email"].value() == ADA

    with firm_scope(write=alpha.firm.pk):
        Document.objects.filter(firm=alpha.firm, kind="matter").update(data={"responsible": "Alpha partner"})
    form = desk.get(reverse("desk:ask", args=[case.pk])).context["form"]
    assert form["person"].value() == str(alpha.partner.pk)
