"""Files that no bank writes are refused with a sentence."""

from __future__ import annotations

import io
import struct
import time
import zipfile
import zlib

import pytest
import xlsxwriter

from syncapp.emulators.bank import write
from tests.statements.sheets import sheet
from trust.nouns import Unreadable
from trust.statements.reading import read

CAMT = write("camt053", sheet()).decode()
ENTITY = '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
HEAD = "Date,Description,Amount,Balance\r\n"


def packed(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def workbook_with(formula: str) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet()
    for column, head in enumerate(["Date", "Description", "Amount", "Balance"]):
        page.write_string(0, column, head)
    page.write_string(1, 0, "09/12/2026")
    page.write_string(1, 1, "Deposit")
    page.write_formula(1, 2, formula, None, "500.00")
    page.write_string(1, 3, "500.00")
    book.close()
    return out.getvalue()


def tricked_workbook() -> bytes:
    source = zipfile.ZipFile(io.BytesIO(write("xlsx", sheet())))
    parts = {name: source.read(name) for name in source.namelist()}
    text = parts["xl/workbook.xml"].decode()
    parts["xl/workbook.xml"] = text.replace("<workbook", f"{LAUGHS}<workbook", 1).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def lying_bomb() -> bytes:
    """A ZIP whose directory says that its part is small."""
    body = bytearray(packed(xl__workbook=b"0" * 60_000_000))
    at = body.rindex(b"PK\x01\x02")
    body[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(body)


def unfolding_pdf() -> bytes:
    """A PDF of a megabyte whose one page says 300 MB."""
    press = zlib.compressobj(1)
    page = b"".join(press.compress(b" " * 1_000_000) for _ in range(300)) + press.flush()
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<<>>>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(page), page),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    return out + (
        b"xref\n0 5\n0000000000 65535 f \n%btrailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (table, start)
    )


def hollow_workbook() -> bytes:
    """A small workbook whose twenty sheets each have one cell, far below the head."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    for _ in range(20):
        book.add_worksheet().write_string(40_000, 0, "x")
    book.close()
    return out.getvalue()


REFUSED = {
    "nothing": (b"  \r\n ", "empty"),
    "200 MB": (b"Date,Description,Amount\r\n" + b"x" * 200_000_000, "has 190 MB"),
    "an entity in CAMT": (CAMT.replace("<Document", ENTITY + "<Document").encode(), "outside itself"),
    "laughs in CAMT": (CAMT.replace("<Document", LAUGHS + "<Document").encode(), "outside itself"),
    "an entity in OFX": (
        write("ofx2", sheet()).replace(b"<OFX>", ENTITY.encode() + b"<OFX>"),
        "outside itself",
    ),
    "half a CAMT": (CAMT[: len(CAMT) // 2].encode(), "ends too early"),
    "the day so far": (CAMT.replace("camt.053", "camt.052").encode(), "the day's report so far"),
    "a zip bomb": (packed(**{f"n{n}": b"0" * 10_000_000 for n in range(6)}), "far larger"),
    "a zip of thousands": (packed(**{f"n{n}": b"0" for n in range(400)}), "far larger"),
    "a bomb that lies": (lying_bomb(), "damaged"),
    "a broken zip": (b"PK\x03\x04 and nothing", "damaged"),
    "a zip in a zip": (packed(inner=packed(inner=b"x")), "packed files"),
    "a workbook with an entity": (tricked_workbook(), "outside itself"),
    "a workbook with a formula": (workbook_with("=100+400"), r"Row 2 holds a formula \(=100\+400\)"),
    "a formula in CSV": (
        (HEAD + '09/12/2026,"=HYPERLINK(""http://x"")",5.00,5.00\r\n').encode(),
        "Row 2 holds a formula",
    ),
    "a command in CSV": ((HEAD + "09/12/2026,@SUM(A1:A9),5.00,5.00\r\n").encode(), "Row 2 holds a formula"),
    "a link in CSV": ((HEAD + "09/12/2026,+cmd|' /C calc'!A0,5.00,5.00\r\n").encode(), "Row 2 holds"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "picture"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 50, "old Excel workbook"),
    "a web page": (b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
    "a QIF": (b"!Type:Bank\nD09/12/2026\nT500.00\n^\n", "QIF"),
    "bytes": (bytes(range(256)) * 20, "no statement that Tieout can read"),
    "a broken PDF": (b"%PDF-1.4\nnothing", "PDF"),
    "prose": (b"Dear Sirs, enclosed find nothing.", "no statement that Tieout can read"),
    "a fraction of a cent": ((HEAD + "09/12/2026,Deposit,5.005,5.00\r\n").encode(), "fraction of a cent"),
    "an amount in words": ((HEAD + "09/12/2026,Deposit,five,5.00\r\n").encode(), "is not an amount"),
}
REFUSED |= {
    "blanks that a pattern goes back over": (b"01,a," + b" " * 3_900 + b"x", "no statement"),
    "a cell that is a book": (HEAD.encode() + b"09/12/2026," + b" " * 300_000 + b"x,5.00,5.00\r\n", "a book"),
    "more money than there is": (
        HEAD.encode() + b"09/12/2026,a," + b"9" * 20_000 + b",5.00\r\n",
        "larger than",
    ),
    "a PDF that unfolds": (unfolding_pdf(), "far more than any statement"),
    "sheets of rows that are not there": (hollow_workbook(), "lines; a statement has fewer"),
}
REFUSED["half a UTF-16"] = (("\ufeff" + HEAD).encode("utf-16")[:-1], "damaged")


@pytest.mark.parametrize("case", REFUSED)
def test_a_hostile_or_wrong_file_is_refused_politely(case) -> None:
    content, words = REFUSED[case]
    begun = time.monotonic()

    with pytest.raises(Unreadable, match=words) as refused:
        read(content)

    assert time.monotonic() - begun < 10
    assert refused.value.words.endswith(".")
    assert "Error" not in refused.value.words
    assert "/etc" not in refused.value.words


def test_a_check_number_is_not_looked_for_all_day() -> None:
    body = HEAD + "09/12/2026,check" + "#" * 100_000 + "a,5.00,5.00\r\n"
    begun = time.monotonic()

    assert read(body.encode()).statements[0].lines[0].check == ""

    assert time.monotonic() - begun < 5


def test_a_reader_writes_no_client_into_the_log(caplog) -> None:
    with pytest.raises(Unreadable):
        read(b":20:x\n:60F:Jane Roe owes\n:61:2609010901Jane Roe\n")

    assert "Jane" not in caplog.text


def test_ten_thousand_lines_are_read_in_seconds() -> None:
    from syncapp.emulators.bank import Line
    from tests.statements.sheets import sep

    many = [Line(day=sep(1 + n % 30), amount=100 + n, id=f"N{n}", text=f"Deposit {n}") for n in range(10_000)]
    many.sort(key=lambda line: line.day)
    for name in ("qbo", "csv", "bai2"):
        begun = time.monotonic()

        statement = read(write(name, sheet(*many))).statements[0]

        assert len(statement.lines) == 10_000
        assert time.monotonic() - begun < 20, name
