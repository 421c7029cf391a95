"""CAMT.053 (ISO 20022) by its own paths: the library for it is young, and this is all a statement has. Pure.

Amounts have no sign: CdtDbtInd stands apart. OPBD (or the PRCD before it) opens, CLBD closes. A batch is one
line, as the bank booked it. Entries that are not booked are left out.
"""

from __future__ import annotations

import re
from datetime import date
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from syncapp.core.money import NotMoneyError, minor
from trust.nouns import Reading, Unreadable
from trust.statements.amounts import day
from trust.statements.joining import Part, joined, opens_on
from trust.statements.lines import Row, one_line, texts

READER, VERSION = "tieout-camt", "1"
NOT_PROVIDED = {"NOTPROVIDED", "NONREF"}
PENDING = "{} lines are not booked yet and are left out: a later statement brings them."
SPACE = re.compile(r"^\{[^}]*\}")


def read(body: str) -> Reading:
    """Read a CAMT.053 document. Raises Unreadable for one that is damaged or points outside."""
    declared = re.sub(r"^\s*<\?xml.*?\?>", "", body.lstrip("\ufeff"), count=1, flags=re.DOTALL)
    try:
        root = fromstring(declared, forbid_dtd=True)
    except DefusedXmlException as error:
        raise Unreadable("The file points at things outside itself. It is not taken.") from error
    except (ParseError, ValueError, RecursionError) as error:
        raise Unreadable("The file is damaged: it ends too early. Download it again.") from error
    for element in root.iter():
        element.tag = SPACE.sub("", element.tag)
    statements = list(root.iter("Stmt"))
    if not statements:
        raise Unreadable("The file holds no statement.")
    pending = sum(not _booked(entry) for entry in root.iter("Ntry"))
    return Reading(
        reader=READER,
        version=VERSION,
        statements=joined(_part(statement) for statement in statements),
        warnings=(PENDING.format(pending),) if pending else (),
    )


def _part(statement: Element) -> Part:
    balances = {_text(one, "Tp/CdOrPrtry/Cd"): one for one in statement.findall("Bal")}
    opening, closing = balances.get("OPBD", balances.get("PRCD")), balances.get("CLBD")
    account = _text(statement, "Acct/Id/IBAN") or _text(statement, "Acct/Id/Othr/Id")
    currency = _text(statement, "Acct/Ccy") or _currency(statement)
    first = _text(statement, "FrToDt/FrDtTm") or _text(statement, "FrToDt/FrDt")
    last = _text(statement, "FrToDt/ToDtTm") or _text(statement, "FrToDt/ToDt")
    rows = tuple(_row(entry, currency) for entry in statement.findall("Ntry") if _booked(entry))
    return Part(
        account=one_line(account),
        currency=currency,
        rows=rows,
        opening=None if opening is None else _amount(opening, currency),
        closing=None if closing is None else _amount(closing, currency),
        first_day=day(first) or _opens(opening, rows),
        last_day=day(last) or (None if closing is None else day(_day_text(closing, "Dt"))),
    )


def _opens(opening: Element | None, rows: tuple[Row, ...]) -> date | None:
    """Return the day that the opening balance tells."""
    told = None if opening is None else day(_day_text(opening, "Dt"))
    return opens_on(told, rows) if told else None


def _row(entry: Element, currency: str) -> Row:
    booked = day(_day_text(entry, "BookgDt")) or day(_day_text(entry, "ValDt"))
    if booked is None:
        raise Unreadable("An entry of the file has no booking day.")
    details = list(entry.iter("TxDtls"))
    single = details[0] if len(details) == 1 else None
    check = "" if single is None else _text(single, "Refs/ChqNb")
    mine = "" if single is None else _text(single, "Refs/EndToEndId")
    said = [leaf.text or "" for leaf in entry.iter("Ustrd")] + [_text(entry, "AddtlNtryInf")]
    names = [leaf.text or "" for side in ("Dbtr", "Cdtr") for leaf in entry.findall(f".//{side}//Nm")]
    batch = f"batch of {len(details)}" if len(details) > 1 else ""
    return Row(
        day=booked,
        amount=_amount(entry, currency),
        mark=one_line(_text(entry, "AcctSvcrRef") or _text(entry, "NtryRef")),
        check=check or "".join(leaf.text or "" for leaf in list(entry.iter("ChqNb"))[:1]),
        reference="" if mine in NOT_PROVIDED else mine,
        text=texts(*said[:3], *names[:2], batch),
    )


def _booked(entry: Element) -> bool:
    return (_text(entry, "Sts/Cd") or _text(entry, "Sts") or "BOOK") == "BOOK"


def _amount(element: Element, currency: str) -> int:
    said = element.find("Amt")
    if said is None or said.get("Ccy", currency) != currency:
        raise Unreadable(f"An amount of the file is missing or not in {currency}.")
    try:
        size = minor((said.text or "").strip(), currency)
    except NotMoneyError as error:
        raise Unreadable(f"An amount cannot be read: {error}.") from error
    return -size if _text(element, "CdtDbtInd") == "DBIT" else size


def _currency(statement: Element) -> str:
    return next((found.get("Ccy", "") for found in statement.iter("Amt")), "") or "USD"


def _day_text(element: Element, name: str) -> str:
    return _text(element, f"{name}/Dt") or _text(element, f"{name}/DtTm")


def _text(element: Element, path: str) -> str:
    return (element.findtext(path) or "").strip()
