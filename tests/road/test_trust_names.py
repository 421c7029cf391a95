"""The names of the firm's own funds and of the interest in trust are the firm's choice."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.tenancy import firm_scope
from syncapp.emulators.clio.world import small
from syncapp.pipeline.firmfile.applying import apply
from syncapp.pipeline.firmfile.reading import Unreadable, read
from tests import cast
from tests.road.acts import TODAY
from tests.road.clientmoney import assert_money, trust_file
from tests.stage import stage
from trust.models import TrustPair
from trust.queries import ledgers

FLOAT, INTEREST = "Float of the firm", "Interest for the bar"


def named(firm_funds: str, trust_interest: str) -> dict[str, Any]:
    file = trust_file()
    file["books"][0]["customers"] |= {"firm_funds": firm_funds, "trust_interest": trust_interest}
    return file


def test_the_firm_names_its_funds_and_the_interest_and_renames_them_later(db: Any, client: Client) -> None:
    with stage(small(7), file=named(FLOAT, INTEREST)) as firm:
        firm.desk("firm_funds", amount="100", date=TODAY)
        firm.desk("trust_interest", amount="3.20", date=TODAY)
        firm.sync()
        assert {FLOAT, INTEREST} <= set(customers(firm))
        assert_money(firm)
        with firm_scope(write=None, reads=[firm.firm.pk]):
            pair = TrustPair.objects.get(firm_id=firm.firm.pk)
            shown = ledgers.names(firm.firm.pk, ["trust/firm", "trust/interest"])
        assert shown == {"trust/firm": FLOAT, "trust/interest": INTEREST}
        cast.sign_in(client, User.objects.get(email="books@ash-birch.test"))
        page = client.get(reverse("desk:trust_account", kwargs={"pair_id": pair.pk})).content.decode()
        assert FLOAT in page
        assert INTEREST in page

        count = len(customers(firm))
        firm.file = named("Own money", INTEREST)
        apply(read(yaml.safe_dump(firm.file, sort_keys=False)), now=timezone.now())
        firm.desk("bank_charge", amount="5", date=TODAY)
        firm.desk("trust_interest", amount="1.10", date=TODAY)
        firm.sync()
        assert {"Own money", INTEREST} <= set(customers(firm))
        assert FLOAT not in customers(firm)
        assert len(customers(firm)) == count
        assert_money(firm)
        assert firm.tieout()["equal"]

        taken = customers(firm)[0]
        firm.file = named(taken, INTEREST)
        apply(read(yaml.safe_dump(firm.file, sort_keys=False)), now=timezone.now())
        firm.desk("bank_charge", amount="2", date=TODAY)
        firm.sync()
        assert customers(firm).count(taken) == 1, "somebody else bears the name: nothing is renamed"
        assert "Own money" in customers(firm)


def customers(firm: Any) -> list[str]:
    return [row["DisplayName"] for row in firm.company.store["Customer"].values()]


def test_two_ledgers_do_not_share_a_name() -> None:
    with pytest.raises(Unreadable, match="need two names"):
        read(yaml.safe_dump(named("Trust money", "trust  Money"), sort_keys=False))
