"""What must be true when everything is over: nothing lost, nothing twice, everything ties."""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from accounts.tenancy import firm_scope
from syncapp.emulators.clio.model import World
from syncapp.emulators.clio.nouns import Contact
from syncapp.emulators.qbo import backdoor, reports
from syncapp.emulators.qbo.company import Company, Key, Obj
from syncapp.emulators.qbo.writing import view
from syncapp.records.models import Document, Hold, Link, Posting, Run
from tests.delivery.scene import NOTES, _mark
from tests.oracle.compare import differences
from tests.road import books
from tests.road.books import FAR
from tests.stage import Stage
from tests.stateful import acts, firm_acts, setup_proof, trust_proof
from tests.stateful.ground import LEASES_OVER, Ground
from tests.stateful.history import History, Player, Told
from tests.stateful.twin_acts import FEED

ROUNDS = 12  # of people's answers at the end
OURS = {
    "Customer": "customer",
    "Invoice": "invoice",
    "Payment": "payment",
    "CreditMemo": "credit_memo",
    "JournalEntry": "journal",
    "Purchase": "check",
    "Deposit": "deposit",
    "Vendor": "vendor",
    "Account": "account",
}


def prove(ground: Ground, given: History) -> Told:
    """Play a history, let the trouble end, and prove the books. Raises AssertionError."""
    random.seed(given.seed)  # the jitter of waits
    with ground.fresh():
        ground.on.company.switches.honour_requestid = given.honoured
        player = Player(ground)
        player.play(given.steps)
        theirs = copy.deepcopy(_theirs(ground.on.company))
        closed = on_day(ground.on, player.shut) if player.shut else {}
        settle(ground, shut=player.shut)
        done = finished(ground)
        for _ in range(ROUNDS):
            if not firm_acts.everything(ground, player.said):
                break
            done = ground.on.sync()
        else:
            raise AssertionError(f"what people do never ends: {ground.on.exceptions()}")
        books.assert_control(done.counts)
        if player.shut:
            assert on_day(ground.on, player.shut) == closed, "closed books changed"
        else:
            tied(ground.on)
        if ground.setup is not None:
            with as_named(ground.on.world):
                ours = without_theirs(ground.on.company)
                trust_proof.assert_trust(ground.on, ours, as_dated=not player.fixed)
                setup_proof.assert_setup(ground, ours, player.said)
        compared(ground.on)
        once(ground)
        assert _theirs(ground.on.company) == theirs, "what people made by hand was touched"
        if given.seed < 0 or given.seed % 3 == 0:
            books.assert_idle(ground.on)
        return player.told


def on_day(at: Stage, day: date) -> dict[str, int]:
    """What the books show on a day, without what people typed by hand."""
    return {row.name: row.minor for row in reports.trial_balance(without_theirs(at.company), until=day)}


def _theirs(company: Company) -> dict[Key, Obj]:
    return {key: company.store[key[0]][key[1]] for key in acts.foreign(company)}


def settle(ground: Ground, *, shut: date | None) -> None:
    """All trouble ends: vendors answer, connections are given again, books are open, products active."""
    for vendor in ground.ended():
        ground.reconnect(vendor)
    if shut or ground.on.company.preference("AccountingInfoPrefs.BookCloseDate"):
        backdoor.close_books(ground.on.company, shut)
    acts.products_back(ground.on.company)
    ground.clock.sleep(LEASES_OVER)


def finished(ground: Ground) -> Run:
    """Run to the end: a last fault may strike yet, or a lost answer have cost the authorisation."""
    try:
        return ground.on.sync()
    except AssertionError:
        for vendor in ground.ended():
            ground.reconnect(vendor)
    return ground.on.sync()


def without_theirs(company: Company) -> Company:
    """The books without what people made by hand."""
    ours = copy.deepcopy(company)
    for kind, identity in acts.foreign(company):
        ours.ledger.remove((kind, identity))
        del ours.store[kind][identity]
    for one in ours.store["Customer"].values():
        one["DisplayName"] = acts.as_once(one["DisplayName"])
    for one in ours.store["Account"].values():
        one["FullyQualifiedName"] = acts.as_once(one["FullyQualifiedName"])
    return ours


