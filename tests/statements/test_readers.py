"""Every format that banks hand out, read as the bank meant it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncapp.emulators.bank import FORMATS, Line, Sheet, write
from tests.statements.sheets import ACCOUNT, LINES, sep, sheet
from trust.nouns import Unreadable
from trust.statements.profile import Profile
from trust.statements.reading import NeedsProfile, read

READERS = {
    **dict.fromkeys(["ofx1", "ofx2", "qfx", "qbo"], "ofxtools"),
    **dict.fromkeys([name for name in FORMATS if name.startswith("csv")], "csv"),
    "xlsx": "openpyxl",
    "bai2": "bai2",
    "camt053": "tieout-camt",
    "mt940": "mt-940",
    "pdf": "pdfplumber",
}
ODD = Profile(delimiter=";", date=0, order="dmy", amount=1, texts=(2,), check=3)
TELLS_NO_OPENING = {"ofx1", "ofx2", "qfx", "qbo", "csv-odd"}
TELLS_THE_BANKS_ID = {"ofx1", "ofx2", "qfx", "qbo", "bai2", "camt053", "mt940"}


def profile_of(name: str) -> Profile | None:
    return ODD if name == "csv-odd" else None


@pytest.mark.parametrize("name", FORMATS)
def test_a_statement_is_read_in_every_format(name) -> None:
    reading = read(write(name, sheet()), profile=profile_of(name))
    statement = reading.statements[0]

    assert reading.reader == READERS[name]
    assert [(line.day, line.amount, line.check) for line in statement.lines] == [
        (line.day, line.amount, line.check) for line in LINES
    ]
    if name in TELLS_NO_OPENING:
        assert (statement.opening, statement.proof) == (None, None)
    else:
        assert (statement.opening, statement.closing, statement.proof) == (1_000_000, 1_074_867, 0)
    if name in TELLS_THE_BANKS_ID:
        assert [line.id for line in statement.lines] == ["id:A1", "id:A2", "id:A3", "id:A4"]
    assert statement.account in {ACCOUNT, ""}
    assert len({line.id for line in statement.lines}) == len(LINES), "two equal deposits stay two"


texts = st.text(alphabet="ABCDEFGHIJ klmnop.-&'", min_size=3, max_size=70).map(
    lambda words: " ".join(words.split()) or "Deposit"
)


@st.composite
def statements(draw) -> Sheet:
    first = draw(st.dates(min_value=date(2019, 1, 1), max_value=date(2030, 1, 1)))
    last = first + timedelta(days=draw(st.integers(min_value=0, max_value=40)))
    span = (last - first).days
    lines = []
    for number in range(draw(st.integers(min_value=1, max_value=12))):
        amount = draw(st.integers(min_value=-9_999_999, max_value=99_999_999).filter(bool))
        check = str(draw(st.integers(min_value=100, max_value=99_999))) if amount < 0 else ""
        day = first + timedelta(days=draw(st.integers(min_value=0, max_value=span)))
        text = "x" + draw(texts).lstrip("-+.")
        lines.append(Line(day=day, amount=amount, id=f"B{number}", check=check, text=text))
    lines.sort(key=lambda line: line.day)
    opening = draw(st.integers(min_value=0, max_value=10**10))
    closing = opening + sum(line.amount for line in lines)
    return Sheet(
        account="1234567725", first_day=first, last_day=last, opening=opening, closing=closing,
        lines=tuple(lines),
    )  # fmt: skip


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in {"xlsx", "pdf"}])
@settings(max_examples=20)
@given(wanted=statements())
def test_days_and_cents_survive_every_format(name, wanted) -> None:
    # a table of ambiguous dates says month or day first only by the profile
    order = Profile(date=0, texts=(1,), check=2, reference=3, amount=4, balance=5)
    profile = {"csv-odd": ODD, "csv": order}.get(name)

    reading = read(write(name, wanted), profile=profile)
    lines = reading.statements[0].lines

    if name in {"csv-newest-first", "csv-preamble"}:
        assert sum(line.amount for line in lines) == wanted.closing - wanted.opening
        assert sorted(line.amount for line in lines) == sorted(line.amount for line in wanted.lines)
    else:
        assert [(line.day, line.amount) for line in lines] == [
            (line.day, line.amount) for line in wanted.lines
        ]


@given(amount=st.decimals(min_value=Decimal("-9999999.99"), max_value=Decimal("9999999.99"), places=2))
def test_a_running_balance_proves_itself_to_the_cent(amount) -> None:
    cents = int(amount.scaleb(2))

    reading = read(write("csv", sheet(Line(day=sep(2), amount=cents, text="Deposit"))))

    assert reading.statements[0].proof == 0
    assert reading.statements[0].lines[0].amount == cents


@pytest.mark.parametrize("name", ["bai2", "camt053", "mt940", "csv-preamble"])
def test_a_closing_balance_that_does_not_follow_leaves_a_difference(name) -> None:
    reading = read(write(name, sheet(closing=1_074_867 + 4_000)))

    assert reading.statements[0].proof == -4_000


def test_a_pdf_is_taken_only_when_its_lines_lead_to_the_closing_balance() -> None:
    with pytest.raises(Unreadable, match=r"\$40\.00 are missing\. Ask the bank for a file"):
        read(write("pdf", sheet(closing=1_074_867 + 4_000)))


def test_a_long_pdf_is_read_page_by_page() -> None:
    many = [Line(day=sep(1 + n // 5), amount=100 + n, text=f"Deposit of client {n} " * 3) for n in range(140)]

    statement = read(write("pdf", sheet(*many))).statements[0]

    assert [line.amount for line in statement.lines] == [line.amount for line in many]
    assert statement.lines[7].text.count("Deposit of client 7") == 3


def test_the_sign_of_a_pdf_comes_from_the_column() -> None:
    lines = (Line(day=sep(3), amount=-100, text="Wire"), Line(day=sep(3), amount=100, text="Wire"))

    statement = read(write("pdf", sheet(*lines))).statements[0]

    assert [line.amount for line in statement.lines] == [-100, 100]


def test_a_table_without_plain_heads_asks_for_a_profile() -> None:
    with pytest.raises(NeedsProfile) as asked:
        read(write("csv-odd", sheet()))

    assert asked.value.delimiter == ";"
    assert asked.value.table[0] == ["F1", "F2", "F3", "F4"]


def test_pending_rows_are_left_out_and_named() -> None:
    pending = (Line(day=sep(29), amount=-9_900, text="CARD AUTHORIZATION"),)

    reading = read(write("csv", sheet(pending=pending)))

    assert len(reading.statements[0].lines) == len(LINES)
    assert reading.statements[0].proof == 0
    assert reading.warnings == ("Pending rows: 1 left out. They come with the export that has them posted.",)


def test_a_row_taken_out_of_a_csv_is_missed_by_the_running_balance() -> None:
    rows = write("csv", sheet()).decode().splitlines(keepends=True)

    with pytest.raises(Unreadable, match=r"does not follow in row 4 .*-\$1\.23 are missing before it"):
        read("".join(rows[:3] + rows[4:]).encode())
