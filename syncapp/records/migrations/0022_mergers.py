"""Customers merged in the books, what a notice says of them, and links that share a customer since."""

from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.walls import CompositeReference, Wall

UNIQUE = ["firm", "books", "object_kind", "remote_id"]


def _key(to: str, **more: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to, **more)


class Migration(migrations.Migration):
    """Add one table behind the wall, and a column each to notices and links."""

    dependencies: ClassVar = [
        ("records", "0021_undone"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Merger",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("gone", models.CharField(max_length=40)),
                ("kept", models.CharField(max_length=40)),
                ("told", models.BooleanField(default=False)),
                ("facts", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("books", _key("accounts.books")),
                ("by", _key(settings.AUTH_USER_MODEL, null=True)),
                ("firm", _key("accounts.firm")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("firm", "books", "gone"), name="one_merger_per_customer"),
                ],
            },
        ),
        Wall("records_merger"),
        CompositeReference("records_merger", "books_id", "accounts_books"),
        migrations.AddField(
            "notice", "gone_id", models.CharField(blank=True, db_default="", default="", max_length=64)
        ),
        migrations.AddField("link", "shared", models.BooleanField(db_default=False, default=False)),
        migrations.RemoveConstraint("link", "one_subject_per_book_object"),
        migrations.AddConstraint(
            "link",
            models.UniqueConstraint(
                condition=models.Q(("live", True), ("shared", False)),
                fields=UNIQUE,
                name="one_subject_per_book_object",
            ),
        ),
    ]
