"""Addresses of the screens over the pipeline."""

from __future__ import annotations

from django.urls import path

from syncapp.desk.views import (
    answers,
    connections,
    exceptions,
    overview,
    pausing,
    records,
    runs,
    tieout,
    trust_accounts,
    trust_approvals,
    trust_openings,
)

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
    path("trust/accounts/", trust_accounts.accounts, name="trust_accounts"),
    path("trust/accounts/add/", trust_accounts.add, name="trust_account_add"),
    path("trust/accounts/<int:pair_id>/", trust_accounts.account, name="trust_account"),
    path("trust/accounts/<int:pair_id>/change/", trust_accounts.change, name="trust_account_change"),
    path("trust/accounts/<int:pair_id>/opening/", trust_openings.opening, name="trust_opening"),
    path("trust/accounts/<int:pair_id>/opening/file/", trust_openings.file, name="trust_opening_file"),
    path(
        "trust/accounts/<int:pair_id>/opening/statement/",
        trust_openings.statement,
        name="trust_opening_statement",
    ),
    path("trust/changes/<int:change_id>/", trust_accounts.proposal, name="trust_change"),
    path("trust/changes/<int:change_id>/decide/", trust_accounts.decide, name="trust_change_decide"),
    path("trust/approvals/", trust_approvals.approvals, name="trust_approvals"),
    path("trust/approvals/<int:hold_id>/", trust_approvals.approve, name="trust_approve"),
]
