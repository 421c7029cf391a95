"""Which pages there are, and whether each may be shown: axe, and no sideways scrolling on a phone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import APIRequestContext, Error, Page

from tests.browser.site import Site
from tests.browser.story import PHONE, WIDE
from tests.matrix import MATRIX

# Nobody sees these as a page: files, answers for machines or for htmx, and addresses that only lead on.
NO_PAGE = frozenset(
    {
        "healthz",
        "readyz",
        "metrics",
        "desk:exceptions_export",
        "desk:carried_file",
        "desk:tieout_export",
        "desk:evidence",
        "trust:report",
        "trust:register_file",
        "accounts:visits_file",
        "trust:below_zero_file",
        "trust:shortage_note",
        "trust:transfers_file",
        "desk:yearly_file",
        "desk:month_file",
        "desk:deposits_file",
        "desk:retainers_file",
        "desk:cash_basis_file",
        "desk:strangers_file",
        "desk:adoption_file",
        "trust:retention_file",
        "trust:tests_file",
        "trust:chosen",
        "trust:bank_file",
        "desk:progress",
        "desk:callback",
        "mfa_download_recovery_codes",
        "mfa_login_webauthn",
        "account_signup",  # accounts:signup under its other name
    }
)
# Pages that a link or a button leads to only at a certain moment; some lead on for this person.
AT_A_MOMENT: dict[str, str] = {
    "account_login": "/accounts/login/",
    "account_logout": "/accounts/logout/",
    "accounts:signup": "/accounts/signup/",
    "mfa_activate_totp": "/accounts/2fa/totp/activate/",
    "mfa_authenticate": "/accounts/2fa/authenticate/",
    "mfa_list_webauthn": "/accounts/2fa/webauthn/",
    "accounts:no_firm": "/no-firm/",
    "accounts:invitation": "/invitation/unknown/",
    "accounts:new_firm": "/firms/new/",
    "desk:elsewhere": "/exceptions/0/elsewhere/",
    "desk:ask": "/exceptions/0/ask/",
    "desk:alerts": "/settings/alerts/",
    "desk:auto_rules": "/settings/exceptions/rules/",
    "desk:answer": "/answer/unknown/",
    "desk:alike": "/exceptions/0/alike/",
    "desk:map_here": "/exceptions/0/map/",
    "desk:undo_record": "/records/0/undo/",
    "desk:undo_run": "/runs/0/undo/",
    "desk:setup": "/setup/",
    "desk:everywhere": "/exceptions/everywhere/",
    "desk:carried": "/exceptions/carried/",
    "desk:strangers": "/customers/",
    "desk:link_here": "/exceptions/0/link/",
    "desk:find_customer": "/exceptions/0/customer/",
    "desk:stranger": "/customers/0/",
    "desk:contact_rules": "/settings/contacts/",
    "desk:case_rules": "/settings/exceptions/",
    "desk:month": "/month-end/0/2026-09/",
    "desk:slip": "/deposits/slip/",
    "desk:deposit": "/deposits/0/",
    "desk:payout": "/deposits/payouts/0/",
    "desk:search": "/search/?q=a",
    "mapping:add": "/mapping/rules/add/",
    "desk:trace": "/trace/?books=main&id=0",
    "trust:month": "/trust/0/2026-09/",
    "trust:kept": "/trust/retention/matters/0/",
    "trust:binder_links": "/trust/0/2026-09/binder/links/",
    "trust:fetch_binder": "/binder/unknown/",
    "trust:review": "/trust/0/2026-07/review/",
    "trust:standing": "/trust/0/balances/",
    "trust:matching": "/trust/0/matching/",
    "trust:payees": "/trust/0/matching/payees/",
    "trust:lists": "/trust/0/lists/",
    "trust:below_zero": "/trust/0/below-zero/",
    "trust:shortage": "/trust/0/below-zero/0/",
    "trust:registers": "/trust/0/registers/",
    "trust:completeness": "/trust/0/completeness/",
    "trust:paper": "/trust/0/2026-09/paper/",
    "trust:auditor": "/trust/auditor/",
    "desk:rule_on_day": "/trust/accounts/0/rules/",
    "accounts:visits": "/settings/people/pages/0/",
    "trust:earned": "/trust/0/earned/",
    "trust:earned_bill": "/trust/0/earned/bills/0/",
    "trust:transfers": "/trust/0/earned/lists/0/",
    "trust:levels": "/trust/0/levels/",
    "trust:tests": "/trust/0/tests/",
    "trust:statements": "/trust/0/statements/",
    "trust:arrivals": "/trust/0/statements/arrivals/",
    "trust:statement": "/trust/0/statements/0/",
    "trust:new_statement": "/trust/0/statements/new/",
    "trust:columns": "/trust/0/statements/new/columns/",
    "desk:trust_account": "/trust/accounts/0/",
    "desk:trust_account_add": "/trust/accounts/add/",
    "desk:trust_account_change": "/trust/accounts/0/change/",
    "desk:trust_opening": "/trust/accounts/0/opening/",
    "desk:trust_change": "/trust/changes/0/",
    "account_inactive": "/accounts/inactive/",
    "account_set_password": "/accounts/password/set/",
    "account_reauthenticate": "/accounts/reauthenticate/",
    "mfa_reauthenticate": "/accounts/2fa/reauthenticate/",
    "mfa_reauthenticate_webauthn": "/accounts/2fa/webauthn/reauthenticate/",
    "mfa_remove_webauthn": "/accounts/2fa/webauthn/keys/1/remove/",
    "mfa_edit_webauthn": "/accounts/2fa/webauthn/keys/1/edit/",
    "account_confirm_login_code": "/accounts/login/code/confirm/",
    "account_email_verification_sent": "/accounts/confirm-email/",
    "account_reset_password_done": "/accounts/password/reset/done/",
    "account_reset_password_from_key_done": "/accounts/password/reset/key/done/",
    "account_confirm_email": "/accounts/confirm-email/unknown/",
    "account_reset_password_from_key": "/accounts/password/reset/key/1-unknown/",
}
# Not every page of this name links to that one: pages are read until one does.
LEADS_TO = {"desk:record": "desk:returned"}
SIGNED_OUT = (
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/1-unknown/",
    "/accounts/confirm-email/unknown/",
    "/accounts/inactive/",
    "/invitation/unknown/",
    "/binder/unknown/",
    "/answer/unknown/",
    "/nothing/here/",
)
LIGHT_WIDE, LIGHT_PHONE = ("light", WIDE), ("light", PHONE)
DARK_WIDE, DARK_PHONE = ("dark", WIDE), ("dark", PHONE)
LOOKS = (LIGHT_WIDE, LIGHT_PHONE, DARK_PHONE, DARK_WIDE)
# All rules wide and light, and narrow and dark; besides, only the colours of what shows otherwise there than
# in the other width of the same scheme remain to be asked.
OF_THE_LOOK = ["color-contrast", "link-in-text-block"]
# What axe would fetch a second time beforehand, style sheets and films, none of the rules that run looks at.
WHOLE = {"resultTypes": ["violations"], "preload": False}
PART = {**WHOLE, "runOnly": OF_THE_LOOK}
# Marks what shows otherwise than when it was last asked in this scheme: its colours, its letters, whether it
# shows at all, or what it lies in. Gives how many there are.
OTHERWISE = """scheme => {
  const known = (window.known ??= {})[scheme] ??= new Map(), now = new Map(), otherwise = new Set();
  for (const one of document.body.querySelectorAll("*")) {
    const style = getComputedStyle(one);
    const looks = [style.color, style.backgroundColor, style.backgroundImage, style.opacity, style.filter,
      style.fontSize, style.fontWeight, style.textShadow, style.textDecorationLine, style.position,
      style.visibility, one.checkVisibility()].join();
    now.set(one, looks);
    const same = known.get(one) === looks && !otherwise.has(one.parentElement);
    if (!same) otherwise.add(one);
    one.toggleAttribute("data-otherwise", !same);
  }
  window.known[scheme] = now;
  return otherwise.size;
}"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PATIENCE = 5
AXE = Axe().axe_script


