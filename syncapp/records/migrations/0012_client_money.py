"""Client money is found by an index: accounts that a row of the books touches, documents that move it.

Row-level security lets no index look into JSON (its operators are not leakproof), so both are plain columns
that the database itself fills from the JSON: they cannot differ from it, whoever writes.
"""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from accounts.walls import CompositeKey, CompositeReference, Wall

LINES = """
create function records_line_sums(data jsonb) returns table (account text, customer text, minor bigint)
language sql immutable parallel safe as $$
  select line->>'account', coalesce(line->>'customer', ''), coalesce(sum((line->>'amount')::bigint), 0)::bigint
  from jsonb_array_elements(case jsonb_typeof(data->'lines') when 'array' then data->'lines' else '[]' end) line
  where line->>'account' <> ''
  group by 1, 2
$$;
create function records_keep_lines() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    delete from records_bookline l using after_it a join before_it b on b.id = a.id
     where l.row_id = a.id and b.data->'lines' is distinct from a.data->'lines';
    insert into records_bookline (firm_id, books_id, row_id, account, customer, minor)
      select a.firm_id, a.books_id, a.id, s.account, s.customer, s.minor
      from after_it a join before_it b on b.id = a.id cross join lateral records_line_sums(a.data) s
      where b.data->'lines' is distinct from a.data->'lines';
  else
    insert into records_bookline (firm_id, books_id, row_id, account, customer, minor)
      select a.firm_id, a.books_id, a.id, s.account, s.customer, s.minor
      from after_it a cross join lateral records_line_sums(a.data) s;
  end if;
  return null;
end $$;
create trigger keep_lines_of_new after insert on records_bookrow
  referencing new table as after_it for each statement execute function records_keep_lines();
create trigger keep_lines_of_changed after update on records_bookrow
  referencing old table as before_it new table as after_it
  for each statement execute function records_keep_lines();
"""
DROP_LINES = """
drop trigger keep_lines_of_changed on records_bookrow;
drop trigger keep_lines_of_new on records_bookrow;
drop function records_keep_lines();
drop function records_line_sums(jsonb);
"""
FILL = """
insert into records_bookline (firm_id, books_id, row_id, account, customer, minor)
  select r.firm_id, r.books_id, r.id, s.account, s.customer, s.minor
  from records_bookrow r cross join lateral records_line_sums(r.data) s;
"""
OF_TRUST = """
create function records_of_trust(kind text, data jsonb) returns boolean
language sql immutable parallel safe as $$
  select case kind
    when 'money' then coalesce(data->'trust' = 'true', false)
    when 'payment' then coalesce(data->>'funds' = 'trust', false) or coalesce(data->'into_trust' = 'true', false)
      or coalesce(data->'trust_rows' <> '[]', false)
    else false end
$$;
"""
LEARN = """
create or replace function tieout_learn() returns void language plpgsql security definer
set search_path from current as $$
begin
  analyze (skip_locked) records_sourcehead, records_document, records_concern, records_posting, records_link,
    records_attempt, records_postedentry, records_postedline, records_bookrow, {bookline}records_hold;
end $$;
"""


class Migration(migrations.Migration):
    """Add the lines of the books' rows and the mark of client money, filled and kept by the database."""

    dependencies: ClassVar = [("records", "0011_ledger_accounts")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="BookLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("account", models.CharField(max_length=40)),
                ("customer", models.CharField(blank=True, default="", max_length=40)),
                ("minor", models.BigIntegerField()),
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
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="records.bookrow",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["row", "account", "customer"], name="one_line_per_account_of_row"
                    )
                ],
                "indexes": [models.Index(fields=["firm", "books", "account"], name="book_line_by_account")],
            },
        ),
        migrations.RunSQL(LINES, DROP_LINES),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        Wall("records_bookline"),
        CompositeKey("records_bookrow"),
        CompositeReference("records_bookline", "books_id", "accounts_books"),
        CompositeReference("records_bookline", "row_id", "records_bookrow"),
        migrations.RunSQL(LEARN.format(bookline="records_bookline, "), LEARN.format(bookline="")),
        migrations.RunSQL(OF_TRUST, "drop function records_of_trust(text, jsonb)"),
        migrations.AddField(
            model_name="document",
            name="of_trust",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(models.F("kind"), models.F("data"), function="records_of_trust"),
                output_field=models.BooleanField(),
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                condition=models.Q(("of_trust", True)), fields=["firm", "day"], name="document_of_trust"
            ),
        ),
    ]
