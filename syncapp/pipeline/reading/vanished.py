"""What a reading of a list did not show: asked for once more before it counts as gone.

While several pages are read, rows are made and erased, and a page may begin behind one that nobody saw. What
counts as gone is taken out of the books.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import batched

from accounts.tenancy import firm_scope
from syncapp.records.models import SourceHead

SOME_IDS = 100  # of one question


def confirmed(
    firm_id: int, resource: str, present: set[int], ask: Callable[[tuple[int, ...]], set[int]]
) -> set[int]:
    """Return the ids that there are: those that were seen, and of the rest those that `ask` still finds."""
    with firm_scope(write=None, reads=[firm_id]):
        heads = SourceHead.objects.filter(firm_id=firm_id, resource=resource, gone_at__isnull=True)
        missing = set(heads.values_list("source_id", flat=True)) - present
    return present.union(*(ask(some) for some in batched(sorted(missing), SOME_IDS)))
