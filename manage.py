#!/usr/bin/env python3
"""Tieout's command line."""

from __future__ import annotations

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import ManagementUtility

from syncapp.local import surroundings


def main() -> int:
    """Run one command; a wrong environment is one sentence."""
    surroundings.prepare(sys.argv[1] if len(sys.argv) > 1 else "help", os.environ)
    utility = ManagementUtility(sys.argv)
    try:
        from django.conf import settings  # noqa: PLC0415 - the environment is ready only now

        settings.INSTALLED_APPS  # noqa: B018 - reading it loads the settings
        utility.execute()
    except ImproperlyConfigured as error:
        sys.stderr.write(f"Tieout cannot start. {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
