"""Addresses of the screens over the pipeline."""

from __future__ import annotations

from django.urls import path

from syncapp.desk.views import connections, exceptions, overview, records, runs, tieout

app_name = "desk"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("setup/", overview.setup, name="setup"),
    path("start/<int:books_id>/", overview.start, name="start"),
    path("exceptions/", exceptions.exceptions, name="exceptions"),
    path("exceptions/retry/", exceptions.retry, name="retry"),
    path("exceptions/export/", exceptions.export, name="exceptions_export"),
    path("exceptions/<int:case_id>/", exceptions.case, name="case"),
    path("exceptions/<int:case_id>/choose/", exceptions.choose, name="choose"),
    path("exceptions/alarms/<int:hold_id>/close/", exceptions.close_alarm, name="close_alarm"),
    path("records/<int:document_id>/", records.record, name="record"),
    path("search/", records.search, name="search"),
    path("trace/", records.trace, name="trace"),
    path("runs/", runs.runs, name="runs"),
    path("runs/progress/", runs.progress, name="progress"),
    path("runs/sync/", runs.sync, name="sync"),
    path("runs/pause/", runs.pause, name="pause"),
    path("runs/resume/", runs.resume, name="resume"),
    path("runs/<int:run_id>/", runs.run, name="run"),
    path("tie-out/", tieout.tieout, name="tieout"),
    path("tie-out/export/", tieout.export, name="tieout_export"),
    path("connections/", connections.connections, name="connections"),
    path("connections/connect/<slug:provider>/", connections.connect, name="connect"),
    path("connections/callback/<slug:provider>/", connections.callback, name="callback"),
    path("connections/<int:grant_id>/disconnect/", connections.disconnect, name="disconnect"),
    path("connections/<int:grant_id>/forget/", connections.purge, name="purge"),
    path("connections/books/add/", connections.add_books, name="add_books"),
    path("connections/books/<int:books_id>/check/", connections.check, name="check"),
]
