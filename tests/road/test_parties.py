"""Receivables by client and by matter: Clio against the books' own ledger."""

from __future__ import annotations

from typing import Any

from accounts.tenancy import firm_scope
from syncapp.emulators.clio.world import small
from syncapp.records.models import TieOut
from tests.stage import stage


def test_clients_and_matters_tie_but_for_what_is_held(db: Any) -> None:
    with stage(small(7)) as firm:
        firm.sync()

        with firm_scope(write=None, reads=[firm.firm.pk]):
            kinds = TieOut.objects.filter(firm=firm.firm).latest("at").kinds

    parties = kinds["receivables"]["parties"]
    assert parties["compared"] == 5
    gaps = {key: clio - books for key, clio, books in parties["off"]}
    assert set(gaps.values()) == {kinds["receivables"]["queued"]} == {-150_00}  # a payment from trust, held
    assert {key.partition("/")[0] for key in gaps} == {"contacts", "matters"}
