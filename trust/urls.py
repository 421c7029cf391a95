"""Addresses of client money."""

from __future__ import annotations

from django.urls import path, register_converter

from trust.converters import Month
from trust.views import (
    arrivals,
    binder,
    lists,
    matching,
    month,
    overview,
    people,
    registers,
    report,
    review,
    rules,
    standing,
    statements,
    talking,
    upload_token,
    uploads,
)

app_name = "trust"
register_converter(Month, "month")
MONTH = "trust/<int:pair_id>/<month:month>/"
urlpatterns = [
    path("trust/", overview.overview, name="overview"),
    path("trust/awaiting/", overview.awaiting, name="awaiting"),
    path("trust/rules/", rules.rules, name="rules"),
    path("trust/rules/<str:code>/<str:key>/", rules.rule, name="rule"),
    path("trust/rules/<str:code>/<str:key>/set/", rules.set_rule, name="set_rule"),
    path("trust/signers/", people.people, name="people"),
    path("trust/signers/name/", people.name, name="name"),
    path("trust/signers/<int:duty_id>/take-back/", people.take_back, name="take_back"),
    path("trust/deputies/name/", people.deputy, name="deputy"),
    path("trust/deputies/<int:deputy_id>/end/", people.end_deputy, name="end_deputy"),
    path("trust/<int:pair_id>/balances/", standing.standing, name="standing"),
    path("trust/<int:pair_id>/lists/", lists.lists, name="lists"),
    path("trust/<int:pair_id>/registers/", registers.registers, name="registers"),
    path("trust/<int:pair_id>/registers/file/", registers.register_file, name="register_file"),
    path("trust/<int:pair_id>/matching/", matching.matching, name="matching"),
    path("trust/<int:pair_id>/matching/chosen/", matching.chosen, name="chosen"),
    path("trust/<int:pair_id>/matching/match/", matching.match, name="match"),
    path("trust/<int:pair_id>/matching/accept/", matching.accept, name="accept"),
    path("trust/<int:pair_id>/matching/payees/", matching.payees, name="payees"),
    path("trust/matches/<int:match_id>/undo/", matching.undo, name="undo_match"),
    path("trust/payees/<int:rule_id>/stop/", matching.stop_payee, name="stop_payee"),
    path("trust/<int:pair_id>/statements/", statements.statements, name="statements"),
    path("trust/<int:pair_id>/statements/upload/", statements.upload, name="upload"),
    path("trust/<int:pair_id>/statements/new/", uploads.new, name="new_statement"),
    path("trust/<int:pair_id>/statements/new/columns/", uploads.columns, name="columns"),
    path("trust/<int:pair_id>/statements/new/drop/", statements.drop, name="drop_upload"),
    path("trust/<int:pair_id>/statements/<int:statement_id>/", statements.statement, name="statement"),
    path("trust/<int:pair_id>/statements/<int:statement_id>/file/", statements.original, name="bank_file"),
    path("trust/<int:pair_id>/statements/arrivals/", arrivals.arrivals, name="arrivals"),
    path("trust/<int:pair_id>/statements/tokens/", arrivals.make_token, name="make_token"),
    path("trust/tokens/<int:token_id>/take-back/", arrivals.revoke_token, name="revoke_token"),
    path("trust/arrivals/<int:arrival_id>/look/", arrivals.look, name="look_at_arrival"),
    path("trust/arrivals/<int:arrival_id>/done/", arrivals.dismiss, name="dismiss_arrival"),
    path("upload/statement/", upload_token.arrive, name="arrive"),
    path(f"{MONTH}report/", report.report, name="report"),
    path(f"{MONTH}binder/", binder.binder, name="binder"),
    path(f"{MONTH}prepare/", month.submit, name="submit"),
    path(f"{MONTH}sign/", month.sign, name="sign"),
    path(f"{MONTH}ask/", talking.ask, name="ask"),
    path(f"{MONTH}answer/", talking.answer, name="answer"),
    path(f"{MONTH}review/", review.review, name="review"),
    path(f"{MONTH}review/draw/", review.draw, name="review_draw"),
    path(f"{MONTH}review/answer/", review.answer, name="review_answer"),
    path(f"{MONTH}review/sign/", review.sign, name="review_sign"),
    path(f"{MONTH}reopen/", talking.reopen, name="reopen"),
    path(MONTH, month.month, name="month"),
]
