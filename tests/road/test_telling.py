"""What people are told: one letter for new causes, the control totals, the time that is accounted for."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.core import mail
from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.emulators.clio.funds import BankAccount, BankTransaction
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.nouns import Activity
from syncapp.pipeline.cases import digest
from syncapp.records.models import TieOut
from tests.stage import Stage


def test_a_new_cause_is_told_once_in_one_letter_trust_first(firm: Stage) -> None:
    told = digest.send_new(firm=firm.firm, now=timezone.now())

    assert told == len(firm.exceptions())
    assert len(mail.outbox) == 1
    letter = mail.outbox[0]
    assert letter.to == ["books@ash-birch.test"]
    assert letter.subject == f"Ash & Birch LLP: {told} new exceptions"
    lines = [line for line in str(letter.body).splitlines() if line[:2] in {"1.", "2.", "3."}]
    assert lines[0].startswith("1. Trust: Client money moved")
    assert len(lines) == told

    assert digest.send_new(firm=firm.firm, now=timezone.now()) == 0
    assert len(mail.outbox) == 1


def test_a_runs_totals_add_up(firm: Stage) -> None:
    again = firm.sync().counts
    parts = ("posted", "held", "skipped", "unchanged", "uncertain")
    assert again["seen"] == sum(again[name] for name in parts)
    assert (again["posted"], again["uncertain"]) == (0, 0)


def _billable(world: World) -> tuple[Decimal, Decimal]:
    """Hours and money of the billable time, added up from the world itself."""
    time = [a for a in world.all(Activity) if a.type == "TimeEntry" and not (a.non_billable or a.no_charge)]
    hours = sum((a.hours for a in time), start=Decimal(0))
    cent = Decimal("0.01")
    worth = (a.price if a.flat_rate else (a.price * a.hours).quantize(cent, ROUND_HALF_UP) for a in time)
    return hours, sum(worth, start=Decimal(0))


def test_every_billable_hour_is_posted_held_drafted_or_unbilled(firm: Stage) -> None:
    with firm_scope(write=None, reads=[firm.firm.pk]):
        time = TieOut.objects.filter(firm=firm.firm).latest("at").time
    parts = [time[name] for name in ("billed_posted", "billed_held", "drafted", "unbilled")]
    assert sum(Decimal(part["hours"]) for part in parts) == Decimal(time["billable"]["hours"])
    assert sum(part["amount"] for part in parts) == time["billable"]["amount"]
    hours, money = _billable(firm.world)
    assert Decimal(time["billable"]["hours"]) == hours
    assert time["billable"]["amount"] == int(money * 100)
    assert time["oldest_unbilled"]


def test_client_money_that_waits_is_what_clio_holds_in_trust(firm: Stage) -> None:
    trust = firm.tieout()["kinds"]["trust"]
    accounts = {account.id for account in firm.world.all(BankAccount) if account.type == "Trust"}
    rows = (row for row in firm.world.all(BankTransaction) if row.bank_account_id in accounts)
    assert Decimal(trust["clio"]["total"]) == sum((row.amount for row in rows), start=Decimal(0))
    assert (trust["books"]["total"], trust["unexplained"]) == ("0.00", "0.00")
