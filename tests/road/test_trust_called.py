"""A trust account of Clio is known by its id: renamed it stays itself, and no other one is taken for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.emulators.clio.funds import BankAccount
from syncapp.emulators.clio.world import empty
from syncapp.pipeline.firmfile.applying import apply
from syncapp.pipeline.firmfile.reading import Unreadable, read
from tests.road import books
from tests.stage import Stage, stage
from tests.trust import opened as at
from trust.models import TrustPair
from trust.queries.pairs import pair_named, terms_of

pytestmark = pytest.mark.django_db
IOLTA = {**at.IOLTA, "opening": "none"}


@pytest.fixture
def on(db: Any) -> Iterator[Stage]:
    """A firm whose trust account holds 1,000.00 of one matter."""
    with stage(empty(), file=at.file_with(IOLTA)) as made:
        at.deposit(made, at.matter(made, "Acme"), "1000.00", day=at.START)
        made.sync()
        yield made


def at_bank(on: Stage) -> int:
    """Cents on the trust bank of the company."""
    bank = on.company.account(IOLTA["bank"])
    sums = on.company.ledger.sums(lambda line: (line.account,), until=on.world.now().date())
    return int(sums.get((bank,), 0))


def account(on: Stage) -> BankAccount:
    return next(one for one in on.world.all(BankAccount) if one.type == "Trust")


def matter(on: Stage) -> int:
    return min(int(key) for key in on.world.tables["Matter"])


def test_a_trust_account_that_is_renamed_in_clio_goes_on_as_it_was(on: Stage) -> None:
    entries = len(on.company.store["JournalEntry"])
    account(on).name = "IOLTA, First Harbor"
    on.world.touch(account(on))
    at.deposit(on, matter(on), "50.00", day=at.START)

    on.sync()

    assert on.exceptions() == []
    assert at_bank(on) == 105000
    assert len(on.company.store["JournalEntry"]) == entries + 1
    with firm_scope(write=None, reads=[on.firm.pk]):
        assert (
            pair_named(on.firm.pk, "iolta, first harbor") == pair_named(on.firm.pk, "IOLTA") == at.pair_in(on)
        )
    books.assert_idle(on)
    on.file["books"][0]["trust"] = [IOLTA | {"clio_account": "IOLTA, First Harbor"}]
    assert not apply(read(yaml.safe_dump(on.file, sort_keys=False)), now=timezone.now()).warnings
    assert len(_pairs(on)) == 1


def test_the_money_of_another_account_of_the_same_name_never_counts_as_its(on: Stage) -> None:
    other = on.desk("open_trust_account", name="Another", account_number="99")
    other.name = " iolta"
    on.world.touch(other)
    on.desk("trust_deposit", matter=matter(on), amount="70", date=at.START, bank_account=other.id)

    on.sync()

    assert at_bank(on) == 100000
    (case,) = on.exceptions()
    (held,) = case["holds"]
    assert f"iolta (Clio's account {other.id})" in held["reason"]


def test_a_file_that_names_a_bank_of_another_pair_is_refused(on: Stage) -> None:
    pair = _pairs(on)[0]
    terms = {**IOLTA, "clio_account": "A second account"}
    on.file["books"][0]["trust"] = [terms]

    with pytest.raises(Unreadable, match="is the trust bank of “IOLTA” already"):
        apply(read(yaml.safe_dump(on.file, sort_keys=False)), now=timezone.now())

    on.sync()
    assert [terms_of(one) for one in _pairs(on)] == [terms_of(pair)]


def _pairs(on: Stage) -> list[TrustPair]:
    with firm_scope(write=None, reads=[on.firm.pk]):
        return list(TrustPair.objects.filter(firm_id=on.firm.pk))
