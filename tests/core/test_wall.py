"""Client money is walled off, three times: by the planner's guard, by the roles, by the database itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.tenancy import firm_scope
from syncapp.core.books import Account
from syncapp.core.problems import Problem
from syncapp.pipeline.context import Context
from syncapp.pipeline.loading import load
from syncapp.pipeline.settling import wishes
from syncapp.pipeline.settling.barriers import Blocked, check
from syncapp.pipeline.ties.book import role_of
from syncapp.records.models import PostedEntry, PostedLine, Posting
from tests.delivery.scene import Scene, scene
from tests.stage import firm_file

pytestmark = pytest.mark.django_db

LEDGER_LINE = """
insert into records_postedline
  (firm_id, entry_id, account, role, minor, customer, item, class_id, location, memo, ledger)
values (%s, %s, '1', %s, %s, '', '', '', '', '', {ledger})
"""
LINE = LEDGER_LINE.format(ledger="''")
OF_MATTER = LEDGER_LINE.format(ledger="'matters/1'")


@pytest.fixture
def posted(db: Any) -> Iterator[tuple[Scene, PostedEntry]]:
    """A firm with one posted invoice."""
    with scene() as at:
        at.bills(1)
        at.sync()
        with firm_scope(write=None, reads=[at.on.firm.pk]):
            entry = PostedEntry.objects.filter(firm_id=at.on.firm.pk).get()
        yield at, entry


def write(firm: int, sql: str, *rows: tuple[Any, ...]) -> None:
    """Plain SQL as the application's role, in a scope."""
    with firm_scope(write=firm), connection.cursor() as cursor:
        for row in rows:
            cursor.execute(sql, row)


def refused(firm: int, sql: str, *rows: tuple[Any, ...], words: str) -> None:
    """The database says no; what was written before it stays."""
    with pytest.raises((DatabaseError, IntegrityError), match=words):
        within(firm, sql, *rows)


def within(firm: int, sql: str, *rows: tuple[Any, ...]) -> None:
    with transaction.atomic():
        transaction.get_connection().atomic_blocks[-1]._from_testcase = True
        write(firm, sql, *rows)


def fresh(at: Scene, entry: PostedEntry, *, side: str = "operating") -> int:
    """An entry without lines."""
    with firm_scope(write=at.on.firm.pk):
        made = PostedEntry.objects.create(
            firm_id=at.on.firm.pk, books_id=at.on.books.pk, posting_id=entry.posting_id, subject="bills/1",
            side=side, day=entry.day, at=entry.at,
        )  # fmt: skip
    return made.pk


def test_the_database_refuses_what_crosses_the_wall(posted: tuple[Scene, PostedEntry]) -> None:
    at, entry = posted
    firm, operating, trust = at.on.firm.pk, fresh(at, entry), fresh(at, entry, side="trust")

    for role in ("trust_bank", "trust_liability"):
        refused(
            firm, LINE, (firm, operating, role, 500), (firm, operating, "bank", -500), words="cannot touch"
        )
    for role in ("bank", "receivable", "income", "undeposited", "other"):
        refused(firm, LINE, (firm, trust, "trust_bank", 500), (firm, trust, role, -500), words="cannot touch")
    write(firm, LINE, (firm, operating, "bank", 500), (firm, operating, "receivable", -500))
    write(firm, OF_MATTER, (firm, trust, "trust_liability", 500), (firm, trust, "trust_liability", -500))


def test_the_database_wants_one_ledger_on_each_line_of_a_trust_liability(
    posted: tuple[Scene, PostedEntry],
) -> None:
    at, entry = posted
    firm, operating, trust = at.on.firm.pk, fresh(at, entry), fresh(at, entry, side="trust")

    refused(firm, LINE, (firm, trust, "trust_liability", 0), words="names no ledger")
    refused(firm, OF_MATTER, (firm, trust, "trust_bank", 0), words="names a ledger")
    refused(firm, OF_MATTER, (firm, operating, "bank", 0), words="names a ledger")


OWN_LINE = """
insert into records_postedline
  (firm_id, entry_id, account, role, minor, customer, item, class_id, location, memo, ledger, parent)
values (%s, %s, %s, %s, %s, '', '', '', '', '', %s, %s)
"""


