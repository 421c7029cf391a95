"""A run that ends between reading and settling: the next one settles what was read (issue 3, B2 and B3)."""

from __future__ import annotations

from typing import Any

import pytest

from syncapp.emulators.qbo import backdoor, seed
from syncapp.pipeline import reconcile, settle
from tests.delivery.scene import Scene, scene

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The worker's process is gone."""


def _die(**_: Any) -> None:
    raise Killed


def _killed_after_reading(at: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(settle, "run", _die)
        with pytest.raises(Killed):
            at.on.sync(whole=False)


def test_what_was_read_before_the_worker_died_is_settled_by_the_next_run(monkeypatch) -> None:
    with scene() as at:
        at.bill(at.fresh_matter())
        at.sync()
        at.bill(at.matters[0].id)
        _killed_after_reading(at, monkeypatch)

        at.on.sync(whole=False)

        at.assert_ties()


def test_so_is_what_was_held_and_has_changed(monkeypatch) -> None:
    with scene() as at:
        item = seed.item(at.on.company, "Legal Fees")
        at.bill(at.fresh_matter())
        at.sync()
        backdoor.set_active(at.on.company, "Item", item, active=False)
        made = at.bill(at.matters[0].id)
        at.sync()
        assert at.holds()
        for line in list(made.line_ids):
            at.on.desk("remove_line", line=line)
        at.on.desk("add_line", bill=made.id, description="Typed", price="70", kind="Expense")
        _killed_after_reading(at, monkeypatch)

        at.on.sync(whole=False)

        assert not at.holds()


def test_what_was_posted_and_not_compared_is_compared_by_the_next_run(monkeypatch) -> None:
    with scene() as at:
        at.bill(at.fresh_matter())
        at.sync()
        at.bill(at.matters[0].id)
        with monkeypatch.context() as patched:
            patched.setattr(reconcile, "run", _die)
            with pytest.raises(Killed):
                at.on.sync(whole=False)

        at.on.sync(whole=False)

        found = at.on.tieout(afresh=False)
        assert found["kinds"]["invoices"]["books"]["count"] == len(at.store("Invoice"))
        at.assert_ties()
