"""The task queue. Redis only carries wake-ups: the tick finds due work in PostgreSQL."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_init
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django_structlog.celery.steps import DjangoStructLogInitStep

from syncapp.start import require_safe_ground

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "syncapp.settings")

TICK_SECONDS, MAIL_SECONDS = 5, 60


def _stop(reason: Exception) -> NoReturn:
    sys.stderr.write(f"Tieout cannot start. {reason}\n")
    raise SystemExit(1) from None


try:
    TIME_SCALE = settings.TIME_SCALE
except ImproperlyConfigured as wrong:
    _stop(wrong)

app = Celery("tieout")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "tick": {
        "task": "syncapp.pipeline.tasks.tick",
        "schedule": max(TICK_SECONDS / TIME_SCALE, 0.5),
        "options": {"expires": 60},
    },
}
if settings.MAILBOX_URL:
    app.conf.beat_schedule["mail"] = {
        "task": "syncapp.pipeline.tasks.look_at_mail",
        "schedule": max(MAIL_SECONDS / TIME_SCALE, 0.5),
        "options": {"expires": MAIL_SECONDS},
    }
# the schedule lives in this file, so beat's memory of its last tick may vanish with its process
app.conf.beat_schedule_filename = os.environ.get("CELERY_BEAT_FILE", str(settings.LOCAL_DIR / "beat"))


@worker_init.connect
@beat_init.connect
def _refuse_unsafe_ground(**_signal: object) -> None:
    try:
        require_safe_ground()
    except ImproperlyConfigured as error:
        _stop(error)


@setup_logging.connect
def _keep_our_logging(**_signal: object) -> None:
    """Leave the logging of the settings as it is: Celery would replace it."""
