"""Addresses of the mapping screens."""

from __future__ import annotations

from django.urls import path

from mapping.views import lists, options, publishing, rules

app_name = "mapping"
urlpatterns = [
    path("mapping/", rules.rules, name="rules"),
    path("mapping/start/", rules.start, name="start"),
    path("mapping/rules/add/", rules.add, name="add"),
    path("mapping/rules/<int:rule_id>/", rules.edit, name="edit"),
    path("mapping/rules/<int:rule_id>/move/", rules.move, name="move"),
    path("mapping/rules/<int:rule_id>/remove/", rules.remove, name="remove"),
    path("mapping/options/", options.options, name="options"),
    path("mapping/publish/", publishing.publish, name="publish"),
    path("mapping/discard/", publishing.discard, name="discard"),
    path("mapping/versions/", publishing.versions, name="versions"),
    path("mapping/versions/<int:number>/", publishing.version, name="version"),
    path("mapping/coverage/", lists.coverage, name="coverage"),
    path("mapping/chart/", lists.chart, name="chart"),
]
