"""Pairing by who was paid: the payee's name in the bank's text, or what a person taught it means. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from trust.matching.bench import Bench, contradict
from trust.matching.names import telling, words
from trust.matching.nouns import How, PayeeRule
from trust.nouns import BankLine, Movement

_MANY = 50  # more candidates than this tell nothing apart


@dataclass(slots=True)
class _Shelf:
    """Movements of one amount whose payee's longest word is the same, by day."""

    days: list[date] = field(default_factory=list)
    movements: list[tuple[frozenset[str], Movement]] = field(default_factory=list)
    crowded: bool = False


@dataclass(frozen=True, slots=True)
class _Edge:
    line: BankLine
    movement: Movement
    rule: int | None


def by_payee(bench: Bench, rules: tuple[PayeeRule, ...]) -> None:
    """Pair where the bank's text names one payee of this amount and no other line names it."""
    shelves = _shelves(bench.movements.values())
    taught = _by_word(rules)
    edges = [edge for line in bench.lines.values() for edge in _named(bench, line, shelves, taught)]
    edges = [edge for edge in edges if not shelves[_key(edge.movement)].crowded]
    lines = Counter(edge.line.id for edge in edges)
    movements = Counter(edge.movement.subject for edge in edges)
    for edge in edges:
        contested = edge.line in bench.contested or edge.movement in bench.contested
        if lines[edge.line.id] == 1 and movements[edge.movement.subject] == 1 and not contested:
            name = edge.movement.payee
            how = How.PAYEE if edge.rule is None else How.RULE
            said = f"{name} in the bank's text" if edge.rule is None else f"Learned: this text is {name}"
            bench.pair(edge.line, edge.movement, how, said, "same amount", certain=True, rule=edge.rule)


def longest(names: frozenset[str]) -> str:
    """Return the longest of some words, the last of equals; empty when there is none."""
    return max(names, key=lambda word: (len(word), word), default="")


def _key(movement: Movement) -> tuple[int, str]:
    return movement.amount, longest(telling(movement.payee))


def _shelves(movements: Iterable[Movement]) -> dict[tuple[int, str], _Shelf]:
    shelves: dict[tuple[int, str], _Shelf] = defaultdict(_Shelf)
    for one in movements:
        if (key := _key(one))[1]:
            shelves[key].days.append(one.day)
            shelves[key].movements.append((words(one.payee), one))
    return shelves


def _by_word(rules: Iterable[PayeeRule]) -> dict[str, list[PayeeRule]]:
    index: dict[str, list[PayeeRule]] = defaultdict(list)
    for rule in sorted(rules, key=lambda rule: rule.id):
        if rule.words and rule.payee:
            index[longest(rule.words)].append(rule)
    return index


def _named(
    bench: Bench,
    line: BankLine,
    shelves: dict[tuple[int, str], _Shelf],
    taught: dict[str, list[PayeeRule]],
) -> list[_Edge]:
    """Return the movements that a line's text names, each once, with the rule that read it."""
    text = words(line.text)
    seen: dict[str, _Edge] = {}
    for word in sorted(text):
        for payee, one in _here(bench, line, shelves.get((line.amount, word))):
            if payee <= text:
                seen.setdefault(one.subject, _Edge(line, one, None))
        for rule in taught.get(word, ()):
            if not rule.words <= text or rule.paid_in != (line.amount > 0):
                continue
            meant = words(rule.payee)
            for payee, one in _here(bench, line, shelves.get((line.amount, longest(telling(rule.payee))))):
                if payee == meant:
                    seen.setdefault(one.subject, _Edge(line, one, rule.id))
    return list(seen.values())


def _here(bench: Bench, line: BankLine, shelf: _Shelf | None) -> Iterator[tuple[frozenset[str], Movement]]:
    """Go through a shelf's movements about the line's day; one with too many is marked and left alone."""
    if shelf is None or shelf.crowded:
        return
    first = bisect_left(shelf.days, line.day - timedelta(days=bench.window.after))
    past = bisect_right(shelf.days, line.day + timedelta(days=bench.window.before))
    if past - first > _MANY:
        shelf.crowded = True
        return
    for payee, one in shelf.movements[first:past]:
        if not contradict(line, one):
            yield payee, one
