"""Both sides read as they stand now, and compared: for the commands that answer and post nothing."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from accounts.models import Books, Firm
from accounts.tenancy import firm_scope
from accounts.tokens import GrantBusy, GrantUnusable
from syncapp.core.problems import Problem
from syncapp.http.errors import VendorError
from syncapp.pipeline import pull, read, reconcile, refresh, vendors
from syncapp.pipeline.clock import use
from syncapp.pipeline.journal import Clock
from syncapp.pipeline.loading import load
from syncapp.records.models import TieOut


class NotComparable(Exception):
    """The two sides cannot be compared; the words say why."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def read_afresh(*, firm: Firm, clock: Clock) -> Books:
    """Read both sides as they stand now, without posting anything. Raises NotComparable."""
    now = clock()
    try:
        clio = vendors.open_clio(firm_id=firm.pk, clock=clock)
        with use.counting(firm_id=firm.pk, clio=clio, clock=clock):
            pull.run(firm_id=firm.pk, clio=clio, now=now, sweep=True, beat=_silent)
        read.run(firm_id=firm.pk, currency=firm.currency, now=now, beat=_silent)
        with firm_scope(write=None, reads=[firm.pk]):
            one = Books.objects.filter(firm_id=firm.pk).order_by("position", "id").first()
        if one is None:
            raise NotComparable("The firm has no set of books.")
        client = vendors.open_books(firm_id=firm.pk, books_id=one.pk, clock=clock)
        refresh.run(firm_id=firm.pk, books_id=one.pk, client=client, now=now, fresh=True)
    except (vendors.NotConnected, GrantUnusable) as error:
        raise NotComparable(error.words) from error
    except (VendorError, GrantBusy) as error:
        raise NotComparable(str(error)) from error
    return one


def compare(*, firm: Firm, clock: Clock) -> TieOut:
    """Read both sides afresh and compare them, without posting anything. Raises NotComparable."""
    began = clock()
    one = read_afresh(firm=firm, clock=clock)
    today = began.astimezone(ZoneInfo(firm.time_zone)).date()
    found = reconcile.run(firm_id=firm.pk, books_id=one.pk, now=clock(), today=today)
    if found is None:
        with firm_scope(write=None, reads=[firm.pk]):
            problem = load(firm_id=firm.pk, books_id=one.pk)
        raise NotComparable(
            problem.words if isinstance(problem, Problem) else "There is nothing to compare yet."
        )
    return found.tie_out


def _silent(_what: str, _done: int, _of: int = 0) -> None:
    """Take no notice of progress."""
