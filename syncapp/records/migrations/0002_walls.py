"""The wall, the keys within a firm, and the books that refuse bad entries (DESIGN section 6, rows 1 to 5)."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from accounts.walls import AppendOnly, CompositeKey, CompositeReference, Wall

TABLES = (
    "attempt",
    "bookchoice",
    "bookcursor",
    "bookrow",
    "case",
    "concern",
    "cursor",
    "difference",
    "document",
    "documentversion",
    "hold",
    "link",
    "postedentry",
    "postedline",
    "posting",
    "run",
    "sourcehead",
    "sourcerecord",
    "tieout",
)
PARENTS = ("case", "document", "postedentry", "posting", "sourcerecord", "tieout")
REFERENCES = (
    ("attempt", "posting_id", "posting"),
    ("bookchoice", "books_id", "accounts_books"),
    ("bookcursor", "books_id", "accounts_books"),
    ("bookrow", "books_id", "accounts_books"),
    ("case", "books_id", "accounts_books"),
    ("concern", "document_id", "document"),
    ("difference", "tie_out_id", "tieout"),
    ("documentversion", "document_id", "document"),
    ("hold", "case_id", "case"),
    ("hold", "document_id", "document"),
    ("link", "books_id", "accounts_books"),
    ("link", "document_id", "document"),
    ("postedentry", "books_id", "accounts_books"),
    ("postedentry", "posting_id", "posting"),
    ("postedentry", "reverses_id", "postedentry"),
    ("postedline", "entry_id", "postedentry"),
    ("posting", "books_id", "accounts_books"),
    ("posting", "document_id", "document"),
    ("sourcehead", "record_id", "sourcerecord"),
    ("tieout", "books_id", "accounts_books"),
)
APPEND_ONLY = ("attempt", "documentversion", "postedentry", "postedline", "sourcerecord")

BALANCE = """
create function records_entry_balances() returns trigger language plpgsql as $$
declare total bigint;
begin
  select sum(minor) into total from records_postedline where entry_id = new.entry_id;
  if total <> 0 then
    raise exception 'entry % is out of balance by %', new.entry_id, total using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger entry_balances after insert on records_postedline
  deferrable initially deferred for each row execute function records_entry_balances();
"""
TRUST = """
create function records_trust_wall() returns trigger language plpgsql as $$
declare entry_side text;
begin
  select side into entry_side from records_postedentry where id = new.entry_id;
  if (entry_side = 'trust') <> (new.role in ('trust_bank', 'trust_liability')) then
    raise exception 'a % entry cannot touch a % account', entry_side, new.role
      using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger trust_wall before insert on records_postedline
  for each row execute function records_trust_wall();
"""


def table(name: str) -> str:
    """Return the table of a record, or a table of another app by its full name."""
    return name if name.startswith("accounts_") else f"records_{name}"


class Migration(migrations.Migration):
    """Walls, keys and triggers of the records."""

    dependencies: ClassVar = [("records", "0001_first")]
    operations: ClassVar = [
        *[Wall(table(name)) for name in TABLES],
        *[CompositeKey(table(name)) for name in PARENTS],
        *[CompositeReference(table(child), column, table(parent)) for child, column, parent in REFERENCES],
        *[AppendOnly(table(name)) for name in APPEND_ONLY],
        migrations.RunSQL(
            BALANCE,
            "drop trigger entry_balances on records_postedline; drop function records_entry_balances()",
        ),
        migrations.RunSQL(
            TRUST, "drop trigger trust_wall on records_postedline; drop function records_trust_wall()"
        ),
    ]
