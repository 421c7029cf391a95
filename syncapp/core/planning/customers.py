"""Clients and matters as customers and sub-customers: found before made, and never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from syncapp.core.adoption.nouns import ASLEEP
from syncapp.core.books import BookObject
from syncapp.core.documents import Client, Matter
from syncapp.core.ledger import FIRM_FUNDS, INTEREST, CustomerDraft
from syncapp.core.matching import folded, same_words, shortened
from syncapp.core.planning.facts import Options
from syncapp.core.planning.wanted import Wanted, client_subject, matter_subject
from syncapp.core.problems import Fix, Problem

NAME_LIMIT = 100  # the documents allow 500, older companies only 100 (qbo/API.md section 13)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A customer of the books that a client may be, recognised by more than its name, and why."""

    id: str
    certain: bool
    reasons: tuple[str, ...]


@dataclass(slots=True)
class Names:
    """The customers that stand in the books, indexed for finding. Grows as new ones are planned."""

    by_id: dict[str, BookObject]
    by_name: dict[str, list[BookObject]]
    by_folded: dict[str, list[BookObject]]
    by_words: dict[str, list[BookObject]]
    by_email: dict[str, list[BookObject]]
    taken: set[str]
    linked: set[str]
    clients_named: dict[str, int]
    employees: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        customers: Iterable[BookObject],
        *,
        linked: set[str],
        taken: Iterable[str],
        clients: Iterable[Client],
        employees: Mapping[str, str] | None = None,
    ) -> Names:
        """Index customers, active and not, names taken by vendors and employees, and Clio's own clients.

        `employees` are the ids of those who may be paid, by name without its case.
        """
        names = cls({}, {}, {}, {}, {}, {name.casefold() for name in taken}, linked, {}, employees or {})
        for row in customers:
            names.by_id[row.id] = row
            names.taken.add(row.name.casefold())
            if not row.parent:
                names.by_folded.setdefault(folded(row.name), []).append(row)
                names.by_words.setdefault(same_words(row.name), []).append(row)
                if row.email:
                    names.by_email.setdefault(row.email.casefold(), []).append(row)
            names.by_name.setdefault(row.name.casefold(), []).append(row)
        for client in clients:
            key = folded(client.name)
            names.clients_named[key] = names.clients_named.get(key, 0) + 1
        return names

    def free(self, rows: Iterable[BookObject]) -> list[BookObject]:
        """Return those that no client or matter of ours is linked to yet."""
        return [row for row in rows if row.id not in self.linked]


def clean(name: str) -> str:
    """Take out what a QuickBooks name may not hold: colon, tab, line break (qbo/API.md section 8.5)."""
    return re.sub(r"\s+", " ", re.sub(r"\s*:\s*", " - ", name)).strip()


def wished_name(client: Client, template: str) -> str:
    """Return the name that a client's customer is to bear."""
    return clean(template.format(client=client.name, client_id=client.id)) or f"Client {client.id}"


def wished(client: Client, template: str) -> CustomerDraft:
    """Return the customer that a client would be if nobody else bore its name."""
    return _draft(client, shortened(wished_name(client, template), NAME_LIMIT))


def free_name(client: Client, template: str, names: Names) -> str:
    """Return the name for a client that was renamed: one that is taken gets the client's id after it."""
    return _free_name(wished_name(client, template), client.id, names)


def client_customer(
    client: Client,
    *,
    options: Options,
    names: Names,
    choice: str = "",
    proposed: tuple[Proposed, ...] = (),
) -> Wanted | Problem:
    """Find the customer of a client, or draft a new one, or ask a person.

    `choice` is a person's answer: the id of a customer, which is made active where it is not, or `new`.
    `proposed` are those that were recognised by more than their names.
    """
    subject = client_subject(client.id)
    wish = wished_name(client, options.client_name)
    if choice and choice != "new":
        chosen = names.by_id[choice]
        if not chosen.active:
            return Wanted(subject=subject, draft=CustomerDraft(name=chosen.name), names=choice)
        return Wanted(subject=subject, draft=_draft(client, names.by_id[choice].name), adopt=choice)
    if not choice:
        found = _recognised(client, names, proposed) or _find(client, wish, names)
        if isinstance(found, Problem):
            return found
        if found is not None:
            names.linked.add(found.id)
            return Wanted(subject=subject, draft=_draft(client, found.name), adopt=found.id)
    return Wanted(subject=subject, draft=_draft(client, _free_name(wish, client.id, names)))


def matter_customer(
    matter: Matter, client: Client, *, parent_id: str, options: Options, names: Names
) -> Wanted | Problem:
    """Find the sub-customer of a matter under its client's customer, or draft a new one."""
    subject = matter_subject(matter.id)
    wish = wished_matter(matter, client.name, options)
    for row in names.free(names.by_name.get(shortened(wish, NAME_LIMIT).casefold(), [])):
        if parent_id and row.parent == parent_id:
            if not row.active:
                return inactive(row)
            names.linked.add(row.id)
            return Wanted(
                subject=subject,
                adopt=row.id,
                draft=CustomerDraft(name=row.name, parent=client_subject(client.id)),
            )
    name = _free_name(wish, matter.id, names)
    return Wanted(subject=subject, draft=CustomerDraft(name=name, parent=client_subject(client.id)))


def wished_matter(matter: Matter, client: str, options: Options) -> str:
    """Return the name that a matter's sub-customer is to bear, with its client's name."""
    wish = options.matter_name.format(
        matter_number=matter.number, client=client, matter=matter.description, matter_id=matter.id
    )
    return clean(wish) or f"Matter {matter.id}"


