"""Connecting to Clio: the four regions, which share nothing (clio/API.md section 1)."""

from __future__ import annotations

from collections.abc import Mapping

from syncapp.http import oauth
from syncapp.http.oauth import Authority, Tokens

REGIONS: Mapping[str, str] = {
    "us": "https://app.clio.com",
    "eu": "https://eu.app.clio.com",
    "ca": "https://ca.app.clio.com",
    "au": "https://au.app.clio.com",
}
US = "us"


def host(region: str, *, base_url: str = "") -> str:
    """Return the host root of a region. An installation's own `base_url` stands in for the US host.

    Raises ValueError for a region that Clio has not.
    """
    if region not in REGIONS:
        raise ValueError(f"Clio has no region {region}")
    if base_url and (region == US or base_url.rstrip("/") not in REGIONS.values()):
        return base_url.rstrip("/")
    return REGIONS[region]


def authority(*, region: str, client_id: str, client_secret: str, base_url: str = "") -> Authority:
    """Return Clio's authorisation server of a region, with our registration there."""
    return oauth.clio(host=host(region, base_url=base_url), client_id=client_id, client_secret=client_secret)


def authorize_url(to: Authority, *, redirect_uri: str, state: str) -> str:
    """Return the address at which a person of the firm lets us in."""
    return oauth.authorize_url(to, redirect_uri=redirect_uri, state=state)


def exchange(to: Authority, *, code: str, redirect_uri: str) -> Tokens:
    """Exchange a callback's code, valid for ten minutes. Raises Revoked, Refused, Transient."""
    return oauth.exchange(to, code=code, redirect_uri=redirect_uri)


def refresh(to: Authority, *, refresh_token: str) -> Tokens:
    """Return fresh tokens; Clio does not rotate the refresh token. Raises Revoked, Refused, Transient."""
    return oauth.refresh(to, refresh_token=refresh_token)


def revoke(to: Authority, *, access: str) -> None:
    """Deauthorise. Raises Refused, Transient."""
    oauth.revoke(to, access=access)
