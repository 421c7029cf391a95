"""The trust app: trust pairs, client ledgers, statements, three-way reconciliation, sign-off."""

from __future__ import annotations

from django.apps import AppConfig


class TrustConfig(AppConfig):
    """Name the app."""

    name = "trust"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Give each verb of trust its sentence, and open to auditors what is theirs."""
        import trust.verbs  # noqa: F401 - the log speaks of trust in every process
        from accounts import auditing
        from trust.auditing import CALLED, OPEN
        from trust.queries import audit_events, pairs

        auditing.open_pages(OPEN, CALLED)
        auditing.know_accounts(pairs.account_names)
        auditing.tell_events(audit_events.told)
