"""`emulate clio|qbo|bank --port N [--world NAME --seed N]`: a vendor, or the banks, on this machine."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from syncapp.emulators import wire

TRUST = "trust"


class Command(BaseCommand):
    """Serve one of the emulators until interrupted."""

    help = "Serve an emulated Clio, QuickBooks or bank on this machine."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the vendor, the port and the world."""
        parser.add_argument("vendor", choices=["clio", "qbo", "bank"])
        parser.add_argument("--port", type=int)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--world", default="year", help="year, trust, small or empty")
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

        if given["world"] not in WORLDS:
            raise CommandError(
                f"There is no world “{given['world']}”. Choose one of {', '.join(sorted(WORLDS))}."
            )
        world = WORLDS[given["world"]](given["seed"])
        world.switches.deliver_at_once = True
        return create_app(
            world,
            time_scale=scale,
            client_id=os.environ.get("CLIO_CLIENT_ID", "clio-client"),
            client_secret=os.environ.get("CLIO_CLIENT_SECRET", "clio-secret"),
        )

    def _qbo(self, given: dict[str, Any], scale: float) -> wire.App:
        from syncapp.emulators.qbo.app import create_app
        from syncapp.emulators.qbo.seed import law_firm
        from syncapp.emulators.trust_year import trust_company, trust_year

        if given["world"] == TRUST:
            company = trust_company(trust_year(given["seed"]))
        else:
            company = law_firm(seed=given["seed"], name="Ash & Birch LLP", opening_bank=Decimal("48250.00"))
        app = create_app(
            [company],
            time_scale=scale,
            client_id=os.environ.get("QBO_CLIENT_ID", "qbo-client"),
            client_secret=os.environ.get("QBO_CLIENT_SECRET", "qbo-secret"),
        )
        app.state.auto_flush = True  # to QBO_WEBHOOK_URL, where that is set
        return app

    def _bank(self, given: dict[str, Any], scale: float) -> wire.App:
        from syncapp.emulators.trust_year import trust_year
        from syncapp.emulators.trust_year.app import create_app

        return create_app(trust_year(given["seed"]), time_scale=scale)

    def _files(self, given: dict[str, Any]) -> None:
        from syncapp.emulators.trust_year import trust_year

        folder = Path(given["out"])
        folder.mkdir(parents=True, exist_ok=True)
        for account, month, name, content in trust_year(given["seed"]).files():
            (folder / name).write_bytes(content)
            self.stdout.write(f"{account} {month:%Y-%m}: {folder / name}")
