"""What a person settled elsewhere: not posted, named in the tie-out with who and why, taken back (F83)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.tenancy import firm_scope
from syncapp.emulators.qbo import backdoor, seed
from syncapp.pipeline.cases import elsewhere
from syncapp.records.models import Case, Document, Elsewhere
from tests import cast
from tests.delivery.scene import Scene, scene

pytestmark = pytest.mark.django_db
WHY = "Journal entry 118, typed by the accountant."


def held(at: Scene) -> tuple[int, int]:
    """A bill that an inactive product holds: its case and its first line."""
    bill = at.bill(at.fresh_matter())
    backdoor.set_active(at.on.company, "Item", seed.item(at.on.company, "Legal Fees"), active=False)
    at.sync()
    [case] = at.cases()
    return case.pk, bill.line_ids[0]


def said(at: Scene, case: int, **more: object) -> int | str:
    given = {"reason": WHY, "proof": None, "partner": False, **more}
    return elsewhere.settle(firm_id=at.on.firm.pk, case_id=case, by=at.on.person, now=timezone.now(), **given)  # type: ignore[arg-type]


def test_what_was_settled_elsewhere_waits_no_longer_and_is_named_in_the_tie_out() -> None:
    with scene() as at:
        case, _ = held(at)
        browser = cast.sign_in(Client(), User.objects.get(email="books@ash-birch.test"))
        asked = browser.get(reverse("desk:elsewhere", args=[case])).text
        assert "What Tieout does not post then" in asked
        browser.post(reverse("desk:elsewhere", args=[case]), {"reason": WHY})

        at.sync()

        assert (at.store("Invoice"), at.holds(), at.cases()) == ([], [], [])
        told = at.on.tieout()
        assert not told["equal"], "both sides go on to differ"
        assert told["kinds"]["invoices"]["unexplained"] == "0.00"
        assert {row["reason"] for row in told["differences"]} == {f"Settled elsewhere, says books: {WHY}"}
        page = browser.get(reverse("desk:case", args=[case])).text
        assert WHY in page
        assert "Take it back" in page


def test_a_change_in_clio_asks_again() -> None:
    with scene() as at:
        case, line = held(at)
        assert said(at, case) == 1
        at.sync()
        assert not at.holds()

        at.on.desk("edit_line", line=line, quantity="9")
        at.sync()

        assert [hold.case_id for hold in at.holds()] == [case]


def test_taken_back_it_posts_and_ties() -> None:
    with scene() as at:
        case, _ = held(at)
        assert said(at, case) == 1
        at.sync()
        backdoor.set_active(at.on.company, "Item", seed.item(at.on.company, "Legal Fees"), active=True)

        assert (
            elsewhere.take_back(firm_id=at.on.firm.pk, case_id=case, by=at.on.person, now=timezone.now()) == 1
        )

        at.sync()
        assert len(at.store("Invoice")) == 1
        at.assert_ties()
        with firm_scope(write=None, reads=[at.on.firm.pk]):
            assert Elsewhere.objects.get(firm=at.on.firm).ended_by == at.on.person  # kept, not deleted


def test_client_money_needs_a_partner_and_the_evidence() -> None:
    proof = elsewhere.Proof(name="letter of the bank.pdf", content=b"%PDF of the bank")
    with scene() as at:
        case, _ = held(at)
        with firm_scope(write=at.on.firm.pk):
            Case.objects.filter(firm=at.on.firm, pk=case).update(severity="trust")

        assert said(at, case, reason=" ") == elsewhere.NO_REASON
        assert said(at, case, proof=proof) == elsewhere.PARTNERS_ONLY
        assert said(at, case, partner=True) == elsewhere.NO_PROOF
        large = elsewhere.Proof(name="x", content=b"x" * (elsewhere.LARGEST + 1))
        assert said(at, case, partner=True, proof=large) == elsewhere.TOO_LARGE
        assert said(at, case, partner=True, proof=proof) == 1

        browser = cast.sign_in(Client(), User.objects.get(email="books@ash-birch.test"))
        with firm_scope(write=None, reads=[at.on.firm.pk]):
            row = Elsewhere.objects.get(firm=at.on.firm)
            assert Document.objects.get(pk=row.document_id).version == row.version
        file = browser.get(reverse("desk:evidence", args=[row.pk]))
        assert file.content == b"%PDF of the bank"
        assert file["Content-Disposition"] == 'attachment; filename="letter of the bank.pdf"'
        assert file["X-Content-SHA256"] == row.digest
