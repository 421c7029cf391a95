"""What a stranger reads first is so: links lead somewhere, paths exist, every room and decision is named."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.house.sources import ROOT, tree_of

GUIDES = ["README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/decisions/README.md", "docs/ui.md"]
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
PATH = re.compile(r"`((?:[a-z][\w-]*/)+[\w.-]*)`")
BASES = ("", "syncapp", "syncapp/pipeline")  # from where the guides count their paths
NO_ROOMS = {"management", "migrations"}
ROAD = ROOT / "syncapp" / "pipeline"
ROOMS = sorted(file.parent.name for file in ROAD.glob("*/__init__.py") if file.parent.name not in NO_ROOMS)


def exists(path: str, beside: Path) -> bool:
    return any((folder / path).exists() for folder in (beside, *(ROOT / base for base in BASES)))


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_leads_to_what_is_there(guide: str) -> None:
    text = (ROOT / guide).read_text(encoding="utf-8")
    named = [*LINK.findall(text), *PATH.findall(text)]

    assert [path for path in named if not exists(path, (ROOT / guide).parent)] == []


def test_every_room_of_the_road_says_what_it_is_for_and_stands_in_the_plan_of_the_house() -> None:
    plan = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")

    assert len(ROOMS) > 15
    assert [room for room in ROOMS if f"`{room}`" not in plan] == []
    assert [room for room in ROOMS if not ast.get_docstring(tree_of(ROAD / room / "__init__.py"))] == []


def test_every_decision_stands_in_the_list() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = (folder / "README.md").read_text(encoding="utf-8")

    assert [file.name for file in sorted(folder.glob("0*.md")) if f"({file.name})" not in listed] == []
