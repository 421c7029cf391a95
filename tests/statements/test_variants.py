"""What real banks do to the OFX family (TRUST-RULES, table of variants), and to tables."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import pytest

from syncapp.emulators.bank import Line, write
from tests.statements.sheets import DEPOSITS, LINES, sep, sheet
from trust.nouns import Unreadable
from trust.statements.amounts import amount, day, order_of
from trust.statements.reading import read

PLAIN = write("ofx1", sheet()).decode("cp1252")


def changed(*pairs: tuple[str, str]) -> bytes:
    text = PLAIN
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text.encode("cp1252")


VARIANTS = {
    "encoding named as ISO-8859-1": changed(("ENCODING:USASCII", "ENCODING:ISO-8859-1")),
    "no CHARSET line": changed(("CHARSET:1252\r\n", "")),
    "a blank line first and no separator": b"\r\n" + changed(("NEWFILEUID:NONE\r\n\r\n", "NEWFILEUID:NONE")),
    "all of it in one line": changed(("\r\n", "")),
    "bare line feeds": changed(("\r\n", "\n")),
    "no header at all": changed((PLAIN[: PLAIN.index("<OFX>")], "")),
    "text in UTF-8": PLAIN.encode(),
    "a byte order mark": b"\xef\xbb\xbf" + PLAIN.encode(),
    "UTF-16": PLAIN.encode("utf-16"),
    "tags in small letters": re.sub(r"<[^>]+>", lambda tag: tag[0].lower(), PLAIN).encode(),
    "an evening in New York": changed(("<DTPOSTED>20260930", "<DTPOSTED>20260930200000[-5:EST]")),
    "fractions of a second": changed(("<DTPOSTED>20260930", "<DTPOSTED>20260930200000.000[-5:EST]")),
    "a comment": changed(("<OFX>", "<OFX><!-- made by the bank -->")),
    "unknown tags": changed(("<NAME>Deposit", "<BANK.EXTRA>7\r\n<NAME>Deposit")),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_banks_way_with_ofx_changes_nothing(variant) -> None:
    statement = read(VARIANTS[variant]).statements[0]

    assert [(line.day, line.amount, line.check) for line in statement.lines] == [
        (line.day, line.amount, line.check) for line in LINES
    ]
    assert statement.closing == 1_074_867
    assert statement.last_day == date(2026, 9, 30)


def test_names_keep_their_letters_whatever_the_file_says_of_its_encoding() -> None:
    for encoded in (
        PLAIN.replace("Muller", "Müller").encode("cp1252"),
        PLAIN.replace("Muller", "Müller").encode(),
    ):
        assert read(encoded).statements[0].lines[-1].text == "Check paid Müller & Sons"


@pytest.mark.parametrize(
    ("broken", "reader"),
    [
        (changed(("<NAME>Deposit", "<NAME>Deposit</WRONG>")), "ofxparse"),
        (changed(("</STMTTRN>\r\n", ""), ("</BANKTRANLIST>", "</BANKTRANLIST>stray")), "tieout-ofx"),
    ],
)
def test_what_one_reader_cannot_take_the_next_one_does(broken, reader) -> None:
    reading = read(broken)

    assert reading.reader == reader
    assert [(line.day, line.amount) for line in reading.statements[0].lines] == [
        (line.day, line.amount) for line in LINES
    ]


def test_a_bank_id_used_twice_in_one_file_names_no_line() -> None:
    statement = read(changed(("<FITID>A2", "<FITID>A1"))).statements[0]
    ids = [line.id for line in statement.lines]

    assert ids[0].startswith("is:")
    assert ids[0].rsplit(":", 1)[0] == ids[1].rsplit(":", 1)[0]
    assert [one[-2:] for one in ids[:2]] == [":1", ":2"]
    assert ids[2:] == ["id:A3", "id:A4"]


def test_an_empty_bank_id_is_none() -> None:
    nameless = sheet(*(Line(day=line.day, amount=line.amount, text=line.text) for line in DEPOSITS))

    for name in ("ofx1", "qbo", "ofx2"):
        ids = [line.id for line in read(write(name, nameless)).statements[0].lines]
        assert all(one.startswith("is:") for one in ids)
        assert len(set(ids)) == 2


def test_a_list_without_lines_is_a_statement() -> None:
    empty = sheet(Line(day=sep(1), amount=0, text="x"))
    none = re.sub(rb"<STMTTRN>.*</STMTTRN>\r\n", b"", write("ofx1", empty), flags=re.DOTALL)

    statement = read(none).statements[0]

    assert statement.lines == ()
    assert (statement.first_day, statement.last_day) == (sep(1), sep(30))


def test_the_kind_of_account_that_the_file_names_is_not_looked_at() -> None:
    savings = read(changed(("<ACCTTYPE>CHECKING", "<ACCTTYPE>CREDITLINE"))).statements[0]

    assert savings == read(PLAIN.encode()).statements[0]


def test_several_accounts_packed_in_one_file_are_told_apart() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        for account in ("111111117725", "222222228836"):
            made.writestr(f"{account}.qbo", write("qbo", sheet(account=account)))

    reading = read(packed.getvalue())

    assert [one.account for one in reading.statements] == ["111111117725", "222222228836"]


def test_a_month_of_daily_reports_is_one_statement_and_a_hole_in_it_is_seen() -> None:
    body = write("bai2", sheet()).decode()
    groups = re.split(r"(?=^02,)", body, flags=re.MULTILINE)
    hole = [group for group in groups if ",260915," not in group]

    assert len(read(body.encode()).statements) == 1
    with pytest.raises(Unreadable, match="control totals"):
        read("".join(hole).encode())
    total = sum(int(number) for number in re.findall(r"^98,(\d+)", "".join(hole), re.MULTILINE))
    honest = re.sub(r"^99,.*", f"99,{total},{len(hole) - 1},{0}/", "".join(hole), flags=re.MULTILINE)
    count = len(honest.splitlines())
    with pytest.raises(Unreadable, match=r"-\$1\.23 lie between them"):
        read(honest.replace(f",{len(hole) - 1},0/", f",{len(hole) - 1},{count}/").encode())


def test_a_wrong_control_total_is_refused() -> None:
    body = write("bai2", sheet()).decode()

    with pytest.raises(Unreadable, match="control totals do not agree"):
        read(body.replace("16,475,25010", "16,475,25019").encode())


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("(250.10)", -25_010),
        ("250.10-", -25_010),
        ("$1,500.00", 150_000),
        ("-$5.00", -500),
        ("$-5.00", -500),
        ("($1,234.50)", -123_450),
        ("1.234,56", 123_456),
        ("1 500,00", 150_000),
        ("1,234", 123_400),
        ("−3", -300),
        ("12.00 DR", -1_200),
        ("5.00 CR", 500),
        ("CA$ 3.5", 350),
        ("-.50", -50),
        ("7.1000", 710),
    ],
)
def test_an_amount_is_read_as_banks_write_it(text, cents) -> None:
    assert amount(text) == cents


@pytest.mark.parametrize("text", ["", "-", "abc", "1.234", "3/4/2026", "1-2", "$", "0.001", "∞", "1e5"])
def test_what_is_no_amount_of_whole_cents_is_none(text) -> None:
    with pytest.raises(ValueError, match=r"amount|cent"):
        amount(text)


@pytest.mark.parametrize(
    "text",
    [
        *("9/30/2026", "09/30/26", "2026-09-30", "2026-09-30T23:00:00-05:00", "20260930", "30 Sep 2026"),
        *("Sep 30, 2026", "Wed, Sep 30, 2026", "30-SEP-26", "46295", "2026/9/30", "09-30-2026 20:15"),
    ],
)
def test_a_day_is_the_files_own(text) -> None:
    assert day(text) == date(2026, 9, 30)


def test_days_say_by_themselves_whether_the_month_comes_first() -> None:
    assert order_of(["01/02/2026", "13/02/2026"]) == ("dmy", True)
    assert order_of(["01/02/2026", "02/13/2026"]) == ("mdy", True)
    assert order_of(["01/02/2026"]) == ("mdy", False)
