"""OFX 1 and 2, QFX and QuickBooks' WebConnect: ofxtools, else ofxparse, else a reader of our own. Pure.

The header is written anew before any of them sees it, and every date is cut to the file's calendar day: both
libraries move `20260930200000[-5:EST]` to 1 October (TRUST-RULES, table of variants). LEDGERBAL is the
closing balance alone. The type of account that the file names is not looked at (rule 8).
"""

from __future__ import annotations

import html
import re
import warnings
from collections.abc import Callable
from importlib.metadata import version
from io import BytesIO

from syncapp.core.money import NotMoneyError
from trust.nouns import Reading, Unreadable
from trust.statements.amounts import amount, day
from trust.statements.joining import Part, joined
from trust.statements.lines import MOST_LINES, TOO_MANY, Row, one_line, texts

HEADER = (
    "OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nSECURITY:NONE\r\nENCODING:UTF-8\r\nCHARSET:NONE\r\n"
    "COMPRESSION:NONE\r\nOLDFILEUID:NONE\r\nNEWFILEUID:NONE\r\n\r\n"
)
TAG = re.compile(r"<\s*(/?)\s*([A-Za-z0-9_.]+)\s*(/?)\s*>")
ASIDE = re.compile(r"<!--.*?-->|<\?.*?\?>", re.DOTALL)
MOMENT = re.compile(r"(<DT[A-Z]+>)\s*(\d{8})[^<\r\n]*")
TRANSACTION = "<STMTTRN>"
STATEMENT = re.compile(r"<(?:CC)?STMTRS>(.*?)(?=<(?:CC)?STMTRS>|</(?:CC)?STMTRS>|\Z)", re.DOTALL)
LINE = re.compile(
    r"<STMTTRN>(.*?)(?=<STMTTRN>|</STMTTRN>|</BANKTRANLIST>|<LEDGERBAL>|</(?:CC)?STMTRS>|\Z)", re.DOTALL
)
LIST = re.compile(r"<BANKTRANLIST>(.*?)(?=<STMTTRN>|</BANKTRANLIST>|\Z)", re.DOTALL)
LEDGER = re.compile(r"<LEDGERBAL>(.*?)(?=</LEDGERBAL>|<AVAILBAL>|</(?:CC)?STMTRS>|\Z)", re.DOTALL)
FROM = re.compile(r"<(?:BANK|CC)ACCTFROM>(.*?)(?=</(?:BANK|CC)ACCTFROM>|<BANKTRANLIST>|\Z)", re.DOTALL)
FIELD = re.compile(r"<([A-Z0-9_.]+)>\s*([^<]*?)\s*(?=<|\Z)", re.DOTALL)
PENDING = "The bank lists pending lines too. They are left out: they come with the statement that books them."
OWN = "tieout-ofx"

type Fields = dict[str, str]
type Found = tuple[Fields, list[Fields]]  # what a statement says of itself, and its lines


def read(body: str) -> Reading:
    """Read a file of the OFX family. Raises Unreadable when no reader can make sense of it."""
    repaired = repair(body)
    expected = repaired.count(TRANSACTION)
    if expected > MOST_LINES:
        raise Unreadable(TOO_MANY.format(expected))
    readers: list[tuple[str, str, Callable[[str], list[Found]]]] = [
        ("ofxtools", version("ofxtools"), _ofxtools),
        ("ofxparse", version("ofxparse"), _ofxparse),
        (OWN, "1", _own),
    ]
    refused: Unreadable | None = None
    for name, number, reader in readers:
        try:
            found = reader(repaired)
            parts = [_part(*one) for one in found]
        except Unreadable as error:
            refused = error
            continue
        except Exception:  # noqa: BLE001, S112 - a library's way to say that it cannot read this
            continue
        if parts and sum(len(part.rows) for part in parts) == expected:
            pending = (PENDING,) if "<BANKTRANLISTP>" in repaired else ()
            return Reading(reader=name, version=number, statements=joined(parts), warnings=pending)
    raise refused or Unreadable("The file is damaged: its lines cannot be told apart. Download it again.")


def repair(body: str) -> str:
    """Return the file as every reader can take it: one header, tags in capitals, days without a time."""
    bare = ASIDE.sub("", body)
    start = re.search(r"<\s*OFX\s*>", bare, re.IGNORECASE)
    if start is None:
        raise Unreadable("The file begins like OFX and holds none. Download it again.")
    capitals = TAG.sub(_tag, bare[start.start() :])
    return HEADER + MOMENT.sub(r"\1\2", capitals)


