"""Levels in a firm file: set, exported the same, moved to an empty installation, and ended by leaving out."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from accounts.models import Firm
from accounts.tenancy import firm_scope
from syncapp.core import codec
from syncapp.core.documents import Matter
from syncapp.pipeline.firmfile import level_words
from syncapp.pipeline.firmfile.applying import apply
from syncapp.pipeline.firmfile.exporting import canonical
from syncapp.pipeline.firmfile.reading import Unreadable, read
from syncapp.records.models import Document
from tests import cast
from tests.road.clientmoney import trust_file
from trust.actions.earned import set_level
from trust.models import LedgerLevel
from trust.queries.levels import rows_of

pytestmark = pytest.mark.django_db
LEVEL = {"account": "IOLTA", "matter": "00012-Ames", "minimum": "1000.00", "evergreen": "2500.00"}


def file(*levels: dict[str, Any]) -> dict[str, Any]:
    return read(yaml.safe_dump(trust_file() | {"levels": list(levels)}, sort_keys=False))


def applied(*levels: dict[str, Any]) -> tuple[Firm, list[str]]:
    done = apply(file(*levels), now=cast.NOW)
    return Firm.objects.get(slug=done.slug), [line for line in done.changed if "level" in line]


def matter(firm: Firm, id_: int, number: str) -> None:
    with firm_scope(write=firm.pk):
        Document.objects.create(
            firm=firm, kind="matter", resource="matters", source_id=id_, read_at=cast.NOW,
            data=codec.to_json(Matter(id=id_, number=number, client_id=1)),
        )  # fmt: skip


def standing(firm: Firm) -> dict[str, tuple[int, int]]:
    with firm_scope(write=None, reads=[firm.pk]):
        return {key: (row.minimum, row.evergreen) for key, row in rows_of(firm.pk, "iolta").items()}


def exported(firm: Firm) -> list[dict[str, str]]:
    with firm_scope(write=None, reads=[firm.pk]):
        return level_words.entries(firm)


def test_a_level_of_a_matter_not_read_yet_waits_for_it_and_applying_again_changes_nothing() -> None:
    firm, changed = applied(LEVEL)
    assert changed == ["set the level of 00012-Ames in IOLTA"]
    assert standing(firm) == {"name:00012-Ames": (100_000, 250_000)}
    assert exported(firm) == [LEVEL]

    matter(firm, 12, "00012-Ames")

    assert standing(firm) == {"matters/12": (100_000, 250_000)}
    assert exported(firm) == [LEVEL] == canonical(firm)["levels"]
    assert applied(LEVEL)[1] == []
    with firm_scope(write=None, reads=[firm.pk]):
        assert LedgerLevel.objects.count() == 1


def test_what_a_person_set_is_exported_and_a_file_without_it_ends_it() -> None:
    firm, _ = applied()
    matter(firm, 12, "00012-Ames")
    matter(firm, 13, "00012-ames")  # no other knows them apart by their numbers
    with firm_scope(write=firm.pk):
        set_level(
            firm_id=firm.pk, account="IOLTA", ledger="matters/12", minimum=5_000, evergreen=0,
            actor="A person", now=cast.NOW,
        )  # fmt: skip
    by_id = {"account": "IOLTA", "matter": "id:12", "minimum": "50.00"}
    assert exported(firm) == [by_id]
    assert applied(by_id)[1] == []
    without = apply(read(yaml.safe_dump(trust_file(), sort_keys=False)), now=cast.NOW)
    assert [line for line in without.changed if "level" in line] == []

    _, changed = applied()

    assert changed == ["ended the level of matters/12 in IOLTA"]
    assert standing(firm) == {}


WRONG: list[tuple[dict[str, str], str]] = [
    ({"minimum": "0.00", "evergreen": "0.00"}, "a level is an amount above 0.00"),
    ({"minimum": "-1.00"}, "a level is an amount above 0.00"),
    ({"evergreen": "10.00"}, "filled up to at least the minimum"),
    ({"minimum": "much"}, "is not an amount in quotes"),
    ({"account": "Elsewhere"}, 'there is no trust account "Elsewhere"'),
    ({"matter": "00099-Nobody"}, 'Clio has no one matter "00099-Nobody"'),
]


def test_a_wrong_level_is_refused_with_its_place() -> None:
    firm, _ = applied()
    matter(firm, 12, "00012-Ames")

    for changes, words in WRONG:
        with pytest.raises(Unreadable, match=r"levels\[0\]") as refused:
            applied(LEVEL | changes)
        assert words in str(refused.value)
    assert standing(firm) == {}


def test_a_matter_stands_once_in_the_list() -> None:
    with pytest.raises(Unreadable, match=r"levels\[1\]\.matter: this matter stands in the list already"):
        applied(LEVEL, LEVEL | {"minimum": "5.00"})
