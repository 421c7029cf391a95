"""A firm with a year of client money in two states, seen by Clio, by two banks and by QuickBooks.

The banks' lines come from what the firm recorded in Clio, with faults planted between them (issue 4, E1);
nothing here knows how Tieout reads, matches or compares.
"""

from __future__ import annotations

from syncapp.emulators.trust_year.account import Kept
from syncapp.emulators.trust_year.company import PAIRS, trust_company
from syncapp.emulators.trust_year.planting import KINDS, Fault
from syncapp.emulators.trust_year.year import TrustYear, trust_year

__all__ = ["KINDS", "PAIRS", "Fault", "Kept", "TrustYear", "trust_company", "trust_year"]
