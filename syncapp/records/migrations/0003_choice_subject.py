"""A choice is kept under the subject of what it is about, which is as long as a link's."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Widen the subject of a choice."""

    dependencies = [("records", "0002_walls")]

    operations = [
        migrations.AlterField(
            model_name="bookchoice", name="subject", field=models.CharField(max_length=120)
        ),
    ]
