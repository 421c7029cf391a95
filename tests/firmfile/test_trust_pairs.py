"""The firm file's trust accounts become pairs once the books are read; what is wrong has its place."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from accounts.models import AuditEvent, Firm
from accounts.tenancy import firm_scope
from mapping.findings import Severity
from syncapp.core.books import Account
from syncapp.emulators.clio.world import empty
from syncapp.emulators.qbo import seed
from syncapp.pipeline import connect
from syncapp.pipeline.firmfile.applying import apply
from syncapp.pipeline.firmfile.exporting import export
from syncapp.pipeline.firmfile.reading import Unreadable, read
from tests.stage import Stage, firm_file, stage
from trust.models import MOVEMENTS, TrustPair
from trust.pairing import BANK_RULE, LIABILITY_RULE, OPERATING_RULE, Terms, faults
from trust.queries import openings

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
IOLTA = {
    "clio_account": "IOLTA",
    "operating": "Operating Bank",
    "bank": "IOLTA Trust Account",
    "liability": "Client Funds Held in Trust",
    "opening": "clio",
}


def file_with(*trust: dict[str, Any], **changes: Any) -> dict[str, Any]:
    file = firm_file(**changes)
    file["books"][0]["trust"] = list(trust)
    return file


def written(file: dict[str, Any]) -> str:
    """A file as a person writes it."""
    return yaml.safe_dump(file, sort_keys=False)


def apply_to(on: Stage, file: dict[str, Any]) -> list[str]:
    return apply(read(written(file)), now=NOW).changed


def standing(firm: Firm) -> list[TrustPair]:
    with firm_scope(write=None, reads=[firm.pk]):
        return list(TrustPair.objects.filter(firm_id=firm.pk))


@pytest.mark.django_db
def test_a_pair_of_the_file_is_in_force_once_the_books_are_read() -> None:
    with stage(empty(), file=file_with(IOLTA)) as on:
        (pair,) = standing(on.firm)

        accounts = {a["Id"]: a["Name"] for a in on.company.store["Account"].values()}
        assert accounts[pair.bank] == "IOLTA Trust Account"
        assert accounts[pair.liability] == "Client Funds Held in Trust"
        assert accounts[pair.operating] == "Operating Bank"
        assert (pair.kind, pair.client_as, pair.opening) == ("pooled", "customer", "clio")
        assert pair.start == date(2025, 11, 1)
        assert tuple(pair.post) == MOVEMENTS
        with firm_scope(write=None, reads=[on.firm.pk]):
            assert AuditEvent.objects.filter(verb="trust.pair_added", object_text="IOLTA").count() == 1


@pytest.mark.django_db
def test_a_file_may_give_each_ledger_an_account_of_its_own_and_a_partner_decides_a_change() -> None:
    own = IOLTA | {"client_as": "sub-account"}
    with stage(empty(), file=file_with(own)) as on:
        assert standing(on.firm)[0].client_as == "sub-account"
        assert "client_as: sub-account" in export(on.firm)
        again = apply(read(written(file_with(own))), now=NOW)
        assert (again.changed, again.warnings) == ([], [])

        asked = apply_to(on, file_with(IOLTA | {"client_as": "customer"}))

        assert "asked a partner to approve the change of the trust account IOLTA" in asked
        assert standing(on.firm)[0].client_as == "sub-account"


@pytest.mark.django_db
def test_a_partner_decides_that_what_is_paid_out_becomes_checks() -> None:
    with stage(empty(), file=file_with(IOLTA)) as on:
        assert standing(on.firm)[0].disbursement_as == "journal"

        asked = apply_to(on, file_with(IOLTA | {"disbursement_as": "check"}))

        assert "asked a partner to approve the change of the trust account IOLTA" in asked
        assert standing(on.firm)[0].disbursement_as == "journal"


@pytest.mark.django_db
def test_checks_of_client_money_are_exported_and_applied_the_same() -> None:
    checks = IOLTA | {"disbursement_as": "check"}
    with stage(empty(), file=file_with(checks)) as on:
        assert standing(on.firm)[0].disbursement_as == "check"
        assert "disbursement_as: check" in export(on.firm)
        again = apply(read(export(on.firm)), now=NOW)
        assert (again.changed, again.warnings) == ([], [])
    with pytest.raises(Unreadable, match="disbursement_as"):
        read(written(file_with(IOLTA | {"disbursement_as": "cash"})))


@pytest.mark.django_db
def test_a_pair_that_comes_later_is_set_up_at_once_and_told_once() -> None:
    with stage(empty()) as on:
        assert not standing(on.firm)

        first, again = apply_to(on, file_with(IOLTA)), apply_to(on, file_with(IOLTA))

        assert "set up the trust account IOLTA" in first
        assert again == []
        assert len(standing(on.firm)) == 1


@pytest.mark.django_db
def test_the_start_is_today_where_the_file_says_none_and_stays() -> None:
    dates = {"bills": "2025-11-01", "payments": "2025-11-01", "credits": "2025-11-01"}
    file = file_with(IOLTA)
    file["books"][0]["start"] = dates
    with stage(empty()) as on:
        apply_to(on, file)
        later = apply(read(written(file)), now=datetime(2026, 6, 1, tzinfo=UTC))

        assert standing(on.firm)[0].start == date(2026, 5, 4)
        assert later.changed == []


@pytest.mark.django_db
def test_what_is_exported_is_applied_without_a_change() -> None:
    more = IOLTA | {
        "start": date(2026, 1, 1),
        "jurisdiction": "WA",
        "last_digits": "7725",
        "post": ["deposit"],
    }
    with stage(empty(), file=file_with(more)) as on:
        text = export(on.firm)

        assert apply(read(text), now=NOW).changed == []
        assert "start: 2026-01-01" in text
        assert "last_digits: '7725'" in text
        assert export(on.firm) == text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "place", "words"),
    [
        ({"bank": "Nowhere"}, "trust[0].bank", 'there is no account "Nowhere" in QuickBooks'),
        ({"liability": "Legal Fees Income"}, "trust[0].liability", LIABILITY_RULE),
        ({"liability": "Client Retainers Operating"}, "trust[0].liability", LIABILITY_RULE),
        ({"bank": "Operating Bank"}, "trust[0].bank", BANK_RULE),
        ({"operating": "IOLTA Trust Account"}, "trust[0].operating", OPERATING_RULE),
        ({"operating": "Legal Fees Income"}, "trust[0].operating", OPERATING_RULE),
    ],
)
def test_a_wrong_account_is_refused_with_its_place_and_the_rule(
    changed: dict[str, str], place: str, words: str
) -> None:
    with stage(empty()) as on:
        income = next(a["Name"] for a in on.company.store["Account"].values() if a["AccountType"] == "Income")
        entry = IOLTA | {
            key: income if name == "Legal Fees Income" else name for key, name in changed.items()
        }

        with pytest.raises(Unreadable) as refused:
            apply_to(on, file_with(entry))

        assert str(refused.value).startswith(f"books[0].{place}: {words}")
        assert not standing(on.firm)


@pytest.mark.django_db
def test_one_account_serves_one_trust_account_however_it_is_written() -> None:
    with stage(empty()) as on:
        bank = next(i for i, a in on.company.store["Account"].items() if a["Name"] == IOLTA["bank"])
        second = IOLTA | {"clio_account": "IOLTA 2", "bank": f"id:{bank}"}

        with pytest.raises(Unreadable) as refused:
            apply_to(on, file_with(IOLTA, second | {"liability": "id:999"}))

        assert [trouble.place for trouble in refused.value.troubles] == [
            "books[0].trust[1].liability",
            "books[0].trust[1].bank",
        ]
        assert "is the trust bank of “IOLTA” already" in str(refused.value)


@pytest.mark.parametrize(
    ("entries", "trouble"),
    [
        (
            [IOLTA, IOLTA | {"clio_account": "Iolta"}],
            "trust[1].clio_account: this trust account of Clio stands",
        ),
        ([IOLTA, IOLTA | {"clio_account": "B"}], "trust[1].bank: this bank serves another trust account"),
        (
            [IOLTA | {"liability": "IOLTA Trust Account"}],
            "trust[0].liability: the bank is not its own liability",
        ),
        ([IOLTA | {"client": "Acme"}], "trust[0].client: only a single-client account names its client"),
        ([IOLTA | {"post": ["deposits"]}], 'trust[0].post[0]: "deposits" is not known here'),
        ([IOLTA | {"start": "soon"}], 'trust[0].start: "soon" is not a day'),
    ],
)
def test_a_file_that_contradicts_itself_is_refused_before_the_books_are_read(
    entries: list[dict[str, Any]], trouble: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        read(written(file_with(*entries)))

    assert trouble in str(refused.value)


@pytest.mark.django_db
def test_a_single_client_account_names_its_client() -> None:
    world = empty()
    with stage(world, file=file_with(IOLTA | {"kind": "single-client", "client": "Client 1 Inc."})) as on:
        client = on.desk("create_client", name="Client 1 Inc.")
        assert standing(on.firm)[0].client_id is None

        on.sync()
        apply_to(on, on.file)

        assert standing(on.firm)[0].client_id == client.id
        with pytest.raises(Unreadable, match=r'trust\[0\].client: there is no client "Nobody" in Clio'):
            apply_to(on, file_with(IOLTA | {"kind": "single-client", "client": "Nobody"}))


def test_an_account_in_another_currency_or_switched_off_is_refused() -> None:
    terms = Terms(
        clio_account="IOLTA", kind="pooled", bank="1", liability="2", operating="", client_as="customer",
        opening="none", start=date(2026, 1, 1), post=MOVEMENTS,
    )  # fmt: skip
    bank = Account(id="1", name="Trust", type="Bank", subtype="TrustAccounts", currency="CAD")
    held = Account(
        id="2", name="Held", type="Other Current Liability", subtype="TrustAccountsLiabilities", active=False
    )

    found = faults(terms, accounts={"1": bank, "2": held})

    assert [(fault.term, fault.words) for fault in found] == [
        ("liability", "“Held” is inactive in QuickBooks. Make it active there first."),
        ("bank", "“Trust” is kept in CAD, the firm in USD."),
    ]


@pytest.mark.django_db
def test_pre_flight_names_a_trust_account_of_the_wrong_type_until_the_books_are_mended() -> None:
    company = seed.law_firm()
    bank = next(row for row in company.store["Account"].values() if row["Name"] == IOLTA["bank"])
    bank["AccountSubType"] = "Checking"
    with stage(empty(), file=file_with(IOLTA), company=company) as on:
        found = connect.preflight(firm_id=on.firm.pk, books_id=on.books.pk, now=NOW)
        (blocking,) = [one for one in found if one.code == "trust_pair"]
        assert blocking.severity is Severity.BLOCKS
        assert f"The trust account “IOLTA” is not valid: {BANK_RULE}" in blocking.title
        assert not standing(on.firm)

        bank["AccountSubType"] = "TrustAccounts"
        found = connect.preflight(firm_id=on.firm.pk, books_id=on.books.pk, now=NOW)

        assert [one.severity for one in found if one.code.startswith("trust_pair")] == [Severity.GOOD]
        assert len(standing(on.firm)) == 1


@pytest.mark.django_db
def test_an_opening_file_is_taken_once_from_beside_the_firm_file(tmp_path: Path) -> None:
    with stage(empty(), file=file_with(IOLTA | {"opening": "opening.csv"})) as on:
        text = written(on.file)
        away = apply(read(text), now=NOW, folder=tmp_path)
        (tmp_path / "opening.csv").write_text("kind,ledger,amount\nledger,nobody,5\n")
        wrong = apply(read(text), now=NOW, folder=tmp_path)
        (tmp_path / "opening.csv").write_text("kind,ledger,amount\nledger,trust/firm,50.00\n")
        taken, again = (apply(read(text), now=NOW, folder=tmp_path) for _ in range(2))

        assert "IOLTA: the opening file opening.csv does not lie beside the firm file" in away.warnings
        assert "IOLTA: opening.csv: Line 2: Clio has no matter or client “nobody”." in wrong.warnings
        assert taken.changed == ["took the opening of IOLTA from opening.csv"]
        assert (again.changed, again.warnings) == ([], [])
        with firm_scope(write=None, reads=[on.firm.pk]):
            pair = TrustPair.objects.get(firm_id=on.firm.pk)
            assert openings.ledgers(pair) == {"trust/firm": 5000}
            assert openings.waits(pair)
