"""What the page of an undo shows is planned from what bears on its records alone: all would say the same."""

from __future__ import annotations

import pytest

from syncapp.pipeline.loading import load
from syncapp.pipeline.undoing import foreseen
from tests.road.undone import documents, look
from tests.stage import Standing

pytestmark = pytest.mark.django_db


def test_what_an_undo_shows_is_the_same_whatever_else_the_firm_has(
    trust_firm: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    with trust_firm.fresh() as firm:
        own = documents(firm, "bill", "payment", "credit", "interest")
        assert len(own) > 5
        for some in ([one] for one in own):
            shown = told(look(firm, some))
            with monkeypatch.context() as patched:
                patched.setattr(foreseen, "load", with_all_of_it)
                assert shown == told(look(firm, some))


def with_all_of_it(*, about: object, **asked: object) -> object:
    return load(**asked)  # type: ignore[arg-type]


def told(found: foreseen.Foreseen) -> object:
    """All that the page says of an undo, by record."""
    taken = [
        (one.document.pk, one.acts, one.lines, one.again, one.waits, one.approval) for one in found.taken
    ]
    return taken, [(one.document.pk, one.why, one.instead) for one in found.refused], found.print
