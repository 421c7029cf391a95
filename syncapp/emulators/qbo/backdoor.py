"""What only QuickBooks' own screens can do: act as a person, close the books, set switches, look inside."""

from __future__ import annotations

import threading
from dataclasses import asdict
from datetime import date
from typing import Any

from werkzeug.wrappers import Request

from syncapp.emulators.qbo import hooks, merging, reports, writing
from syncapp.emulators.qbo.company import Company, Obj, money
from syncapp.emulators.qbo.errors import Refused
from syncapp.emulators.qbo.payments import undeposited
from syncapp.emulators.wire import Answer, App, body_json

PERSON = "Dana Whitfield"


def edit(
    co: Company, entity: str, identity: str, changes: Obj, *, who: str = PERSON, past_closing: bool = True
) -> Obj:
    """A person changes fields of an object (a sparse update with the current SyncToken)."""
    token = co.get(entity, identity)["SyncToken"]
    lines = {"Line": co.get(entity, identity)["Line"]} if entity == "Payment" else {}
    given = {**lines, **changes, "Id": identity, "SyncToken": token, "sparse": True}
    return writing.update(co, entity, given, writing.Act(who, past_closing=past_closing))


def add(co: Company, entity: str, given: Obj, *, who: str = PERSON) -> Obj:
    """A person makes an object."""
    return writing.create(co, entity, given, writing.Act(who, past_closing=True))


def void(co: Company, entity: str, identity: str, *, who: str = PERSON) -> Obj:
    """A person voids a transaction."""
    given = {"Id": identity, "SyncToken": co.get(entity, identity)["SyncToken"]}
    return writing.void(co, entity, given, writing.Act(who, past_closing=True))


def delete(co: Company, entity: str, identity: str, *, who: str = PERSON) -> Obj:
    """A person deletes a transaction."""
    given = {"Id": identity, "SyncToken": co.get(entity, identity)["SyncToken"]}
    return writing.delete(co, entity, given, writing.Act(who, past_closing=True))


def deposit(co: Company, payments: list[str], *, account: str, day: date, who: str = PERSON) -> Obj:
    """A person takes payments out of Undeposited Funds and into a bank account."""
    lines = []
    for identity in payments:
        worth = co.get("Payment", identity)["TotalAmt"]
        linked = {"TxnId": identity, "TxnType": "Payment", "TxnLineId": "0"}
        lines.append({"Amount": worth, "LinkedTxn": [linked]})
    given = {"DepositToAccountRef": {"value": account}, "TxnDate": day.isoformat(), "Line": lines}
    return add(co, "Deposit", given, who=who)


def close_books(co: Company, day: date | None) -> None:
    """Set the closing date, or open the books again (API.md 8.2: absent when never closed)."""
    prefs = co.preferences["AccountingInfoPrefs"]
    if day is None:
        prefs.pop("BookCloseDate", None)
    else:
        prefs["BookCloseDate"] = day.isoformat()
    writing.note(co, ("Preferences", "1"), "Update", writing.Act(PERSON))


def set_active(co: Company, entity: str, identity: str, *, active: bool, who: str = PERSON) -> Obj:
    """Make a name, account or item inactive, or active again."""
    return edit(co, entity, identity, {"Active": active}, who=who)


def prefer(co: Company, path: str, value: Any) -> None:
    """Change a preference by dotted path, or a pair of OtherPrefs by its name."""
    section, _, name = path.partition(".")
    if section == "OtherPrefs":
        pairs = [p for p in co.preferences["OtherPrefs"]["NameValue"] if p["Name"] != name]
        co.preferences["OtherPrefs"]["NameValue"] = [*pairs, {"Name": name, "Value": str(value)}]
    else:
        co.preferences.setdefault(section, {})[name] = value
    writing.note(co, ("Preferences", "1"), "Update", writing.Act(PERSON))


def switch(co: Company, **values: Any) -> None:
    """Choose what API.md leaves open. Raises AttributeError for a switch that does not exist."""
    for name, value in values.items():
        getattr(co.switches, name)
        setattr(co.switches, name, value)


def flush_soon(co: Company, *, seconds: float = 1.0) -> None:
    """Deliver queued webhooks a moment after the answer has left: several changes in one body (API.md 5)."""
    if not co.events or not co.webhook_url or co.flushing:
        return

    def deliver() -> None:
        co.flushing = False
        hooks.flush(co)

    co.flushing = True
    timer = threading.Timer(seconds, deliver)
    timer.daemon = True
    timer.start()


def dump(co: Company) -> Obj:
    """Everything, as the API would show it."""
    shown = {entity: [writing.view(co, entity, i) for i in co.store[entity]] for entity in co.store}
    deleted = [{"entity": e, "id": i, "at": at.isoformat()} for e, i, at in co.tombstones]
    changes = [{**asdict(change), "at": change.at.isoformat()} for change in co.changes]
    return {"realm": co.realm, "objects": shown, "deleted": deleted, "changes": changes}


