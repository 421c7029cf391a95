"""Applying a firm file: what stands differently is changed and told, what stands already is left alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accounts import actions as people
from accounts import audit
from accounts import queries as accounts
from accounts.models import Books, Firm
from accounts.tenancy import firm_scope
from accounts.windows import Seen
from mapping import actions as mapping
from mapping import options as choices
from mapping import queries
from syncapp.pipeline.clock import schedule
from syncapp.pipeline.firmfile import case_words, level_words
from syncapp.pipeline.firmfile.reading import Unreadable, mapping_of
from syncapp.pipeline.firmfile.shape import Trouble
from syncapp.pipeline.sending import timed
from syncapp.pipeline.trust import openings, pairs

if TYPE_CHECKING:
    from datetime import datetime

    from mapping.rules import RuleRow

ACTOR = "The firm file"
NOTE = "Applied from a firm file"
FIRM_KEYS = ("name", "time_zone", "currency", "jurisdiction")
SETTINGS = ("source", "schedule", "client_money", "approvals", "cases", "contacts", "red", "month_end")
NOUNS = {"item": "item", "account": "account", "class": "class", "location": "location"}


@dataclass(slots=True)
class Applied:
    """What applying did, in sentences; `warnings` are what will hold lines or needs a look."""

    slug: str
    changed: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def apply(data: dict[str, Any], *, now: datetime, folder: Path | None = None) -> Applied:
    """Make a firm be what its file says. Raises Unreadable, before anything is changed, for a name not there.

    Names of a ledger's things can be checked once the books were read; before that they are kept as text.
    `folder` is where the files that it names lie (openings of trust accounts).
    """
    said = data["firm"]
    firm = accounts.firm_by_slug(said["slug"])
    if firm is not None:
        _check_names(firm, data, now)
    elif troubles := level_words.faults(None, data):
        raise Unreadable(troubles)
    done = Applied(slug=said["slug"])
    if firm is None:
        firm = _create(said, now, done)
    else:
        _change(firm, said, now, done)
    for person in data.get("people", []):
        _member(firm, person, now, done)
    _strangers(firm, data, done)
    done.warnings += case_words.warnings(firm, data.get("cases", {}), now=now)
    with firm_scope(write=firm.pk):
        for entry in data["books"]:
            _books(firm, entry, now, done)
            _openings(firm, entry, folder, now, done)
        timing = _settings(firm, data, done)
        if "levels" in data:
            done.changed += level_words.keep(firm, data["levels"], ACTOR, now)
        if done.changed:
            audit.record(
                firm_id=firm.pk, actor=ACTOR, verb="firm.applied", obj=firm, after=done.changed, now=now
            )
    if timing:
        schedule.ask(firm_id=firm.pk, now=now)  # what waits for its time by the old one is looked at again
    return done


def _check_names(firm: Firm, data: dict[str, Any], now: datetime) -> None:
    with firm_scope(write=None, reads=[firm.pk]):
        troubles = level_words.faults(firm, data)
        standing = {books.name: books for books in accounts.books_of(firm_id=firm.pk)}
        for index, entry in enumerate(data["books"]):
            if books := standing.get(entry["name"]):
                troubles += _names(books, entry, f"books[{index}]", now)
    if troubles:
        raise Unreadable(troubles)


def _names(books: Books, entry: dict[str, Any], at: str, now: datetime) -> list[Trouble]:
    chart = queries.chart(books.pk)
    if not chart.accounts and not chart.items:
        return []
    ledger = queries.LEDGER_WORDS[books.ledger]
    options, rules = mapping_of(entry)
    current = queries.published(books.pk)
    pins = choices.living(current.resolved, chart) if current else {}
    missing = [
        Trouble(f"{at}.{place}", f'there is no {NOUNS[kind]} "{text}" in {ledger}')
        for place, kind, text in choices.names_used(options, rules)
        if choices.find(kind, choices.pinned(kind, text, pins), chart) is None
    ]
    known = {trouble.place for trouble in missing}
    wrong = [
        Trouble(f"{at}.trust[{wish.at}].{fault.term}", fault.words)
        for wish in pairs.wishes(books, options, chart, pins, today=now.date())
        for fault in wish.faults
    ]
    return missing + [trouble for trouble in wrong if trouble.place not in known]


def _create(said: dict[str, Any], now: datetime, done: Applied) -> Firm:
    firm = people.create_firm(
        user=None,
        name=said["name"],
        time_zone=said.get("time_zone", "America/New_York"),
        currency=said.get("currency", "USD"),
        jurisdiction=said.get("jurisdiction", ""),
        slug=said["slug"],
        now=now,
    )
    done.changed.append(f"created the firm {firm.name}")
    return firm


def _change(firm: Firm, said: dict[str, Any], now: datetime, done: Applied) -> None:
    before = {key: getattr(firm, key) for key in FIRM_KEYS if key in said and getattr(firm, key) != said[key]}
    if not before:
        return
    for key, old in before.items():
        setattr(firm, key, said[key])
        done.changed.append(f"changed the firm's {key.replace('_', ' ')} from {old} to {said[key]}")
    with firm_scope(write=firm.pk):
        firm.save(update_fields=list(before))
        after = {key: said[key] for key in before}
        audit.record(
            firm_id=firm.pk, actor=ACTOR, verb="firm.changed", obj=firm, before=before, after=after, now=now
        )


def _member(firm: Firm, person: dict[str, Any], now: datetime, done: Applied) -> None:
    email, role = person["email"], person["role"]
    answer = people.ensure_member(
        firm=firm,
        email=email,
        role=role,
        name=person.get("name", ""),
        ends_on=_day(person.get("until")),
        sees=Seen(
            accounts=tuple(person.get("accounts", ())),
            first=_day(person.get("from")),
            last=_day(person.get("to")),
        ),
        now=now,
    )
    if answer == "created":
        done.changed.append(f"added {email} as {role}")
    elif answer == "changed":
        done.changed.append(f"made {email} {role}")
    elif answer != "unchanged":
        done.warnings.append(f"{email}: {answer}")


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _strangers(firm: Firm, data: dict[str, Any], done: Applied) -> None:
    """Tell of people who are members without standing in the file; a file never removes anybody."""
    if "people" not in data:
        return
    listed = {person["email"].strip().lower() for person in data["people"]}
    for member in accounts.members(firm_id=firm.pk):
        if member.user.email not in listed:
            done.warnings.append(f"{member.user.email} is {member.role} and not in the file; left as it is")


def _books(firm: Firm, entry: dict[str, Any], now: datetime, done: Applied) -> None:
    name, ledger = entry["name"], entry.get("ledger", "qbo")
    books = Books.objects.filter(firm_id=firm.pk, name=name).first()
    if books is None:
        books = people.add_books(firm_id=firm.pk, name=name, ledger=ledger, by=ACTOR, now=now)
        done.changed.append(f"added the set of books {name}")
    elif books.ledger != ledger:
        done.warnings.append(f"{name} is kept in {books.ledger}; a file does not move books to {ledger}")
    options, rules = mapping_of(entry)
    if options or rules:
        _mapping(books, options, rules, now, done)
    _trust(books, now, done)


def _trust(books: Books, now: datetime, done: Applied) -> None:
    """Put the file's trust pairs in force as far as the books are read."""
    settled = pairs.settle(firm_id=books.firm_id, books_id=books.pk, now=now)
    asked = pairs.ask_changes(firm_id=books.firm_id, books_id=books.pk, now=now)
    done.changed += settled.changed + asked.changed
    done.warnings += [f"{books.name}: {words}" for words in settled.warnings + asked.warnings]


