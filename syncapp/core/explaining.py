"""Which items make up a sum: the smallest set of records that explains a difference. Pure.

One search for all who ask: bank lines that are several entries, a rest between bank and books, the rows of a
tie-out, payments that a deposit brought to the bank. Amounts are whole minor units.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

MANY = 20  # so many items are tried in every combination; of more, one or two together
PAIRED = 2000  # of more than this not even two together are looked for

type Chosen = tuple[int, ...]  # positions in what was given


def sums_to(amounts: Sequence[int], total: int, *, sizes: range, most: int) -> list[Chosen]:
    """Return up to `most` sets of positions that sum to the total, each of an allowed size.

    Every combination is tried, half by half: for at most `MANY` amounts. Raises ValueError for more.
    """
    if len(amounts) > MANY:
        raise ValueError(f"{len(amounts)} amounts are too many to try every combination")
    half = len(amounts) // 2
    known = set(_totals(amounts[:half]))
    if not any(total - one in known for one in _totals(amounts[half:])):
        return []
    by_sum: dict[int, list[Chosen]] = defaultdict(list)
    for one, some in _sets(amounts[:half], 0):
        by_sum[one].append(some)
    found: list[Chosen] = []
    for one, some in _sets(amounts[half:], half):
        for other in by_sum.get(total - one, ()):
            if len(other) + len(some) in sizes:
                found.append((*other, *some))
                if len(found) == most:
                    return found
    return found


def smallest(amounts: Sequence[int], total: int, *, most: int = 1) -> list[Chosen]:
    """Return the sets of the fewest items that sum to the total, at most `most`; none when nothing does.

    One item, else two; with few items any number of them.
    """
    if not total:
        return []
    alone: list[Chosen] = [(at,) for at, one in enumerate(amounts) if one == total]
    if alone:
        return alone[:most]
    if len(amounts) <= MANY:
        for size in range(2, len(amounts) + 1):
            if found := sums_to(amounts, total, sizes=range(size, size + 1), most=most):
                return found
        return []
    if len(amounts) > PAIRED:
        return []
    return _pairs(enumerate(amounts), total, most)


def _pairs(items: Iterable[tuple[int, int]], total: int, most: int) -> list[Chosen]:
    """Return two items that sum to the total."""
    seen: dict[int, int] = {}
    found: list[Chosen] = []
    for at, one in items:
        if (other := seen.get(total - one)) is not None:
            found.append((other, at))
            if len(found) == most:
                break
        seen.setdefault(one, at)
    return found


def _totals(amounts: Sequence[int]) -> list[int]:
    """Return what every combination sums to, quickly: most searches end here."""
    found = [0]
    for amount in amounts:
        found += [total + amount for total in found]
    return found


def _sets(amounts: Sequence[int], first: int) -> list[tuple[int, Chosen]]:
    """Return every combination with its sum, the empty one first."""
    found: list[tuple[int, Chosen]] = [(0, ())]
    for at, amount in enumerate(amounts, start=first):
        found += [(total + amount, (*some, at)) for total, some in found]
    return found
