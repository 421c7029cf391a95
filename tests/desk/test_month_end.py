"""The month end from the first look to the lock, and what a later change does to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from accounts.tenancy import firm_scope
from syncapp.emulators.qbo import backdoor
from syncapp.http.errors import Revoked
from syncapp.pipeline.clock import troubles
from syncapp.pipeline.models import Trouble
from syncapp.pipeline.months.models import MonthEnd, MonthStep
from tests.delivery.scene import Scene, scene
from tests.stage import firm_file

pytestmark = pytest.mark.django_db
OCTOBER = "2026-10"
HOST = {"host": "127.0.0.1"}


class Office:
    """A bookkeeper and a partner before the month end of October."""

    def __init__(self, at: Scene) -> None:
        self.at = at
        self.bookkeeper = self._signed_in("books@ash-birch.test")
        self.partner = self._signed_in("partner@ash-birch.test")

    @staticmethod
    def _signed_in(email: str) -> Client:
        client = Client(headers=HOST)
        client.force_login(User.objects.get(email=email))
        return client

    def address(self, name: str = "month", **more: Any) -> str:
        return reverse(f"desk:{name}", kwargs={"books_id": self.at.on.books.pk, "month": OCTOBER, **more})

    def page(self) -> str:
        return str(self.bookkeeper.get(self.address()).text)

    def does(self, who: Client, name: str, **given: str) -> str:
        return str(who.post(self.address(f"month_{name}"), given, follow=True).text)

    def compared(self) -> str:
        """Draw and compare, and sign every invoice off."""
        self.does(self.bookkeeper, "draw")
        return self.signed_off()

    def signed_off(self, words: str = "") -> str:
        shown = self.bookkeeper.get(self.address()).context
        for each, form, _ in shown["drawn"]:
            if form is not None:
                address = self.address("month_look", reading_id=each.reading.pk)
                went = self.bookkeeper.post(address, {"words": words})
                assert went.status_code != 302 or went["Location"].endswith(f"#invoice-{each.row.place}")
        return self.page()

    def locked(self) -> str:
        """Take the month all the way."""
        self.compared()
        self.does(self.bookkeeper, "submit")
        return self.lock()

    def lock(self, **given: str) -> str:
        seen = self.partner.get(self.address()).context["page"].figures.digest
        return self.does(self.partner, "lock", seen=seen, **given)

    def state(self) -> str:
        with firm_scope(write=None, reads=[self.at.on.firm.pk]):
            return MonthEnd.objects.get(firm=self.at.on.firm).state

    def steps(self) -> list[MonthStep]:
        with firm_scope(write=None, reads=[self.at.on.firm.pk]):
            return list(MonthStep.objects.filter(firm=self.at.on.firm))


def _without_hours(line: dict[str, Any]) -> dict[str, Any]:
    detail = line["SalesItemLineDetail"]
    return {name: value for name, value in detail.items() if name not in {"Qty", "UnitPrice"}}


@contextmanager
def office(*, bills: int = 3, drawn: int = 3) -> Iterator[Office]:
    """Bills of October in both systems, the first one paid."""
    file = firm_file()
    file["people"].append({"email": "partner@ash-birch.test", "role": "partner"})
    file["month_end"] = {"invoices": drawn}
    with scene(file=file) as at:
        made = at.bills(bills)
        at.pay(made[0].id, amount="100.00")
        at.sync()
        yield Office(at)


def test_a_month_is_drawn_compared_signed_off_submitted_and_locked() -> None:
    with office() as desk:
        before = desk.page()
        assert "<h1>1 thing is left to do for October 2026.</h1>" in before
        assert "Draw the month&#x27;s invoices and compare them first." in before

        ready = desk.compared()

        assert "<h1>October 2026 is ready to be submitted.</h1>" in ready
        assert "3 invoices compared line by line and signed off; every line agrees." in ready
        assert "525" in ready  # an hour's rate, on both sides
        page = desk.bookkeeper.get(desk.address()).context["page"]
        sums = {name: count for name, count, _ in page.sums}
        assert sums == {"Billed in Clio": 3, "Received": 1, "Change of receivables in the books": 4}
        desk.does(desk.bookkeeper, "submit")
        locked = desk.lock()
        assert "<h1>October 2026 is locked.</h1>" in locked
        assert [row.act for row in desk.steps()] == ["submitted", "locked"]
        assert len({row.digest for row in desk.steps()}) == 1
        assert "Every month is locked." in desk.bookkeeper.get(reverse("desk:months")).text
        with firm_scope(write=None, reads=[desk.at.on.firm.pk]):
            verbs = set(AuditEvent.objects.filter(verb__startswith="month.").values_list("verb", flat=True))
        assert verbs == {"month.drawn", "month.looked_at", "month.submitted", "month.locked"}


def test_a_side_that_was_not_read_for_more_than_a_day_keeps_the_month_open() -> None:
    with office() as desk:
        on, now = desk.at.on, timezone.now()
        troubles.note(firm_id=on.firm.pk, provider="clio", error=Revoked("Clio refused our access."), now=now)
        assert "That side was not read" not in desk.page(), "both were read today"
        with firm_scope(write=on.firm.pk):
            Trouble.objects.update(since=now - timedelta(days=2))

        told = desk.page()

        assert "Clio refused our access. That side was not read since" in told
        assert reverse("desk:connections") in told
        desk.compared()
        assert "That side was not read" in desk.does(desk.bookkeeper, "submit")
        troubles.clear(firm_id=on.firm.pk, provider="clio", now=now)
        assert "<h1>October 2026 is ready to be submitted.</h1>" in desk.page()


def test_the_same_seed_stays_and_a_second_draw_is_refused() -> None:
    with office(bills=4, drawn=2) as desk:
        desk.does(desk.bookkeeper, "draw")
        first = [each.row.document_id for each, _, _ in desk.bookkeeper.get(desk.address()).context["drawn"]]

        again = desk.does(desk.bookkeeper, "draw")

        assert "drawn already" in again
        shown = desk.bookkeeper.get(desk.address()).context["drawn"]
        assert [each.row.document_id for each, _, _ in shown] == first
        assert len(first) == 2


def test_an_invoice_whose_hours_somebody_changed_in_quickbooks_differs_and_needs_words() -> None:
    """The amount stays, so that no total shows it: only the line does."""
    with office() as desk:
        invoice = desk.at.store("Invoice")[0]
        line = next(one for one in invoice["Line"] if one.get("SalesItemLineDetail", {}).get("Qty"))
        line["SalesItemLineDetail"] |= {"Qty": Decimal("2.0"), "UnitPrice": line["Amount"] / 2}

        desk.does(desk.bookkeeper, "draw")
        shown = desk.page()

        assert "Clio bills 4 at 525, the books show 2 at 1050." in shown
        refused = desk.signed_off()
        assert "1 drawn invoice not signed off yet." in refused
        assert "3 invoices compared line by line and signed off; 1 of them with a reason." in desk.signed_off(
            "The client asked for it in these hours."
        )


def test_nothing_of_a_locked_month_posts_until_a_partner_opens_it_again() -> None:
    with office() as desk:
        desk.locked()
        late = desk.at.bill(desk.at.matters[0].id)
        desk.at.sync()

        (held,) = desk.at.holds()
        assert held.code == "closed_period"
        assert "closed through 31 Oct 2026" in held.words
        assert len(desk.at.store("Invoice")) == 3

        assert "Give the reason" in desk.does(desk.partner, "reopen", words=" ")
        desk.does(desk.partner, "reopen", words="A bill of the last day was approved late.")
        desk.at.sync()

        assert not desk.at.holds()
        assert any(one["DocNumber"] == late.number for one in desk.at.store("Invoice"))
        assert desk.state() == "open"


def test_a_later_change_brings_a_locked_month_back_with_who_and_what() -> None:
    with office() as desk:
        desk.locked()
        invoice = desk.at.store("Invoice")[1]
        lines = [dict(one) for one in invoice["Line"]]
        lines[0] |= {"Amount": lines[0]["Amount"] + 5, "SalesItemLineDetail": _without_hours(lines[0])}
        backdoor.edit(desk.at.on.company, "Invoice", invoice["Id"], {"Line": lines})

        desk.at.on.sync()

        assert desk.state() == "changed"
        moved = desk.steps()[-1]
        assert (moved.act, moved.name) == ("moved", "Tieout")
        assert f"somebody in QuickBooks changed invoice {invoice['DocNumber']}" in moved.text
        page = desk.page()
        assert "<h1>October 2026 changed after it was locked.</h1>" in page
        assert "Nothing posts into this month" in page


def test_who_submits_and_locks_alone_gives_a_reason_and_others_may_not() -> None:
    with office() as desk:
        desk.compared()
        desk.does(desk.partner, "submit")

        assert "Say why nobody else locks it." in desk.lock()
        assert desk.state() == "submitted"
        assert desk.bookkeeper.post(desk.address("month_lock"), {"seen": "x"}).status_code == 403
        assert "is locked." in desk.lock(reason="I am the only lawyer of the firm.")
        assert desk.steps()[-1].separation == "I am the only lawyer of the firm."


def test_a_month_sent_back_says_why_and_figures_that_moved_are_not_locked() -> None:
    with office() as desk:
        desk.compared()
        desk.does(desk.bookkeeper, "submit")
        seen = desk.partner.get(desk.address()).context["page"].figures.digest
        assert "Say what is to be done" in desk.does(desk.partner, "send_back", words="")
        stays = desk.partner.post(desk.address("month_lock"), {"seen": "x", "reason": "Alone this week"})
        assert "A figure moved while you read." in stays.text
        back = desk.does(desk.partner, "send_back", words="Ask Mr Vega about invoice 2 first.")
        assert "Ask Mr Vega about invoice 2 first." in back
        desk.does(desk.bookkeeper, "submit")
        desk.at.bill(desk.at.matters[0].id)
        desk.at.on.sync()  # the submission is taken back by what arrived

        refused = desk.does(desk.partner, "lock", seen=seen)

        assert "It is submitted first." in refused
        assert [row.act for row in desk.steps()] == ["submitted", "returned", "submitted", "moved"]


def test_client_money_that_waits_is_not_carried() -> None:
    with office() as desk:
        desk.compared()
        desk.at.on.desk("trust_deposit", matter=desk.at.matters[0].id, amount="500", date=date(2026, 10, 9))
        desk.at.sync()  # no trust account is set up, so it is held

        assert "1 exception of client money must be cleared first." in desk.page()
        assert "must be cleared first" in desk.does(desk.bookkeeper, "submit", reason="Next month")
        assert desk.steps() == []


def test_what_waits_is_carried_with_a_reason_and_a_tie_that_breaks_blocks() -> None:
    with office() as desk:
        desk.compared()
        item = next(one for one in desk.at.store("Item") if one["Name"] == "Legal Fees")
        backdoor.set_active(desk.at.on.company, "Item", item["Id"], active=False)
        desk.at.bill(desk.at.matters[0].id)
        desk.at.sync()

        page = desk.page()

        assert "1 record of" in page
        assert "stay open over the month" in page
        refused = desk.bookkeeper.post(desk.address("month_submit"), {"reason": " "})
        assert refused.status_code == 422
        errors = refused.context["submit_form"].errors
        assert "Say why the open exceptions are carried" in errors["reason"][0]
        done = desk.does(desk.bookkeeper, "submit", reason="The item is mapped anew in November.")
        assert "waits for its lock" in done
        assert desk.steps()[-1].text == "The item is mapped anew in November."


def test_the_lines_are_handed_out_and_a_month_of_nobody_is_not_there() -> None:
    with office() as desk:
        desk.compared()

        file = desk.bookkeeper.get(desk.address("month_file") + "?format=csv").content.decode()

        assert file.splitlines()[0].startswith("\ufeffInvoice,Clio,Hours,Rate,Amount")
        assert "2100.00" in file
        wrong = reverse("desk:month", kwargs={"books_id": desk.at.on.books.pk, "month": "2026-13"})
        assert desk.bookkeeper.get(wrong).status_code == 404
