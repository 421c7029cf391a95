"""`demo_seed`: what a newcomer would click, done for the demo: a firm, people, connections, a sync."""

from __future__ import annotations

import html
import logging
import re
import time
import urllib.error
import urllib.request
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import queries
from accounts.models import Books, Firm, User
from accounts.tenancy import firm_scope
from mapping import queries as mapping_queries
from syncapp.local import backdoors, deposits
from syncapp.local.morning import Morning
from syncapp.local.signed_months import File, bring_in, sign_months
from syncapp.pipeline import connect
from syncapp.pipeline.clock import schedule
from syncapp.pipeline.firmfile.applying import apply
from syncapp.pipeline.firmfile.reading import read
from syncapp.records.models import Run

LOCAL = Path(__file__).resolve().parents[3] / "local"
FIRM_FILE, TRUST_FILE = LOCAL / "demo_firm.yaml", LOCAL / "trust_firm.yaml"
TRUST_NAME = "Whitfield & Rowe PLLC"
ACCOUNTS = (("IOLTA", "7725"), ("IOLTA Seattle", "8836"))
MONTHS = [date(2025 + (10 + i) // 12, (10 + i) % 12 + 1, 1) for i in range(12)]
PASSWORD = "a ledger that ties out"  # noqa: S105 - of the demonstration, on this machine only
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - the same
PATIENCE = timedelta(minutes=8)


class Stay(urllib.request.HTTPRedirectHandler):
    """Do not follow: the address is what we came for."""

    def redirect_request(self, *_args: Any) -> None:
        """Refuse to go on."""


class Command(BaseCommand):
    """Set the stage of the demonstration. Refused outside it."""

    help = "Seed the demonstration: two firms, their people, their connections and the first sync."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address of the banks of the firm with the trust year."""
        parser.add_argument("--bank", metavar="URL", help="where the banks hand out their statements")

    def handle(self, *_args: Any, **given: Any) -> None:
        """Do what newcomers would click, and wait for the first sync."""
        if settings.MODE != "demo":
            raise CommandError("This belongs to the demonstration; start it with `make demo`.")
        logging.disable(logging.INFO)  # what is printed here is for the person who started the demo
        firm = self._firm(FIRM_FILE)
        self._wait(firm)
        self._deposits(firm)
        if given["bank"]:
            self._second(given["bank"])
        self.stdout.write(f"Sign in as anybody: {settings.PUBLIC_URL}/demo/")
        for one in Firm.objects.order_by("pk"):
            self.stdout.write(one.name)
            for member in queries.members(firm_id=one.pk):
                self.stdout.write(f"  {member.role:<14} {member.user.email}   password: {PASSWORD}")
        self.stdout.write(f"  an administrator's authenticator secret: {TOTP_SECRET}")

    def _second(self, bank: str) -> None:
        """Take the firm with the trust year through its year, and through a morning with a queue to clear."""
        clio = backdoors.Clio(settings.CLIO_BASE_URL, TRUST_NAME)
        company = backdoors.Books(settings.QBO_API_BASE_URL, TRUST_NAME)
        morning = Morning(clio, company, today=timezone.now().date())
        morning.before()
        firm = self._firm(TRUST_FILE)
        self._trust_year(firm, bank)
        morning.ordinary()
        call_command("sync", firm=firm.slug, until_quiet=True)
        books, by = self._bookkeeping(firm)
        deposits.past_months(firm=firm, books=books, by=by, now=timezone.now())
        call_command("sync", firm=firm.slug, until_quiet=True)
        morning.hands()
        morning.stuck()
        deposits.bring(firm=firm, books=books, by=by, now=timezone.now(), file=morning.payout())
        call_command("sync", firm=firm.slug, until_quiet=True)
        self.stdout.write(f"A morning's exceptions wait for the bookkeeper of {firm.name}.")

    def _firm(self, file: Path) -> Firm:
        """Set a firm up from its file, connect both vendors and let posting begin."""
        slug = apply(read(file.read_text(encoding="utf-8")), now=timezone.now()).slug
        firm = Firm.objects.get(slug=slug)
        administrator = self._people(firm)
        with firm_scope(write=None, reads=[firm.pk]):
            books = Books.objects.filter(firm_id=firm.pk).order_by("position", "id").first()
        if books is None:
            raise CommandError("The firm file names no set of books.")
        self._connect(firm, "clio", None, administrator)
        self._connect(firm, "qbo", books, administrator)
        with firm_scope(write=None, reads=[firm.pk]):
            company = mapping_queries.company(books.pk)
        if company is None:
            raise CommandError("QuickBooks did not tell the company's name.")
        connect.start_posting(
            firm_id=firm.pk, books_id=books.pk, typed_name=company.name, by=administrator, now=timezone.now()
        )
        return firm

    def _deposits(self, firm: Firm) -> None:
        """Deposit what came in by card, but for the last month, and bring the processor's last file in."""
        books, by = self._bookkeeping(firm)
        made = deposits.deposit(firm=firm, books=books, by=by, now=timezone.now())
        self.stdout.write(f"{made} deposits of card payments post with the next run.")

    def _bookkeeping(self, firm: Firm) -> tuple[Books, User]:
        """Return a firm's first set of books and who keeps them."""
        by = next(one.user for one in queries.members(firm_id=firm.pk) if one.role == "bookkeeper")
        with firm_scope(write=None, reads=[firm.pk]):
            return Books.objects.filter(firm_id=firm.pk).order_by("position", "id")[0], by

    def _trust_year(self, firm: Firm, bank: str) -> None:
        """Sync the firm with the trust year, bring in what its banks say, and sign what ties."""
        call_command("sync", firm=firm.slug, until_quiet=True)
        for number in _delete_twins(firm.name):
            self.stdout.write(f"The bookkeeper deleted check {number} of the bank feed in QuickBooks.")
        call_command("sync", firm=firm.slug, until_quiet=True)
        people = {member.role: member.user for member in queries.members(firm_id=firm.pk)}
        files = [_statement(bank, account, digits, month) for account, digits in ACCOUNTS for month in MONTHS]
        count = bring_in(firm=firm, files=files, by=people["bookkeeper"], now=timezone.now())
        self.stdout.write(f"{count} bank statements of {firm.name} are in.")
        ended = sign_months(
            firm=firm,
            first=MONTHS[0],
            last=MONTHS[-1],
            bookkeeper=people["bookkeeper"],
            partner=people["partner"],
            now=timezone.now(),
        )
        for one in ended:
            self.stdout.write(f"  {one.account}: {len(one.signed)} months signed")
            for month, why in one.left:
                self.stdout.write(f"  {one.account}, {month:%B %Y} is not: {why}")

    def _people(self, firm: Firm) -> User:
        """Give everybody the demo's password, a proved address, and the administrator a second factor."""
        members = queries.members(firm_id=firm.pk)
        for member in members:
            member.user.set_password(PASSWORD)
            member.user.save()
            EmailAddress.objects.get_or_create(
                user=member.user, email=member.user.email, defaults={"verified": True, "primary": True}
            )
            if not Authenticator.objects.filter(user=member.user).exists():
                TOTP.activate(member.user, TOTP_SECRET)
        return next(member.user for member in members if member.role == "administrator")

    def _connect(self, firm: Firm, provider: str, books: Books | None, by: User) -> None:
        """Go through the vendor's consent page as a person would."""
        uri = connect.redirect_uri(provider)
        address = connect.begin(provider=provider, region="us", redirect_uri=uri, state="demo")
        callback = _consent(address, firm.name)
        grant = connect.finish(
            firm_id=firm.pk,
            provider=provider,
            books_id=books.pk if books else None,
            region="us",
            callback_params=dict(parse_qsl(urlsplit(callback).query)),
            redirect_uri=uri,
            by=by,
            now=timezone.now(),
        )
        if isinstance(grant, str):
            raise CommandError(grant)
        self.stdout.write(f"Connected {grant}.")

    def _wait(self, firm: Firm) -> None:
        """Let the worker do the first sync and tell how far it is."""
        schedule.ask(firm_id=firm.pk, now=timezone.now())
        until, told = timezone.now() + PATIENCE, ""
        while timezone.now() < until:
            with firm_scope(write=None, reads=[firm.pk]):
                runs = list(Run.objects.filter(firm_id=firm.pk).order_by("-started_at")[:5])
            done = next((run for run in runs if run.state == "done" and run.counts.get("posted")), None)
            if done is not None:
                counts = done.counts
                self.stdout.write(
                    f"First sync: {counts['seen']} records seen, {counts['posted']} posted, "
                    f"{counts['held']} held, {counts['skipped']} need nothing."
                )
                return
            now_at = f"{runs[0].stage} {runs[0].progress.get('done', '')}" if runs else "waiting for a worker"
            if now_at != told:
                self.stdout.write(f"First sync: {now_at}")
                told = now_at
            time.sleep(1)
        raise CommandError("The first sync did not end in time; see the worker's log.")


def _delete_twins(company: str) -> list[str]:
    """Delete in QuickBooks what the bank feed wrote there beside Tieout, as the bookkeeper would."""
    books = backdoors.Books(settings.QBO_API_BASE_URL, company)
    checks = books.hold("Purchase")
    for check in checks:
        books.do("delete", entity="Purchase", id=check["Id"])
    return [check["DocNumber"] for check in checks]


def _statement(bank: str, account: str, digits: str, month: date) -> File:
    """Fetch a month's statement from the bank's page."""
    with urllib.request.urlopen(f"{bank}/accounts/{digits}/{month:%Y-%m}", timeout=30) as answer:  # noqa: S310
        name = answer.headers.get_filename() or f"{digits}-{month:%Y-%m}"
        return File(account=account, name=name, content=answer.read())


def _consent(address: str, firm: str) -> str:
    """Open a consent page, choose the firm by its name, approve, and return where the browser is sent."""
    opener = urllib.request.build_opener(Stay())
    with opener.open(address, timeout=30) as page:
        text = page.read().decode()
    fields: dict[str, str] = {}
    for tag, label in re.findall(r"<((?:input|button)[^>]*)>([^<]*)", text):
        parts = {key: html.unescape(value) for key, value in re.findall(r'(\w+)="([^"]*)"', tag)}
        if parts.get("type") == "radio" and html.unescape(label).strip() != firm:
            continue
        if parts.get("name") and parts.get("value") != "deny":
            fields.setdefault(parts["name"], parts.get("value", ""))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', text, flags=re.DOTALL):
        told = re.findall(r'value="([^"]*)">([^<]*)', options)
        fields[name] = next((value for value, shown in told if html.unescape(shown).startswith(firm)), "")
    action = re.search(r'<form[^>]*action="([^"]*)"', text)
    target = urljoin(address, html.unescape(action[1])) if action and action[1] else address
    try:
        opener.open(target, data=urlencode(fields).encode(), timeout=30)
    except urllib.error.HTTPError as answer:
        if answer.headers.get("Location"):
            return str(answer.headers["Location"])
        raise
    raise CommandError("The consent page did not send the browser back.")
