"""What the permission matrix names in an address of statements: one thing of the given firm each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts.tenancy import firm_scope
from syncapp.emulators.bank import write
from tests import cast
from tests.statements.importing import bring
from tests.statements.sheets import sheet
from tests.trust import world
from trust.actions import arriving
from trust.actions import statements as actions
from trust.actions.arriving import Via

if TYPE_CHECKING:
    from tests.cast import House


def a_statement(house: House) -> dict[str, Any]:
    """Name a statement that was brought in."""
    made = bring(world.pair(house), write("csv", sheet()))
    return {"pair_id": made.pair_id, "statement_id": made.pk}


def an_account(house: House) -> dict[str, Any]:
    """Name a trust account."""
    return {"pair_id": world.pair(house).pk}


def an_upload(house: House, name: str = "csv") -> dict[str, Any]:
    """Name an account for which the bookkeeper and the administrator look at a file."""
    pair = world.pair(house)
    for person in (house.bookkeeper, house.administrator):
        with firm_scope(write=house.firm.pk):
            actions.stage(pair=pair, name="a.csv", content=write(name, sheet()), by=person, now=cast.NOW)
    return {"pair_id": pair.pk}


def an_odd_upload(house: House) -> dict[str, Any]:
    """Name an account for which they look at a table without plain heads."""
    return an_upload(house, "csv-odd")


def a_token(house: House) -> dict[str, Any]:
    """Name an upload token."""
    pair = world.pair(house)
    with firm_scope(write=house.firm.pk):
        token, _ = arriving.make_token(pair=pair, name="Bank download", by=house.bookkeeper, now=cast.NOW)
    return {"token_id": token.pk}


def an_arrival(house: House) -> dict[str, Any]:
    """Name a file that came with a token and was not taken."""
    pair = world.pair(house)
    with firm_scope(write=house.firm.pk):
        token, _ = arriving.make_token(pair=pair, name="Bank download", by=house.bookkeeper, now=cast.NOW)
        content = write("qbo", sheet())
        made = arriving.refused(pair, "a.qbo", content, Via(token=token), "Nothing proves it.", cast.NOW)
    return {"arrival_id": made.pk}
