"""Where vendors call us."""

from __future__ import annotations

from django.urls import path

from syncapp.pipeline import views

app_name = "webhooks"
urlpatterns = [
    path("clio/<str:token>/", views.clio, name="clio"),
    path("qbo/", views.quickbooks, name="qbo"),
]
