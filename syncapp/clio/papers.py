"""A bill as the client sees it: Clio's PDF, by whichever of the two ways this Clio gives it.

clio/API.md section 5, "Bill PDF": by `/bills/{id}.pdf`, or by `Accept: application/pdf`; a draft has none.
"""

from __future__ import annotations

from http import HTTPStatus

from syncapp.clio.client import Clio
from syncapp.http import session
from syncapp.http.errors import Transient

PDF = "application/pdf"
_BEGINS = b"%PDF-"
_WAYS = ("bills/{id}.pdf", "bills/{id}")


class Papers:
    """The PDFs of one connection. The way that gave the last one is tried first: it costs one call."""

    def __init__(self, clio: Clio) -> None:
        self._clio = clio
        self._ways: tuple[str, ...] = _WAYS

    def bill(self, bill_id: int) -> bytes | None:
        """Return the PDF of a bill, or None when Clio gives none. Raises Transient and Revoked.

        A fault of Clio's own on one way (which it may not know) is no reason not to try the other.
        """
        fault: Transient | None = None
        for way in self._ways:
            try:
                with session.single_try():
                    answer = self._clio.paper(way.format(id=bill_id), accept=PDF)
            except Transient as error:
                if error.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                    raise
                fault = error
                continue
            if answer.ok and answer.content.startswith(_BEGINS):
                self._ways = (way, *(other for other in _WAYS if other != way))
                return answer.content
        if fault is not None:
            raise fault
        return None
