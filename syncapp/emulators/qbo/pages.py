"""Pages for people in the demo: companies, customers, invoices, payments, the books on a day."""

# ruff: noqa: E501  markup stands in whole elements

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from html import escape
from typing import Any
from urllib.parse import urlencode, urlsplit

from werkzeug.wrappers import Request

from syncapp.emulators.qbo import reports, writing
from syncapp.emulators.qbo.company import TRANSACTIONS, Company, Obj, money
from syncapp.emulators.qbo.entries import journal_total
from syncapp.emulators.qbo.frame import page, table
from syncapp.emulators.wire import Answer, App

TABS = (
    ("", "Overview"),
    ("customers", "Customers"),
    ("invoices", "Invoices"),
    ("payments", "Payments"),
    ("trial-balance", "Trial balance"),
    ("receivables", "Receivables"),
    ("transactions", "Transactions"),
)


def problem(text: str) -> Answer:
    """A request that cannot be served, in a sentence."""
    return page("This did not work", f"<p>{escape(text)}</p>", status=400)


def with_query(url: str, values: dict[str, str]) -> str:
    """An address with more query parameters."""
    joint = "&" if urlsplit(url).query else "?"
    return f"{url}{joint}{urlencode({k: v for k, v in values.items() if v})}"


def consent(companies: Iterable[Company], given: dict[str, str]) -> Answer:
    """The consent page: one consent is one company (API.md 1)."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(k, quote=True)}" value="{escape(v, quote=True)}">'
        for k, v in given.items()
    )
    rows = "".join(
        f'<label><input type="radio" name="realm" value="{co.realm}"{" checked" if i == 0 else ""}>'
        f"{escape(co.name)} <small>({co.realm})</small></label>"
        for i, co in enumerate(companies)
    )
    return page(
        "Connect to QuickBooks",
        f'<p>An application asks to read and write the books of a company.</p><form class="consent" method="post" '
        f'action="/connect/oauth2">{hidden}<fieldset><legend>Company</legend>{rows}</fieldset>'
        '<button class="go" name="decision" value="approve">Approve</button>'
        '<button name="decision" value="deny">Deny</button></form>',
    )


def _minor(value: Any) -> int:
    return int(value.scaleb(2))


def _nav(co: Company, current: str) -> str:
    links = "".join(
        f'<li><a href="/company/{co.realm}/{slug}"{" aria-current=page" if slug == current else ""}>{label}</a></li>'
        for slug, label in TABS
    )
    return f'<nav aria-label="Company"><ul><li><a href="/">Companies</a></li>{links}</ul></nav>'


def _day_form(day: date) -> str:
    return (
        f'<form method="get"><div><label for="date">As of</label><input type="date" id="date" name="date" '
        f'value="{day}"></div><button>Show</button></form>'
    )


def routes(app: App, state: Any) -> None:
    """`/`, `/company/<realm>/<tab>` and one page per transaction."""

    @app.route("/")
    def companies(_request: Request) -> Answer:
        rows = [[(f"/company/{co.realm}/", co.name), co.realm] for co in state.companies.values()]
        return page("Companies", table("Companies", ["Company", "Realm"], rows))

    @app.route("/company/<realm>/")
    @app.route("/company/<realm>/<tab>")
    def company(request: Request, realm: str, tab: str = "") -> Answer:
        co = state.companies.get(realm)
        if co is None or tab not in dict(TABS):
            return page("Not found", "<p>There is no such page.</p>", status=404)
        try:
            day = date.fromisoformat(request.args.get("date", co.today().isoformat()))
        except ValueError:
            day = co.today()
        title = co.name if not tab else f"{dict(TABS)[tab]} of {co.name}"
        return page(title, BODIES[tab](co, day), nav=_nav(co, tab))

    @app.route("/company/<realm>/<entity>/<identity>")
    def transaction(_request: Request, realm: str, entity: str, identity: str) -> Answer:
        co = state.companies.get(realm)
        if co is None or entity not in TRANSACTIONS or identity not in co.store[entity]:
            return page("Not found", "<p>There is no such transaction.</p>", status=404)
        return page(
            f"{entity} {co.store[entity][identity].get('DocNumber', identity)}", _one(co, entity, identity)
        )


def _overview(co: Company, day: date) -> str:
    receivable = sum(sum(r.values()) for r in reports.receivables(co, until=day).values())
    counts: list[list[Any]] = [[name, str(len(co.store[name]))] for name in TRANSACTIONS if co.store[name]]
    closing = co.preference("AccountingInfoPrefs.BookCloseDate") or "never closed"
    return (
        f"<p>Receivables today: <strong>{money(receivable):,}</strong>. Books closed: {escape(str(closing))}. "
        f"Metered reads: {sum(co.reads.values())}.</p>" + table("Transactions", ["Kind", "Count"], counts)
    )


def _customers(co: Company, _day: date) -> str:
    rows = []
    for identity in co.store["Customer"]:
        one = writing.view(co, "Customer", identity)
        state = "" if one["Active"] else "inactive"
        rows.append(
            [one["FullyQualifiedName"], state, _minor(one["Balance"]), _minor(one["BalanceWithJobs"])]
        )
    return table(
        "Customers", ["Customer", "State", "Balance", "Total"], sorted(rows, key=lambda r: str(r[0]))
    )


def _forms(co: Company, entity: str) -> list[Obj]:
    found = [writing.view(co, entity, identity) for identity in co.store[entity]]
    return sorted(found, key=lambda o: (o["TxnDate"], int(o["Id"])), reverse=True)


def _link(co: Company, entity: str, obj: Obj) -> tuple[str, str]:
    return f"/company/{co.realm}/{entity}/{obj['Id']}", str(obj.get("DocNumber") or f"no. {obj['Id']}")


def _invoices(co: Company, day: date) -> str:
    rows = [
        [
            _link(co, "Invoice", o),
            o["TxnDate"],
            o["DueDate"],
            o["CustomerRef"]["name"],
            _minor(o["TotalAmt"]),
            _minor(o["Balance"]),
        ]
        for o in _forms(co, "Invoice")
        if o["TxnDate"] <= day.isoformat()
    ]
    return _day_form(day) + table(
        "Invoices", ["Number", "Date", "Due", "Customer", "Amount", "Balance"], rows
    )


def _payments(co: Company, day: date) -> str:
    rows = [
        [
            _link(co, "Payment", o),
            o["TxnDate"],
            o["CustomerRef"]["name"],
            str(o.get("PaymentRefNum", "")),
            o["DepositToAccountRef"]["name"],
            _minor(o["TotalAmt"]),
            _minor(o["UnappliedAmt"]),
        ]
        for o in _forms(co, "Payment")
        if o["TxnDate"] <= day.isoformat()
    ]
    titles = ["Payment", "Date", "Customer", "Reference", "Into", "Amount", "Unapplied"]
    return _day_form(day) + table("Payments", titles, rows)


def _trial(co: Company, day: date) -> str:
    rows = reports.trial_balance(co, until=day)
    debit, credit = sum(max(r.minor, 0) for r in rows), sum(max(-r.minor, 0) for r in rows)
    shown = [[r.name, r.kind, r.minor if r.minor > 0 else "", -r.minor if r.minor < 0 else ""] for r in rows]
    foot = ["Total", "", debit, credit]
    return _day_form(day) + table("Trial balance", ["Account", "Type", "Debit", "Credit"], shown, foot=foot)


def _receivables(co: Company, day: date) -> str:
    rows = []
    sums = dict.fromkeys(reports.BUCKETS, 0)
    for customer, row in reports.receivables(co, until=day).items():
        name = co.store["Customer"].get(customer, {}).get("FullyQualifiedName", "(no customer)")
        rows.append([name, *row.values(), sum(row.values())])
        sums = {bucket: sums[bucket] + row[bucket] for bucket in sums}
    foot = ["Total", *sums.values(), sum(sums.values())]
    titles = ["Customer", *reports.BUCKETS, "Total"]
    return _day_form(day) + table("Receivables", titles, sorted(rows, key=lambda r: str(r[0])), foot=foot)


def _transactions(co: Company, day: date) -> str:
    rows = []
    for entity in TRANSACTIONS:
        for one in _forms(co, entity):
            if one["TxnDate"] <= day.isoformat():
                worth = (
                    journal_total(one) if entity == "JournalEntry" else one.get("TotalAmt", one.get("Amount"))
                )
                note = str(one.get("PrivateNote", ""))[:80]
                rows.append([one["TxnDate"], entity, _link(co, entity, one), note, _minor(worth)])
    rows.sort(key=lambda r: str(r[0]), reverse=True)
    return _day_form(day) + table("Transactions", ["Date", "Kind", "Number", "Note", "Amount"], rows)


def _one(co: Company, entity: str, identity: str) -> str:
    obj = writing.view(co, entity, identity)
    entry = co.ledger.entry((entity, identity))
    items = [
        [line.get("Description", ""), _item(line), _minor(line["Amount"]) if "Amount" in line else ""]
        for line in obj.get("Line", [])
    ]
    posted = [
        [co.store["Account"][x.account]["Name"], _who(co, x.customer), max(x.minor, 0), max(-x.minor, 0)]
        for x in (entry.lines if entry else ())
    ]
    facts = {
        "Date": obj["TxnDate"],
        "Customer": (obj.get("CustomerRef") or {}).get("name", ""),
        "Note": obj.get("PrivateNote"),
    }
    text = "".join(f"<p>{name}: {escape(str(value))}</p>" for name, value in facts.items() if value)
    links = [f"{x['TxnType']} {x['TxnId']}" for x in obj.get("LinkedTxn", [])]
    return (
        f'{text}<p><a href="/company/{co.realm}/transactions">All transactions</a></p><h2>Lines</h2>'
        + table("Lines", ["Text", "Item or link", "Amount"], items)
        + "<h2>Postings</h2>"
        + table("Postings", ["Account", "Customer", "Debit", "Credit"], posted)
        + (f"<p>Linked: {escape(', '.join(links))}</p>" if links else "")
    )


def _who(co: Company, customer: str) -> str:
    return str(co.store["Customer"].get(customer, {}).get("FullyQualifiedName", ""))


def _item(line: Obj) -> str:
    for linked in line.get("LinkedTxn", []):
        return f"{linked['TxnType']} {linked['TxnId']}"
    detail = line.get(line.get("DetailType", ""), {})
    reference = detail.get("ItemRef") or detail.get("AccountRef") or detail.get("DiscountAccountRef") or {}
    return str(reference.get("name") or line.get("DetailType", "").removesuffix("LineDetail"))


BODIES = {
    "": _overview,
    "customers": _customers,
    "invoices": _invoices,
    "payments": _payments,
    "trial-balance": _trial,
    "receivables": _receivables,
    "transactions": _transactions,
}
