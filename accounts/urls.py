"""Addresses of accounts; allauth's own stand below /accounts/."""

from __future__ import annotations

from django.urls import path

from accounts.views import entrance, log, people, visits

app_name = "accounts"
urlpatterns = [
    path("accounts/signup/", entrance.sign_up, name="signup"),
    path("invitation/<str:token>/", entrance.invitation, name="invitation"),
    path("no-firm/", entrance.no_firm, name="no_firm"),
    path("firms/new/", entrance.new_firm, name="new_firm"),
    path("switch/", entrance.switch, name="switch"),
    path("settings/people/", people.people, name="people"),
    path("settings/people/invite/", people.invite, name="invite"),
    path("settings/people/invitations/<int:invitation_id>/withdraw/", people.withdraw, name="withdraw"),
    path("settings/people/pages/<int:user_id>/", visits.visits, name="visits"),
    path("settings/people/pages/<int:user_id>/file/", visits.visits_file, name="visits_file"),
    path("settings/people/<int:member_id>/", people.person, name="person"),
    path("settings/people/<int:member_id>/remove/", people.remove, name="remove"),
    path("settings/profile/", people.profile, name="profile"),
    path("settings/notifications/", people.notifications, name="notifications"),
    path("audit/", log.log, name="audit"),
    path("audit/verify/", log.verify, name="audit_verify"),
    path("audit/export/", log.export, name="audit_export"),
]