def _tag(found: re.Match[str]) -> str:
    closing, name, empty = found.groups()
    return "" if empty else f"<{closing}{name.upper()}>"


def _ofxtools(repaired: str) -> list[Found]:
    from ofxtools.Parser import OFXTree  # only a file of this family needs it, and it loads for long

    tree = OFXTree()
    root = tree.parse(BytesIO(re.sub(r"<([A-Z0-9_.]+)>\s*</\1>", "", repaired).encode()))
    found = []
    for statement in [*root.iter("STMTRS"), *root.iter("CCSTMTRS")]:
        said = {leaf.tag: leaf.text or "" for leaf in statement if leaf.text}
        for place in ("BANKACCTFROM", "CCACCTFROM", "LEDGERBAL", "BANKTRANLIST"):
            said.update({leaf.tag: leaf.text or "" for leaf in statement.findall(f"{place}/*") if leaf.text})
        lines = [
            {leaf.tag: leaf.text for leaf in line.iter() if leaf.text} for line in statement.iter("STMTTRN")
        ]
        found.append((said, lines))
    return found


def _ofxparse(repaired: str) -> list[Found]:
    from ofxparse import OfxParser  # as above

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it calls its parser by old names
        parsed = OfxParser.parse(BytesIO(repaired.encode()))
    found = []
    for account in parsed.accounts:
        own = account.statement
        said = {"ACCTID": account.account_id, "CURDEF": str(account.curdef or own.currency or "").upper()}
        for name, value in (("DTSTART", own.start_date), ("DTEND", own.end_date)):
            said |= {name: f"{value:%Y%m%d}"} if value else {}
        if getattr(own, "balance", None) is not None:
            said |= {"BALAMT": str(own.balance), "DTASOF": f"{own.balance_date:%Y%m%d}"}
        lines = [
            {
                "DTPOSTED": f"{line.date:%Y%m%d}",
                "TRNAMT": str(line.amount),
                "FITID": str(line.id or ""),
                "CHECKNUM": str(line.checknum or ""),
                "NAME": str(line.payee or ""),
                "MEMO": str(line.memo or ""),
            }
            for line in own.transactions
        ]
        found.append((said, lines))
    return found


def _own(repaired: str) -> list[Found]:
    """Take what stands between the tags, however they are closed or nested."""
    found = []
    for statement in STATEMENT.findall(repaired):
        said: Fields = {}
        for place in (FROM, LIST, LEDGER):
            for text in place.findall(statement)[:1]:
                said.update(FIELD.findall(text))
        said.update([(name, value) for name, value in FIELD.findall(statement) if name == "CURDEF"])
        found.append((said, [dict(FIELD.findall(line)) for line in LINE.findall(statement)]))
    return found


def _part(said: Fields, lines: list[Fields]) -> Part:
    currency = said.get("CURDEF", "").strip() or "USD"
    closing = _money(said["BALAMT"], currency) if said.get("BALAMT", "").strip() else None
    rows = tuple(_row(fields, currency) for fields in lines)
    ends, as_of = day(said.get("DTEND", "")), day(said.get("DTASOF", ""))
    last_line = max((row.day for row in rows), default=None)
    if ends and as_of and as_of < ends and (last_line is None or last_line <= as_of):
        ends = as_of
    return Part(
        account=one_line(said.get("ACCTID", "")),
        currency=currency,
        rows=rows,
        closing=closing,
        first_day=day(said.get("DTSTART", "")),
        last_day=ends or as_of,
    )


def _row(fields: Fields, currency: str) -> Row:
    said = {name: html.unescape(value) for name, value in fields.items()}
    posted = day(said.get("DTPOSTED", ""))
    if posted is None:
        raise Unreadable(f"A line has no day: {_named(said)}")
    name = said.get("NAME", "") or said.get("PAYEE", "")
    return Row(
        day=posted,
        amount=_money(said.get("TRNAMT", ""), currency),
        mark=one_line(said.get("FITID", "")),
        check=said.get("CHECKNUM", ""),
        reference=said.get("REFNUM", ""),
        text=texts(name, said.get("MEMO", "")),
    )


def _money(text: str, currency: str) -> int:
    try:
        return amount(text, currency=currency)
    except NotMoneyError as error:
        raise Unreadable(f"An amount cannot be read: {error}.") from error


def _named(fields: Fields) -> str:
    said = [fields.get(name, "") for name in ("NAME", "MEMO", "TRNAMT", "FITID")]
    return one_line(", ".join(filter(None, said)), 80)
