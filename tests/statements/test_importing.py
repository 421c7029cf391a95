"""Bringing statements in: proof, overlap, and the files that are refused with the difference."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256

import pytest
from django.db import DatabaseError

from accounts import audit
from accounts.models import AuditEvent
from accounts.tenancy import firm_scope
from syncapp.emulators.bank import Line, write
from tests import cast
from tests.statements.importing import balance, bring, kept
from tests.statements.sheets import LINES, sep, sheet
from trust.actions import statements as actions
from trust.models import Statement, StatementFile, StatementLine, TrustPair
from trust.nouns import Unreadable
from trust.queries import statements as query
from trust.statements.fitting import Told
from trust.statements.profile import Profile

OVERLAP = tuple(
    Line(day=sep(25) + timedelta(days=n // 2), amount=1_000 + n, id=f"O{n}", text=f"Deposit client {n}")
    for n in range(11)
)
NEW = tuple(
    Line(day=date(2026, 10, 1) + timedelta(days=n // 2), amount=2_000 + n, id=f"N{n}", text=f"Wire {n}")
    for n in range(7)
)
SEPTEMBER = sheet(*LINES[:3], *OVERLAP)


def test_a_file_is_kept_untouched_with_its_hash_and_its_reader(account) -> None:
    content = write("bai2", sheet())

    made = bring(account, content, "prior day.bai")

    with firm_scope(write=None, reads=[account.firm_id]):
        file = StatementFile.objects.get(pk=made.file_id)
        assert bytes(file.content) == content
        assert file.sha256 == sha256(content).hexdigest()
    assert (file.reader, file.name) == ("bai2", "prior day.bai")
    assert (made.opening, made.closing, made.opening_from, made.state) == (
        1_000_000,
        1_074_867,
        "file",
        "proved",
    )
    assert [line.amount for line in kept(account)] == [line.amount for line in LINES]


def test_the_same_file_twice_adds_nothing(account) -> None:
    first = bring(account, write("qbo", SEPTEMBER))
    again = bring(account, write("qbo", SEPTEMBER), "renamed.qbo")

    assert again.pk == first.pk
    assert len(kept(account)) == len(SEPTEMBER.lines)


def test_a_csv_that_overlaps_a_qbo_adds_only_what_is_new(account) -> None:
    # bookkeeper's scenario 6: 1 to 30 September as QBO, then 25 September to 5 October as CSV
    bring(account, write("qbo", SEPTEMBER))
    until = SEPTEMBER.closing - sum(line.amount for line in OVERLAP)
    pending = (Line(day=date(2026, 10, 5), amount=-5_000, text="CARD AUTHORIZATION"),)
    later = sheet(
        *OVERLAP, *NEW, opening=until, first_day=sep(25), last_day=date(2026, 10, 5), pending=pending
    )

    made = bring(account, write("csv", later), "october.csv")

    assert (made.known, made.seen - made.known) == (11, 7)
    assert any("11 of 18 lines are here already" in words and "7 are new" in words for words in made.warnings)
    assert any("Pending rows: 1 left out" in words for words in made.warnings)
    assert len(kept(account)) == len(SEPTEMBER.lines) + 7
    assert [line.amount for line in kept(account) if line.day == sep(12)] == [50_000, 50_000]
    assert balance(account, sep(30)) == SEPTEMBER.closing
    assert made.closing == SEPTEMBER.closing + sum(line.amount for line in NEW)


@pytest.mark.parametrize("first", ["qbo", "csv-newest-first", "pdf"])
@pytest.mark.parametrize("second", ["ofx2", "xlsx", "camt053", "bai2"])
def test_the_same_month_in_another_format_adds_nothing(account, first, second) -> None:
    bring(account, write(first, sheet()), f"a.{first}")

    made = bring(account, write(second, sheet()), f"b.{second}")

    assert (made.known, made.seen) == (len(LINES), len(LINES))
    assert len(kept(account)) == len(LINES)


def test_months_follow_each_other_and_the_opening_comes_from_the_one_before(account) -> None:
    first = bring(account, write("qbo", sheet()))
    october = sheet(
        Line(day=date(2026, 10, 2), amount=7_700, id="B1", text="Deposit"),
        opening=1_074_867, first_day=date(2026, 10, 1), last_day=date(2026, 10, 15),
    )  # fmt: skip
    second = bring(account, write("qbo", october), "october.qbo")

    assert (first.opening_from, first.state) == ("worked_out", "opening_worked_out")
    assert "was worked out from the lines, which proves nothing" in first.warnings[0]
    assert (second.opening_from, second.state, second.opening) == ("previous", "proved", 1_074_867)
    assert "$10,748.67 is the closing balance of the statement before it" in second.warnings[0]


def test_a_month_is_told_only_when_its_last_day_is_covered(account) -> None:
    bring(account, write("bai2", sheet()))
    half = sheet(
        Line(day=date(2026, 10, 2), amount=5, id="B1", text="Deposit"),
        opening=1_074_867, first_day=date(2026, 10, 1), last_day=date(2026, 10, 15),
    )  # fmt: skip
    bring(account, write("bai2", half), "half.bai")

    with firm_scope(write=None, reads=[account.firm_id]):
        moved = sum(line.amount for line in query.lines(account, sep(1), sep(30)))
    opening, closing = balance(account, date(2026, 8, 31)), balance(account, sep(30))
    assert (opening, closing) == (1_000_000, 1_074_867)
    assert 1_000_000 + moved == closing
    assert balance(account, date(2026, 10, 31)) is None
    assert balance(account, sep(13)) == 1_100_000
    assert balance(account, date(2026, 10, 15)) == 1_074_872
    assert balance(account, date(2026, 10, 16)) is None


REFUSALS = {
    "a deposit is missing": (
        lambda: write("qbo", sheet(*LINES[:3], opening=0, closing=1_074_867)),
        r"closing balance of \$10,748\.67: the difference is -\$250\.10\. The file is not taken",
    ),
    "the closing is another": (
        lambda: write("bai2", sheet(closing=1_074_868)),
        r"the difference is \$0\.01",
    ),
    "another opening than the account stood at": (
        lambda: write("bai2", sheet(opening=999_000)),
        r"the account stood at \$10,000\.00 on 31 Aug 2026: the difference is -\$10\.00",
    ),
    "a file of another account": (
        lambda: write("bai2", sheet(account="000999998888")),
        r"The file is of account …8888, this trust account is …7725",
    ),
    "a table without a closing balance": (
        lambda: b"Date,Description,Amount\r\n09/12/2026,Deposit,500.00\r\n",
        "names no closing balance",
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_file_that_does_not_prove_is_refused_with_the_difference(account, case) -> None:
    content, words = REFUSALS[case]
    august = sheet(
        Line(day=date(2026, 8, 3), amount=1_000_000, id="Z", text="Deposit"),
        opening=0, first_day=date(2026, 8, 1), last_day=date(2026, 8, 31),
    )  # fmt: skip
    bring(account, write("bai2", august), "august.bai")

    with pytest.raises(Unreadable, match=words):
        bring(account, content(), "september")

    assert len(kept(account)) == 1


def test_one_changed_byte_in_an_amount_is_refused_and_in_a_name_adds_nothing(account) -> None:
    content = write("bai2", sheet())
    bring(account, content)
    csv = write("csv", sheet())

    with pytest.raises(Unreadable, match=r"the difference is -\$10\.00"):
        bring(account, csv.replace(b",500.00,", b",510.00,", 1), "changed.csv")
    with pytest.raises(Unreadable, match=r"the difference is \$0\.01"):
        bring(account, write("mt940", sheet(closing=1_074_868)), "changed.sta")
    made = bring(account, csv.replace(b"Deposit", b"Deposed", 1), "renamed.csv")
    assert (made.known, made.seen) == (4, 4)


def test_a_file_that_leaves_out_a_line_which_an_earlier_one_has_is_refused(account) -> None:
    bring(account, write("csv", sheet()))
    fewer = sheet(*LINES[:2], LINES[3], opening=1_000_000, closing=1_074_867)

    with pytest.raises(Unreadable):
        bring(account, write("qbo", fewer), "fewer.qbo")


def test_a_person_says_the_balances_that_a_file_leaves_out(house, account) -> None:
    odd = Profile(delimiter=";", date=0, order="dmy", amount=1, texts=(2,), check=3)
    content = write("csv-odd", sheet())
    with firm_scope(write=account.firm_id):
        actions.save_profile(
            firm_id=account.firm_id, name="First Bank", content=content, shape=odd,
            by=house.administrator, now=cast.NOW,
        )  # fmt: skip
        saved = list(query.profiles(account.firm_id))

    with pytest.raises(Unreadable, match="names no closing balance"):
        bring(account, content, profiles=saved)
    with pytest.raises(Unreadable, match=r"the difference is \$0\.50"):
        bring(account, content, profiles=saved, told=Told(opening=1_000_000, closing=1_074_917))
    made = bring(account, content, profiles=saved, told=Told(opening=1_000_000, closing=1_074_867))

    assert (made.opening_from, made.state) == ("said", "proved")
    assert made.told["profile"]["delimiter"] == ";"
    assert made.told["closing"] == 1_074_867
    assert (made.first_day, made.last_day) == (sep(1), sep(30))
    assert any("taken as the whole month" in words for words in made.warnings)


def test_what_was_brought_in_stands_in_the_log(account) -> None:
    bring(account, write("csv", sheet()))

    with firm_scope(write=None, reads=[account.firm_id]):
        said = [audit.sentence(event) for event in AuditEvent.objects.filter(firm_id=account.firm_id)]
    assert (
        "Tieout brought in the statement of IOLTA, 1 Sep 2026 to 30 Sep 2026: 4 new lines from september.qbo"
        in said
    )


def test_the_database_refuses_a_statement_that_does_not_prove_and_every_change(account) -> None:
    made = bring(account, write("csv", sheet()))

    for wrong in (
        lambda: Statement.objects.filter(pk=made.pk).update(closing=1),
        lambda: StatementLine.objects.filter(statement=made).update(amount=1),
        lambda: StatementLine.objects.filter(statement=made).delete(),
        lambda: StatementFile.objects.filter(pk=made.file_id).update(content=b"x"),
    ):
        with pytest.raises(DatabaseError, match="only ever added"), firm_scope(write=account.firm_id):
            wrong()
    with pytest.raises(DatabaseError, match="does not prove"), firm_scope(write=account.firm_id):
        Statement.objects.create(
            firm_id=account.firm_id, pair=account, file_id=world_file(account), opening=0, closing=5,
            first_day=sep(1), last_day=sep(2), seen=0, at=cast.NOW,
        )  # fmt: skip


def world_file(account: TrustPair) -> int:
    return StatementFile.objects.create(
        firm_id=account.firm_id, name="x", content=b"x", size=1, sha256="0" * 64, reader="x", version="1",
        at=cast.NOW,
    ).pk  # fmt: skip
