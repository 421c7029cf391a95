"""A part of the pages is styled in one place: a second rule of its name elsewhere would change it unseen."""

from __future__ import annotations

import re
from collections import Counter

from tests.house.sources import ROOT


def _rules(text: str) -> list[str]:
    """The selectors of the rules that stand by themselves, not those inside another rule."""
    found, depth, head = [], 0, ""
    for sign in re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL):
        if sign == "{" and depth == 0:
            found.append(head.strip())
        depth += {"{": 1, "}": -1}.get(sign, 0)
        head = "" if sign in "{}" else head + sign
    return found


def test_no_part_has_two_rules() -> None:
    styles = (ROOT / "static" / "css").glob("*.css")
    rules = Counter(rule for file in styles for rule in _rules(file.read_text(encoding="utf-8")))

    assert [rule for rule, times in rules.items() if times > 1 and not rule.startswith("@")] == []
