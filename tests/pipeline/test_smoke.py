"""The whole road over both emulators, once."""

from __future__ import annotations

import re
import time
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.utils import timezone
from werkzeug.test import Client as Browser

from accounts.models import Firm, User
from accounts.tenancy import firm_scope
from syncapp.emulators.clio.app import create_app as clio_app
from syncapp.emulators.clio.world import WORLDS
from syncapp.emulators.qbo.app import create_app as qbo_app
from syncapp.http import session
from syncapp.pipeline import answers, connect
from syncapp.pipeline.firmfile.applying import apply
from syncapp.pipeline.firmfile.reading import read
from syncapp.pipeline.run import Order, run
from django.conf import settings
import json

FIRM = Path("/work/shared/firm.example.yaml")


@pytest.mark.parametrize("name", ["small", "year"])
def test_smoke(db, name):
    world = WORLDS[name](7)
    clio = clio_app(world, time_scale=1000, client_id=settings.CLIO_CLIENT_ID, client_secret=settings.CLIO_CLIENT_SECRET)
    qbo = qbo_app(time_scale=1000, client_id=settings.QBO_CLIENT_ID, client_secret=settings.QBO_CLIENT_SECRET)
    session.configure(time_scale=1000)
    session.mount_wsgi(settings.CLIO_BASE_URL, clio)
    session.mount_wsgi(settings.QBO_API_BASE_URL, qbo)
    root = urlsplit(settings.QBO_DISCOVERY_URL)
    session.mount_wsgi(f"{root.scheme}://{root.netloc}", qbo)
    text = FIRM.read_text().replace("2026-01-01", "2025-11-01")
    done = apply(read(text), now=timezone.now())
    print(done)
    firm = Firm.objects.get(slug="ash-birch")
    user = User.objects.get(email="admin@ash-birch.test")
    from accounts.models import Books
    with firm_scope(write=None, reads=[firm.pk]):
        books = Books.objects.get(firm=firm)
    for provider, app in (("clio", clio), ("qbo", qbo)):
        uri = connect.redirect_uri(provider)
        address = connect.begin(provider=provider, region="us", redirect_uri=uri, state="s")
        parts = urlsplit(address)
        browser = Browser(app)
        page = browser.get(parts.path + "?" + parts.query)
        print(page.status, page.text[:1500] if name == "x" else "")
        fields = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page.text))
        print(fields, re.findall(r"<(?:button|input|select|option)[^>]*>", page.text))
        m = re.search(r'action="([^"]*)"', page.text)
        import html
        data = {html.unescape(k): html.unescape(v) for k, v in fields.items()}
        for extra in re.findall(r'<input[^>]*type="radio"[^>]*>', page.text)[:1]:
            data[re.search('name="([^"]+)"', extra)[1]] = re.search('value="([^"]+)"', extra)[1]
        for extra in re.findall(r'<button[^>]*name="([^"]+)"[^>]*value="([^"]+)"', page.text)[:1]:
            data[extra[0]] = extra[1]
        answer = browser.post(html.unescape(m[1]) if m and m[1] else parts.path + "?" + parts.query, data=data)
        print(answer.status, answer.headers.get("Location"))
        params = dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
        grant = connect.finish(firm_id=firm.pk, provider=provider, books_id=books.pk if provider == "qbo" else None, region="us",
                       callback_params=params, redirect_uri=uri, by=user, now=timezone.now())
        print(grant)
        assert not isinstance(grant, str)
    from mapping import queries as mq
    with firm_scope(write=None, reads=[firm.pk]):
        company = mq.company(books.pk)
    assert connect.start_posting(firm_id=firm.pk, books_id=books.pk, typed_name=company.name, by=user, now=timezone.now()) is None
    for i in range(2):
        t = time.time(); c = time.process_time()
        done = run(firm=firm, order=Order(trigger="command", whole=True, until_quiet=True), clock=timezone.now)
        print("RUN", done.state, done.words, done.counts, time.time() - t, time.process_time() - c)
    with firm_scope(write=None, reads=[firm.pk]):
        for case in answers.exceptions(firm.pk):
            print(case["severity"], case["cause"][:200], case["amount"], len(case["holds"]), len(case["alarms"]), [h["number"] or h["clio_id"] for h in case["holds"]][:8])
        from syncapp.records.models import TieOut
        tie = TieOut.objects.filter(firm_id=firm.pk).order_by("-at").first()
        if tie:
            out = answers.tie_out(tie)
            print(json.dumps({k: out[k] for k in ("equal", "kinds")}, indent=0))
            for d in out["differences"][:40]:
                print(d)
        print(answers.verify(firm.pk))
    print([ (p.kind, p.resource, p.id, p.note) for p in world.planted][:80])
    session.unmount_all()
    assert done.state == "done"
