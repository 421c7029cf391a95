"""Every address of the product. Apps bring their own; allauth's stand below /accounts/."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from syncapp import health


def _built(*apps: str) -> list[URLResolver]:
    # Guard while the house is being built: an app counts once its folder has a urls.py. To be removed.
    folders = {app: settings.BASE_DIR / app.replace(".", "/") for app in apps}
    return [path("", include(f"{app}.urls")) for app, at in folders.items() if (at / "urls.py").exists()]


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    *_built("accounts", "mapping", "trust", "syncapp.pipeline", "syncapp.desk"),
    path("accounts/", include("allauth.urls")),
]
if settings.MODE == "demo":
    urlpatterns.append(path("", include("syncapp.local.signins")))
