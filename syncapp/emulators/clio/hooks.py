"""Webhooks: handshake, signatures, and a queue that a test may drop, double, reorder and flush.

Facts: API.md section 4. Deliveries leave only on `flush`, so that nothing happens by surprise.
"""

from __future__ import annotations

import hmac
import secrets
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from syncapp.emulators.clio.errors import ApiError
from syncapp.emulators.clio.fieldspec import InvalidFields, parse
from syncapp.emulators.clio.funds import Webhook
from syncapp.emulators.clio.model import HOOKED, Record, Refused, World
from syncapp.emulators.clio.render import show
from syncapp.emulators.wire import Answer, dumps

type Send = Callable[[str, bytes, dict[str, str]], tuple[int, dict[str, str]]]
KINDS = {name: kind for kind, name in HOOKED.items()}
NUMBERS = {
    1: "matter",
    2: "activity",
    3: "bill",
    4: "calendar_entry",
    5: "communication",
    6: "contact",
    7: "task",
    8: "document",
    9: "folder",
    10: "clio_payments_payment",
}
FAILURES_BEFORE_SUSPENSION = 5
LONGEST, SHORTEST = timedelta(days=31), timedelta(days=3)


@dataclass(slots=True)
class Delivery:
    """One message that waits: to whom, the raw body, and its signature."""

    account_id: int
    webhook_id: int
    url: str
    event: str
    body: bytes
    signature: str
    tries: int = 0


def post(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, str]]:
    """Send with the standard library; a connection that fails counts as status 0."""
    call = urllib.request.Request(url, data=body, headers=headers, method="POST")  # noqa: S310
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # to this machine, past any proxy
    try:
        with direct.open(call, timeout=10) as answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}
    except urllib.error.HTTPError as no:
        return no.code, {k.lower(): v for k, v in no.headers.items()}
    except OSError:
        return 0, {}


