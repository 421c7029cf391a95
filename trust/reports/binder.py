"""The evidence binder: all that proves one month of one trust account, in a ZIP that proves itself. Pure."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from trust.reports import common, forms, pdf, table
from trust.reports.nouns import Money, Report, Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trust.reports.facts import Sheet
    from trust.reports.nouns import Part

FORM = "tieout-binder-1"
VERIFIER = Path(__file__).with_name("verify.py")
NEVER = (1980, 1, 1, 0, 0, 0)  # the earliest time a ZIP knows: the same files make the same binder


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """One exception of client money that was closed in the month. `amount` in minor units."""

    words: str
    number: str
    amount: int
    opened_at: datetime
    closed_at: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Binder:
    """A packed binder; `digest` is the SHA-256 of its manifest, in hexadecimal."""

    content: bytes
    digest: str


def pack(
    sheet: Sheet, *, statements: Sequence[tuple[str, bytes]], closed: Sequence[Closed], made_at: datetime
) -> Binder:
    """Pack the report, its lists, the bank's own files, the signatures and the manifest."""
    files = _files(sheet, closed, made_at)
    for place, (name, content) in enumerate(statements, start=1):
        files[f"statements/{place:02}-{_plain(name)}"] = content
    manifest = _manifest(sheet, files, made_at)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in (
            {**files, "manifest.json": manifest, "verify.py": VERIFIER.read_bytes()}
        ).items():
            packed.writestr(zipfile.ZipInfo(name, NEVER), content, zipfile.ZIP_DEFLATED)
    return Binder(content=out.getvalue(), digest=hashlib.sha256(manifest).hexdigest())


def _plain(name: str) -> str:
    """Return a name that any system can unpack, its ending kept."""
    path = PurePath(name.replace("\\", "/"))
    stem = re.sub(r"[^A-Za-z0-9-]+", "-", path.stem).strip("-") or "statement"
    return f"{stem[:60]}{re.sub(r'[^A-Za-z0-9.]', '', path.suffix)[:8]}"


def _files(sheet: Sheet, closed: Sequence[Closed], made_at: datetime) -> dict[str, bytes]:
    """Return each sheet of the binder: the report as PDF and CSV, its lists as CSV, the figures as hashed."""
    told = forms.report(sheet)
    found = {"report.pdf": pdf.write(told, made_at=made_at), "report.csv": table.write(told)}
    lists: dict[str, tuple[Part, ...]] = {
        "outstanding.csv": common.lists(sheet),
        "client-ledgers.csv": common.ledgers(sheet)[:1],
        "negative-ledgers.csv": common.ledgers(sheet)[1:],
        "differences.csv": common.differences(sheet),
        "sign-offs.csv": (_signatures(sheet),),
        "exceptions-closed.csv": (_exceptions(closed),),
    }
    for name, parts in lists.items():
        one = Report(title=told.title, subject=told.subject, parts=parts, currency=told.currency)
        found[name] = table.write(one)
    found["figures.json"] = sheet.figures.canonical.encode()
    return found


def _signatures(sheet: Sheet) -> Table:
    return Table(
        title="Sign-offs",
        heads=("When", "What", "Who", "Bar number", "Hash of figures", "Certification", "Source", "Words"),
        rows=tuple(
            (
                common.moment(one), one.act.value, one.name, one.bar_number, one.digest, one.certification,
                one.provenance, one.text,
            )
            for one in sheet.history
        ),
    )  # fmt: skip


def _exceptions(closed: Sequence[Closed]) -> Table:
    return Table(
        title="Exceptions of client money closed this month",
        heads=("Opened", "Closed", "Number", "What it was", "How it ended", "Amount"),
        rows=tuple(
            (
                f"{one.opened_at:%Y-%m-%d %H:%M %Z}", f"{one.closed_at:%Y-%m-%d %H:%M %Z}", one.number,
                one.words, one.why, Money(one.amount),
            )
            for one in closed
        ),
    )  # fmt: skip


def _manifest(sheet: Sheet, files: Mapping[str, bytes], made_at: datetime) -> bytes:
    found = sheet.figures
    told = {
        "form": FORM,
        "firm": sheet.firm,
        "account": sheet.account,
        "month": f"{found.first:%Y-%m}",
        "made_at": made_at.isoformat(timespec="seconds"),
        "equal": found.equal,
        "signed_by": sheet.signed.name if sheet.signed else None,
        "signed_at": sheet.signed.at.isoformat(timespec="seconds") if sheet.signed else None,
        "figures_sha256": found.digest,
        "files": [
            {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
            for name, content in sorted(files.items())
        ],
    }
    return (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode()