@dataclass(frozen=True, slots=True)
class Seen:
    """What axe or a ruler found on one page in one look."""

    path: str
    look: str
    what: str


def pages(request: APIRequestContext, site: Site) -> dict[str, str]:
    """Return an address for each page of the matrix that shows its own, found by following links."""
    wanted = {name for name, row in MATRIX.items() if row.method == "get"} - NO_PAGE
    found: dict[str, str] = {"desk:overview": "/"}
    queue, known = ["/"], {"/"}
    while queue and len(known) < 400:
        answer = request.get(site.url + queue.pop(0))
        for href in re.findall(r'href="(/[^"#]*)', answer.text()) if answer.ok else []:
            path = unescape(href)
            name = _name(path)
            if path not in known and name in wanted:
                known.add(path)
                if name not in found or LEADS_TO.get(name, name) not in found:
                    queue.append(path)
                found.setdefault(name, path)
    missing = wanted - set(found) - set(AT_A_MOMENT)
    assert not missing, f"No link leads to {sorted(missing)}, and AT_A_MOMENT does not name them."
    rest = {name: path for name, path in AT_A_MOMENT.items() if name not in found}
    return _apart(request, site, rest) | found


def _apart(request: APIRequestContext, site: Site, paths: dict[str, str]) -> dict[str, str]:
    """Leave out what shows the same as another: that nothing is here, or a page that both lead on to."""
    shown: dict[str | int, tuple[str, str]] = {}
    for name, path in paths.items():
        answer = request.get(site.url + path)
        shown.setdefault(answer.url if answer.ok else answer.status, (name, path))
    return dict(shown.values())


def _name(path: str) -> str:
    try:
        return resolve(path.split("?", maxsplit=1)[0]).view_name
    except Resolver404:
        return ""


def faults(page: Page, address: str) -> list[Seen]:
    """Look at a page light and dark, wide and narrow; one that reads itself again is looked at anew."""
    for _ in range(PATIENCE):
        try:
            return _looked(page, address)
        except Error as error:
            if "context was destroyed" not in error.message:
                raise
    raise AssertionError(f"{address} never stands still.")


def _looked(page: Page, address: str) -> list[Seen]:
    found: list[Seen] = []
    for scheme, size in LOOKS:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        if (scheme, size) == LOOKS[0]:
            page.goto(address)
            page.evaluate(AXE)
        look = f"{scheme} {size['width']}"
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        otherwise = page.evaluate(OTHERWISE, scheme)
        if (scheme, size) in (LIGHT_WIDE, DARK_PHONE):
            found += [Seen(page.url, look, one) for one in _axe(page, "html", WHOLE)]
        elif otherwise:
            found += [Seen(page.url, look, one) for one in _axe(page, "[data-otherwise]", PART)]
        over = page.evaluate(OVERFLOW)
        if over > 0:
            found.append(Seen(page.url, look, f"scrolls {over} pixels sideways"))
    return found


def _axe(page: Page, where: str, options: dict[str, Any]) -> list[str]:
    answer = page.evaluate("([where, options]) => axe.run(where, options)", [where, options])
    violations = answer["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in violations for node in one["nodes"][:3]]
