"""What a firm costs while little happens: Clio's calls are bounded, and paid reads have a reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.tenancy import firm_scope
from syncapp.emulators.qbo import backdoor, seed
from syncapp.metrics import collect
from syncapp.pipeline import refresh
from syncapp.pipeline.notices import news
from syncapp.qbo.webhooks import Notice
from syncapp.records.models import BookCursor, BookRow, Case, DailyUse
from tests.bench.steady import CHANGES, Day, day
from tests.house.scrape import figures

QUIET, NEWS = 11, 17  # Clio's calls of a poll, of the fifty that a minute allows


@pytest.fixture
def heard(db: Any) -> Iterator[Day]:
    with day() as one:
        yield one


@pytest.fixture
def unheard(db: Any) -> Iterator[Day]:
    with day(heard=False) as one:
        yield one


def bill(one: Day) -> None:
    one.scene.bill(one.scene.matters[-1].id, issued_at=one.now.date())


def cursor(one: Day) -> BookCursor:
    with firm_scope(write=None, reads=[one.scene.on.firm.pk]):
        return BookCursor.objects.get(firm=one.scene.on.firm)


def test_a_poll_with_nothing_new_costs_eleven_calls_and_no_read(heard: Day) -> None:
    asked = heard.quiet()

    assert asked["clio"] == QUIET
    assert asked["qbo"] == asked["metered"] == 0
    assert heard.spent()["clio"] == sum(days(heard, "clio"))

    heard.minutes(16)  # lists that seldom change are read again; write-offs only when something is new
    assert heard.poll()["clio"] == NEWS - 1

    bill(heard)  # something new may name what is new in them
    heard.minutes(1)
    assert QUIET < heard.poll()["clio"] <= NEWS


def test_the_figures_of_a_firm_at_work(heard: Day) -> None:
    firm, books = heard.scene.on.firm.slug, heard.scene.on.books.name
    heard.scene.on.desk("write_off", bill=bill_of(heard), amount="1.00")
    heard.poll()
    seen = figures(collect.text(now=heard.now + timedelta(seconds=5)).decode())

    assert seen["tieout_posted_total", (firm, "qbo")] == heard.posted() > 0
    assert seen["tieout_vendor_calls_total", (firm, "clio")] == heard.spent()["clio"]
    assert seen["tieout_metered_reads_total", (firm, "qbo")] == heard.spent()["metered"]
    assert seen["tieout_clio_read_age_seconds", (firm,)] == pytest.approx(5, abs=1)
    assert seen["tieout_tie_out_age_seconds", (books, firm)] == pytest.approx(5, abs=1)
    assert seen["tieout_tie_out_equal", (books, firm)] == 1
    assert seen["tieout_runs_last_day", (firm, "done")] >= 3
    assert seen["tieout_webhook_heard_age_seconds", (firm, "qbo")] < 60
    assert {seen[key] for key in seen if key[0] == "tieout_connected"} == {1}
    assert (seen["tieout_held", (firm,)], seen["tieout_uncertain", (firm,)]) == (0, 0)


def bill_of(one: Day) -> int:
    return int(next(iter(one.scene.on.world.tables["Bill"])))


def days(one: Day, provider: str) -> list[int]:
    with firm_scope(write=None, reads=[one.scene.on.firm.pk]):
        rows = DailyUse.objects.filter(firm=one.scene.on.firm, provider=provider)
        return list(rows.values_list("calls", flat=True))


def test_a_day_of_changes_costs_one_read_for_twenty(heard: Day) -> None:
    before = heard.posted()

    asked = heard.live()

    assert asked["posted"] == heard.posted() - before >= CHANGES
    assert asked["metered"] <= 0.05 * CHANGES
    assert heard.echoes >= CHANGES  # each of our writes was told to us
    assert heard.woken == 0  # and none of them made anybody look
    heard.scene.assert_once()


def test_without_notices_the_books_are_looked_at_before_posting_and_once_only(unheard: Day) -> None:
    unheard.quiet()
    bill(unheard)
    unheard.minutes(10)
    first = unheard.poll()
    bill(unheard)
    unheard.minutes(2)
    second = unheard.poll()

    assert (first["metered"], first["posted"]) == (1, 1)
    assert (second["metered"], second["posted"]) == (0, 1)


def test_somebody_elses_change_is_looked_at_when_it_is_told(heard: Day) -> None:
    backdoor.add(heard.scene.on.company, "Customer", {"DisplayName": "A walk-in"})
    heard.deliver()
    heard.minutes(1)

    asked = heard.poll()

    assert (heard.woken, asked["metered"]) == (1, 1)
    with firm_scope(write=None, reads=[heard.scene.on.firm.pk]):
        assert BookRow.objects.filter(firm=heard.scene.on.firm, name="A walk-in").exists()
    heard.minutes(1)
    assert heard.poll()["metered"] == 0


def test_what_our_own_writing_touches_is_no_news(heard: Day) -> None:
    ids = {"firm_id": heard.scene.on.firm.pk, "books_id": heard.scene.on.books.pk}
    bill(heard)
    heard.minutes(1)
    heard.poll()

    def news_of(entity: str, operation: str = "update", key: str = "1") -> bool:
        told = Notice(realm="1", entity=entity, id=key, operation=operation)
        return news.hear(**ids, notices=[told], now=heard.now)

    ours = heard.scene.store("Invoice")[-1]
    assert not news_of("Invoice", "create", ours["Id"])
    assert not news_of("Customer", key=ours["CustomerRef"]["value"])
    assert not news_of("Account")  # its balance moved with our entry
    assert not news_of("Vendor")  # nothing that is kept
    assert news_of("Item")  # somebody made it active again, perhaps for a bill that waits for it
    assert news_of("Invoice", "create", "99999")
    assert news_of("Invoice", "update", heard.scene.store("Invoice")[0]["Id"])
    heard.minutes(16)
    assert news_of("Account")
    assert news_of("Customer", key=ours["CustomerRef"]["value"])
    assert not news_of("Invoice", "create", ours["Id"])  # it was made once, however late we are told


def test_a_hand_soon_after_our_own_writing_is_news(heard: Day) -> None:
    """The echo bears the instant of our write; what changed later is somebody's, and so is what is gone."""
    ids = {"firm_id": heard.scene.on.firm.pk, "books_id": heard.scene.on.books.pk}
    bill(heard)
    heard.minutes(1)
    heard.poll()
    ours = heard.scene.store("Invoice")[-1]
    stamped = datetime.fromisoformat(ours["MetaData"]["LastUpdatedTime"])

    def news_of(operation: str, *, seconds: int = 0) -> bool:
        at = stamped + timedelta(seconds=seconds)
        told = Notice(realm="1", entity="Invoice", id=ours["Id"], operation=operation, changed_at=at)
        return news.hear(**ids, notices=[told], now=heard.now)

    assert not news_of("update", seconds=1)
    assert news_of("update", seconds=30)
    assert news_of("delete")
    assert news_of("void")


