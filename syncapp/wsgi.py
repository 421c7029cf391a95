"""The web application for gunicorn; a wrong environment is one sentence."""

from __future__ import annotations

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from syncapp.start import require_safe_ground

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "syncapp.settings")
try:
    application = get_wsgi_application()
    require_safe_ground()
except ImproperlyConfigured as error:
    sys.stderr.write(f"Tieout cannot start. {error}\n")
    # gunicorn reads 4 as "the application does not load" and stops instead of starting it again for ever
    os._exit(4)
