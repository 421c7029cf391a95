"""CAMT.053 (ISO 20022): amounts without a sign, which stands apart; OPBD and CLBD balances; booking dates."""

from __future__ import annotations

from datetime import date
from xml.sax.saxutils import escape

from syncapp.emulators.bank.sheet import Line, Sheet, money

SPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"


def camt053(sheet: Sheet) -> bytes:
    """Write one statement document."""
    cents = sheet.currency

    def balance(code: str, amount: int, day: date) -> str:
        return (
            f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{_amount(amount, cents)}"
            f"<Dt><Dt>{day}</Dt></Dt></Bal>"
        )

    period = (
        f"<FrToDt><FrDtTm>{sheet.first_day}T00:00:00</FrDtTm>"
        f"<ToDtTm>{sheet.last_day}T23:59:59</ToDtTm></FrToDt>"
    )
    entries = "\n".join(_entry(line, cents) for line in sheet.lines)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{SPACE}"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>1</MsgId><CreDtTm>{sheet.last_day}T23:59:59</CreDtTm></GrpHdr>"
        f"<Stmt><Id>1</Id>{period}"
        f"<Acct><Id><Othr><Id>{sheet.account}</Id></Othr></Id><Ccy>{cents}</Ccy></Acct>"
        f"{balance('OPBD', sheet.opening, sheet.first_day)}{balance('CLBD', sheet.closing, sheet.last_day)}"
        f"\n{entries}\n</Stmt></BkToCstmrStmt></Document>\n"
    ).encode()


def _amount(cents: int, currency: str) -> str:
    side = "DBIT" if cents < 0 else "CRDT"
    return f'<Amt Ccy="{currency}">{money(abs(cents))}</Amt><CdtDbtInd>{side}</CdtDbtInd>'


def _entry(line: Line, currency: str) -> str:
    bank = f"<AcctSvcrRef>{escape(line.id)}</AcctSvcrRef>" if line.id else ""
    refs = f"<ChqNb>{escape(line.check)}</ChqNb>" if line.check else ""
    end = f"<EndToEndId>{escape(line.reference or 'NOTPROVIDED')}</EndToEndId>"
    return (
        f"<Ntry>{_amount(line.amount, currency)}<Sts><Cd>BOOK</Cd></Sts>"
        f"<BookgDt><Dt>{line.day}</Dt></BookgDt><ValDt><Dt>{line.day}</Dt></ValDt>{bank}<NtryDtls><TxDtls><Refs>{end}{refs}</Refs>"
        f"<RmtInf><Ustrd>{escape(line.text)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )
