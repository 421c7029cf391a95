"""Channels of a chat that are told of new exceptions: added, and taken away. Their addresses are secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from accounts import audit, seal
from accounts.models import AlertChannel
from accounts.tenancy import firm_scope

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Firm, User

TABLE, COLUMN = "accounts_alertchannel", "url_sealed"
KINDS = {"slack": "Slack", "teams": "Microsoft Teams"}
# Only the vendors' own hosts: an address that somebody types must not lead into our own network.
HOSTS = {
    "slack": ("hooks.slack.com",),
    "teams": (".webhook.office.com", ".logic.azure.com", ".api.powerplatform.com"),
}
MOST, LONGEST = 20, 2000
TOO_MANY = f"A firm has at most {MOST} channels."
SAME_NAME = "A channel of this name stands already."


def refusal(kind: str, url: str) -> str:
    """Say why an address is no webhook of a chat; empty when it may be one."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "This is no address."
    host = (parts.hostname or "").lower()
    fits = any(host.endswith(end) if end.startswith(".") else host == end for end in HOSTS.get(kind, ()))
    if parts.scheme != "https" or not fits or port not in {None, 443} or "@" in parts.netloc:
        known = " or ".join(
            f"https://{'…' if end.startswith('.') else ''}{end}/" for end in HOSTS.get(kind, ())
        )
        return f"A webhook of {KINDS.get(kind, kind)} begins with {known}"
    return "" if len(url) <= LONGEST and len(parts.path) > 1 else "This address is not whole."


def add(
    *, firm: Firm, kind: str, name: str, url: str, least: str, daily: bool, by: User, now: datetime
) -> AlertChannel | str:
    """Keep a channel, its address sealed; it is told of what is new from now on. Opens its own scope."""
    words = refusal(kind, url)
    if words:
        return words
    with firm_scope(write=firm.pk):
        standing = AlertChannel.objects.select_for_update().filter(firm_id=firm.pk)
        if standing.filter(name__iexact=name).exists():
            return SAME_NAME
        if standing.count() >= MOST:
            return TOO_MANY
        made = AlertChannel.objects.create(
            firm_id=firm.pk, kind=kind, name=name, least=least, daily=daily, told_at=now, by=by, at=now
        )
        made.url_sealed = seal.seal(url, table=TABLE, row=made.pk, column=COLUMN)
        made.save(update_fields=["url_sealed"])
        _told(made, "alerts.channel_added", by, now)
    return made


def remove(*, firm_id: int, channel_id: int, by: User, now: datetime) -> bool:
    """Take a channel away with its address; False when it is gone. Opens its own scope."""
    with firm_scope(write=firm_id):
        row = AlertChannel.objects.filter(firm_id=firm_id, pk=channel_id).first()
        if row is None:
            return False
        _told(row, "alerts.channel_removed", by, now)
        AlertChannel.objects.filter(firm_id=firm_id, pk=channel_id).delete()
    return True


def url_of(row: AlertChannel) -> str:
    """Open the address of a channel. Raises SealBroken."""
    return seal.unseal(bytes(row.url_sealed), table=TABLE, row=row.pk, column=COLUMN)


def rotate_seals(*, firm_id: int) -> int:
    """Seal the firm's channels again with the first key, in the open scope; return how many were."""
    rotated = 0
    for row in AlertChannel.objects.select_for_update().filter(firm_id=firm_id):
        if seal.needs_rotation(bytes(row.url_sealed)):
            row.url_sealed = seal.seal(url_of(row), table=TABLE, row=row.pk, column=COLUMN)
            row.save(update_fields=["url_sealed"])
            rotated += 1
    return rotated


def _told(row: AlertChannel, verb: str, by: User, now: datetime) -> None:
    after = {"kind": KINDS[row.kind], "least": row.least, "daily": row.daily}
    audit.record(firm_id=row.firm_id, actor=by, verb=verb, obj=row, after=after, now=now)
