"""How long the server takes for each page of the largest of fifty firms (`tests/bench/crowd.py`)."""

from __future__ import annotations

import gc
import os
from datetime import date
from typing import TYPE_CHECKING, Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from accounts.tenancy import firm_scope
from mapping.models import Rule, Version
from syncapp.local import testing
from syncapp.records.models import BankDeposit, Case, Document, Elsewhere, Hold, Link, Payout, Run
from tests import cast
from tests.bench import contact_pages
from tests.bench.crowd import Crowd, crowd
from tests.bench.document import table
from tests.bench.opened import HELD, Page, page
from tests.trust import named
from trust.models import LedgerDip, PairChange, Statement, TransferSheet, TrustPair

if TYPE_CHECKING:
    from accounts.models import Firm

ALLOWED = 150.0  # milliseconds, nineteen of twenty
HEAD = ["page", "median ms", "19 of 20 within ms", "processor ms", "in fifty firms: median ms",
              "19 of 20 within ms", "queries", "KiB"]  # fmt: skip
FILES = (
    *("trust: below zero as CSV", "trust: the note on a shortage"),
    *("held for clients as CSV", "cash basis as CSV", "deposits: what waits as CSV"),
    *("exceptions carried over as CSV", "month end: its lines as CSV"),
    *("export of the exceptions", "export of the tie-out", "trust: the report as CSV"),
    *("trust: the bank's file", "trust: a register as CSV", "pages that an auditor opened, as CSV"),
    *("trust: signed transfers as CSV", "customers that are no clients as CSV"),
    *("trust: what is kept as CSV", "trust: a test as CSV", "trust: yearly pack as CSV"),
)  # no pages


def figures() -> str:
    """Fill a database of its own with the crowd, open every page, and write what it took.

    PAGES chooses `books` or `trust`: the pages of client money read its whole year, and stand apart.
    """
    with testing.clone(f"bench_crowd_{os.getpid()}"):
        made = crowd()
        gc.collect()
        gc.freeze()  # a web process has not made fifty firms
        found = crowded(made, os.environ.get("PAGES", ""))
    size = f"{len(made.firms)} firms with {made.lines:,} posted lines, made in {made.seconds:.0f} s"
    books = [pair for pair in found if not of_trust(pair[0].name)]
    trust = [pair for pair in found if of_trust(pair[0].name)]
    parts = [f"{size}; the pages are of the largest."]
    parts += [f"{_verdict(part)}\n\n{table(HEAD, rows(part))}" for part in (books, trust) if part]
    return "\n\n".join(parts)


def _verdict(found: list[tuple[Page, Page | None]]) -> str:
    late = ", ".join(too_slow(found))
    return f"Not within {ALLOWED:.0f} ms: {late}." if late else f"Every page is within {ALLOWED:.0f} ms."


def of_trust(name: str) -> bool:
    """Tell whether a page reads the witnesses of client money."""
    return name.startswith("trust") or name == "only red"


def crowded(made: Crowd, only: str = "") -> list[tuple[Page, Page | None]]:
    """Open every page of the largest firm: as its bookkeeper, and as the person who works for all firms.

    What asks for an administrator is opened by the administrator instead.
    """
    firm = made.firms[0]
    own, everywhere = _signed_in(made.bookkeeper), _signed_in(made.accountant)
    everywhere.post(reverse("accounts:switch"), {"firm": firm.slug})
    administrator = _signed_in(made.administrator)
    found: list[tuple[Page, Page | None]] = []
    for name, address in addresses(firm):
        if _wanted(name, only):
            found.append((page(own, name, address), page(everywhere, name, address)))
    for name, address in administrators(firm):
        if _wanted(name, only):
            found.append((page(administrator, name, address), None))
    return found


def _wanted(name: str, only: str) -> bool:
    return not only or of_trust(name) is (only == "trust")


def rows(found: list[tuple[Page, Page | None]]) -> list[list[str]]:
    """Write what `crowded` found as rows of the table under `HEAD`."""
    return [
        [
            own.name,
            f"{own.median:.0f}",
            f"{own.slow:.0f}",
            f"{own.cpu:.0f}",
            f"{other.median:.0f}" if other else "–",
            f"{other.slow:.0f}" if other else "–",
            str(max(own.queries, other.queries if other else 0)),
            str(own.kilobytes),
        ]
        for own, other in found
    ]


def too_slow(found: list[tuple[Page, Page | None]]) -> list[str]:
    """Name the pages that break what issue 3 promises; an export is a file and no page."""
    measured = [one for pair in found for one in pair if one is not None]
    return sorted({one.name for one in measured if one.slow > ALLOWED and one.name not in FILES})


