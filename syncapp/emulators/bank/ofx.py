"""OFX 1 (SGML), OFX 2 (XML), Quicken's QFX and QuickBooks' WebConnect.

LEDGERBAL is the closing balance alone: no OFX file has an opening one. Only processed lines are in it.
"""

from __future__ import annotations

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
    def tag(name: str, value: str) -> str:
        return f"<{name}>{escape(value)}" + (f"</{name}>" if closed else "") + "\r\n"

    def moment(day: date) -> str:
        # late in the evening of the bank's day, which is the next day in Greenwich
        return f"{day:%Y%m%d}200000[-5:EST]" if zoned else f"{day:%Y%m%d}"

    def one(line: Line) -> str:
        kind = "CHECK" if line.check else "CREDIT" if line.amount >= 0 else "DEBIT"
        parts = [tag("TRNTYPE", kind), tag("DTPOSTED", moment(line.day)), tag("TRNAMT", money(line.amount))]
        parts.append(tag("FITID", line.id) if line.id or not closed else "<FITID></FITID>\r\n")
        if line.check:
            parts.append(tag("CHECKNUM", line.check))
        if line.reference:
            parts.append(tag("REFNUM", line.reference))
        parts.append(tag("NAME", line.text[:32] or "UNKNOWN"))
        if line.text[32:]:
            parts.append(tag("MEMO", line.text))
        return "<STMTTRN>\r\n" + "".join(parts) + "</STMTTRN>\r\n"

    sign_on = (
        "<SIGNONMSGSRSV1><SONRS><STATUS>" + tag("CODE", "0") + tag("SEVERITY", "INFO") + "</STATUS>"
        + tag("DTSERVER", moment(sheet.last_day + timedelta(days=1))) + tag("LANGUAGE", "ENG")
        + (tag("INTU.BID", BANK) if intuit else "") + "</SONRS></SIGNONMSGSRSV1>\r\n"
    )  # fmt: skip
    account = (
        "<BANKACCTFROM>" + tag("BANKID", "053000196") + tag("ACCTID", sheet.account)
        + tag("ACCTTYPE", "CHECKING") + "</BANKACCTFROM>\r\n"
    )  # fmt: skip
    dates = tag("DTSTART", moment(sheet.first_day)) + tag("DTEND", moment(sheet.last_day))
    listed = f"<BANKTRANLIST>{dates}{''.join(map(one, sheet.lines))}</BANKTRANLIST>\r\n"
    balance = (
        "<LEDGERBAL>"
        + tag("BALAMT", money(sheet.closing))
        + tag("DTASOF", moment(sheet.last_day))
        + "</LEDGERBAL>"
    )
    answer = (
        "<STMTTRNRS>" + tag("TRNUID", "1") + "<STATUS>" + tag("CODE", "0") + tag("SEVERITY", "INFO")
        + "</STATUS>\r\n<STMTRS>" + tag("CURDEF", sheet.currency) + account + listed + balance
        + "</STMTRS></STMTTRNRS>"
    )  # fmt: skip
    return f"<OFX>\r\n{sign_on}<BANKMSGSRSV1>{answer}</BANKMSGSRSV1>\r\n</OFX>\r\n"
