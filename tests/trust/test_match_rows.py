"""A match is the database's business too: it ties, it is made once, and it is only ever undone."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from accounts.tenancy import firm_scope
from tests import cast
from tests.cast import House
from tests.trust import world
from trust.models import Match, MatchPart, TrustPair

pytestmark = pytest.mark.django_db


@pytest.fixture
def alpha() -> House:
    return cast.firm("Alpha")


@pytest.fixture
def pair(alpha: House) -> TrustPair:
    return world.pair(alpha)


def made(alpha: House, pair: TrustPair, *parts: tuple[str, str, int]) -> Match:
    """A match with these parts: side, key, amount."""
    one = Match.objects.create(
        firm=alpha.firm, pair=pair, how="hand", made="hand", by=alpha.bookkeeper, at=cast.NOW
    )
    MatchPart.objects.bulk_create(
        MatchPart(
            firm=alpha.firm, match=one, pair=pair, side=side, key=key, day=cast.NOW.date(), amount=amount
        )
        for side, key, amount in parts
    )
    return one


def within(alpha: House, act: Any) -> None:
    """Do it in a scope whose loss leaves the test's own transaction whole."""
    with transaction.atomic():
        transaction.get_connection().atomic_blocks[-1]._from_testcase = True
        with firm_scope(write=alpha.firm.pk):
            act()


def refused(alpha: House, act: Any, words: str) -> None:
    """The database says no."""
    with pytest.raises((IntegrityError, InternalError), match=words):
        within(alpha, act)


def test_a_match_that_does_not_tie_is_refused(alpha: House, pair: TrustPair) -> None:
    refused(
        alpha,
        lambda: made(alpha, pair, ("bank", "L1", 500), ("books", "bank_transactions/1", 499)),
        "differ by 1",
    )


def test_a_line_is_matched_once(alpha: House, pair: TrustPair) -> None:
    with firm_scope(write=alpha.firm.pk):
        made(alpha, pair, ("bank", "L1", 500), ("books", "bank_transactions/1", 500))

    refused(
        alpha,
        lambda: made(alpha, pair, ("bank", "L1", 500), ("books", "bank_transactions/2", 500)),
        "matched_once",
    )


def test_a_match_is_undone_and_never_changed_or_deleted(alpha: House, pair: TrustPair) -> None:
    with firm_scope(write=alpha.firm.pk):
        one = made(alpha, pair, ("bank", "L1", 500), ("books", "bank_transactions/1", 500))

    def sql(text: str) -> Any:
        def act() -> None:
            with connection.cursor() as cursor:
                cursor.execute(text)

        return act

    refused(alpha, sql("update trust_match set how = 'check'"), "only be undone")
    refused(alpha, sql("update trust_matchpart set live = false"), "only freed when")
    refused(alpha, sql("update trust_matchpart set amount = 1"), "only freed when")
    refused(alpha, sql("delete from trust_matchpart"), "only ever added")
    refused(alpha, sql("delete from trust_match"), "only ever added")
    with firm_scope(write=alpha.firm.pk):
        Match.objects.filter(pk=one.pk).update(undone_at=cast.NOW, undone_by=alpha.bookkeeper)
        MatchPart.objects.filter(match=one).update(live=False)
    refused(alpha, sql("update trust_match set undone_at = null, undone_by_id = null"), "only be undone")
    refused(alpha, sql("update trust_matchpart set live = true"), "only freed when")
