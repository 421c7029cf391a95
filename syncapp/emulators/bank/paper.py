"""A PDF statement with its words as text: date, description, withdrawals, deposits and balance in columns."""

from __future__ import annotations

from textwrap import wrap

from syncapp.emulators.bank.sheet import Line, Sheet, grouped

TOP, STEP, PER_PAGE = 740, 14, 44
SIZE = 9
DATE, TEXT = 40, 90
WITHDRAWN, DEPOSITED, BALANCE = 400, 480, 560  # right edges
WRAP = 40

type Word = tuple[int, str]  # where it begins, in points, and what it says


def pdf(sheet: Sheet) -> bytes:
    """Write the statement on as many pages as it takes."""
    rows = [*_head(sheet), *(row for line, after in sheet.running() for row in _line(line, after))]
    rows.append([(TEXT, "Ending balance"), _right(BALANCE, _dollars(sheet.closing))])
    pages = [rows[at : at + PER_PAGE] for at in range(0, len(rows), PER_PAGE)]
    return written(pages)


def written(pages: list[list[list[Word]]]) -> bytes:
    """A PDF with these pages: each a list of rows, each row its words and where they begin."""
    return _document([_stream(page) for page in pages])


def _head(sheet: Sheet) -> list[list[Word]]:
    return [
        [(DATE, "Bank of the Witness")],
        [(DATE, f"Account number: {sheet.account}")],
        [(DATE, f"Statement period {sheet.first_day:%m/%d/%Y} through {sheet.last_day:%m/%d/%Y}")],
        [],
        [
            (DATE, "Date"),
            (TEXT, "Description"),
            _right(WITHDRAWN, "Withdrawals"),
            _right(DEPOSITED, "Deposits"),
            _right(BALANCE, "Balance"),
        ],
        [(TEXT, "Beginning balance"), _right(BALANCE, _dollars(sheet.opening))],
    ]


def _line(line: Line, after: int) -> list[list[Word]]:
    text = f"Check {line.check} {line.text}" if line.check else line.text
    amount = _right(WITHDRAWN if line.amount < 0 else DEPOSITED, grouped(line.amount))
    first, *more = wrap(text, WRAP) or ["-"]
    row = [(DATE, f"{line.day:%m/%d}"), (TEXT, first), amount, _right(BALANCE, _dollars(after))]
    return [row, *([(TEXT, part)] for part in more)]


def _dollars(cents: int) -> str:
    return f"-${grouped(cents)}" if cents < 0 else f"${grouped(cents)}"


def _right(edge: int, text: str) -> Word:
    """Place a text so that it ends at `edge`: Helvetica's digits are 556 wide, its points and signs less."""
    wide = sum({",": 278, ".": 278, "-": 333, " ": 278}.get(mark, 556) for mark in text)
    return edge - wide * SIZE // 1000, text


def _stream(rows: list[list[Word]]) -> bytes:
    shown = []
    for number, row in enumerate(rows):
        for left, text in row:
            escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
            shown.append(f"1 0 0 1 {left} {TOP - STEP * number} Tm ({escaped}) Tj")
    return f"BT /F1 {SIZE} Tf {' '.join(shown)} ET".encode("cp1252", "replace")


def _document(streams: list[bytes]) -> bytes:
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(streams)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, stream in enumerate(streams):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
            b"/Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>" % (5 + 2 * number)
        )
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream))
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, table)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
