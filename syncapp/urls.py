"""Every address of the product. Apps bring their own; allauth's stand below /accounts/."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from syncapp import health
from syncapp.metrics.views import metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("", include("accounts.urls")),
    path("", include("mapping.urls")),
    path("", include("trust.urls")),
    path("", include("syncapp.desk.urls")),
    path("webhooks/", include("syncapp.pipeline.urls")),
    path("accounts/", include("allauth.urls")),
]
if settings.MODE == "demo":
    urlpatterns.append(path("", include("syncapp.local.signins")))
