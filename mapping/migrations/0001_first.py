"""The mirrored chart, versions of rules, and the wall and the triggers around them."""

import django.db.models.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.walls import CompositeKey, CompositeReference, Wall

# A published version is evidence: why a number went where it went. Its rules never change; the version itself
# may only gain resolved names (a mapping applied before the books were connected learns their ids later).
KEEP_PUBLISHED = """
create function mapping_keep_version() returns trigger language plpgsql as $$
begin
  if old.state = 'published' then
    if tg_op = 'DELETE' then
      raise exception 'a published mapping is never deleted' using errcode = 'restrict_violation';
    end if;
    if to_jsonb(new) - 'resolved' <> to_jsonb(old) - 'resolved' or not new.resolved @> old.resolved then
      raise exception 'a published mapping is never changed: start a draft' using errcode = 'restrict_violation';
    end if;
  end if;
  if tg_op = 'DELETE' then
    return old;
  end if;
  return new;
end $$;
create function mapping_keep_rule() returns trigger language plpgsql as $$
declare touched bigint[] := '{}';
begin
  if tg_op <> 'INSERT' then
    touched := touched || old.version_id;
  end if;
  if tg_op <> 'DELETE' then
    touched := touched || new.version_id;
  end if;
  if exists (select 1 from mapping_version where id = any(touched) and state = 'published') then
    raise exception 'the rules of a published mapping are never changed: start a draft'
      using errcode = 'restrict_violation';
  end if;
  if tg_op = 'DELETE' then
    return old;
  end if;
  return new;
end $$;
create trigger keep_published before update or delete on mapping_version
  for each row execute function mapping_keep_version();
create trigger keep_published before insert or update or delete on mapping_rule
  for each row execute function mapping_keep_rule();
create trigger never_emptied before truncate on mapping_version
  for each statement execute function tieout_append_only();
create trigger never_emptied before truncate on mapping_rule
  for each statement execute function tieout_append_only();
"""

LET_GO = """
drop trigger never_emptied on mapping_rule;
drop trigger never_emptied on mapping_version;
drop trigger keep_published on mapping_rule;
drop trigger keep_published on mapping_version;
drop function mapping_keep_rule();
drop function mapping_keep_version();
"""

TABLES = (
    "mapping_mirroraccount",
    "mapping_mirroritem",
    "mapping_mirrortag",
    "mapping_version",
    "mapping_rule",
    "mapping_companystate",
    "mapping_firmsettings",
)
WITH_BOOKS = (
    "mapping_mirroraccount",
    "mapping_mirroritem",
    "mapping_mirrortag",
    "mapping_version",
    "mapping_companystate",
)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_first"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("state", models.CharField(default="draft", max_length=10)),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                ("started_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("options", models.JSONField(default=dict)),
                ("resolved", models.JSONField(default=dict)),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "books",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.books"
                    ),
                ),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.firm"
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="Rule",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("position", models.PositiveIntegerField()),
                ("when", models.JSONField(default=dict)),
                ("item", models.CharField(blank=True, default="", max_length=600)),
                ("account", models.CharField(blank=True, default="", max_length=600)),
                ("class_name", models.CharField(blank=True, default="", max_length=600)),
                ("location", models.CharField(blank=True, default="", max_length=600)),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.firm"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rules",
                        to="mapping.version",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="CompanyState",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("company", models.JSONField(default=dict)),
                ("findings", models.JSONField(default=list)),
                ("capabilities", models.JSONField(default=dict)),
                ("checked_at", models.DateTimeField()),
                ("mirrored_at", models.DateTimeField(null=True)),
                (
                    "books",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.books"
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
                "constraints": [models.UniqueConstraint(fields=("books",), name="one_company_per_books")],
            },
        ),
        migrations.CreateModel(
            name="FirmSettings",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("settings", models.JSONField(default=dict)),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.firm"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("firm",), name="one_settings_row_per_firm")],
            },
        ),
        migrations.CreateModel(
            name="MirrorAccount",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("remote_id", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=600)),
                ("active", models.BooleanField(default=True)),
                ("gone", models.BooleanField(default=False)),
                ("seen_at", models.DateTimeField()),
                ("type", models.CharField(max_length=60)),
                ("subtype", models.CharField(blank=True, default="", max_length=80)),
                ("classification", models.CharField(blank=True, default="", max_length=40)),
                ("currency", models.CharField(blank=True, default="", max_length=3)),
                (
                    "books",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.books"
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
                "constraints": [
                    models.UniqueConstraint(fields=("books", "remote_id"), name="account_mirrored_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="MirrorItem",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("remote_id", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=600)),
                ("active", models.BooleanField(default=True)),
                ("gone", models.BooleanField(default=False)),
                ("seen_at", models.DateTimeField()),
                ("type", models.CharField(default="Service", max_length=40)),
                ("account", models.CharField(blank=True, default="", max_length=64)),
                ("taxable", models.BooleanField(default=False)),
                (
                    "books",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.books"
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
                "constraints": [
                    models.UniqueConstraint(fields=("books", "remote_id"), name="item_mirrored_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="MirrorTag",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("remote_id", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=600)),
                ("active", models.BooleanField(default=True)),
                ("gone", models.BooleanField(default=False)),
                ("seen_at", models.DateTimeField()),
                ("kind", models.CharField(max_length=10)),
                (
                    "books",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.books"
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
                "constraints": [
                    models.UniqueConstraint(fields=("books", "kind", "remote_id"), name="tag_mirrored_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["class", "location"])), name="tag_kind_is_known"
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(
                fields=("books", "number"), name="mapping_versions_are_numbered"
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "draft")), fields=("books",), name="one_mapping_draft_per_books"
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("published_at__isnull", True), ("state", "draft")),
                    models.Q(("published_at__isnull", False), ("state", "published")),
                    _connector="OR",
                ),
                name="published_mapping_has_its_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("version", "position"),
                name="one_rule_per_position",
            ),
        ),
        *[Wall(table) for table in TABLES],
        CompositeKey("mapping_version"),
        *[CompositeReference(table, "books_id", "accounts_books") for table in WITH_BOOKS],
        CompositeReference("mapping_rule", "version_id", "mapping_version"),
        migrations.RunSQL(KEEP_PUBLISHED, LET_GO),
    ]
