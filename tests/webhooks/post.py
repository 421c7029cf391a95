"""The vendors' post, delivered to our own door: each emulator signs and sends, our address answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from django.utils import timezone

from accounts.tenancy import firm_scope
from syncapp.celery import app as celery
from syncapp.emulators.qbo import hooks
from syncapp.pipeline.clock import schedule
from syncapp.pipeline.models import SyncSchedule
from syncapp.pipeline.notices import webhooks
from syncapp.records.models import Notice, Webhook
from tests.delivery.scene import Scene, scene

TOKEN = "the verifier token of the application"


@dataclass(slots=True)
class Post:
    """A firm whose vendors can reach it. `answers` are the statuses that they got."""

    scene: Scene
    door: Client = field(default_factory=Client)
    answers: list[int] = field(default_factory=list)
    reachable: bool = True

    def __post_init__(self) -> None:
        self.door.get("/healthz")  # the first call of a process is slow, and a vendor waits a second here
        self.hooks.send = self.to_us
        self.scene.on.company.switches.self_echo = True
        self.scene.on.qbo.state.subscribe(url="http://localhost:8000/webhooks/qbo/", verifier_token=TOKEN)

    @property
    def hooks(self) -> Any:
        """Clio's side."""
        return self.scene.on.clio.state.hooks

    @property
    def firm_id(self) -> int:
        """Whose post it is."""
        return self.scene.on.firm.pk

    def to_us(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, str]]:
        """Carry one message to our door, as the network would."""
        if not self.reachable:
            return 0, {}
        given = dict(headers)
        kind = given.pop("Content-Type")
        answer = self.door.post(urlsplit(url).path, data=body, content_type=kind, headers=given)
        self.answers.append(answer.status_code)
        return answer.status_code, {name.lower(): value for name, value in answer.headers.items()}

    def subscribe(self) -> None:
        """What a worker does before each run."""
        webhooks.keep(firm_id=self.firm_id, now=timezone.now())

    def subscribe_wholly(self) -> None:
        """The same, until it is done: on a busy machine a call may take longer than a second."""
        for _ in range(5):
            self.subscribe()
            if {row.state for row in self.subscriptions().values()} == {"live"} and len(self.theirs()) == 4:
                return
            with firm_scope(write=self.firm_id):
                Webhook.objects.filter(firm_id=self.firm_id).update(look_at=timezone.now())

    def clio(self) -> list[int]:
        """Clio delivers what waits."""
        found: list[int] = self.hooks.flush(self.scene.on.clio.state.firms)
        return found

    def books(self) -> int:
        """QuickBooks delivers what waits; gives the number of events taken."""
        company = self.scene.on.company
        return hooks.flush(company, send=lambda url, raw, headers: self.to_us(url, raw, headers)[0])

    def notices(self, **where: Any) -> list[Notice]:
        """What is kept."""
        with firm_scope(write=None, reads=[self.firm_id]):
            return list(Notice.objects.filter(firm_id=self.firm_id, **where).order_by("pk"))

    def subscriptions(self) -> dict[str, Webhook]:
        """What we hold of each kind of record."""
        with firm_scope(write=None, reads=[self.firm_id]):
            return {row.model: row for row in Webhook.objects.filter(firm_id=self.firm_id)}

    def theirs(self) -> list[Any]:
        """What Clio holds."""
        return list(self.scene.on.world.tables["Webhook"].values())

    def rest(self) -> None:
        """As after a run that found nothing: due again in a minute."""
        now = timezone.now()
        schedule.enrol(firm_id=self.firm_id, now=now)
        SyncSchedule.objects.filter(firm_id=self.firm_id).update(
            due_at=now + timedelta(minutes=1), started_at=now, lease_holder="", lease_until=None
        )

    def ask_now(self) -> None:
        """Make the firm due, as its interval does."""
        SyncSchedule.objects.filter(firm_id=self.firm_id).update(due_at=timezone.now())

    def due(self) -> bool:
        """Whether the firm is due now (or within the second that gathers a burst)."""
        row = SyncSchedule.objects.get(firm_id=self.firm_id)
        return bool(row.due_at <= timezone.now() + timedelta(seconds=1))


@contextmanager
def post(**given: Any) -> Iterator[Post]:
    """A firm, connected, whose wake-ups go to the broker and are not run at once."""
    eager = celery.conf.task_always_eager
    celery.conf.task_always_eager = False
    try:
        with scene(**given) as made:
            yield Post(made)
    finally:
        celery.conf.task_always_eager = eager
        with celery.connection_for_write() as broker:
            broker.default_channel.queue_purge("default")
