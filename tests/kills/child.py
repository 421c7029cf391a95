"""What the tests of the kills do inside the installation: `begin` and `finish`, each a process of its own."""

from __future__ import annotations

import json
import sys
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import django
import yaml


def begin(file: dict[str, Any]) -> dict[str, Any]:
    """Apply the firm, connect both vendors through their consent pages, and ask for the first sync."""
    from django.utils import timezone

    from accounts.models import Books, Firm, User
    from accounts.tenancy import firm_scope
    from mapping import queries
    from syncapp.pipeline import connect
    from syncapp.pipeline.clock import schedule
    from syncapp.pipeline.firmfile.applying import apply
    from syncapp.pipeline.firmfile.reading import read
    from tests.commands.machine import consent

    apply(read(yaml.safe_dump(file, sort_keys=False)), now=timezone.now())
    firm = Firm.objects.get(slug=file["firm"]["slug"])
    person = User.objects.get(email=file["people"][0]["email"])
    with firm_scope(write=None, reads=[firm.pk]):
        books = Books.objects.get(firm=firm)
    for provider in ("clio", "qbo"):
        back = connect.redirect_uri(provider)
        address = connect.begin(provider=provider, region="us", redirect_uri=back, state="as begun")
        grant = connect.finish(
            firm_id=firm.pk, provider=provider, books_id=books.pk if provider == "qbo" else None,
            region="us", callback_params=dict(parse_qsl(urlsplit(consent(address)).query)),
            redirect_uri=back, by=person, now=timezone.now(),
        )  # fmt: skip
        assert not isinstance(grant, str), grant
    with firm_scope(write=None, reads=[firm.pk]):
        company = queries.company(books.pk)
    assert company is not None
    connect.start_posting(
        firm_id=firm.pk, books_id=books.pk, typed_name=company.name, by=person, now=timezone.now()
    )
    schedule.ask(firm_id=firm.pk, now=timezone.now())
    return {"firm": firm.pk}


def finish(file: dict[str, Any]) -> dict[str, Any]:
    """Sync once more, look at everything, and say how it stands."""
    from django.utils import timezone

    from accounts.models import Firm
    from accounts.tenancy import firm_scope
    from syncapp.pipeline import answers
    from syncapp.pipeline.clock import schedule
    from syncapp.pipeline.run import Order, run
    from syncapp.records.models import Run, TieOut

    firm = Firm.objects.get(slug=file["firm"]["slug"])
    order = Order(trigger="command", whole=True, until_quiet=True)
    with schedule.leased(firm_id=firm.pk, now=timezone.now()) as holder:
        done = run(firm=firm, order=order, clock=timezone.now, holder=holder)
    with firm_scope(write=None, reads=[firm.pk]):
        found = TieOut.objects.filter(firm_id=firm.pk).latest("at")
        return {
            "state": done.state,
            "words": done.words,
            "counts": done.counts,
            "going": Run.objects.filter(firm_id=firm.pk, state="going").count(),
            "tie": answers.tie_out(found),
            "verify": answers.verify(firm.pk),
        }


if __name__ == "__main__":
    django.setup()
    given = json.load(sys.stdin)
    print(json.dumps({"begin": begin, "finish": finish}[sys.argv[1]](given), default=str))