def routes(app: App, state: Any) -> None:
    """The same over HTTP under `/_backdoor/`."""

    @app.route("/_backdoor/companies")
    def companies(_request: Request) -> Answer:
        rows = [{"realm": co.realm, "name": co.name} for co in state.companies.values()]
        return Answer({"companies": rows})

    @app.route("/_backdoor/<realm>/<action>", methods=("GET", "POST"))
    def act(request: Request, realm: str, action: str) -> Answer:
        co = state.companies.get(realm)
        if co is None:
            return Answer({"error": "There is no such company."}, status=404)
        try:
            if request.method == "GET":
                return _look(co, action, request)
            return _act(state, co, action, body_json(request) if request.get_data() else {})
        except Refused as refused:
            return Answer({"Fault": refused.fault()}, status=refused.status)
        except (KeyError, ValueError, AttributeError, TypeError) as wrong:
            return Answer({"error": f"This cannot be done: {wrong!r}"}, status=400)


def _look(co: Company, action: str, request: Request) -> Answer:
    until = date.fromisoformat(request.args.get("date", co.today().isoformat()))
    match action:
        case "trial_balance":
            rows = reports.trial_balance(co, until=until)
            shown = [{"id": r.id, "name": r.name, "type": r.kind, "balance": money(r.minor)} for r in rows]
            return Answer({"as_of": until.isoformat(), "accounts": shown})
        case "receivables":
            rows_ = reports.receivables(co, until=until)
            named = {c: {k: money(v) for k, v in row.items()} for c, row in rows_.items()}
            return Answer({"as_of": until.isoformat(), "customers": named})
        case "reads":
            return Answer({"reads": dict(co.reads), "total": sum(co.reads.values())})
        case "switches":
            return Answer(asdict(co.switches))
        case "webhooks":
            return Answer({"queued": [{**e, "at": e["at"].isoformat()} for e in co.events]})
        case "dump":
            return Answer(dump(co))
        case _:
            return Answer({"error": "not_emulated"}, status=501)


def _act(state: Any, co: Company, action: str, given: Obj) -> Answer:
    if (made := _write(co, action, given)) is not None:
        return Answer(made)
    match action:
        case "close":
            close_books(co, date.fromisoformat(given["date"]) if given.get("date") else None)
        case "preferences":
            for path, value in given.items():
                prefer(co, path, value)
        case "switches":
            switch(co, **given)
        case "webhooks":
            return _webhooks(state, co, given)
        case "disconnect":
            state.oauth.disconnect(co.realm)
        case "token":
            return Answer(state.oauth.issue(co.realm))
        case _:
            return Answer({"error": "not_emulated"}, status=501)
    return Answer({"done": action})


def _write(co: Company, action: str, given: Obj) -> Obj | None:
    """What a person does to an object; None when the action is of another kind."""
    who = str(given.get("who", PERSON))
    match action:
        case "create":
            return add(co, given["entity"], given["object"], who=who)
        case "edit":
            return edit(co, given["entity"], str(given["id"]), given["changes"], who=who)
        case "void":
            return void(co, given["entity"], str(given["id"]), who=who)
        case "delete":
            return delete(co, given["entity"], str(given["id"]), who=who)
        case "merge":
            return merging.merge(co, str(given["gone"]), str(given["kept"]), who=who)
        case "active":
            return set_active(co, given["entity"], str(given["id"]), active=bool(given["active"]), who=who)
        case "deposit":
            account = str(given.get("account") or co.account("Operating Bank"))
            chosen = [str(p) for p in given.get("payments") or waiting(co)]
            day = date.fromisoformat(given.get("date", co.today().isoformat()))
            return deposit(co, chosen, account=account, day=day, who=who)
        case _:
            return None


def _webhooks(state: Any, co: Company, given: Obj) -> Answer:
    match given.get("action"):
        case "subscribe":
            state.subscribe(url=given["url"], verifier_token=given["verifier_token"])
        case "drop":
            hooks.drop(co, count=int(given.get("count", len(co.events))))
        case "double":
            hooks.double(co)
        case "reorder":
            hooks.reorder(co)
        case "auto":
            state.auto_flush = bool(given.get("on", True))
        case "flush":
            return Answer({"delivered": hooks.flush(co)})
        case _:
            raise ValueError("subscribe, drop, double, reorder, auto or flush")
    return Answer({"queued": len(co.events)})


def waiting(co: Company) -> list[str]:
    """Payments that lie in Undeposited Funds."""
    home = undeposited(co)
    return [
        identity
        for identity, payment in co.store["Payment"].items()
        if payment["DepositToAccountRef"]["value"] == home
        and payment["TotalAmt"]
        and ("Payment", identity) not in co.deposited
    ]
