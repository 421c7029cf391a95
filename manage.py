#!/usr/bin/env python3
"""Tieout's command line."""

from __future__ import annotations

import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import ManagementUtility, get_commands

from syncapp.local import surroundings
from syncapp.start import require_safe_ground

OURS = frozenset({"accounts", "mapping", "trust", "syncapp.pipeline", "syncapp.desk"})


def main() -> int:
    """Run one command; a wrong environment is one sentence."""
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    surroundings.prepare(sys.argv[1:], os.environ)
    try:
        django.setup()
        home = get_commands().get(command)
        if isinstance(home, str) and home in OURS and not surroundings.needs_nothing(sys.argv[1:]):
            require_safe_ground()
        ManagementUtility(sys.argv).execute()
    except ImproperlyConfigured as error:
        sys.stderr.write(f"Tieout cannot start. {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
