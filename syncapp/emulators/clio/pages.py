"""Pages for people in the demo: lists of bills, clients and trust, and the forms' target."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from werkzeug.wrappers import Request

from syncapp.emulators.clio import billpage, trustpage, views
from syncapp.emulators.clio.desk import do
from syncapp.emulators.clio.model import NoSuchRecord, Refused, World
from syncapp.emulators.clio.nouns import Matter
from syncapp.emulators.clio.page import page
from syncapp.emulators.wire import Answer, App, body_form, html, redirect


def install(app: App) -> None:
    """Routes below / and below /firms/{account}."""
    app.route("/")(lambda _: redirect(f"/firms/{app.state.world.account_id}/bills"))
    pages: list[tuple[str, Callable[..., tuple[str, str]]]] = [
        ("bills", views.bills),
        ("bills/<int:number>", billpage.bill),
        ("clients", views.clients),
        ("trust", trustpage.trust),
    ]
    for rule, body in pages:
        app.route(f"/firms/<int:account>/{rule}")(_shown(app, body))
    app.route("/firms/<int:account>/do", methods=("POST",))(_act(app))


def _shown(app: App, body: Callable[..., tuple[str, str]]) -> Callable[..., Answer]:
    def show(request: Request, account: int, **values: Any) -> Answer:
        world = app.state.firms.get(account)
        if world is None:
            return html(page("No such firm", '<p><a href="/">All firms</a></p>'), status=404)
        try:
            title, content = body(world, request, **values)
        except NoSuchRecord:
            return html(
                page("Not found", "<p>There is no such record.</p>", nav=_nav(app, world)), status=404
            )
        said = request.args.get("said", "")
        note = f'<p class="note" role="status">{escape(said)}</p>' if said else ""
        return html(page(title, note + content, nav=_nav(app, world)))

    return show


def _act(app: App) -> Callable[..., Answer]:
    def act(request: Request, account: int) -> Answer:
        """Take one action of a form and return to its page, with Clio's refusal when there is one."""
        world, form = app.state.firms[account], body_form(request)
        back = form.pop("back", f"/firms/{account}/bills")
        name, words = form.pop("do", ""), form.pop("words", "Done.")
        try:
            given: dict[str, Any] = {k: v for k, v in form.items() if v.strip()}
            if "bills" in given:
                given["bills"] = given["bills"].replace(",", " ").split()
            if "matter" in given:
                given["matter"] = _matter(world, given["matter"])
            do(world, name, **given)
        except (Refused, NoSuchRecord) as no:
            words = f"Clio refuses: {no}"
        safe = back if back.startswith("/firms/") else f"/firms/{account}/bills"
        return redirect(f"{safe}{'&' if '?' in safe else '?'}said={views.quoted(words)}", status=303)

    return act


def _matter(world: World, text: str) -> str:
    """The id of a matter that a person names by its number, whole or its digits; else the text itself."""
    wanted = text.strip().lower()
    for matter in world.all(Matter):
        if wanted in (matter.display_number.lower(), matter.display_number.split("-")[0]):
            return str(matter.id)
    return wanted


def _nav(app: App, world: World) -> str:
    here = f"/firms/{world.account_id}"
    links = [("Bills", f"{here}/bills"), ("Clients", f"{here}/clients"), ("Trust", f"{here}/trust")]
    if len(app.state.firms) > 1:
        others = (w for w in app.state.firms.values() if w is not world)
        links += [(w.account_name, f"/firms/{w.account_id}/bills") for w in others]
    shown = "".join(f'<a href="{url}">{escape(text)}</a>' for text, url in links)
    return f'<nav aria-label="Main">{shown}</nav><span class="soft">{escape(world.account_name)}</span>'
