"""People, firms, books, grants and the audit log, and the wall between firms."""

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from accounts.walls import AppendOnly, CompositeKey, CompositeReference, ScopeFunctions, Wall


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        ScopeFunctions(),
        migrations.CreateModel(
            name="Firm",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("time_zone", models.CharField(default="America/New_York", max_length=64)),
                ("currency", models.CharField(default="USD", max_length=3)),
                ("jurisdiction", models.CharField(blank=True, default="", max_length=40)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", models.CharField(max_length=150)),
                ("time_zone", models.CharField(default="America/New_York", max_length=64)),
                ("is_active", models.BooleanField(default=True)),
                ("is_staff", models.BooleanField(default=False)),
                ("date_joined", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ExternalAccount",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("provider", models.CharField(max_length=10)),
                ("region", models.CharField(blank=True, default="", max_length=10)),
                ("external_id", models.CharField(max_length=64)),
                ("books_id", models.BigIntegerField(null=True)),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.firm"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Books",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                ("ledger", models.CharField(default="qbo", max_length=10)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.firm"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(default=0)),
                ("hash", models.CharField(blank=True, default="", max_length=64)),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.firm"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("actor_text", models.CharField(max_length=200)),
                ("verb", models.CharField(max_length=80)),
                ("object_kind", models.CharField(blank=True, default="", max_length=60)),
                ("object_id", models.CharField(blank=True, default="", max_length=80)),
                ("object_text", models.CharField(blank=True, default="", max_length=300)),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("request_id", models.CharField(blank=True, default="", max_length=64)),
                ("previous_hash", models.CharField(blank=True, default="", max_length=64)),
                ("hash", models.CharField(max_length=64)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.firm"
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("provider", models.CharField(max_length=10)),
                ("region", models.CharField(blank=True, default="", max_length=10)),
                ("base_url", models.CharField(blank=True, default="", max_length=200)),
                ("external_id", models.CharField(max_length=64)),
                ("external_name", models.CharField(blank=True, default="", max_length=250)),
                ("access_token_sealed", models.BinaryField(default=b"")),
                ("refresh_token_sealed", models.BinaryField(default=b"")),
                ("expires_at", models.DateTimeField(null=True)),
                ("refresh_expires_at", models.DateTimeField(null=True)),
                ("hard_expires_at", models.DateTimeField(null=True)),
                ("state", models.CharField(default="connected", max_length=12)),
                ("state_reason", models.CharField(blank=True, default="", max_length=500)),
                ("state_at", models.DateTimeField(null=True)),
                ("authorised_at", models.DateTimeField()),
                ("disconnected_at", models.DateTimeField(null=True)),
                ("lease_holder", models.CharField(blank=True, default="", max_length=64)),
                ("lease_until", models.DateTimeField(null=True)),
                ("identity", models.JSONField(blank=True, default=dict)),
                (
                    "authorised_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "books",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.books",
                    ),
                ),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.firm"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254)),
                ("role", models.CharField(max_length=20)),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("invited_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="accounts.firm",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("role", models.CharField(max_length=20)),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("joined_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="accounts.firm",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=200)),
                ("subject", models.CharField(max_length=250)),
                ("recipients", models.JSONField(default=list)),
                ("sent_at", models.DateTimeField()),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.firm"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                name="user_email_is_lower_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="externalaccount",
            constraint=models.UniqueConstraint(
                fields=("provider", "region", "external_id"), name="one_firm_per_vendor_account"
            ),
        ),
        migrations.AddConstraint(
            model_name="books",
            constraint=models.UniqueConstraint(fields=("firm", "name"), name="one_set_of_books_per_name"),
        ),
        migrations.AddConstraint(
            model_name="books",
            constraint=models.CheckConstraint(
                condition=models.Q(("ledger__in", ["qbo", "xero"])), name="ledger_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="audithead",
            constraint=models.UniqueConstraint(fields=("firm",), name="one_audit_head_per_firm"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["firm", "-at"], name="audit_by_time"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["firm", "object_kind", "object_id"], name="audit_by_object"),
        ),
        migrations.AddConstraint(
            model_name="auditevent",
            constraint=models.UniqueConstraint(fields=("firm", "number"), name="audit_numbers_run_on"),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("provider__in", ["clio", "qbo", "xero"])), name="grant_provider_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["connected", "expired", "revoked", "error"])),
                name="grant_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("books__isnull", True), ("provider", "clio")),
                    models.Q(models.Q(("provider", "clio"), _negated=True), ("books__isnull", False)),
                    _connector="OR",
                ),
                name="books_grants_name_their_books",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(fields=("firm", "books"), name="one_grant_per_set_of_books"),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("provider", "clio")), fields=("firm",), name="one_clio_grant_per_firm"
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["administrator", "bookkeeper", "partner", "auditor"])),
                name="invitation_role_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("accepted_at__isnull", True), ("withdrawn_at__isnull", True)),
                fields=("firm", "email"),
                name="one_open_invitation_per_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(fields=("user", "firm"), name="one_membership_per_firm"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["administrator", "bookkeeper", "partner", "auditor"])),
                name="membership_role_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("role", "auditor"), _negated=True), ("ends_on__isnull", False), _connector="OR"
                ),
                name="auditor_has_an_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.UniqueConstraint(fields=("firm", "key"), name="told_once_per_key"),
        ),
        Wall("accounts_books"),
        Wall("accounts_grant"),
        Wall("accounts_auditevent"),
        Wall("accounts_audithead"),
        Wall("accounts_notification"),
        CompositeKey("accounts_books"),
        CompositeKey("accounts_grant"),
        CompositeReference("accounts_grant", "books_id", "accounts_books"),
        AppendOnly("accounts_auditevent"),
    ]