def test_a_customer_made_unseen_is_found_after_the_refusal(heard: Day) -> None:
    """The notice is lost; QuickBooks refuses the name, and that is the reason to look."""
    client = heard.scene.client("Lost Notice LLC")
    backdoor.add(heard.scene.on.company, "Customer", {"DisplayName": "Lost Notice LLC"})
    heard.scene.on.company.events.clear()
    matter = heard.scene.matter(client.id)
    heard.scene.bill(matter.id, issued_at=heard.now.date())
    heard.minutes(1)
    blind = heard.poll()
    heard.minutes(1)
    seen = heard.poll()

    assert blind["metered"] == 0
    assert seen["metered"] > 0
    found = [row for row in heard.scene.store("Customer") if row["DisplayName"] == "Lost Notice LLC"]
    assert len(found) == 1
    assert any(row["CustomerRef"]["value"] for row in heard.scene.store("Invoice"))
    heard.scene.assert_once()


def test_a_product_made_inactive_unseen_is_one_case_from_the_first_refusal(heard: Day) -> None:
    """QuickBooks does not say what is inactive: the lists are looked at, and the plan names it."""
    company, matter = heard.scene.on.company, heard.scene.fresh_matter()
    heard.poll()
    backdoor.set_active(company, "Item", seed.item(company, "Legal Fees"), active=False)
    company.events.clear()
    heard.scene.bill(matter, issued_at=heard.now.date())
    heard.minutes(1)
    heard.poll()

    with firm_scope(write=None, reads=[heard.scene.on.firm.pk]):
        cases = list(Case.objects.filter(firm_id=heard.scene.on.firm.pk))
    assert [case.code for case in cases] == ["inactive_item"]
    assert "Legal Fees" in cases[0].title


def test_settings_are_read_when_told_or_when_the_past_is_touched(heard: Day) -> None:
    ids = {"firm_id": heard.scene.on.firm.pk, "books_id": heard.scene.on.books.pk}
    assert not refresh.settings_due(**ids, now=heard.now)

    told = Notice(realm="1", entity="Preferences", id="1", operation="update")
    assert news.hear(**ids, notices=[told], now=heard.now)
    assert refresh.settings_due(**ids, now=heard.now)
    heard.poll()
    assert not refresh.settings_due(**ids, now=heard.now)

    assert news.listening(cursor(heard), now=heard.now)
    heard.minutes(60 * 24 + 1)
    assert not news.listening(cursor(heard), now=heard.now)  # silence is trusted for a day
    assert not refresh.settings_due(**ids, now=heard.now)
    heard.minutes(7 * 60 * 24)
    assert refresh.settings_due(**ids, now=heard.now)
