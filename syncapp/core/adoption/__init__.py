"""What stands in the books already: recognised by what it is, with confidence and the reasons in words.

Pure. Nothing here decides: what is certain may be adopted in bulk, all else waits for a person.
"""

from __future__ import annotations

from syncapp.core.adoption.nouns import Found, Party, Record, Sight, Standing, Sure
from syncapp.core.adoption.recognise import recognise

__all__ = ["Found", "Party", "Record", "Sight", "Standing", "Sure", "recognise"]