def test_the_database_knows_a_ledgers_own_account_as_its_trust_liabilitys(
    posted: tuple[Scene, PostedEntry],
) -> None:
    """One account, one ledger, one trust account: whoever writes past the types and the planner."""
    at, entry = posted
    firm, first, second = at.on.firm.pk, fresh(at, entry, side="trust"), fresh(at, entry, side="trust")
    third, operating = fresh(at, entry, side="trust"), fresh(at, entry)

    def of(
        made: int, account: str, minor: int, ledger: str, parent: str, role: str = "trust_liability"
    ) -> Any:
        return (firm, made, account, role, minor, ledger, parent)

    write(firm, OWN_LINE, of(first, "40", 5, "matters/1", "20"), of(first, "41", -5, "matters/2", "20"))
    write(
        firm, OWN_LINE, of(second, "40", 5, "trust/untagged", "20"), of(second, "40", -5, "matters/1", "20")
    )
    for rows, words in [
        ([of(third, "40", 0, "matters/3", "20")], "the account of another ledger"),
        (
            [of(third, "40", 5, "matters/1", "20"), of(third, "22", -5, "matters/1", "")],
            "within one trust account",
        ),
        (
            [of(third, "40", 5, "matters/1", "20"), of(third, "60", -5, "matters/1", "22")],
            "within one trust account",
        ),
        ([of(third, "5", 0, "", "20", "trust_bank")], "no ledger of a trust liability"),
        ([of(operating, "40", 0, "", "20", "liability")], "no ledger of a trust liability"),
        ([of(operating, "40", 0, "matters/1", "20")], "cannot touch"),
    ]:
        refused(firm, OWN_LINE, *rows, words=words)
    write(firm, OWN_LINE, of(third, "40", 5, "matters/1", "20"), of(third, "20", -5, "trust/untagged", ""))


def test_the_database_refuses_an_entry_that_does_not_balance(posted: tuple[Scene, PostedEntry]) -> None:
    at, entry = posted
    firm, bare = at.on.firm.pk, fresh(at, entry)

    for amounts in ([1], [500, -499], [-1, -1]):
        refused(firm, LINE, *[(firm, bare, "bank", amount) for amount in amounts], words="out of balance")
    refused(firm, LINE, (firm, entry.pk, "bank", 1), words="out of balance")


def test_what_is_posted_is_never_changed_or_deleted(posted: tuple[Scene, PostedEntry]) -> None:
    at, _ = posted

    for table in ("postedentry", "postedline", "attempt", "sourcerecord", "documentversion"):
        refused(at.on.firm.pk, f"delete from records_{table}", (), words="only ever added")
        refused(at.on.firm.pk, f"update records_{table} set id = id", (), words="only ever added")


def test_posted_means_that_its_id_is_known(posted: tuple[Scene, PostedEntry]) -> None:
    at, entry = posted

    sql = "update records_posting set remote_id = '' where id = %s"
    refused(at.on.firm.pk, sql, (entry.posting_id,), words="posted_means_we_know_its_id")


def test_no_operation_has_two_postings(posted: tuple[Scene, PostedEntry]) -> None:
    at, entry = posted
    with firm_scope(write=None, reads=[at.on.firm.pk]):
        again = Posting.objects.get(pk=entry.posting_id)
    again.pk = None

    with pytest.raises(IntegrityError, match="one_posting_per_key"), firm_scope(write=at.on.firm.pk):
        again.save(force_insert=True)


def test_an_account_of_client_money_has_a_trust_role_whatever_its_type() -> None:
    plain = Account(id="9", name="Client money", type="Other Current Liability")

    assert role_of(plain) == "liability"
    assert role_of(plain, frozenset({"9"})) == "trust_liability"
    assert role_of(Account(id="1", name="IOLTA", type="Bank", subtype="TrustAccounts")) == "trust_bank"
    assert role_of(Account(id="1", name="Bank", type="Bank"), frozenset({"1"})) == "trust_bank"


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(walled=st.data())
def test_no_draft_touches_client_money_for_any_mapping(
    posted: tuple[Scene, PostedEntry], walled: st.DataObject
) -> None:
    """Whatever accounts are client money: each document wants nothing of them, or is held for it."""
    at, _ = posted
    firm = at.on.firm.pk
    with firm_scope(write=None, reads=[firm]):
        found = load(firm_id=firm, books_id=at.on.books.pk)
        assert isinstance(found, Context)
        used = sorted({line.account for line in PostedLine.objects.filter(firm_id=firm)})
    money = walled.draw(st.frozensets(st.sampled_from(used), min_size=1))
    found.walled = money
    with firm_scope(write=None, reads=[firm]):
        row = found.documents["bill", next(iter(found.bills))]
        answer = wishes.answer_of(found, row)
        assert not isinstance(answer, Problem)
        for wanted in answer.wanted:
            with pytest.raises(Blocked) as held:
                check(found, wanted)
            assert held.value.problem.code == "trust_wall"
            assert "client money" in held.value.problem.words


def test_no_payment_lands_where_the_mapping_says_that_client_money_lies() -> None:
    """The bank of the pair has an ordinary type in the books: only the firm's word makes it trust."""
    file = firm_file()
    pair = {
        "clio_account": "IOLTA Trust Account",
        "bank": "Operating Bank",
        "liability": "Client Retainers Operating",
    }
    file["books"][0]["trust"] = [pair]
    with scene(file=file) as at:
        (bill,) = at.bills(1)
        at.pay(bill.id, amount="50")

        at.on.sync()

        assert not at.store("Payment")
        assert "allocations" in {hold.resource for hold in at.holds()}
