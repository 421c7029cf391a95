"""Records are kept as long as each place demands and no shorter: auditor 9."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.tenancy import firm_scope
from syncapp.pipeline import connect
from tests import cast
from tests.cast import House
from tests.mapping import world as mapped
from tests.trust import kept
from trust import jurisdictions, retention
from trust.models import DeletionRequest
from trust.queries import retention as query
from trust.retention import JOURNALS, STATEMENTS, Kept, Reason

CLOSED, LAST = date(2019, 5, 14), date(2019, 5, 2)


def of(code: str, *, last: date = LAST, balance: int = 0, closed: date | None = CLOSED) -> Reason:
    place = jurisdictions.of(code)
    return retention.of_ledger("IOLTA", place, last_day=last, balance=balance, closed_on=closed)


@pytest.mark.parametrize(
    ("code", "until"),
    [
        ("IL", date(2026, 5, 14)), ("CA", date(2024, 5, 14)), ("FL", date(2025, 5, 14)),
        ("WA", date(2026, 5, 2)), ("NY", date(2026, 5, 2)), ("NC", date(2025, 12, 31)),
        ("ON", date(2029, 12, 31)), ("EW", date(2025, 5, 2)), ("", date(2026, 5, 14)),
    ],
)  # fmt: skip
def test_each_place_counts_its_years_from_its_own_beginning(code: str, until: date) -> None:
    assert of(code).until == until


def test_an_open_matter_and_money_still_held_are_kept_without_a_day() -> None:
    assert of("IL", closed=None).until is None
    assert of("WA", balance=1).until is None
    assert "holds $0.01" in of("WA", balance=1).words


def test_an_entry_after_the_closing_counts_and_29_february_loses_no_day() -> None:
    assert of("IL", last=date(2020, 1, 9)).until == date(2027, 1, 9)
    assert retention.later(date(2024, 2, 29), 7) == date(2031, 3, 1)


def test_ontario_keeps_its_comparison_ten_years_and_the_rest_six() -> None:
    place = jurisdictions.of("ON")
    comparison = retention.of_year("Trust", place, 2026, JOURNALS, ledgers=[of("ON")])
    rest = retention.of_year("Trust", place, 2026, STATEMENTS, ledgers=[of("ON")])

    assert [one.until for one in comparison] == [date(2036, 12, 31)]
    assert [one.until for one in rest] == [date(2032, 12, 31)]
    assert list(retention.sorts(place)) == [JOURNALS, STATEMENTS]
    assert list(retention.sorts(jurisdictions.of("IL"))) == [JOURNALS]


def test_the_records_of_a_year_stay_while_a_matter_that_they_name_is_open() -> None:
    place = jurisdictions.of("IL")
    ended = retention.of_year("IOLTA", place, 2019, JOURNALS, ledgers=[of("IL", last=date(2021, 3, 3))])
    still = retention.of_year("IOLTA", place, 2019, JOURNALS, ledgers=[of("IL"), of("IL", closed=None)])

    assert Kept(reasons=ended).until == date(2028, 3, 3)
    assert Kept(reasons=still).until is None


def test_nothing_under_hold_may_go_and_the_last_day_itself_is_kept() -> None:
    one = Kept(reasons=(of("IL"),))
    assert not one.may_go(date(2026, 5, 14))
    assert one.may_go(date(2026, 5, 15))
    assert not Kept(reasons=one.reasons, holds=("A claim",)).may_go(date(2030, 1, 1))
    assert not Kept(reasons=()).may_go(date(2030, 1, 1))


@pytest.fixture
def house(db: None) -> House:
    """A firm in Illinois with an open matter, one closed in May 2019, and one closed in May 2025."""
    made = cast.firm("Alpha")
    pair = kept.account(made)
    for number, closed in ((7, CLOSED), (8, date(2025, 5, 14)), (9, None)):
        kept.matter(made, number, closed_on=closed, client=number)
        kept.spent(made, pair, number, date(2019, 2, 1), LAST)
    return made


def on(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """Let it be noon of a day."""
    monkeypatch.setattr(
        timezone, "now", lambda: cast.NOW.replace(year=day.year, month=day.month, day=day.day)
    )


def ask(client: Client, kind: str, key: str):
    return client.post(reverse("trust:delete", args=[kind, key]), follow=True)


def test_deletion_is_refused_with_the_day_then_by_the_hold_and_then_noted(
    client: Client, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.sign_in(client, house.partner)
    on(monkeypatch, date(2026, 5, 14))
    page = ask(client, "matters", "7")
    assert page.status_code == 409
    assert "kept until 14 May 2026" in page.text

    on(monkeypatch, date(2026, 9, 14))
    address = reverse("trust:hold", args=["contacts", "7"])
    assert client.post(address, {"reason": ""}).status_code in {404, 422}
    held = client.post(reverse("trust:hold", args=["matters", "7"]), {"reason": "Claim 26-114"}, follow=True)
    assert "Claim 26-114" in held.text
    page = ask(client, "matters", "7")
    assert page.status_code == 409
    assert "under legal hold: Claim 26-114" in page.text

    hold = page.context["holds"][0][0]
    client.post(reverse("trust:lift", args=[hold.pk]), {"reason": "Settled"})
    page = ask(client, "matters", "7")
    assert page.status_code == 200
    assert "Nothing keeps 00007-Client 7 Client 7 any longer." in page.text
    with firm_scope(write=None, reads=[house.firm.pk]):
        answers = list(DeletionRequest.objects.order_by("pk").values_list("refused", "until"))
        verbs = AuditEvent.objects.filter(firm=house.firm, verb__startswith="trust.").order_by("number")
        told = [one.verb for one in verbs]
    assert answers == [(True, CLOSED.replace(year=2026))] * 2 + [(False, CLOSED.replace(year=2026))]
    assert told == [
        "trust.deletion_refused", "trust.hold_set", "trust.deletion_refused", "trust.hold_lifted",
        "trust.deletion_noted",
    ]  # fmt: skip


def test_the_page_says_what_is_kept_until_when_and_is_narrowed(client: Client, house: House) -> None:
    cast.sign_in(client, house.auditor)

    page = client.get(reverse("trust:retention"))
    free = client.get(reverse("trust:retention"), {"show": "free"})

    assert "2 clients and matters are kept, 1 may go." in page.text
    for words in (
        "14 May 2026",
        "14 May 2032",
        "no day yet",
        "IOLTA, 2019: all records",
    ):
        assert words in page.text
    assert "00007-Client 7" in free.text
    assert "00008-Client 8" not in free.text
    assert "Set a legal hold" not in client.get(reverse("trust:kept", args=["matters", "7"])).text


def test_a_hold_on_a_client_or_on_the_firm_keeps_what_belongs_to_it(house: House) -> None:
    kept.matter(house, 10, closed_on=CLOSED, client=7)
    kept.held(house, "firm", "all", "Audit of the bar")
    with firm_scope(write=None, reads=[house.firm.pk]):
        found = query.records(house.firm, date(2026, 9, 14))

    assert all(one.kept.holds == ("Audit of the bar",) for one in found.every)
    whole = found.find("firm", "all", "all")
    assert whole is not None
    assert whole.kept.holds == ("Audit of the bar",)
    assert not whole.kept.may_go(date(2099, 1, 1))


def test_holds_and_answers_are_never_changed(house: House) -> None:
    kept.held(house, "matters", "7")
    for table in ("trust_legalhold", "trust_holdlift", "trust_deletionrequest"):
        for act in (f"delete from {table}", f"update {table} set firm_id = firm_id"):
            with (
                pytest.raises(IntegrityError, match="only ever added"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(act)


def test_the_links_of_books_with_client_money_are_not_forgotten_while_its_records_are_kept(db: None) -> None:
    house = cast.firm("Beta")
    books = mapped.mirrored(house)
    pair = kept.account(house, books=books)
    kept.matter(house, 7, closed_on=CLOSED)
    kept.spent(house, pair, 7, date(2019, 2, 1), LAST)

    def forget() -> str | None:
        return connect.purge(
            firm_id=house.firm.pk, books_id=books.pk, typed_name=mapped.COMPANY.name, by=house.administrator,
            now=cast.NOW,
        )  # fmt: skip

    assert "whose records are kept until 31 Dec 2033" in str(forget())
    kept.matter(house, 9)
    kept.money(house, pair, 90, LAST, 5_00, 9)
    assert "nobody can name the day yet. Nothing was forgotten." in str(forget())


def test_the_list_prints_and_its_csv_says_the_same(client: Client, house: House) -> None:
    cast.sign_in(client, house.auditor)
    printed = client.get(reverse("trust:retention_file"))
    rows = list(csv.reader(io.StringIO(
        client.get(reverse("trust:retention_file"), {"format": "csv"}).content.decode("utf-8-sig")
    )))  # fmt: skip

    assert printed.content.startswith(b"%PDF-")
    told = {row[0]: row[1] for row in rows if len(row) > 1}
    assert told["00007-Client 7 Client 7"] == "2026-05-14"
    assert told["00009-Client 9 Client 9"] == "no day yet"
