"""Changes of contacts on their way to Clio: looked at first, written under the ETag that was seen, kept.

Clio's own facts: clio/API.md sections 2 (ETag, If-Match, 412) and 5 (what a contact takes). A change that
Clio shows already is done without a write, so that a lost answer is never a second change.
"""

from __future__ import annotations

import re
from datetime import datetime
from http import HTTPStatus
from typing import Any

from accounts import audit
from accounts.tenancy import firm_scope
from mapping import queries as mapping_queries
from syncapp.clio import shapes, translate
from syncapp.clio.answers import Row
from syncapp.clio.client import Clio
from syncapp.core.contacts import same
from syncapp.core.documents import Client
from syncapp.core.problems import Problem
from syncapp.http.errors import Refused
from syncapp.pipeline.contacts import settings
from syncapp.pipeline.contacts.sides import Values, of_client
from syncapp.records.models import ContactWrite

MOST = 100  # contacts in one run: Clio takes 50 calls a minute
TRIES = 3  # when somebody changes the contact while we do
STALE = "Somebody changed it in Clio meanwhile. It is looked at again."
OFF = "Nothing is written to Clio: the firm has switched it off."
NO_RIGHT = (
    "Clio does not let Tieout change contacts. Give the app the permission to read and write contacts, and "
    "connect Clio again; or switch off that contacts are written to Clio."
)
_TOWN = re.compile(r"^(?P<city>.*?),?\s+(?P<province>[A-Za-z]{2,3})\s+(?P<code>\d{5}(?:-\d{4})?)$")
_LISTS = "email_addresses{id,address},phone_numbers{id,number}"


def waiting(*, firm_id: int) -> bool:
    """Tell whether something waits to be told to Clio."""
    with firm_scope(write=None, reads=[firm_id]):
        return ContactWrite.objects.filter(firm_id=firm_id, state="ready").exists()


def run(*, firm_id: int, clio: Clio, now: datetime) -> int:
    """Tell Clio what waits; return how many contacts it took. In no scope. Raises Transient, Revoked."""
    with firm_scope(write=None, reads=[firm_id]):
        rows = ContactWrite.objects.filter(firm_id=firm_id, state="ready").select_related("document")
        ready, allowed = list(rows.order_by("pk")[:MOST]), settings.of(firm_id).write_clio
        templates = {row.books_id: _template(row.books_id) for row in ready}
    done = 0
    for row in ready:
        if allowed:
            state, words = _told(clio, row, templates[row.books_id])
        else:
            state, words = "dropped", OFF
        done += state == "done"
        _end(row, state, words, now)
    return done


def _template(books_id: int) -> str:
    version = mapping_queries.published(books_id)
    said = (version.options.get("customers") or {}) if version is not None else {}
    return str(said.get("client_name") or "{client}")


def _told(clio: Clio, row: ContactWrite, template: str) -> tuple[str, str]:
    """Change one contact unless it shows the change already; return what became of it, and why."""
    for _ in range(TRIES):
        found = clio.one("contacts", row.document.source_id, fields=f"{shapes.CONTACTS.fields},{_LISTS}")
        client = translate.client(found) if found is not None else None
        if found is None or isinstance(client, Problem) or client is None:
            return "dropped", "Clio does not show this contact any more."
        shown = of_client(client, template=template)
        left = {name: value for name, value in row.after.items() if not same(name, value, shown[name])}
        if not left:
            return "done", ""
        if any(not same(name, row.before[name], shown[name]) for name in left):
            return "dropped", STALE
        wanted = change(found, client, left, template=template)
        if isinstance(wanted, str):
            return "refused", wanted
        try:
            clio.patch_contact(row.document.source_id, wanted, etag=str(found.get("etag") or ""))
        except Refused as error:
            if error.code == "stale":
                continue
            right = error.status in {HTTPStatus.FORBIDDEN, HTTPStatus.UNAUTHORIZED}
            return "refused", NO_RIGHT if right else f"{error} {error.detail}".strip()[:300]
        return "done", ""
    return "dropped", STALE


def change(found: Row, client: Client, values: Values, *, template: str) -> dict[str, Any] | str:
    """Return what Clio is to be sent, or why it cannot be said in Clio's words."""
    wanted: dict[str, Any] = {}
    name = values.get("name", values.get("company", ""))
    if name:
        plain = _plain_name(name, client, template if "name" in values else "{client}")
        if plain is None:
            return f"The name “{name}” does not follow the firm's template, so Clio's name cannot be told."
        wanted |= {"name": plain} if client.company else _person(plain)
    if email := values.get("email"):
        wanted["email_addresses"] = [_listed(found, "email_addresses", "address", email, "default_email")]
    if phone := values.get("phone"):
        wanted["phone_numbers"] = [_listed(found, "phone_numbers", "number", phone, "default_number")]
    if lines := values.get("address"):
        address = _address(lines.splitlines())
        if address is None:
            return "The address in QuickBooks has no line with town, state and postal code. Correct it there."
        standing = found.get("primary_address")
        known = {"id": standing["id"]} if isinstance(standing, dict) and standing.get("id") else {}
        wanted["addresses"] = [{**known, **({} if known else {"name": "Billing"}), **address}]
    return wanted


def _plain_name(name: str, client: Client, template: str) -> str | None:
    """Take the firm's template off a customer's name; None where it does not fit."""
    name = name.removesuffix(f" ({client.id})")
    parts = re.split(r"(\{client\}|\{client_id\})", template)
    pattern = "".join(
        {"{client}": "(?P<client>.+)", "{client_id}": str(client.id)}.get(part, re.escape(part))
        for part in parts
    )
    fits = re.fullmatch(pattern, name)
    return fits["client"].strip() if fits and "client" in fits.groupdict() else None


def _person(name: str) -> dict[str, str]:
    if "," in name:
        last, _, first = (part.strip() for part in name.partition(","))
    else:
        first, _, last = name.rpartition(" ")
    return {"first_name": first, "last_name": last}


def _listed(found: Row, name: str, key: str, value: str, default: str) -> dict[str, Any]:
    """Return an entry of a list as its default; the others stay where they are."""
    rows = found.get(name)
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict) and row.get("id") and str(row.get(key) or "").casefold() == value.casefold():
            return {"id": row["id"], key: value, default: True}
    return {"name": "Work", key: value, default: True}


def _address(lines: list[str]) -> dict[str, str] | None:
    for at in range(len(lines) - 1, -1, -1):
        town = _TOWN.match(lines[at].strip())
        if town and at:
            found = {
                "street": "\n".join(lines[:at]),
                "city": town["city"].strip(" ,"),
                "province": town["province"],
                "postal_code": town["code"],
            }
            country = " ".join(lines[at + 1 :]).strip()
            return {**found, **({"country": country} if country else {})}
    return None


def _end(row: ContactWrite, state: str, words: str, now: datetime) -> None:
    with firm_scope(write=row.firm_id):
        mine = ContactWrite.objects.filter(firm_id=row.firm_id, pk=row.pk, state="ready")
        if mine.update(state=state, words=words[:300], done_at=now) and state == "done":
            audit.record(
                firm_id=row.firm_id, actor=None, verb="contact.to_clio", kind="client",
                id=row.document.source_id, text=row.document.number, before=row.before, after=row.after,
                now=now,
            )  # fmt: skip
