"""`emulate clio|qbo|bank --port N [--world NAME --seed N]`: a vendor, or the banks, on this machine.

Several worlds (`--world year,trust`) are several firms of one vendor: its consent page asks which.
"""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from syncapp.emulators import wire

if TYPE_CHECKING:
    from syncapp.emulators.trust_year import TrustYear

TRUST = "trust"
FIRM = "Ash & Birch LLP"
FIRMS = {TRUST: "Whitfield & Rowe PLLC"}  # the name of a world's firm beside another


class Command(BaseCommand):
    """Serve one of the emulators until interrupted."""

    help = "Serve an emulated Clio, QuickBooks or bank on this machine."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the vendor, the port and the world."""
        parser.add_argument("vendor", choices=["clio", "qbo", "bank"])
        parser.add_argument("--port", type=int)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument(
            "--world", default="year", help="year, trust, small or empty; several apart by commas"
        )
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--out", help="write the statements of the world “trust” into this folder (bank)")

    def handle(self, *_args: Any, **given: Any) -> None:
        """Build the world and serve it, or write the bank's files."""
        if given["vendor"] == "bank" and given["out"]:
            self._files(given)
            return
        if given["port"] is None:
            raise CommandError("Name a port: --port N.")
        scale = float(os.environ.get("TIME_SCALE", "1") or "1")
        app = self._app(given, scale)
        self.stdout.write(f"{given['vendor']} emulated on http://{given['host']}:{given['port']}")
        try:
            wire.serve(app, host=given["host"], port=given["port"])
        except KeyboardInterrupt:
            self.stdout.write("stopped")

    def _app(self, given: dict[str, Any], scale: float) -> wire.App:
        if given["vendor"] == "bank":
            return self._bank(given, scale)
        return self._clio(given, scale) if given["vendor"] == "clio" else self._qbo(given, scale)

    def _clio(self, given: dict[str, Any], scale: float) -> wire.App:
        from syncapp.emulators.clio.app import create_app
        from syncapp.emulators.clio.world import WORLDS

        firms = []
        for number, (name, firm) in enumerate(_worlds(given).items(), start=1):
            world = WORLDS[name](given["seed"], account_id=number, account_name=firm)
            world.switches.deliver_at_once = True
            firms.append(world)
        return create_app(
            firms,
            time_scale=scale,
            client_id=os.environ.get("CLIO_CLIENT_ID", "clio-client"),
            client_secret=os.environ.get("CLIO_CLIENT_SECRET", "clio-secret"),
        )

    def _qbo(self, given: dict[str, Any], scale: float) -> wire.App:
        from syncapp.emulators.qbo.app import create_app
        from syncapp.emulators.qbo.seed import law_firm
        from syncapp.emulators.trust_year import trust_company

        companies = [
            trust_company(_trust_year(given))
            if name == TRUST
            else law_firm(seed=given["seed"], name=firm, opening_bank=Decimal("48250.00"))
            for name, firm in _worlds(given).items()
        ]
        app = create_app(
            companies,
            time_scale=scale,
            client_id=os.environ.get("QBO_CLIENT_ID", "qbo-client"),
            client_secret=os.environ.get("QBO_CLIENT_SECRET", "qbo-secret"),
        )
        app.state.auto_flush = True  # to QBO_WEBHOOK_URL, where that is set
        return app

    def _bank(self, given: dict[str, Any], scale: float) -> wire.App:
        from syncapp.emulators.trust_year.app import create_app

        return create_app(_trust_year(given), time_scale=scale)

    def _files(self, given: dict[str, Any]) -> None:
        folder = Path(given["out"])
        folder.mkdir(parents=True, exist_ok=True)
        for account, month, name, content in _trust_year(given).files():
            (folder / name).write_bytes(content)
            self.stdout.write(f"{account} {month:%Y-%m}: {folder / name}")


def _worlds(given: dict[str, Any]) -> dict[str, str]:
    """The worlds that are asked for, each with its firm's name; a world by itself is always one firm's."""
    from syncapp.emulators.clio.world import WORLDS

    names = dict.fromkeys(part.strip() for part in str(given["world"]).split(","))
    if strange := next((name for name in names if name not in WORLDS), None):
        raise CommandError(f"There is no world “{strange}”. Choose one of {', '.join(sorted(WORLDS))}.")
    return {name: FIRMS.get(name, FIRM) if len(names) > 1 else FIRM for name in names}


def _trust_year(given: dict[str, Any]) -> TrustYear:
    """The trust year as it stands among the worlds that are asked for; by itself when it is not."""
    from syncapp.emulators.trust_year import trust_year

    worlds = _worlds(given)
    if TRUST not in worlds:
        return trust_year(given["seed"])
    number = list(worlds).index(TRUST) + 1
    return trust_year(given["seed"], account_id=number, account_name=worlds[TRUST])
