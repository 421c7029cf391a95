"""Ledgers with an account of their own: the wall knows that account as its trust liability's, and as one ledger's."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

WALL = """
create or replace function records_trust_wall() returns trigger language plpgsql as $$
declare
  entry_side text;
  entry_books bigint;
begin
  select side, books_id into entry_side, entry_books from records_postedentry where id = new.entry_id;
  if (entry_side = 'trust') <> (new.role in ('trust_bank', 'trust_liability')) then
    raise exception 'a % entry cannot touch a % account', entry_side, new.role
      using errcode = 'check_violation';
  end if;
  if (new.role = 'trust_liability') <> (new.ledger <> '') then
    raise exception 'a line of a % account names % ledger', new.role,
      case when new.ledger = '' then 'no' else 'a' end using errcode = 'check_violation';
  end if;
  {accounts}
  return new;
end $$;
"""
ACCOUNTS = """
  if new.parent <> '' and new.role <> 'trust_liability' then
    raise exception 'a % account is no ledger of a trust liability', new.role using errcode = 'check_violation';
  end if;
  if new.role = 'trust_liability' and exists (
    select 1 from records_postedline other
     where other.entry_id = new.entry_id and other.firm_id = new.firm_id and other.role = 'trust_liability'
       and coalesce(nullif(other.parent, ''), other.account) <> coalesce(nullif(new.parent, ''), new.account)
  ) then
    raise exception 'an entry of client money stays within one trust account' using errcode = 'check_violation';
  end if;
  if new.parent <> '' and exists (
    select 1 from records_postedline other
      join records_postedentry entry on entry.id = other.entry_id and entry.firm_id = other.firm_id
     where other.firm_id = new.firm_id and other.parent = new.parent and other.account = new.account
       and other.ledger <> new.ledger and entry.books_id = entry_books
       and 'trust/untagged' not in (other.ledger, new.ledger)
  ) then
    raise exception 'account % is the account of another ledger', new.account using errcode = 'check_violation';
  end if;
"""


class Migration(migrations.Migration):
    """Add the parent, and let the wall ask for it."""

    dependencies: ClassVar = [("records", "0010_trust_ledgers")]
    operations: ClassVar = [
        migrations.AddField(
            "postedline", "parent", models.CharField(blank=True, db_default="", default="", max_length=40)
        ),
        migrations.AddIndex(
            "postedline",
            models.Index(
                condition=models.Q(("parent", ""), _negated=True),
                fields=["firm", "parent"],
                name="line_by_parent",
            ),
        ),
        migrations.RunSQL(WALL.format(accounts=ACCOUNTS), WALL.format(accounts="")),
    ]
