"""The task queue. Redis only carries wake-ups: the tick finds due work in PostgreSQL."""

from __future__ import annotations

import os

from celery import Celery
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "syncapp.settings")

TICK_SECONDS = 5

app = Celery("tieout")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "tick": {
        "task": "syncapp.pipeline.tasks.tick",
        "schedule": max(TICK_SECONDS / settings.TIME_SCALE, 0.5),
        "options": {"expires": 60},
    },
}
# the schedule lives in this file, so beat's memory of its last tick may vanish with its process
app.conf.beat_schedule_filename = os.environ.get("CELERY_BEAT_FILE", str(settings.LOCAL_DIR / "beat"))
