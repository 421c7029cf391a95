"""Clients and customers: who is who, by name, the connector's mark, addresses and invoices."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from syncapp.core.adoption.nouns import ASLEEP, Found, Party, Sight, Sure
from syncapp.core.likeness import LEAST, REORDERED, address_key, alike, named, phone_key

SUPPORTED = 74  # points of a name that an e-mail address, a telephone or two invoices make certain
RIVAL = 58  # points from which another one is a rival
SHOWN = 58  # points from which a person is shown it
BY_INVOICES = 2  # invoices of one client that say whose a customer is
MOST_SHOWN = 5
_LONG = 4  # letters of a word that may lack one
_COMMON = 40  # customers that share a word before the word says nothing alone


@dataclass(frozen=True, slots=True)
class _Pair:
    client: Party
    customer: Party
    points: int
    reasons: tuple[str, ...]
    invoices: int
    marked: bool
    supported: bool
    against: bool

    def beaten_by(self, best: _Pair) -> bool:
        """Tell whether the invoices decide between the two."""
        return best.invoices >= BY_INVOICES and not self.invoices and not self.marked

    @property
    def strong(self) -> bool:
        return self.marked or (
            not self.against and (self.points >= REORDERED or (self.supported and self.points >= SUPPORTED))
        )


def whose(sight: Sight, evidence: Counter[tuple[str, str]]) -> list[Found]:
    """Pair clients with customers. `evidence` counts the invoices of a customer that are a client's bills."""
    known = set(sight.owners)
    taken = set(sight.owners.values())
    clients = [one for one in sight.clients if one.id not in taken]
    customers = [one for one in sight.customers if one.id not in known and not one.parent]
    ids = {one.id.rpartition("/")[2] for one in sight.clients}
    pairs = [_pair(a, b, evidence[a.id, b.id], ids) for a, b in _worth_a_look(clients, customers, evidence)]
    alike_ones = [one for one in pairs if one is not None]
    by_client: dict[str, list[_Pair]] = defaultdict(list)
    by_customer: dict[str, list[_Pair]] = defaultdict(list)
    for one in alike_ones:
        by_client[one.client.id].append(one)
        by_customer[one.customer.id].append(one)
    namesakes = Counter(_key(one.name) for one in sight.clients)
    found: list[Found] = []
    for some in by_client.values():
        some.sort(
            key=lambda one: (-one.marked, -min(one.invoices, BY_INVOICES), -one.points, one.customer.id)
        )
        found += _of_client(some, by_customer, namesakes)
    return found


def _key(name: str) -> tuple[str, ...]:
    return tuple(sorted(named(name).words))


def _of_client(
    pairs: list[_Pair], by_customer: dict[str, list[_Pair]], namesakes: Counter[tuple[str, ...]]
) -> list[Found]:
    best = pairs[0]
    marked = [one for one in pairs if one.marked]
    others = marked[1:] if best.marked else [one for one in pairs[1:] if one.points >= RIVAL]
    rivals = [one for one in others if not one.beaten_by(best)]
    claims = [
        one
        for one in by_customer[best.customer.id]
        if one is not best and one.points >= RIVAL and not best.marked and not one.beaten_by(best)
    ]
    alone = namesakes[_key(best.client.name)] == 1 or best.marked or best.supported
    if best.strong and alone and not rivals and not claims and best.customer.active:
        return [_found(best, Sure.CERTAIN)]
    if not rivals and not claims and best.points >= SUPPORTED and not best.against:
        return [_found(best, Sure.LIKELY)]
    shown = [one for one in pairs if one.points >= SHOWN or one.supported][:MOST_SHOWN]
    return [_found(one, Sure.DOUBTFUL, several=len(shown) > 1 or bool(claims)) for one in shown]


def _found(one: _Pair, sure: Sure, *, several: bool = False) -> Found:
    reasons = list(one.reasons)
    if not one.customer.active:
        reasons.append(ASLEEP)
    if several:
        reasons.append("it is not the only one that fits")
    return Found(
        subject=one.client.id,
        kind="customer",
        books_id=one.customer.id,
        sure=sure,
        reasons=tuple(reasons),
        conflict=one.against or several,
    )


