"""Secrets at rest."""

from __future__ import annotations

import json
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command

from accounts import seal
from accounts.models import Grant
from accounts.seal import SealBroken
from accounts.tenancy import firm_scope
from tests import cast

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

HERE = {"table": "accounts_grant", "row": 7, "column": "access_token_sealed"}
OLD, NEW = {"old": b"o" * 32}, {"new": b"n" * 32}


def test_a_secret_opens_only_where_it_was_sealed() -> None:
    sealed = seal.seal("a secret", **HERE)  # type: ignore[arg-type]

    assert b"secret" not in sealed
    assert seal.unseal(sealed, **HERE) == "a secret"  # type: ignore[arg-type]
    for moved in ({"row": 8}, {"column": "refresh_token_sealed"}, {"table": "accounts_user"}):
        with pytest.raises(SealBroken, match="moved or changed"):
            seal.unseal(sealed, **(HERE | moved))  # type: ignore[arg-type]
    with pytest.raises(SealBroken):
        seal.unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]), **HERE)  # type: ignore[arg-type]
    with pytest.raises(SealBroken):
        seal.unseal(b"", **HERE)  # type: ignore[arg-type]


def test_the_first_key_seals_and_all_open(settings: Settings) -> None:
    settings.SEAL_KEYS = OLD
    sealed = seal.seal("a secret", **HERE)  # type: ignore[arg-type]
    settings.SEAL_KEYS = NEW | OLD

    assert seal.unseal(sealed, **HERE) == "a secret"  # type: ignore[arg-type]
    assert seal.needs_rotation(sealed)
    assert seal.key_id_of(seal.seal("x", **HERE)) == "new"  # type: ignore[arg-type]
    settings.SEAL_KEYS = NEW
    with pytest.raises(SealBroken, match="old is not among"):
        seal.unseal(sealed, **HERE)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_rotation_seals_every_token_of_every_firm_again(settings: Settings) -> None:
    settings.SEAL_KEYS = OLD
    houses = [cast.firm("Alpha"), cast.firm("Beta")]
    grants = [cast.grant(house, ends=cast.NOW, external_id=house.firm.slug) for house in houses]
    settings.SEAL_KEYS = NEW | OLD

    def rotate() -> int:
        out = StringIO()
        call_command("rotate_seals", "--json", stdout=out)
        return int(json.loads(out.getvalue())["rotated"])

    assert [rotate(), rotate()] == [4, 0]
    settings.SEAL_KEYS = NEW
    with firm_scope(write=houses[0].firm.pk):
        sealed = bytes(Grant.objects.get().access_token_sealed)
    assert (
        seal.unseal(sealed, table="accounts_grant", row=grants[0].pk, column="access_token_sealed")
        == "access-1"
    )
