"""One September with something of everything that matching meets, for the screen's tests."""

from __future__ import annotations

from tests.cast import House
from tests.trust import world
from tests.trust.ledgers import day, line
from trust.models import TrustPair


def september(house: House) -> TrustPair:
    """Two equal deposits that nothing tells apart, an unpaid check, a slip a cent too much, a bank's fee."""
    pair = world.pair(house, last_digits="7725")
    world.booked(pair, "1", day(2), 50_000, payee="Ann Smith")
    world.booked(pair, "2", day(2), 50_000, payee="Bob Jones")
    world.booked(pair, "3", day(27), -25_000, check="1042", payee="County Clerk")
    world.booked(pair, "4", day(9), 12_345, payee="Carl Lee")
    world.booked(pair, "5", day(9), 7_655, payee="Dora May")
    world.bank(
        pair,
        [
            line("L1", 3, 50_000, text="LOCKBOX 0042 NORTHSIDE"),
            line("L2", 3, 50_000, text="DEPOSIT"),
            line("L3", 10, 20_001, text="BRANCH DEPOSIT"),
            line("L4", 29, -1_500, text="WIRE TRANSFER FEE"),
        ],
    )
    return pair
