"""The settings with placeholders for every missing value: for types, migrations files and the emulators."""

from __future__ import annotations

import os

from syncapp.local import surroundings

surroundings.fill(os.environ, surroundings.placeholders())

from syncapp.settings import *  # noqa: E402, F403 - the environment had to be complete first
