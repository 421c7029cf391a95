"""What the pages look things up by, and walls that ask for the scope once for a statement."""

from django.db import migrations, models

from accounts.walls import AskedOnce


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_letter_choices"),
        ("records", "0005_daily_use"),
    ]

    operations = [
        AskedOnce(),
        migrations.RemoveIndex(
            model_name="hold",
            name="hold_open",
        ),
        migrations.AddIndex(
            model_name="bookrow",
            index=models.Index(
                fields=["firm", "-day", "-id"],
                include=("number", "name", "total", "deleted"),
                name="book_row_search",
            ),
        ),
        migrations.AddIndex(
            model_name="difference",
            index=models.Index(fields=["firm", "tie_out"], name="difference_of_tie_out"),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                fields=["firm", "-day", "-id"],
                include=("kind", "source_id", "number", "amount", "client_id"),
                name="document_search",
            ),
        ),
        migrations.AddIndex(
            model_name="hold",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["firm", "case"],
                include=("id", "alarm", "amount", "opened_at", "resource"),
                name="hold_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="link",
            index=models.Index(fields=["firm", "remote_id"], name="link_by_remote_id"),
        ),
        migrations.AddIndex(
            model_name="link",
            index=models.Index(
                fields=["firm", "subject"],
                name="link_by_prefix",
                opclasses=["int8_ops", "varchar_pattern_ops"],
            ),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(condition=models.Q(("state", "going")), fields=["firm"], name="run_going"),
        ),
        migrations.AddIndex(
            model_name="tieout",
            index=models.Index(fields=["firm", "-at"], name="tie_out_newest"),
        ),
        migrations.AddIndex(
            model_name="tieout",
            index=models.Index(
                condition=models.Q(("equal", True)), fields=["firm", "-at"], name="tie_out_equal"
            ),
        ),
    ]
