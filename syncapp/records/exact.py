"""JSON in the database with exact numbers: a Decimal stays a number, with its digits."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from syncapp.http.wire import dumps


class ExactEncoder(json.JSONEncoder):
    """Write Decimals as number literals."""

    def encode(self, o: Any) -> str:
        """Return the text of a value."""
        return dumps(o)


class ExactDecoder(json.JSONDecoder):
    """Read fractions as Decimal, never as binary floating point."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "parse_float": Decimal})
