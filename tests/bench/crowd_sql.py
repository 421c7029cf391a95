"""The statements of `crowd.sql`, and the JSON forms that they fill in for each record."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

NUMBERS = ("#i#", "#amount#", "#part#", "#rest#", "#owed#", "#client#", "#matter#")
COLUMNS = {  # of the table `plain`, for each blank of a form
    "#i#": "i",
    "#amount#": "amount",
    "#part#": "amount / 5",
    "#rest#": "amount - 4 * (amount / 5)",
    "#owed#": "-amount",
    "#client#": "client",
    "#matter#": "client",
    "~number~": "number",
    "~name~": "name",
    "~day~": "day",
}


def form(value: Any) -> str:
    """Return a JSON form to be filled in by SQL: `"#i#"` becomes a number, `~number~` words."""
    text = json.dumps(value)
    for blank in NUMBERS:
        text = text.replace(f'"{blank}"', blank)
    return text


def _filled(found: re.Match[str]) -> str:
    sql = f"%({found[1]})s"
    for blank, column in COLUMNS.items():
        sql = f"replace({sql}, '{blank}', coalesce(({column})::text, ''))"
    return f"{sql}::jsonb"


def steps() -> list[str]:
    """Return the statements in their order; `{bill_form}` in them is that form, filled in for each row."""
    text = Path(__file__).with_name("crowd.sql").read_text(encoding="utf-8")
    return [re.sub(r"\{(\w+_form)\}", _filled, part) for part in text.split("-- step: ")[1:]]