def _openings(firm: Firm, entry: dict[str, Any], folder: Path | None, now: datetime, done: Applied) -> None:
    """Take the openings of trust accounts from the files that are named for them."""
    for pair in entry.get("trust", []):
        name = openings.file_of(firm.pk, pair["clio_account"])
        if not name:
            continue
        path = (folder or Path()) / name
        if not path.is_file():
            done.warnings.append(
                f"{pair['clio_account']}: the opening file {name} does not lie beside the firm file"
            )
            continue
        refusal = openings.take_named(
            firm_id=firm.pk, clio_account=pair["clio_account"], path=path, by=ACTOR, now=now
        )
        if refusal:
            done.warnings.append(f"{pair['clio_account']}: {name}: {refusal}")
        else:
            done.changed.append(f"took the opening of {pair['clio_account']} from {name}")


def _mapping(
    books: Books, options: dict[str, Any], rules: tuple[RuleRow, ...], now: datetime, done: Applied
) -> None:
    current = queries.published(books.pk)
    if current and current.options == options and queries.rule_rows(current) == rules:
        _warn(books, done)
        return
    waiting = queries.draft(books.pk)
    if (
        waiting
        and waiting.options == options
        and queries.rule_rows(waiting) == rules
        and "start" not in options
    ):
        return
    if waiting:
        done.warnings.append(f"the draft of the mapping of {books.name} was replaced by the file's")
    draft = mapping.save_draft(books=books, options=options, rules=rules, author=None, now=now, note=NOTE)
    refused = mapping.publish(draft=draft, actor=ACTOR, note=NOTE, strict=False, now=now)
    if refused:
        done.changed.append(f"kept the mapping of {books.name} as a draft: {refused[0].title}")
        return
    done.changed.append(
        f"published the mapping of {books.name}, version {draft.number}, "
        f"{len(rules)} rule{'' if len(rules) == 1 else 's'}"
    )
    _warn(books, done)


def _warn(books: Books, done: Applied) -> None:
    current = queries.published(books.pk)
    if current is not None:
        done.warnings += [f"{books.name}: {found.title}" for found in mapping.findings(current)]


def _settings(firm: Firm, data: dict[str, Any], done: Applied) -> bool:
    """Keep what the file says beyond the books; tell whether it posts at other times than before."""
    before = queries.firm_settings(firm.pk)
    after = {**before, **{key: data[key] for key in SETTINGS if key in data}}
    for key in SETTINGS:
        if before.get(key) != after.get(key):
            done.changed.append(f"set {key}")
    if before != after:
        mapping.keep_settings(firm_id=firm.pk, settings=after)
    return timed.read(before) != timed.read(after)