def renamed_matter(matter: Matter, client: Client, stands: str, options: Options, names: Names) -> str:
    """Return the new name of a sub-customer whose client was renamed; empty where it bears it, or another.

    `stands` is its name now: nothing but the client in it may differ from what the firm's template says.
    """
    wish = wished_matter(matter, client.name, options)
    plain = stands.removesuffix(f" ({matter.id})")
    before, mark, after = wished_matter(matter, "\0", options).partition("\0")
    mine = mark and plain.startswith(before) and plain.endswith(after) and len(plain) > len(before + after)
    if not mine or "\0" in after or plain == shortened(wish, NAME_LIMIT):
        return ""
    return _free_name(wish, matter.id, names)


def own_names(options: Options) -> dict[str, str]:
    """Return what the books call the ledgers of client money that are no client's, by ledger."""
    return {FIRM_FUNDS.key: clean(options.firm_funds), INTEREST.key: clean(options.trust_interest)}


def own_customer(subject: str, wish: str, names: Names) -> Wanted | Problem:
    """Find the customer of a ledger that is no client's, by its exact name, or draft a new one."""
    for row in names.free(names.by_name.get(wish.casefold(), [])):
        if not row.parent:
            if not row.active:
                return inactive(row)
            names.linked.add(row.id)
            return Wanted(subject=subject, draft=CustomerDraft(name=row.name), adopt=row.id)
    return Wanted(subject=subject, draft=CustomerDraft(name=_free_name(wish, 2, names)))


def _recognised(client: Client, names: Names, proposed: tuple[Proposed, ...]) -> BookObject | Problem | None:
    """Return the customer that was recognised for certain; ask where others may be it."""
    free = [one for one in proposed if one.id in names.by_id and one.id not in names.linked]
    rows = [names.by_id[one.id] for one in free]
    if len(free) == 1 and free[0].certain:
        return rows[0]
    if len(free) == 1 and not rows[0].active:
        return _sleeping(client, rows[0], free[0].reasons)
    if not free:
        return None
    said = _doubt(client, rows, "looks like the same client")
    because = "; ".join(
        f"“{row.name}”: {', '.join(one.reasons)}" for one, row in zip(free, rows, strict=True)
    )
    return replace(said, words=f"{said.words} {because}.", facts={**said.facts, "because": because})


def _find(client: Client, wish: str, names: Names) -> BookObject | Problem | None:
    """Look for exactly this name, then for the same name written otherwise; what is doubtful is a Problem."""
    exact = [r for r in names.free(names.by_name.get(wish.casefold(), [])) if not r.parent]
    alike = exact or names.free(names.by_folded.get(folded(client.name), []))
    by_email = names.free(names.by_email.get(client.email.casefold(), [])) if client.email else []
    if not alike:
        doubtful = by_email or names.free(names.by_words.get(same_words(client.name), []))
        return _doubt(client, doubtful, "looks like the same client") if doubtful else None
    agreeing = [row for row in alike if row in by_email]
    if len(alike) > 1 and len(agreeing) != 1:
        return _doubt(client, alike, "fits more than one customer")
    row = agreeing[0] if agreeing else alike[0]
    namesakes = names.clients_named.get(folded(client.name), 0) > 1
    if namesakes and not agreeing:
        return _doubt(client, alike, "is one of several clients of this name in Clio")
    if client.email and row.email and not agreeing:
        return _doubt(client, alike, "has another e-mail address in QuickBooks")
    return row if row.active else inactive(row)


def _doubt(client: Client, rows: list[BookObject], why: str) -> Problem:
    listed = ", ".join(f"“{row.name}”" for row in rows[:5])
    return Problem(
        code="doubtful_customer",
        fix=Fix.CHOOSE,
        words=f"Client “{client.name}” {why}: {listed}. Choose the customer, or have a new one made.",
        cause=client_subject(client.id),
        facts={"candidates": ",".join(row.id for row in rows[:20]), "client": client.name},
    )


def _sleeping(client: Client, row: BookObject, reasons: tuple[str, ...]) -> Problem:
    """Ask whether an inactive customer is the client: who chooses it has it made active again."""
    told = ", ".join(why for why in reasons if why != ASLEEP)
    why = f" ({told})" if told else ""
    return Problem(
        code="doubtful_customer",
        fix=Fix.CHOOSE,
        words=f"Client “{client.name}” looks like “{row.name}”{why}, which is inactive in QuickBooks. "
        "Choose it, and it is made active; or have a new one made.",
        cause=client_subject(client.id),
        facts={"candidates": row.id, "client": client.name},
    )


def inactive(row: BookObject) -> Problem:
    """Say that a customer is hidden in the books, which take no entry on it."""
    return Problem(
        code="inactive_customer",
        fix=Fix.BOOKS,
        words=f"Customer “{row.name}” is inactive in QuickBooks. Make it active there and retry, "
        "or choose another.",
        cause=f"customer {row.id}",
        facts={"candidates": row.id, "client": row.name, "kind": "customer", "id": row.id, "name": row.name},
    )


def _draft(client: Client, name: str) -> CustomerDraft:
    return CustomerDraft(
        name=name,
        company=shortened(clean(client.name), NAME_LIMIT) if client.company else "",
        first_name=shortened(clean(client.first_name), NAME_LIMIT),
        last_name=shortened(clean(client.last_name), NAME_LIMIT),
        email=client.email if len(client.email) <= NAME_LIMIT else "",
        phone=client.phone[:30],
        address=client.address,
    )


def _free_name(wish: str, source_id: int, names: Names) -> str:
    """Return a name that nobody in the books bears; a taken one gets the source's id after it."""
    name = shortened(wish, NAME_LIMIT)
    if name.casefold() in names.taken:
        mark = f" ({source_id})"
        name = shortened(wish, NAME_LIMIT - len(mark)) + mark
    names.taken.add(name.casefold())
    return name
