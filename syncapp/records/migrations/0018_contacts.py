"""What both sides showed of a contact when it was last settled, and what goes back to the practice system."""

from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models

from accounts.walls import CompositeReference, Wall


def _key(to: str, related_name: str = "+") -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=related_name, to=to)


class Migration(migrations.Migration):
    """Add two tables behind the wall."""

    dependencies: ClassVar = [("accounts", "0003_auditors"), ("records", "0017_deposits")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Agreed",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("subject", models.CharField(max_length=120)),
                ("fields", models.JSONField(default=dict)),
                ("round", models.IntegerField(default=0)),
                ("at", models.DateTimeField()),
                ("books", _key("accounts.books")),
                ("firm", _key("accounts.firm")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("firm", "books", "subject"), name="one_agreement_per_contact"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactWrite",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("source_version", models.IntegerField()),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("state", models.CharField(default="ready", max_length=8)),
                ("words", models.CharField(blank=True, default="", max_length=300)),
                ("asked_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("books", _key("accounts.books")),
                ("document", _key("records.document", "told")),
                ("firm", _key("accounts.firm")),
            ],
            options={
                "indexes": [models.Index(fields=["firm", "document"], name="contact_write_by_document")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "ready")),
                        fields=("firm", "document"),
                        name="one_change_on_its_way_to_clio",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("ready", "done", "heard", "refused", "dropped"))),
                        name="contact_write_state_is_known",
                    ),
                ],
            },
        ),
        Wall("records_agreed"),
        Wall("records_contactwrite"),
        CompositeReference("records_agreed", "books_id", "accounts_books"),
        CompositeReference("records_contactwrite", "books_id", "accounts_books"),
        CompositeReference("records_contactwrite", "document_id", "records_document"),
    ]