@dataclass(slots=True)
class Hooks:
    """The subscriptions' machinery of one server. `send` may be replaced by a test."""

    send: Send = post
    queue: list[Delivery] = field(default_factory=list)
    delivered: list[Delivery] = field(default_factory=list)

    def watch(self, worlds: Iterable[World]) -> None:
        """Hear of every change in these firms."""
        for world in worlds:
            world.listeners.append(self.heard)

    def create(self, world: World, given: dict[str, Any], *, user_id: int | None) -> Webhook:
        """A subscription: https only, 3 days unless said, 31 at most; then the handshake."""
        model = str(NUMBERS.get(given.get("model", ""), given.get("model")))
        url = str(given.get("url", ""))
        if model not in NUMBERS.values() or not _https(url):
            raise Refused("model or url is not valid; the url must be https.")
        fields = str(given.get("fields", ""))
        _fields_ok(fields, model)
        hook = world.add(
            Webhook(
                url=url,
                model=model,
                fields=fields,
                user_id=user_id,
                events=list(given.get("events") or ["created", "updated", "deleted"]),
                expires_at=_expiry(world, given.get("expires_at")),
                shared_secret=secrets.token_hex(20),
            )
        )
        self.handshake(world, hook)
        return hook

    def change(self, world: World, hook: Webhook, given: dict[str, Any]) -> None:
        """PATCH: longer life, other events, or another url with a new handshake."""
        if "expires_at" in given:
            hook.expires_at = _expiry(world, given["expires_at"])
        hook.events = list(given.get("events", hook.events))
        if "fields" in given:
            _fields_ok(str(given["fields"]), hook.model)
            hook.fields = str(given["fields"])
        world.touch(hook)
        if "url" in given and given["url"] != hook.url:
            if not _https(str(given["url"])):
                raise Refused("The url must be https.")
            hook.url, hook.status = str(given["url"]), "pending"
            self.handshake(world, hook)

    def handshake(self, world: World, hook: Webhook) -> None:
        """POST with `X-Hook-Secret`; the same header in a 200 enables at once."""
        if not world.switches.handshake_needed:
            hook.status = "enabled"
            return
        body = dumps({"data": {"webhook_id": hook.id}}).encode()
        headers = {"X-Hook-Secret": hook.shared_secret, "Content-Type": "application/json"}
        status, answer = self.send(hook.url, body, headers)
        if status == 200 and answer.get("x-hook-secret") == hook.shared_secret:
            hook.status = "enabled"

    def activate(self, world: World, webhook_id: int, secret: str) -> Answer:
        """PUT /webhooks/{id}/activate with the secret of the handshake."""
        hook = world.get(Webhook, webhook_id)
        if not hmac.compare_digest(secret, hook.shared_secret):
            raise ApiError(403, "ForbiddenError", "The secret does not match.")
        hook.status = "enabled"
        return Answer({"data": {"id": hook.id, "etag": hook.etag}})

    def heard(self, world: World, event: str, record: Record) -> None:
        """Queue what the subscriptions want to know of a change."""
        for hook in world.all(Webhook):
            wanted = KINDS.get(hook.model) == record.kind and event in hook.events
            if wanted and hook.status == "enabled" and hook.expires_at > world.now():
                self._queue(world, hook, event, record)

    def _queue(self, world: World, hook: Webhook, event: str, record: Record) -> None:
        shown = show(world, record, parse(hook.fields, record.kind), record.kind)
        watched = dumps({k: v for k, v in shown.items() if k not in ("etag", "updated_at")})
        if event == "updated" and hook.seen.get(record.id) == watched:
            return
        hook.seen[record.id] = watched
        data = {"id": record.id, "etag": record.etag} | (shown if event != "deleted" else {})
        body = dumps({"data": data, "meta": {"event": event, "webhook_id": hook.id}}).encode()
        sign = hmac.new(hook.shared_secret.encode(), body, sha256).hexdigest()
        self.queue.append(Delivery(world.account_id, hook.id, hook.url, event, body, sign))

    def flush(self, worlds: dict[int, World]) -> list[int]:
        """Deliver what waits, in order; what fails stays. Gives the statuses."""
        waiting, self.queue = self.queue, []
        statuses = []
        for delivery in waiting:
            hook = worlds[delivery.account_id].tables["Webhook"].get(delivery.webhook_id)
            if hook is None or hook.status != "enabled":
                continue
            headers = {"X-Hook-Signature": delivery.signature, "Content-Type": "application/json"}
            status, _ = self.send(delivery.url, delivery.body, headers)
            statuses.append(status)
            self._answered(hook, delivery, status)
        return statuses

    def _answered(self, hook: Webhook, delivery: Delivery, status: int) -> None:
        """2xx and 3xx are fine; 410 is fine and disables; anything else is tried again, then suspends."""
        if 200 <= status < 400 or status == 410:
            self.delivered.append(delivery)
            hook.failures = 0
            hook.status = "suspended" if status == 410 else hook.status
            return
        delivery.tries += 1
        hook.failures += 1
        if hook.failures >= FAILURES_BEFORE_SUSPENSION:
            hook.status = "suspended"
        else:
            self.queue.append(delivery)

    def drop(self) -> int:
        """Lose everything that waits."""
        lost = len(self.queue)
        self.queue.clear()
        return lost

    def double(self) -> None:
        """Every message that waits will come twice."""
        self.queue = [copy for delivery in self.queue for copy in (delivery, delivery)]

    def reorder(self) -> None:
        """The last comes first."""
        self.queue.reverse()


def _https(url: str) -> bool:
    """Clio wants https; this machine's own addresses may be plain so that a demo works."""
    return url.startswith(("https://", "http://127.0.0.1", "http://localhost"))


def _fields_ok(fields: str, model: str) -> None:
    if not fields or len(fields) > 1000:
        raise Refused("fields must have 1 to 1000 characters.")
    if model in KINDS:
        try:
            parse(fields, KINDS[model])
        except InvalidFields as wrong:
            raise ApiError(400, "InvalidFields", str(wrong)) from None


def _expiry(world: World, given: Any) -> datetime:
    now = world.now()
    if given is None:
        return now + SHORTEST
    try:
        asked = datetime.fromisoformat(str(given))
    except ValueError:
        raise Refused("expires_at is not a time.") from None
    asked = asked if asked.tzinfo else asked.replace(tzinfo=now.tzinfo)
    if asked > now + LONGEST or asked <= now:
        raise Refused("expires_at must be within 31 days.")
    return asked
