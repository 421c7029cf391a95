"""JSON in the database with exact numbers: a Decimal stays a number, with its digits."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, ClassVar

from syncapp.http.wire import dumps


class ExactEncoder(json.JSONEncoder):
    """Write Decimals as number literals."""

    def encode(self, o: Any) -> str:
        """Return the text of a value."""
        return dumps(o)


class ExactDecoder(json.JSONDecoder):
    """Read fractions as Decimal, never as binary floating point. One decoder serves all values."""

    _one: ClassVar[ExactDecoder | None] = None

    def __new__(cls, **_options: Any) -> ExactDecoder:  # noqa: PYI034 - there is one, and it has no heirs
        """Give the one decoder: a value from the database asks for one each time."""
        if cls._one is None:
            cls._one = super().__new__(cls)
            json.JSONDecoder.__init__(cls._one, parse_float=Decimal)
        return cls._one

    def __init__(self, **_options: Any) -> None:
        """Leave the one decoder as it was made."""
