"""What clients keep in trust, in a firm file's words: `levels`, each of one matter in one trust account.

A file that has the key says all of them: what it does not name any more ends. One without it leaves them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from syncapp.core import money as amounts
from syncapp.pipeline.firmfile.shape import Trouble
from syncapp.records.models import Document
from trust.actions.earned import set_level
from trust.models import LedgerLevel
from trust.queries.levels import matters_named, rows_of
from trust.queries.pairs import pairs

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Firm


def faults(firm: Firm | None, data: dict[str, Any]) -> list[Trouble]:
    """Return what is named in `levels` and does not exist, or stands twice. In a reading scope."""
    entries = data.get("levels", [])
    accounts = {one["clio_account"].casefold() for books in data["books"] for one in books.get("trust", [])}
    read, known = False, dict[str, str]()
    if firm is not None:
        accounts |= {pair.clio_account.casefold() for pair in pairs(firm.pk)}
        read = Document.objects.filter(firm_id=firm.pk, kind="matter").exists()
        known = matters_named(firm.pk, [entry["matter"] for entry in entries])
    found: list[Trouble] = []
    seen: set[tuple[str, str]] = set()
    for at, entry in enumerate(entries):
        account, matter = entry["account"].casefold(), entry["matter"].casefold()
        if account not in accounts:
            found.append(Trouble(f"levels[{at}].account", f'there is no trust account "{entry["account"]}"'))
        if read and matter not in known:
            found.append(Trouble(f"levels[{at}].matter", f'Clio has no one matter "{entry["matter"]}"'))
        if (account, matter) in seen:
            found.append(Trouble(f"levels[{at}].matter", "this matter stands in the list already"))
        seen.add((account, matter))
    return found


def keep(firm: Firm, entries: list[dict[str, Any]], actor: str, now: datetime) -> list[str]:
    """Make the levels be those of the file; return what changed, in sentences. In a writing scope."""
    changed = []
    named: set[tuple[str, str]] = set()
    known = matters_named(firm.pk, [entry["matter"] for entry in entries])
    for entry in entries:
        ledger = known.get(entry["matter"].casefold(), "")
        named.add((entry["account"].casefold(), ledger or f"name:{entry['matter']}"))
        made = set_level(
            firm_id=firm.pk, account=entry["account"], ledger=ledger, name=entry["matter"],
            minimum=amounts.minor(entry.get("minimum", "0"), firm.currency),
            evergreen=amounts.minor(entry.get("evergreen", "0"), firm.currency), actor=actor, now=now,
        )  # fmt: skip
        changed += [f"set the level of {entry['matter']} in {entry['account']}"] if made else []
    for row_account, key, row in _standing(firm):
        if (row_account.casefold(), key) not in named:
            set_level(
                firm_id=firm.pk, account=row.account, ledger=row.ledger, name=row.name, minimum=0,
                evergreen=0, actor=actor, now=now,
            )  # fmt: skip
            changed.append(f"ended the level of {row.name or key} in {row.account}")
    return changed


def entries(firm: Firm) -> list[dict[str, str]]:
    """Return the levels that stand as the file says them. In a reading scope."""
    standing = _standing(firm)
    matters = Document.objects.filter(firm_id=firm.pk, kind="matter").exclude(data={})
    ids = [int(key.partition("/")[2]) for _, key, _ in standing if key.startswith("matters/")]
    numbers = dict(matters.filter(source_id__in=ids).values_list("source_id", "data__number"))
    known = matters_named(firm.pk, numbers.values())
    found = []
    for account, key, row in standing:
        id_ = key.partition("/")[2]
        number = numbers.get(int(id_), "") if key.startswith("matters/") else ""
        name = row.name if key.startswith("name:") else f"id:{id_}"
        if number and known.get(number.casefold()) == key:
            name = number
        told = {"minimum": row.minimum, "evergreen": row.evergreen}
        said = {word: amounts.text(amount, firm.currency) for word, amount in told.items() if amount}
        found.append({"account": account, "matter": name, **said})
    return found


def _standing(firm: Firm) -> list[tuple[str, str, LedgerLevel]]:
    """Return each level that stands: its account's name, its ledger's key and its row."""
    names = LedgerLevel.objects.filter(firm_id=firm.pk).order_by("id").values_list("account", flat=True)
    accounts = {name.casefold(): name for name in names}
    accounts |= {pair.clio_account.casefold(): pair.clio_account for pair in pairs(firm.pk)}
    return [
        (account, key, row)
        for account in accounts.values()
        for key, row in sorted(rows_of(firm.pk, account).items())
    ]
