"""What a file is, told from its bytes and never from its name; what is not taken. Pure."""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO

from trust.nouns import Unreadable

LARGEST = 10 * 1024 * 1024
LARGEST_UNPACKED = 50 * 1024 * 1024
MOST_PARTS = 300
SAMPLE = 200_000
CODE_PAGES = ["cp1252", "mac_roman", "cp437", "cp850", "latin_2"]
XML_TRICKS = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
BAI_HEAD = re.compile(r"01,[^\r\n]*,[ \t]*+\d*+[ \t]*+/?")

OTHERS = {
    b"\xd0\xcf\x11\xe0": "This is an old Excel workbook (.xls). Save it as .xlsx or CSV and bring that.",
    b"\x89PNG": "This is a picture. Bring the file that the bank offers for download, or its PDF.",
    b"\xff\xd8\xff": "This is a picture. Bring the file that the bank offers for download, or its PDF.",
    b"\x1f\x8b": "This file is packed. Unpack it and bring what is inside.",
    b"Rar!": "This file is packed. Unpack it and bring what is inside.",
    b"7z\xbc\xaf": "This file is packed. Unpack it and bring what is inside.",
    b"MZ": "This is a program, not a bank's statement.",
    b"\x7fELF": "This is a program, not a bank's statement.",
}
QIF = "This is a QIF file, which holds no balances. Choose OFX, QBO, QFX, BAI2, CSV or PDF at the bank."
PAGE = "This is a web page, not a bank's file: the sign-in to the bank may have ended. Download it again."
INTRADAY = "This is the day's report so far (camt.052 or camt.054). Bring the statement itself, camt.053."
NOTHING = "This is no statement that Tieout can read. Choose QBO, OFX, QFX, BAI2, CSV, XLSX or PDF there."
POINTS_OUTSIDE = "The file points at things outside itself, as no bank's file does. It is not taken."
HEAD_OF_PART = 4096
WORKBOOK = "xl/workbook.xml"


def kind(content: bytes) -> str:
    """Return `pdf`, `xlsx`, `zip` or `text`. Raises Unreadable for what is none of a bank's files."""
    if not content.strip():
        raise Unreadable("The file is empty.")
    if len(content) > LARGEST:
        size = len(content) // (1024 * 1024)
        raise Unreadable(f"The file has {size} MB; a statement has less than {LARGEST // (1024 * 1024)}.")
    for start, words in OTHERS.items():
        if content.startswith(start):
            raise Unreadable(words)
    if content[:1024].lstrip().startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"PK\x03\x04"):
        names = _unpackable(content)
        return "xlsx" if WORKBOOK in names else "zip"
    return "text"


def _unpackable(content: bytes) -> set[str]:
    """Return the names inside a ZIP that is safe to unpack. Raises Unreadable for a bomb or a broken one."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            parts = packed.infolist()
            _require_safe(parts)
            for part in parts:
                with packed.open(part) as inside:
                    if XML_TRICKS.search(inside.read(HEAD_OF_PART).decode("latin-1")):
                        raise Unreadable(POINTS_OUTSIDE)
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, NotImplementedError, EOFError) as error:
        raise Unreadable("The file is damaged: it cannot be unpacked. Download it again.") from error
    return {part.filename for part in parts}


def _require_safe(parts: list[zipfile.ZipInfo]) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("The file asks for a password. Save it without one and bring that.")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise Unreadable("Unpacked, the file is far larger than any statement. It is not taken.")


def text(content: bytes) -> str:
    """Return a text file's text whatever it is written in. Raises Unreadable when it is no text."""
    found = _decoded(content)
    if CONTROL.search(found):
        raise Unreadable(NOTHING)
    return found


def _decoded(content: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if content.startswith(mark):
            return _strict(content, encoding)
    if content[1:200:2].count(0) > len(content[:200]) // 3:
        return _strict(content, "utf-16-le")
    if content[0:200:2].count(0) > len(content[:200]) // 3:
        return _strict(content, "utf-16-be")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes  # only an old code page needs it, and it loads for long

        best = from_bytes(content[:SAMPLE], cp_isolation=CODE_PAGES).best()
        encoding = best.encoding if best is not None else "cp1252"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable("The file's text is damaged. Download it again from the bank.") from error


def _is_bai(start: str) -> bool:
    """Tell a BAI2 file by its first two records; the pattern never goes back, however long its blanks are."""
    heads = [line.strip() for line in start.splitlines() if not line.isspace() and line][:2]
    return len(heads) == 2 and bool(BAI_HEAD.fullmatch(heads[0])) and heads[1].startswith(("88,", "02,"))  # noqa: PLR2004 - the two


def sort_of_text(body: str) -> str:
    """Return `ofx`, `camt`, `bai2`, `mt940` or `csv`. Raises Unreadable for other known things."""
    start = body[:4000].lstrip("\ufeff \t\r\n")
    low = start.lower()
    if XML_TRICKS.search(body) and low.startswith("<") and not low.startswith("<!doctype html"):
        raise Unreadable(POINTS_OUTSIDE)
    if low.startswith("ofxheader:") or "<ofx>" in body[:20_000].lower():
        return "ofx"
    if low.startswith(("<!doctype html", "<html")) or "<html" in low[:500]:
        raise Unreadable(PAGE)
    if "camt.053" in low:
        return "camt"
    if "camt.052" in low or "camt.054" in low:
        raise Unreadable(INTRADAY)
    if _is_bai(start):
        return "bai2"
    if re.search(r"(?m)^:20:", start) and re.search(r"(?m)^:6[01][FM]?:", body[:20_000]):
        return "mt940"
    if low.startswith(("!type:", "!option:")):
        raise Unreadable(QIF)
    if low.startswith("<"):
        raise Unreadable(NOTHING)
    return "csv"