def _worth_a_look(
    clients: list[Party], customers: list[Party], evidence: Counter[tuple[str, str]]
) -> Iterable[tuple[Party, Party]]:
    """Give the pairs that share a word, one but for a letter, an address of any kind, or invoices."""
    by_trait: dict[str, set[str]] = defaultdict(set)
    by_id = {one.id: one for one in customers}
    for row in customers:
        for trait in _traits(row):
            by_trait[trait].add(row.id)
    bills: dict[str, set[str]] = defaultdict(set)
    for (client, invoiced), count in evidence.items():
        if count:
            bills[client].add(invoiced)
    for one in clients:
        found = set(bills[one.id])
        for trait in _traits(one):
            shared = by_trait.get(trait, set())
            if len(shared) <= _COMMON or ":" in trait:
                found |= shared
        for customer in sorted(found & by_id.keys()):
            yield one, by_id[customer]


def _traits(one: Party) -> set[str]:
    traits = set()
    for text in (one.name, *one.other_names):
        name = named(text)
        traits |= {word for word in name.words if len(word) > 1}
        traits |= {
            f"cut:{word[:i]}{word[i + 1 :]}"
            for word in name.words[:4]
            for i in range(len(word))
            if len(word) >= _LONG
        }
        traits.add("all:" + " ".join(sorted(name.words)))
        traits.add("run:" + "".join(name.words))
        if name.mark is not None:
            traits.add(f"mark:{name.mark}")
    if one.id.startswith("contacts/"):
        traits.add("mark:" + one.id.rpartition("/")[2])
    traits |= {f"mail:{one.email.casefold()}"} if one.email else set()
    traits |= {f"call:{phone_key(one.phone)}"} if phone_key(one.phone) else set()
    return traits | ({f"home:{address_key(one.address)}"} if address_key(one.address) else set())


def _pair(client: Party, customer: Party, invoices: int, ids: set[str]) -> _Pair | None:
    """Say how alike two are; None when they are not, or when the customer bears another client's mark."""
    mark = named(customer.name).mark
    mine = mark is not None and str(mark) == client.id.rpartition("/")[2]
    if mark is not None and not mine and str(mark) in ids:
        return None
    names = [
        (a, b) for a in (client.name, *client.other_names) for b in (customer.name, *customer.other_names)
    ]
    best = max((alike(a, b) for a, b in names if a and b), key=lambda one: one.points)
    reasons, points = list(best.reasons), best.points
    if invoices:
        reasons.append(
            f"{invoices} of its invoices {'is a bill' if invoices == 1 else 'are bills'} of this client"
        )
    if mine:
        reasons.insert(0, f"it bears Clio's own mark, {mark}")
    same, other = _by_address(client, customer)
    if points < LEAST and not (same or invoices >= BY_INVOICES or mine):
        return None
    supported = bool(same) or invoices >= BY_INVOICES
    marked = mine and points >= LEAST
    against = (bool(other) and invoices < BY_INVOICES) or points < LEAST
    if points < LEAST:
        reasons.append(f"the names differ: “{client.name}”, “{customer.name}”")
    return _Pair(client, customer, points, (*reasons, *same, *other), invoices, marked, supported, against)


def _by_address(client: Party, customer: Party) -> tuple[list[str], list[str]]:
    """Return what agrees of two, and what speaks against them."""
    same, other = [], []
    if client.email and customer.email:
        if client.email.casefold() == customer.email.casefold():
            same.append("the same e-mail address")
        else:
            other.append("another e-mail address")
    if phone_key(client.phone) and phone_key(client.phone) == phone_key(customer.phone):
        same.append("the same telephone")
    if address_key(client.address) and address_key(client.address) == address_key(customer.address):
        same.append("the same postal address")
    return same, [] if same else other
