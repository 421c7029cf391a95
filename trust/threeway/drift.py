"""Where one witness strays from another, movement by movement: Tieout from Clio, the books from Tieout.

What two witnesses hold under one natural key is compared by amount, ledger and day. Since every movement is
compared, the effects of what is found sum to the gap between the two figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from syncapp.core.money import spoken
from trust.nouns import Movement
from trust.threeway import words
from trust.threeway.nouns import Difference, Facts, What, Witness
from trust.threeway.standings import NOTHING, Effect, Standing

type Side = Mapping[str, Standing]
type Between = tuple[Witness, Witness]

POSTING: Between = (Witness.CLIO, Witness.TIEOUT)
KEEPING: Between = (Witness.TIEOUT, Witness.BOOKS_LIABILITY)
CALLED = {Witness.CLIO: "Clio", Witness.TIEOUT: "Tieout", Witness.BOOKS_LIABILITY: "the books"}


@dataclass(frozen=True, slots=True)
class Stray:
    """One movement on which two witnesses differ: what each says of it, up to the last day and whenever.

    `true` is the witness that the other should follow, `beside` the key of the movement that it repeats.
    """

    key: str
    kind: What
    true: Standing | None
    other: Standing | None
    last: date
    between: Between
    note: str = ""
    beside: str = ""

    @property
    def ours(self) -> Effect:
        """Return what the first witness says up to the last day."""
        return self.true.upto(self.last) if self.true else NOTHING

    @property
    def theirs(self) -> Effect:
        """Return what the second witness says up to the last day."""
        return self.other.upto(self.last) if self.other else NOTHING

    @property
    def form(self) -> Movement:
        """Return the movement for the words, as the first witness has it if it does."""
        standing = self.true or self.other
        if standing is None:
            raise ValueError("a stray movement stands nowhere")
        return standing.form

    @property
    def changed(self) -> dict[str, int]:
        """Return by how much each ledger differs, first witness less second."""
        ours, theirs = dict(self.ours.ledgers), dict(self.theirs.ledgers)
        keys = sorted({*ours, *theirs}, key=lambda key: -abs(ours.get(key, 0) - theirs.get(key, 0)))
        diff = {key: ours.get(key, 0) - theirs.get(key, 0) for key in keys}
        return {key: amount for key, amount in diff.items() if amount}

    @property
    def amount(self) -> int:
        """Return what a person reads: by how much it is wrong, what stands elsewhere, or the whole item."""
        if self.kind is What.LEDGER:
            return sum(amount for amount in self.changed.values() if amount > 0)
        if self.ours and self.theirs:
            by = self.ours.bank - self.theirs.bank or self.ours.held - self.theirs.held
            return by or self.ours.shown
        return (self.ours or self.theirs).shown

    @property
    def ledgers(self) -> tuple[str, str]:
        """Return the ledger that it is, or should be, on; and the one where it stands instead, if any."""
        said, changed = dict(self.ours.ledgers) or dict(self.theirs.ledgers), self.changed
        all_keys = list(changed) or list(said)
        at = next((key for key in all_keys if key in said), all_keys[0] if all_keys else "")
        if self.kind not in {What.LEDGER, What.SWAP}:
            return at, ""
        return at, next((key for key in changed if key != at and key in dict(self.theirs.ledgers)), "")


def strays(true: Side, other: Side, facts: Facts, between: Between) -> list[Stray]:
    """Return every movement on which the second witness differs from the first."""
    found = []
    for key in sorted({*true, *other}):
        ours, theirs = true.get(key), other.get(key)
        if ours is not None and theirs is not None and ours.days == theirs.days:
            continue
        kind = _kind(key, ours, theirs, facts, between)
        if kind is not None:
            found.append(Stray(key, kind, ours, theirs, facts.last, between))
    return found


def _kind(
    key: str, true: Standing | None, other: Standing | None, facts: Facts, between: Between
) -> What | None:
    ours = true.upto(facts.last) if true else NOTHING
    theirs = other.upto(facts.last) if other else NOTHING
    if ours == theirs:
        return What.DATE if _other_day(true, other, facts) else None
    if between is POSTING and key in facts.held:
        return What.HELD
    if not ours:
        later = true is not None and bool(true.whole)
        return What.DATE if later else (What.REMOVED if between is POSTING else _extra(theirs))
    if not theirs:
        later = other is not None and bool(other.whole)
        return What.DATE if later else (What.NOT_POSTED if between is POSTING else What.NOT_IN_BOOKS)
    if true is not None and other is not None and true.whole == other.whole:
        return What.DATE
    same = ours.bank == theirs.bank and ours.held == theirs.held
    return What.LEDGER if same else What.AMOUNT


def _extra(theirs: Effect) -> What:
    return What.ONLY_IN_BOOKS if theirs.bank == theirs.held else What.ONE_SIDED


def _other_day(true: Standing | None, other: Standing | None, facts: Facts) -> bool:
    """Tell whether it stands on two days, one of them in this period. Corrections stand on several."""
    if true is None or other is None or true.day is None or other.day is None or true.day == other.day:
        return False
    return any(facts.first <= day <= facts.last for day in (true.day, other.day))


def difference(stray: Stray, facts: Facts) -> Difference:
    """Say it as an item of the three-way."""
    ledger, other_ledger = stray.ledgers
    bank_effect = stray.ours.bank - stray.theirs.bank if stray.between is KEEPING else 0
    days = (stray.true or stray.other, stray.other or stray.true)
    return Difference(
        kind=stray.kind,
        amount=stray.amount,
        day=next((one.day or one.form.day for one in days if one), None),
        reason=words.sentence(_reason(stray, facts) + stray.note),
        between=stray.between,
        effect=stray.ours.held - stray.theirs.held,
        bank_effect=bank_effect,
        ledger=ledger,
        other_ledger=other_ledger,
        subjects=(stray.key,),
        beside=stray.beside,
    )


def _reason(stray: Stray, facts: Facts) -> str:
    first, second = (CALLED[witness] for witness in stray.between)
    name = words.movement(stray.form, (stray.ours or stray.theirs).shown)
    match stray.kind:
        case What.HELD:
            return f"{name} waits: {facts.held[stray.key]}"
        case What.NOT_POSTED:
            return f"{name} is in Clio and is not posted"
        case What.REMOVED:
            return f"{name} is posted, and Clio does not have it"
        case What.NOT_IN_BOOKS:
            return f"{name} was posted, and the books do not have it"
        case What.ONLY_IN_BOOKS | What.TWIN:
            if stray.key == words.OPENING:
                return f"{name} stood in the books before the start, and no opening was posted"
            if not stray.key.startswith(words.BOOKS):
                return f"{name} was taken back, and the books still have it"
            return f"{name} was entered there by hand or by the bank feed; no event of Clio stands behind it"
        case What.ONE_SIDED:
            return _one_sided(stray, name)
        case What.DATE:
            days = [
                words.day(one.day) if one and one.day else "several days" for one in (stray.true, stray.other)
            ]
            return f"{name} is dated {days[0]} in {first}, {days[1]} in {second}"
        case _:
            return _said(stray, name, facts)


def _one_sided(stray: Stray, name: str) -> str:
    bank, held = stray.theirs.bank, stray.theirs.held
    return (
        f"{name} moves the trust bank by {spoken(bank)} in the books and the liability by {spoken(held)}: "
        "its other side is not client money"
    )


def _said(stray: Stray, name: str, facts: Facts) -> str:
    first, second = (CALLED[witness] for witness in stray.between)
    if stray.ours.bank == stray.theirs.bank and stray.ours.held == stray.theirs.held:
        at, instead = (words.ledger(key, facts.names) for key in stray.ledgers)
        return f"{name} is on {at} in {first} and stands on {instead} in {second}"
    if stray.ours.bank != stray.theirs.bank:
        ours, theirs = stray.ours.bank, stray.theirs.bank
        return f"{name} is {spoken(ours)} in {first} and {spoken(theirs)} in {second}"
    ours, theirs = stray.ours.held, stray.theirs.held
    return f"{name} is {spoken(ours)} for its ledgers in {first} and {spoken(theirs)} in {second}"
