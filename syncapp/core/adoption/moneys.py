"""Payments, credits and client money: by what they pay, to the cent and the day; equal ones are told apart.

Two that are alike in every way are never told apart by guessing: a person sees both.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from syncapp.core.adoption.invoices import apart
from syncapp.core.adoption.nouns import NEAR_DAYS, Found, Record, Sight, Standing, Sure
from syncapp.core.money import spoken

PAYMENT, CREDIT, JOURNAL, INVOICE = "payment", "credit_memo", "journal", "invoice"
type _Key = tuple[object, ...]


def moneys(sight: Sight, invoices: dict[str, str], perhaps: dict[str, set[str]]) -> list[Found]:
    """Pair payments, credits and movements of client money. `invoices` are ids of the books by bill.

    `perhaps` are the invoices of the bills about which a person is asked: what pays them is asked with them.
    """
    found: list[Found] = []
    for kind in (PAYMENT, CREDIT, JOURNAL):
        records = [one for one in sight.records if one.kind == kind]
        rows = [one for one in sight.standing if one.kind == kind]
        found += _Pairing(sight, records, rows, invoices, perhaps).pairs()
    return found


class _Pairing:
    """The pairing of one kind: what fits whom by amount and owner, then what is certain of it."""

    def __init__(
        self,
        sight: Sight,
        records: list[Record],
        rows: list[Standing],
        invoices: dict[str, str],
        perhaps: dict[str, set[str]],
    ) -> None:
        self.sight, self.records, self.invoices, self.perhaps = sight, records, invoices, perhaps
        self.bearers = {one.id: one.customer for one in sight.standing if one.kind == INVOICE}
        self.by_amount: dict[tuple[object, int], list[Standing]] = defaultdict(list)
        self.by_bearer: dict[tuple[str, int], list[Standing]] = defaultdict(list)
        self.by_invoice: dict[str, list[Standing]] = defaultdict(list)
        for row in rows:
            for owner in self._owners(row):
                self.by_amount[owner, row.amount].append(row)
            self.by_bearer[row.customer, row.amount].append(row)
            for invoice, _ in row.applied:
                self.by_invoice[invoice].append(row)

    def _owners(self, row: Standing) -> list[object]:
        if row.kind == JOURNAL:
            return [row.account]
        owner = self.sight.owner(row.customer)
        return [owner] if owner else []

    def pairs(self) -> list[Found]:
        """Return what is certain, and of the rest what a person should see."""
        near = {one.subject: self._near(one) for one in self.records}
        certain = self._certain(near)
        gone = set(certain.values())
        found = []
        for one in self.records:
            if one.subject in certain:
                row = next(row for row in near[one.subject] if row.id == certain[one.subject])
                found.append(self._found(one, row, Sure.CERTAIN))
                continue
            left = [row for row in near[one.subject] if row.id not in gone]
            found += self._rest(one, left, near)
            if not left:
                found += self._contradicted(one, gone)
        return found

    def _near(self, one: Record) -> list[Standing]:
        owners: Iterable[object] = [one.account] if one.kind == JOURNAL else sorted(one.clients)
        rows = {row.id: row for owner in owners for row in self.by_amount.get((owner, one.amount), [])}
        for bill, _ in one.parts:
            same = self.by_invoice.get(self.invoices.get(bill, ""), [])
            rows |= {row.id: row for row in same if row.amount == one.amount}
            for invoice in self.perhaps.get(bill, ()):
                asked = self.by_bearer.get((self.bearers.get(invoice, ""), one.amount), [])
                rows |= {row.id: row for row in asked}
        fits = [row for row in rows.values() if abs((row.day - one.day).days) <= NEAR_DAYS]
        return sorted(fits, key=lambda row: (abs((row.day - one.day).days), row.id))

    def _certain(self, near: dict[str, list[Standing]]) -> dict[str, str]:
        """Pair what is alike in all that can be compared, where that is one on each side."""
        found: dict[str, str] = {}
        for by_reference in (True, False):
            records: dict[_Key, list[Record]] = defaultdict(list)
            rows: dict[_Key, set[str]] = defaultdict(set)
            taken = set(found.values())
            for one in self.records:
                if one.subject in found:
                    continue
                fits = [row for row in near[one.subject] if row.id not in taken and self._agrees(one, row)]
                if by_reference:
                    fits = [row for row in fits if _same_reference(one, row)]
                key = self._key(one, by_reference=by_reference)
                rows[key] |= {row.id for row in fits}
                records[key].append(one)
            for key, some in records.items():
                if len(some) == 1 and len(rows[key]) == 1:
                    found[some[0].subject] = next(iter(rows[key]))
        counts = Counter(found.values())
        return {subject: row for subject, row in found.items() if counts[row] == 1}

    def _key(self, one: Record, *, by_reference: bool) -> _Key:
        """Return in what two records must differ to be told apart."""
        owner = one.account or tuple(sorted(one.clients))
        parts = tuple(sorted(one.parts)) if one.kind == PAYMENT else ()
        return owner, one.amount, one.day, parts, _folded(one.reference) if by_reference else ""

    def _agrees(self, one: Record, row: Standing) -> bool:
        """Tell whether nothing speaks against two being one, and what is paid, is paid by both."""
        if row.day != one.day or _told_apart(one, row) or row.foreign:
            return False
        if one.kind == JOURNAL:
            named = {self.sight.owner(customer) for customer in row.customers}
            return not row.customers or bool(named & one.clients)
        if self.sight.owner(row.customer) not in one.clients:
            return False
        return one.kind != PAYMENT or self._pays(one, row)

    def _pays(self, one: Record, row: Standing) -> bool:
        wanted = Counter({self.invoices.get(bill, bill): amount for bill, amount in one.parts})
        return bool(wanted) and dict(wanted) == dict(Counter(dict(row.applied)))

    def _rest(self, one: Record, rows: list[Standing], near: dict[str, list[Standing]]) -> list[Found]:
        claimed = Counter(row.id for some in near.values() for row in some)
        alone = len(rows) == 1 and claimed[rows[0].id] == 1
        likely = alone and self._known(one, rows[0]) and not _told_apart(one, rows[0]) and not rows[0].foreign
        return [self._found(one, row, Sure.LIKELY if likely else Sure.DOUBTFUL, alone=alone) for row in rows]

    def _known(self, one: Record, row: Standing) -> bool:
        """Tell whether more than a bill that is asked about speaks for two being one."""
        pays = {self.invoices.get(bill) for bill, _ in one.parts}
        owned = one.kind == JOURNAL or self.sight.owner(row.customer) in one.clients
        return owned or any(invoice in pays for invoice, _ in row.applied)

    def _contradicted(self, one: Record, gone: set[str]) -> list[Found]:
        """Show what pays the same invoice on the same day with another amount."""
        if one.kind != PAYMENT:
            return []
        rows = [row for bill, _ in one.parts for row in self.by_invoice.get(self.invoices.get(bill, ""), [])]
        found = []
        for row in {row.id: row for row in rows if row.id not in gone and row.day == one.day}.values():
            ours, theirs = (spoken(money, self.sight.currency) for money in (one.amount, row.amount))
            reasons = ("it pays the same invoice on the same day",
                       f"the amounts differ: Clio {ours}, QuickBooks {theirs}")  # fmt: skip
            found.append(
                Found(
                    subject=one.subject,
                    kind=one.kind,
                    books_id=row.id,
                    sure=Sure.DOUBTFUL,
                    reasons=reasons,
                    conflict=True,
                )
            )
        return found

    def _found(self, one: Record, row: Standing, sure: Sure, *, alone: bool = True) -> Found:
        reasons = [f"the same amount, {spoken(abs(one.amount), self.sight.currency)}"]
        reasons.append("the same day" if row.day == one.day else apart(one.day, row.day))
        if one.kind == JOURNAL:
            reasons.append("the same trust account")
        elif self.sight.owner(row.customer) in one.clients:
            reasons.append("its customer is this client")
        elif not self._known(one, row):
            reasons.append("its customer has an invoice that may be this bill")
        if one.kind == PAYMENT and one.parts:
            reasons.append(
                "it pays the same invoices" if self._pays(one, row) else "it does not pay the same invoices"
            )
        if _same_reference(one, row):
            reasons.append(f"reference {row.reference}")
        against = [] if alone else ["it is not the only one that fits"]
        if _told_apart(one, row):
            against.append(f"the references differ: Clio {one.reference}, QuickBooks {row.reference}")
        if row.foreign:
            against.append("it touches other accounts too")
        return Found(
            subject=one.subject,
            kind=one.kind,
            books_id=row.id,
            sure=sure,
            reasons=(*reasons, *against),
            conflict=bool(against),
        )


def _folded(reference: str) -> str:
    return reference.casefold().strip().lstrip("#").strip()


def _same_reference(one: Record, row: Standing) -> bool:
    return bool(one.reference) and _folded(one.reference) == _folded(row.reference)


def _told_apart(one: Record, row: Standing) -> bool:
    """Tell whether both bear a reference, and not the same."""
    return bool(one.reference and row.reference and _folded(one.reference) != _folded(row.reference))