def tied(at: Stage) -> None:
    """The books are what the oracle says, the queue too, and the tie-out knows it."""
    ours = trust_proof.without_trust(without_theirs(at.company), at.file)
    today = at.world.now().date()
    with as_named(at.world) as named, setup_proof.without_overdrawing(at):
        found = differences(named, at.file, ours, on=[today, FAR], aged=False)
    assert not found, "\n" + "\n".join(found[:40])
    setup_proof.assert_held(at)


def compared(at: Stage) -> None:
    """The tie-out has nothing that it cannot explain but what people typed by hand, and the chain holds."""
    found = at.tieout(afresh=False)
    # what people typed by hand and is open belongs to no bill, and the tie-out says so
    theirs = sum((_open(at.company, kind, i) for kind, i in acts.foreign(at.company)), Decimal(0))
    for kind, figures in found["kinds"].items():
        off, queued, unexplained = (Decimal(figures[n]) for n in ("difference", "queued", "unexplained"))
        assert off == queued + unexplained, (kind, figures)
        allowed = -theirs if kind == "receivables" else 0
        assert unexplained == allowed, (kind, figures, found["differences"])
    chain = at.verify()
    assert chain["ok"], chain


@contextmanager
def as_named(world: World) -> Iterator[World]:
    """Give the firm its clients' first names: a customer in the books keeps the name it was made with."""
    now = {one.id: one.name for one in world.all(Contact)}
    for one in world.all(Contact):
        one.name = acts.as_once(one.name)
    try:
        yield world
    finally:
        for one in world.all(Contact):
            one.name = now[one.id]


def _open(company: Company, kind: str, identity: str) -> Decimal:
    if kind not in {"Invoice", "Payment"}:
        return Decimal(0)
    shown = view(company, kind, identity)
    return Decimal(shown["Balance"]) if kind == "Invoice" else -Decimal(shown.get("UnappliedAmt", 0))


def once(ground: Ground) -> None:
    """Nothing twice, nothing lost: every object of ours is known by one link, every document is settled."""
    at, theirs = ground.on, acts.foreign(ground.on.company) | setup_proof.others(ground)
    with firm_scope(write=None, reads=[at.firm.pk]):
        links = list(Link.objects.filter(firm_id=at.firm.pk).values_list("object_kind", "remote_id", "live"))
        open_ = Posting.objects.filter(
            firm_id=at.firm.pk, state__in=["ready", "sending", "uncertain"]
        ).count()
        held = Hold.objects.filter(firm_id=at.firm.pk, alarm=False, closed_at__isnull=True)
        kinds = ["bill", "interest", "payment", "credit", "money"]
        loose = Document.objects.filter(firm_id=at.firm.pk, settled=False, kind__in=kinds)
        lost = list(loose.exclude(pk__in=held.values("document_id")).exclude(outcome="skipped"))
    assert not open_, f"{open_} operations are still on their way"
    assert not lost, f"neither posted nor held: {lost}"
    links = [("check" if kind == "expense" else kind, remote, alive) for kind, remote, alive in links]
    known = Counter((kind, remote) for kind, remote, _ in links)
    live = {(kind, remote) for kind, remote, alive in links if alive}
    for entity, kind in OURS.items():
        mine = {i: one for i, one in at.company.store[entity].items() if (entity, i) not in theirs}
        assert not [i for i in mine if known[kind, i] != 1], (entity, {i: known[kind, i] for i in mine})
        standing = {i for k, i in live if k == kind}
        assert standing <= set(mine), f"{entity} gone: {standing - set(mine)}"
        loose_ = [i for i in set(mine) - standing if _worth(at.company, entity, i)]
        assert not loose_, f"{entity} stands and is nobody's: {loose_}"
        marks = Counter(_mark(one.get(NOTES.get(entity, "PrivateNote"), "") or "") for one in mine.values())
        assert not [mark for mark, count in marks.items() if mark and count > 1], (entity, marks)
        ours = [one for one in at.company.store[entity].values() if FEED not in one.get("PrivateNote", "")]
        numbers = Counter(one.get("DocNumber") for one in ours)
        assert not [n for n, count in numbers.items() if n and count > 1], (entity, numbers)


def _worth(company: Company, entity: str, identity: str) -> bool:
    entry = company.ledger.entry((entity, identity))
    return entry is not None and bool(entry.lines)
