"""Pages for people in the demo: bills, clients, trust (written in `screens.py`), and the forms' target."""

from __future__ import annotations

from syncapp.emulators.wire import App


def install(app: App) -> None:
    """Routes below /."""
