"""OFX 1 (SGML), OFX 2 (XML), Quicken's QFX and QuickBooks' WebConnect.

LEDGERBAL is the closing balance alone: no OFX file has an opening one. Only processed lines are in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from xml.sax.saxutils import escape

from syncapp.emulators.bank.sheet import Line, Sheet, money

HEADER = (
    "OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nSECURITY:NONE\r\nENCODING:USASCII\r\nCHARSET:1252\r\n"
    "COMPRESSION:NONE\r\nOLDFILEUID:NONE\r\nNEWFILEUID:NONE\r\n\r\n"
)
XML_HEADER = (
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\r\n'
    '<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>\r\n'
)
BANK = "3001"  # Intuit's number of the bank


def sgml(sheet: Sheet) -> bytes:
    """Write OFX 1.02 with the text in Windows' code page, as its header says."""
    return (HEADER + _body(sheet, closed=False)).encode("cp1252", "replace")


def xml(sheet: Sheet) -> bytes:
    """Write OFX 2.11."""
    return (XML_HEADER + _body(sheet, closed=True)).encode()


def quicken(sheet: Sheet) -> bytes:
    """Write QFX: OFX 1 with Intuit's bank number, times with the bank's zone."""
    body = _body(sheet, closed=False, intuit=True, zoned=True)
    return (HEADER + body).encode("cp1252", "replace")


def web_connect(sheet: Sheet) -> bytes:
    """Write QBO WebConnect: OFX 1 with Intuit's bank number and closed tags."""
    return (HEADER + _body(sheet, closed=True, intuit=True)).encode("cp1252", "replace")


def _body(sheet: Sheet, *, closed: bool, intuit: bool = False, zoned: bool = False) -> str:
    hand = Hand(closed=closed, zoned=zoned)
    tag, moment = hand.tag, hand.moment
    status = "<STATUS>" + tag("CODE", "0") + tag("SEVERITY", "INFO") + "</STATUS>\r\n"
    bank = tag("INTU.BID", BANK) if intuit else ""
    server = tag("DTSERVER", moment(sheet.last_day + timedelta(days=1))) + tag("LANGUAGE", "ENG")
    sign_on = f"<SIGNONMSGSRSV1><SONRS>{status}{server}{bank}</SONRS></SIGNONMSGSRSV1>\r\n"
    number = tag("BANKID", "053000196") + tag("ACCTID", sheet.account) + tag("ACCTTYPE", "CHECKING")
    dates = tag("DTSTART", moment(sheet.first_day)) + tag("DTEND", moment(sheet.last_day))
    listed = f"<BANKTRANLIST>{dates}{''.join(map(hand.line, sheet.lines))}</BANKTRANLIST>\r\n"
    balance = tag("BALAMT", money(sheet.closing)) + tag("DTASOF", moment(sheet.last_day))
    answer = (
        f"<STMTTRNRS>{tag('TRNUID', '1')}{status}<STMTRS>{tag('CURDEF', sheet.currency)}"
        f"<BANKACCTFROM>{number}</BANKACCTFROM>\r\n{listed}"
        f"<LEDGERBAL>{balance}</LEDGERBAL></STMTRS></STMTTRNRS>"
    )
    return f"<OFX>\r\n{sign_on}<BANKMSGSRSV1>{answer}</BANKMSGSRSV1>\r\n</OFX>\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """How a bank writes its tags and days: whether it closes tags, whether days have a time and a zone."""

    closed: bool
    zoned: bool

    def tag(self, name: str, value: str) -> str:
        """Write one value."""
        return f"<{name}>{escape(value)}" + (f"</{name}>" if self.closed else "") + "\r\n"

    def moment(self, day: date) -> str:
        """Write a day; with a zone it is late in the bank's evening, the next day in Greenwich."""
        return f"{day:%Y%m%d}200000[-5:EST]" if self.zoned else f"{day:%Y%m%d}"

    def line(self, line: Line) -> str:
        """Write one transaction."""
        kind = "CHECK" if line.check else "CREDIT" if line.amount >= 0 else "DEBIT"
        parts = [
            self.tag("TRNTYPE", kind),
            self.tag("DTPOSTED", self.moment(line.day)),
            self.tag("TRNAMT", money(line.amount)),
            self.tag("FITID", line.id) if line.id or not self.closed else "<FITID></FITID>\r\n",
        ]
        parts += [self.tag("CHECKNUM", line.check)] if line.check else []
        parts += [self.tag("REFNUM", line.reference)] if line.reference else []
        parts.append(self.tag("NAME", line.text[:32] or "UNKNOWN"))
        parts += [self.tag("MEMO", line.text)] if line.text[32:] else []
        return "<STMTTRN>\r\n" + "".join(parts) + "</STMTTRN>\r\n"
