"""Clio's API as Tieout uses it: serial, paged by cursor, within the rate limit of its token.

Facts: clio/API.md sections 2 and 3. Nothing here writes to Clio but one contact at a time, and webhooks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import urlsplit, urlunsplit

from syncapp.clio import answers, shapes
from syncapp.clio.answers import Row
from syncapp.http.errors import Refused, Transient
from syncapp.http.pace import Pace, Shared
from syncapp.http.session import Response, Session

type Filter = str | int | bool | Sequence[int]

API_VERSION = "4.0.13"
PER_MINUTE = 50
_TIMEOUT = 90.0
_MOST_PAGES = 50_000
_NO_ORDER = {shape.resource for shape in shapes.ALL if not shape.ordered} | {
    "relationships",
    "currencies",
    "activity_descriptions",
    "clio_payments/payments",
    "outstanding_client_balances",
    "billable_matters",
    "billable_clients",
}


class Clio:
    """One connection to one Clio account.

    `base_url` is the region's host root; `token(force)` returns an access token, refreshed if forced;
    `shared` is the window of calls that all users of this connection count in.
    Methods raise Transient, Revoked or Refused (see syncapp.http.errors).
    """

    def __init__(
        self,
        base_url: str,
        token: Callable[[bool], str],
        *,
        time_scale: float = 1,
        shared: Shared | None = None,
    ) -> None:
        self._root = base_url.rstrip("/")
        self._version: str | None = API_VERSION
        self._who: Row | None = None
        self._counted = 0
        self._pace = Pace(PER_MINUTE, 60, time_scale=time_scale, shared=shared)
        self._session = Session(
            f"{self._root}/api/v4",
            timeout=_TIMEOUT,
            headers={"Accept": "application/json"},
            pace=self._pace,
            token=token,
            provider="Clio",
        )

    def uncounted(self) -> int:
        """Return how many calls have left since this was last asked, successful or not."""
        fresh, self._counted = self._pace.calls - self._counted, self._pace.calls
        return fresh

    def who_am_i(self) -> Row:
        """Return the person who connected, with the account (the firm) inside."""
        if self._who is None:
            answer = self._get("users/who_am_i", {"fields": shapes.WHO_AM_I})
            self._who = answers.data(answer, dict)
        return self._who

    @property
    def account_name(self) -> str:
        """Return the firm's name in Clio; empty when Clio does not say."""
        account = self.who_am_i().get("account")
        return str(account.get("name") or "") if isinstance(account, dict) else ""

    @property
    def account_id(self) -> int | None:
        """Return the firm's id in Clio; ids are unique within one region's account only."""
        account = self.who_am_i().get("account")
        found = account.get("id") if isinstance(account, dict) else None
        return found if isinstance(found, int) else None

    def pages(
        self, resource: str, *, fields: str, updated_since: datetime | None = None, **filters: Filter
    ) -> Iterator[list[Row]]:
        """Yield every page of a list, in order of id where Clio can order.

        `updated_since` must have a zone; whether Clio includes that instant is unknown, so overlap.
        Filters that are lists are sent as `name[]`.
        """
        read = self.pages_from(resource, fields=fields, updated_since=updated_since, start="", **filters)
        return (rows for rows, _ in read)

    def pages_from(
        self,
        resource: str,
        *,
        fields: str,
        updated_since: datetime | None = None,
        start: str = "",
        **filters: Filter,
    ) -> Iterator[tuple[list[Row], str]]:
        """Yield every page with the address of the next one, empty behind the last.

        `start` is such an address: the list goes on there. Raises Refused when Clio knows it no longer.
        """
        limit = shapes.BY_RESOURCE[resource].limit if resource in shapes.BY_RESOURCE else 200
        params: dict[str, Any] = {"fields": fields, "limit": limit}
        if resource not in _NO_ORDER:
            params["order"] = "id(asc)"
        if updated_since is not None:
            if updated_since.tzinfo is None:
                raise ValueError("updated_since needs a zone")
            params["updated_since"] = updated_since.isoformat(timespec="seconds")
        params |= {name if _plain(value) else f"{name}[]": _wire(value) for name, value in filters.items()}
        if start:
            answer = self._checked(self._call("GET", self._here(start)), resource)
        else:
            answer = self._get(resource, params)
        followed: set[str] = set()
        while True:
            body = answer.json()
            rows, following = answers.rows(body, answer), answers.next_page(body)
            yield rows, following or ""
            if following is None:
                return
            if following in followed or len(followed) >= _MOST_PAGES:
                raise Transient("Clio's list of pages does not end.", answer.vendor_request_id)
            followed.add(following)
            answer = self._checked(self._call("GET", self._here(following)), resource)

    def one(self, resource: str, record_id: int, *, fields: str) -> Row | None:
        """Return one record, or None when Clio has it no longer."""
        found = self.one_if_changed(resource, record_id, fields=fields, etag="")
        return None if found == "same" else found

    def one_if_changed(
        self, resource: str, record_id: int, *, fields: str, etag: str
    ) -> Row | Literal["same"] | None:
        """Return one record, "same" when it still has this etag (quotes included), None when it is gone."""
        headers = {"If-None-Match": etag} if etag else {}
        answer = self._call("GET", f"{resource}/{record_id}.json", params={"fields": fields}, headers=headers)
        if answer.status == HTTPStatus.NOT_FOUND:
            return None
        if answer.status == HTTPStatus.NOT_MODIFIED:
            return "same"
        return answers.data(self._checked(answer, resource), dict)

    def ids(self, resource: str, **filters: Filter) -> Iterator[list[tuple[int, str]]]:
        """Yield pages of (id, etag): the sweep that finds what was erased without a tombstone."""
        for page in self.pages(resource, fields="id,etag", updated_since=None, **filters):
            yield [(row["id"], str(row.get("etag") or "")) for row in page if isinstance(row.get("id"), int)]

    def patch_contact(self, contact_id: int, data: Mapping[str, object], *, etag: str) -> Row:
        """Change a contact that still has this etag. Refused(code="stale") when somebody changed it since."""
        answer = self._call(
            "PATCH",
            f"contacts/{contact_id}.json",
            params={"fields": shapes.CONTACTS.fields},
            json={"data": dict(data)},
            headers={"If-Match": etag} if etag else {},
        )
        if answer.status == HTTPStatus.PRECONDITION_FAILED:
            words = "Somebody changed this contact in Clio in the meantime. Look at it again."
            raise Refused(words, answer.vendor_request_id, status=412, code="stale")
        return answers.data(self._checked(answer, "contacts"), dict)

    def command(
        self,
        method: str,
        where: str,
        *,
        data: Mapping[str, object] | None = None,
        fields: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Row | None:
        """Make, change or remove what is ours alone (a webhook); None when Clio has it no longer."""
        params = {"fields": fields} if fields else None
        body = {"data": dict(data)} if data else None
        answer = self._call(method, where, params=params, json=body, headers=headers)
        if answer.status == HTTPStatus.NOT_FOUND:
            return None
        self._checked(answer, where.split("/", maxsplit=1)[0].removesuffix(".json"))
        return answers.data(answer, dict) if answer.text.strip() else {}

    def paper(self, where: str, *, accept: str) -> Response:
        """Ask for something that is no JSON; return the answer, whatever it says."""
        return self._call("GET", where, headers={"Accept": accept})

    def _get(self, resource: str, params: Mapping[str, Any]) -> Response:
        return self._checked(self._call("GET", f"{resource}.json", params=params), resource)

    def _call(
        self,
        method: str,
        where: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Call with the version we know; when Clio has retired it (410), with Clio's default."""
        given = dict(headers or {})
        versioned = {**given, "X-API-VERSION": self._version} if self._version else given
        answer = self._session.request(method, where, params=params, json=json, headers=versioned)
        if answer.status == HTTPStatus.GONE and self._version:
            self._version = None
            answer = self._session.request(method, where, params=params, json=json, headers=given)
        return answer

    def _checked(self, answer: Response, resource: str) -> Response:
        if answer.ok:
            return answer
        code, detail = answers.error(answer)
        raise Refused(
            answers.refusal(answer.status, resource.split("/", maxsplit=1)[0].replace("_", " ")),
            answer.vendor_request_id,
            status=answer.status,
            code=code,
            detail=detail,
        )

    def _here(self, url: str) -> str:
        """Follow a page link to the letter, but never to another host: the token goes with it."""
        ours, theirs = urlsplit(self._root), urlsplit(url)
        return urlunsplit((ours.scheme, ours.netloc, theirs.path, theirs.query, ""))


def _plain(value: Filter) -> bool:
    return isinstance(value, str | int)


def _wire(value: Filter) -> str | int | list[int]:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int):
        return value
    return list(value)
