"""What is asked of PostgreSQL at each scrape: a fixed number of set-based questions, for any number of firms.

Each answers rows whose first columns are labels and whose others are figures, in the order of `figures`; None
leaves a figure out. Ages are seconds before `now`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a figure moves: a counter only grows."""

    GAUGE = "gauge"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure: its name after `tieout_`, what it says, and how it moves."""

    name: str
    says: str
    kind: Kind = Kind.GAUGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One query; `labels` name its first columns, `figures` the others."""

    labels: tuple[str, ...]
    figures: tuple[Figure, ...]
    sql: str


def _ask(labels: str, sql: str, *figures: Figure) -> Question:
    return Question(labels=tuple(labels.split()), figures=figures, sql=sql)


TICK = _ask(
    "",
    "select extract(epoch from %(now)s - max(at)) from pipeline_tick",
    Figure(name="last_tick_age_seconds", says="Seconds since the schedule last ticked."),
)
SCHEDULE = _ask(
    "firm",
    """
select f.slug, s.every, s.paused::int,
       extract(epoch from %(now)s - s.due_at),
       case when s.lease_until is not null and s.lease_holder <> %(offered)s
            then extract(epoch from %(now)s - s.started_at) end,
       extract(epoch from s.lease_until - %(now)s)
  from accounts_firm f join pipeline_syncschedule s on s.firm_id = f.id
""",
    Figure(name="interval_seconds", says="Seconds between two polls of this firm."),
    Figure(name="paused", says="1 while a person has paused the firm."),
    Figure(name="overdue_seconds", says="Seconds since the firm is due; negative before."),
    Figure(name="lease_age_seconds", says="Seconds since the run that has the firm began."),
    Figure(name="lease_left_seconds", says="Seconds until the lease of that run ends; negative: it ran out."),
)
RUNS = _ask(
    "firm state",
    """
select f.slug, state.name, count(r.id)
  from accounts_firm f
 cross join unnest(array['going', 'done', 'waiting', 'failed']) as state(name)
  left join records_run r on r.firm_id = f.id and r.state = state.name
                         and r.started_at > %(now)s - interval '1 day'
 group by 1, 2
""",
    Figure(name="runs_last_day", says="Runs begun in the last 24 hours, by how they stand."),
)
LAST_RUN = _ask(
    "firm",
    """
select f.slug, extract(epoch from r.ended_at - r.started_at), extract(epoch from %(now)s - r.ended_at)
  from accounts_firm f
 cross join lateral (select started_at, ended_at from records_run
                      where firm_id = f.id and ended_at is not null
                      order by started_at desc limit 1) r
""",
    Figure(name="last_run_seconds", says="How long the last run that ended took."),
    Figure(name="last_run_age_seconds", says="Seconds since it ended."),
)
HELD = _ask(
    "firm",
    """
select f.slug, count(h.id) filter (where not h.alarm and h.code not in ('paused', 'scheduled')),
       count(h.id) filter (where not h.alarm and h.code = 'paused'),
       count(h.id) filter (where not h.alarm and h.code = 'scheduled'),
       count(h.id) filter (where h.alarm),
       extract(epoch from %(now)s - min(h.opened_at)
               filter (where not h.alarm and h.code not in ('paused', 'scheduled')))
  from accounts_firm f
  left join records_hold h on h.firm_id = f.id and h.closed_at is null
 group by 1
""",
    Figure(name="held", says="Documents that wait in the queue for a person."),
    Figure(name="held_by_pause", says="Documents that wait because a person paused them."),
    Figure(name="held_by_schedule", says="Documents that wait because they post at a later time."),
    Figure(name="alarms", says="Documents that posted and need a person all the same."),
    Figure(name="oldest_hold_age_seconds", says="Seconds since the oldest of the held ones waits."),
)
OPEN = _ask(
    "firm",
    """
select f.slug,
       count(p.id) filter (where p.state = 'ready'),
       count(p.id) filter (where p.state = 'sending'),
       count(p.id) filter (where p.state = 'uncertain'),
       extract(epoch from %(now)s - min(p.created_at) filter (where p.state = 'ready')),
       extract(epoch from %(now)s - min(p.first_sent_at) filter (where p.state = 'uncertain'))
  from accounts_firm f
  left join records_posting p on p.firm_id = f.id and p.state in ('ready', 'sending', 'uncertain')
 group by 1
""",
    Figure(name="ready", says="Operations that are planned and not sent."),
    Figure(name="sending", says="Operations that are on their way."),
    Figure(name="uncertain", says="Operations that got no clear answer and are looked for."),
    Figure(name="oldest_ready_age_seconds", says="Seconds since the oldest ready operation was planned."),
    Figure(
        name="oldest_uncertain_age_seconds", says="Seconds since the oldest uncertain one was first sent."
    ),
)
USE = _ask(
    "firm provider",
    """
select f.slug, u.provider, sum(u.calls), sum(u.metered), sum(u.posted)
  from accounts_firm f join records_dailyuse u on u.firm_id = f.id
 group by 1, 2
""",
    Figure(name="vendor_calls_total", says="Calls that left for a vendor.", kind=Kind.COUNTER),
    Figure(
        name="metered_reads_total", says="Successful reads that the vendor charges for.", kind=Kind.COUNTER
    ),
    Figure(name="posted_total", says="Operations that the books took.", kind=Kind.COUNTER),
)
CLIO_READ = _ask(
    "firm",
    """
select f.slug, extract(epoch from %(now)s - min(c.at))
  from accounts_firm f join records_cursor c on c.firm_id = f.id and c.name = any(%(polled)s)
 group by 1
""",
    Figure(name="clio_read_age_seconds", says="Seconds since everything of Clio that is polled was read."),
)
TIE_OUT = _ask(
    "firm books",
    """
select f.slug, b.name, extract(epoch from %(now)s - t.at), t.equal::int
  from accounts_firm f
  join accounts_books b on b.firm_id = f.id
 cross join lateral (select at, equal from records_tieout
                      where firm_id = f.id and books_id = b.id order by at desc limit 1) t
""",
    Figure(name="tie_out_age_seconds", says="Seconds since Clio and the books were compared."),
    Figure(name="tie_out_equal", says="1 when that comparison found no difference at all."),
)
GRANTS = _ask(
    "firm provider account",
    """
select f.slug, g.provider, g.external_id, (g.state = 'connected')::int,
       extract(epoch from least(g.hard_expires_at, g.refresh_expires_at) - %(now)s)
  from accounts_firm f join accounts_grant g on g.firm_id = f.id and g.disconnected_at is null
""",
    Figure(name="connected", says="1 while the vendor accepts the authorisation; 0: connect it again."),
    Figure(name="authorisation_ends_in_seconds", says="Seconds until the authorisation ends for good."),
)
TROUBLE = _ask(
    "firm provider",
    """
select f.slug, t.provider, extract(epoch from %(now)s - min(t.since))
  from accounts_firm f join pipeline_trouble t on t.firm_id = f.id
 group by 1, 2
""",
    Figure(name="trouble_age_seconds", says="Seconds since a vendor does not do what it should."),
)
PAUSES = _ask(
    "firm",
    """
select f.slug, count(p.id)
  from accounts_firm f left join pipeline_pause p on p.firm_id = f.id and p.ended_at is null
 group by 1
""",
    Figure(name="pauses", says="Kinds of records, or clients, that people have paused."),
)
WEBHOOKS = _ask(
    "firm model",
    """
select f.slug, w.model, (w.state = 'live' and w.missed_at is null)::int,
       extract(epoch from %(now)s - w.missed_at), extract(epoch from w.expires_at - %(now)s)
  from accounts_firm f join records_webhook w on w.firm_id = f.id and w.state <> 'gone'
""",
    Figure(name="webhook_live", says="1 while a subscription at Clio brings what it should."),
    Figure(name="webhook_silent_seconds", says="Seconds since a poll found what Clio should have announced."),
    Figure(name="webhook_ends_in_seconds", says="Seconds until the subscription ends."),
)
NOTICES = _ask(
    "firm provider",
    """
select f.slug, provider.name, extract(epoch from %(now)s - n.received_at)
  from accounts_firm f
 cross join unnest(array['clio', 'qbo']) as provider(name)
 cross join lateral (select received_at from records_notice
                      where firm_id = f.id and provider = provider.name
                      order by received_at desc limit 1) n
""",
    Figure(name="webhook_heard_age_seconds", says="Seconds since a vendor last called out to us."),
)
ALL = (
    TICK,
    SCHEDULE,
    RUNS,
    LAST_RUN,
    HELD,
    OPEN,
    USE,
    CLIO_READ,
    TIE_OUT,
    GRANTS,
    TROUBLE,
    PAUSES,
    WEBHOOKS,
    NOTICES,
)
