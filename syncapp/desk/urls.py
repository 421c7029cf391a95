"""Addresses of the screens over the pipeline."""

from __future__ import annotations

from django.urls import path

from syncapp.desk.views import answers, connections, exceptions, overview, pausing, records, runs, tieout

app_name = "desk"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("setup/", overview.setup, name="setup"),
    path("start/<int:books_id>/", overview.start, name="start"),
    path("exceptions/", exceptions.exceptions, name="exceptions"),
    path("exceptions/retry/", exceptions.retry, name="retry"),
    path("exceptions/export/", exceptions.export, name="exceptions_export"),
    path("exceptions/<int:case_id>/", exceptions.case, name="case"),
    path("exceptions/<int:case_id>/choose/", answers.choose, name="choose"),
    path("exceptions/<int:case_id>/approve/", answers.approve, name="approve"),
    path("exceptions/<int:case_id>/payment/", answers.payment, name="payment"),
    path("exceptions/alarms/<int:hold_id>/close/", answers.close_alarm, name="close_alarm"),
    path("records/<int:document_id>/", records.record, name="record"),
    path("records/<int:document_id>/returned/", answers.returned, name="returned"),
    path("search/", records.search, name="search"),
    path("trace/", records.trace, name="trace"),
    path("runs/", runs.runs, name="runs"),
    path("runs/progress/", runs.progress, name="progress"),
    path("runs/sync/", runs.sync, name="sync"),
    path("runs/pause/", pausing.pause, name="pause"),
    path("runs/resume/", pausing.resume, name="resume"),
    path("runs/pausing/", pausing.pausing, name="pausing"),
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