def addresses(firm: Firm) -> list[tuple[str, str]]:
    """Name every page that a bookkeeper opens, with the fullest thing of the firm in its address."""
    with firm_scope(write=None, reads=[firm.pk]):
        holds = Hold.objects.filter(firm=firm, closed_at=None, alarm=False)
        big = holds.order_by("case_id")[0].case_id
        choose = Case.objects.filter(firm=firm, fix="choose", closed_at=None).order_by("pk")[0].pk
        taken = Case.objects.filter(firm=firm, code="duplicate_number", closed_at=None).order_by("pk")[0].pk
        deposit = BankDeposit.objects.filter(firm=firm).order_by("-pk").values_list("pk", flat=True)[0]
        payout = Payout.objects.filter(firm=firm).order_by("-pk").values_list("pk", flat=True)[0]
        proof = Elsewhere.objects.filter(firm=firm).values_list("pk", flat=True)[0]
        unplaced = Case.objects.filter(firm=firm, code="unmapped", closed_at=None).order_by("pk")[0].pk
        bill = Document.objects.filter(firm=firm, kind="bill", outcome="posted").order_by("-source_id")[0]
        payment = Document.objects.filter(firm=firm, kind="payment").order_by("-source_id")[0].pk
        client = Document.objects.filter(firm=firm, kind="client").order_by("source_id")[0]
        held = holds.order_by("-pk")[0].document_id
        run = Run.objects.filter(firm=firm).order_by("-pk")[0].pk
        link = Link.objects.filter(firm=firm, object_kind="invoice").order_by("-pk")[0]
        version = Version.objects.filter(firm=firm, state="published").order_by("-number")[0].number
        rule = Rule.objects.filter(firm=firm, version__state="draft").order_by("pk")[0].pk
        statement = Statement.objects.filter(firm=firm).order_by("-pk").values_list("pk", flat=True)[0]
        account = TrustPair.objects.filter(firm=firm).order_by("pk")[0]
        sheet = TransferSheet.objects.filter(firm=firm).values_list("pk", flat=True)[0]
        change = PairChange.objects.filter(firm=firm).values_list("pk", flat=True)[0]
    auditor = Membership.objects.get(firm=firm, role="auditor").user_id
    record, name = "desk:record", str(client.data["name"])
    told = date.fromordinal(
        timezone.now().date().replace(day=1).toordinal() - 1
    )  # the last month that is over
    month: dict[str, Any] = {"pair_id": account.pk, "month": f"{told:%Y-%m}"}
    ended = {"books_id": account.books_id, "month": month["month"]}
    pair = {"pair_id": month["pair_id"]}
    stated: dict[str, Any] = {**pair, "statement_id": statement}
    begins = told.replace(day=1, month=told.month - (told.month - 1) % 3)
    quarter = {**month, "month": f"{begins:%Y-%m}"}
    wanted: list[tuple[str, str, dict[str, Any], str]] = [
        ("overview", "desk:overview", {}, ""),
        ("only red", "desk:red", {}, ""),
        ("set-up", "desk:setup", {}, ""),
        ("exceptions", "desk:exceptions", {}, ""),
        ("exceptions, by code", "desk:exceptions", {}, "?code=inactive_item"),
        ("exceptions, by sort of record", "desk:exceptions", {}, "?resource=bills&severity=needs_person"),
        ("exceptions, by words", "desk:exceptions", {}, "?q=inactive"),
        ("exceptions, last page", "desk:exceptions", {}, "?page=last"),
        ("exceptions, mine and late", "desk:exceptions", {}, "?owner=me&due=late"),
        ("exceptions, of a client", "desk:exceptions", {}, f"?client={name[:5]}"),
        ("exceptions, by age and money", "desk:exceptions", {}, "?age=week&money=most"),
        ("exceptions of all firms", "desk:everywhere", {}, ""),
        ("exceptions carried over", "desk:carried", {}, ""),
        ("exceptions carried over as CSV", "desk:carried_file", {}, ""),
        *contact_pages.rows(firm, choose=choose, big=big, text=name[:5]),
        ("case of 2,000 records", "desk:case", {"case_id": big}, ""),
        ("case of 2,000 records, last page", "desk:case", {"case_id": big}, "?page=last"),
        ("case with a choice", "desk:case", {"case_id": choose}, ""),
        ("alerts to a chat", "desk:alerts", {}, ""),
        ("what is answered by itself", "desk:auto_rules", {}, ""),
        ("ask by e-mail", "desk:ask", {"case_id": choose}, ""),
        ("settled elsewhere", "desk:elsewhere", {"case_id": big}, ""),
        ("evidence", "desk:evidence", {"row_id": proof}, ""),
        ("one answer for all", "desk:alike", {"case_id": taken}, "?answer=renumber"),
        ("where it goes", "desk:map_here", {"case_id": unplaced}, ""),
        ("record: a posted bill", record, {"document_id": bill.pk}, ""),
        ("record: a held bill", record, {"document_id": held}, ""),
        ("record: a payment", record, {"document_id": payment}, ""),
        ("record: a client", record, {"document_id": client.pk}, ""),
        ("undo a record", "desk:undo_record", {"document_id": bill.pk}, ""),
        ("undo a run", "desk:undo_run", {"run_id": run}, ""),
        ("say a payment returned", "desk:returned", {"document_id": payment}, ""),
        ("search by number", "desk:search", {}, f"?q={bill.number}"),
        ("search by part of a number", "desk:search", {}, f"?q={bill.number[1:]}"),
        ("search by name", "desk:search", {}, f"?q={name[:9]}"),
        ("search by amount", "desk:search", {}, f"?q={bill.amount / 100:.2f}"),
        ("search that finds nothing", "desk:search", {}, "?q=zzyzx"),
        ("trace from the books", "desk:trace", {}, f"?books=invoice:{link.remote_id}"),
        ("runs", "desk:runs", {}, ""),
        ("runs, last page", "desk:runs", {}, "?page=last"),
        ("run", "desk:run", {"run_id": run}, ""),
        ("progress", "desk:progress", {}, ""),
        ("pausing", "desk:pausing", {}, ""),
        ("when what posts", "desk:schedule", {}, ""),
        ("what stands already", "desk:adoption", {}, "?sort=adopted&q=1"),
        *HELD,
        ("deposits: what waits", "desk:deposits", {}, ""),
        ("deposits: what waits, last page", "desk:deposits", {}, "?page=last&aged=1"),
        ("deposits: what waits as CSV", "desk:deposits_file", {}, ""),
        ("deposits: a slip", "desk:slip", {}, "?waits=payment:1"),
        ("deposits: made here", "desk:deposits_made", {}, ""),
        ("deposits: payouts", "desk:payouts", {}, ""),
        ("deposits: one payout", "desk:payout", {"payout_id": payout}, ""),
        ("deposits: one deposit", "desk:deposit", {"deposit_id": deposit}, ""),
        ("tie-out", "desk:tieout", {}, ""),
        ("tie-out, by kind and words", "desk:tieout", {}, "?kind=invoices&queued=no&q=1"),
        ("tie-out, last page", "desk:tieout", {}, "?page=last"),
        ("month end", "desk:months", {}, ""),
        ("month end: its lines as CSV", "desk:month_file", ended, ""),
        ("month end: one month", "desk:month", ended, ""),
        ("connections", "desk:connections", {}, ""),
        *[(f"mapping: {tab}", f"mapping:{tab}", {}, "")
          for tab in ("rules", "versions", "coverage", "chart")],
        ("mapping: add a rule", "mapping:add", {}, ""),
        ("mapping: change a rule", "mapping:edit", {"rule_id": rule}, ""),
        ("mapping: options", "mapping:options", {}, ""),
        ("mapping: publish", "mapping:publish", {}, ""),
        ("mapping: one version", "mapping:version", {"number": version}, ""),
        ("trust", "trust:overview", {}, ""),
        ("trust: what awaits me", "trust:awaiting", {}, ""),
        ("trust: one month", "trust:month", month, ""),
        ("trust: what rests or is missing", "trust:lists", {"pair_id": account.pk}, ""),
        ("trust: below zero", "trust:below_zero", pair, ""),
        ("trust: below zero as CSV", "trust:below_zero_file", pair, "?format=csv"),
        ("trust: a shortage", "trust:shortage", {**pair, "row_id": _short(account)}, ""),
        ("trust: the note on a shortage", "trust:shortage_note", {**pair, "row_id": _short(account)}, ""),
        ("trust: earned fees", "trust:earned", pair, ""),
        ("trust: a bill and its dispute", "trust:earned_bill", pair | {"bill": bill.source_id}, ""),
        ("trust: signed transfers", "trust:transfers", pair | {"sheet_id": sheet}, ""),
        ("trust: signed transfers as CSV", "trust:transfers_file", pair | {"sheet_id": sheet}, "?format=csv"),
        ("trust: minimums and evergreen levels", "trust:levels", pair, ""),
        ("trust: registers", "trust:registers", {"pair_id": account.pk}, ""),
        ("trust: separation of duties", "trust:tests", {"pair_id": account.pk}, ""),
        ("trust: firm money", "trust:tests", {"pair_id": account.pk}, "?what=firm-money"),
        ("trust: hands in QuickBooks", "trust:tests", {"pair_id": account.pk}, "?what=hands"),
        ("trust: a test as CSV", "trust:tests_file", {"pair_id": account.pk}, "?format=csv"),
        ("trust: a register as CSV", "trust:register_file", {"pair_id": account.pk}, "?format=csv"),
        ("trust: balances on a day", "trust:standing", {"pair_id": account.pk}, ""),
        ("trust: review of a quarter", "trust:review", quarter, ""),
        ("trust: the report as CSV", "trust:report", month, "?format=csv"),
        ("trust: matching", "trust:matching", {"pair_id": account.pk}, ""),
        ("trust: statements", "trust:statements", pair, ""),
        ("trust: how statements arrive", "trust:arrivals", pair, ""),
        ("trust: one statement", "trust:statement", stated, ""),
        ("trust: the bank's file", "trust:bank_file", stated, ""),
        ("trust: a file looked at", "trust:new_statement", pair, ""),
        ("trust: columns of a table", "trust:columns", pair, ""),
        ("trust: what is ticked", "trust:chosen", {"pair_id": account.pk}, "?line=1&entry=1"),
        ("trust: learned payees", "trust:payees", {"pair_id": account.pk}, ""),
        ("trust: links to a binder", "trust:binder_links", month, ""),
        ("trust: what is kept", "trust:retention", {}, ""),
        ("trust: may it go", "trust:kept", {"kind": "firm", "key": "all"}, ""),
        ("trust: what is kept as CSV", "trust:retention_file", {}, "?format=csv"),
        ("trust: rules", "trust:rules", {}, "?place=NC"),
        ("trust: one rule", "trust:rule", {"code": "NC", "key": "keep"}, ""),
        ("trust: signers and deputies", "trust:people", {}, ""),
        ("trust: yearly pack", "desk:yearly", {}, ""),
        ("trust: yearly pack as CSV", "desk:yearly_file", {}, "?format=csv"),
        ("trust: accounts", "desk:trust_accounts", {}, ""),
        ("trust: one account", "desk:trust_account", pair, ""),
        ("trust: change an account", "desk:trust_account_change", pair, ""),
        ("trust: set an account up", "desk:trust_account_add", {}, ""),
        ("trust: a change that waits", "desk:trust_change", {"change_id": change}, ""),
        ("trust: opening", "desk:trust_opening", pair, ""),
        ("trust: entries that wait for approval", "desk:trust_approvals", {}, ""),
        ("trust: the approval limit", "desk:trust_limit", {}, ""),
        ("audit", "accounts:audit", {}, ""),
        ("audit, by person and sort", "accounts:audit", {}, "?verb=posting&person=tieout"),
        ("audit, last page", "accounts:audit", {}, "?page=last"),
        ("people", "accounts:people", {}, ""),
        ("pages that an auditor opened", "accounts:visits", {"user_id": auditor}, ""),
        ("pages that an auditor opened, as CSV", "accounts:visits_file", {"user_id": auditor}, ""),
        ("trust: is all of it there", "trust:completeness", {"pair_id": account.pk}, ""),
        ("trust: bank to paper", "trust:paper", month, ""),
        ("trust: rules on a day", "desk:rule_on_day", pair, ""),
        ("trust: what an auditor may look at", "trust:auditor", {}, ""),
        ("letters", "accounts:notifications", {}, ""),
        ("export of the exceptions", "desk:exceptions_export", {}, "?format=csv"),
        ("export of the tie-out", "desk:tieout_export", {}, "?format=csv"),
    ]  # fmt: skip
    return [(label, reverse(view, kwargs=kwargs) + query) for label, view, kwargs, query in wanted]


def _short(account: TrustPair) -> int:
    """Name a time below zero of a trust account; there is one from the first time on that it is asked."""
    with firm_scope(write=None, reads=[account.firm_id]):
        found = LedgerDip.objects.filter(firm_id=account.firm_id, pair=account).first()
    return found.pk if found is not None else named.short(account).pk


def administrators(firm: Firm) -> list[tuple[str, str]]:
    """Name the pages that only an administrator opens."""
    member = Membership.objects.filter(firm=firm, role="bookkeeper").order_by("pk")[0].pk
    return [("person", reverse("accounts:person", kwargs={"member_id": member}))]


def _signed_in(user: User) -> Client:
    return cast.sign_in(Client(headers={"host": "127.0.0.1"}), user)
