"""Reconciliations, what was done to each, the firm's own rules, and who signs for whom."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.tenancy import FirmModel
from trust.models.pairs import TrustPair
from trust.signing.states import Act, State

DUTIES = ("signs", "checks")  # signs reconciliations; signs checks of the account
ACTS = [act.value for act in Act]
ON_FIGURES = [Act.PREPARED.value, Act.SIGNED.value, Act.SUSPENDED.value]
IN_WORDS = [Act.ASKED.value, Act.ANSWERED.value, Act.REOPENED.value]


class Reconciliation(FirmModel):
    """One month of one trust account, once somebody submitted it. `state` is what its sign-offs tell."""

    pair = models.ForeignKey(TrustPair, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()  # its first day
    state = models.CharField(max_length=10, default=State.OPEN.value)
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-month", "pair_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "pair", "month"], name="one_reconciliation_per_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="reconciliation_names_a_month"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="reconciliation_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%B %Y} of {self.pair}"


class SignOff(FirmModel):
    """One thing that was done to a reconciliation. Append-only: an earlier signature stays as it was.

    `figures` are those it was done to, whole, and `digest` their SHA-256 (`trust.signing.figures`); `text` is
    the explanation, question, answer or reason; `separation` why one person had two duties; `by` is empty for
    what Tieout did itself.
    """

    reconciliation = models.ForeignKey(Reconciliation, on_delete=models.PROTECT, related_name="sign_offs")
    act = models.CharField(max_length=10)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    deputy_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    name = models.CharField(max_length=150)
    position = models.CharField(max_length=120, blank=True, default="")
    bar_number = models.CharField(max_length=60, blank=True, default="")
    text = models.CharField(max_length=2000, blank=True, default="")
    answers = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    certification = models.TextField(blank=True, default="")
    provenance = models.TextField(blank=True, default="")  # source and date of the certification text
    separation = models.CharField(max_length=500, blank=True, default="")
    digest = models.CharField(max_length=64, blank=True, default="")
    figures = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(act__in=ACTS), name="sign_off_act_is_known"),
            models.CheckConstraint(
                condition=~Q(act__in=ON_FIGURES) | Q(digest__regex="^[0-9a-f]{64}$", figures__isnull=False),
                name="sign_off_keeps_its_figures",
            ),
            models.CheckConstraint(
                condition=~Q(act__in=IN_WORDS) | Q(text__gt=""), name="sign_off_keeps_its_words"
            ),
            models.CheckConstraint(
                condition=~Q(act=Act.SIGNED.value)
                | Q(
                    by__isnull=False, name__gt="", bar_number__gt="", certification__gt="", provenance__gt=""
                ),
                name="signature_names_its_lawyer",
            ),
            models.CheckConstraint(
                condition=Q(act=Act.ANSWERED.value, answers__isnull=False)
                | ~Q(act=Act.ANSWERED.value) & Q(answers__isnull=True),
                name="answer_names_its_question",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reconciliation_id} {self.act}"


class FirmRule(FirmModel):
    """A rule of a jurisdiction as the firm set or approved it; the newest holds. Append-only."""

    jurisdiction = models.CharField(max_length=10, blank=True, default="")
    key = models.CharField(max_length=20)
    words = models.TextField()
    value = models.CharField(max_length=20, blank=True, default="")
    source = models.CharField(max_length=300)
    dated = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(words__gt="", source__gt="", dated__gt=""), name="firm_rule_has_its_source"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.jurisdiction or 'every place'}"


class Duty(FirmModel):
    """A person named for an account: signs its reconciliations, or signs its checks."""

    pair = models.ForeignKey(TrustPair, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    duty = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "pair", "user", "duty"], name="one_duty_once"),
            models.CheckConstraint(condition=Q(duty__in=DUTIES), name="duty_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.duty}"


class Deputy(FirmModel):
    """Who signs for a lawyer from one day to another, both included; `ended_at` when it was taken back."""

    absent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-last_day", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(absent=F("deputy")), name="deputy_is_somebody_else"),
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="deputy_has_its_days"),
        ]

    def __str__(self) -> str:
        return f"{self.deputy_id} for {self.absent_id}"
