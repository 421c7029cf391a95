-- The statements that write one firm of the crowd (crowd.py), as the application's role and behind the wall.
-- `pairs` of a posted bill (six lines) and its payment (two lines), `held` bills that wait for `causes`, `moves` of
-- client money (two lines) from `since` to `told`: two deposits and a disbursement for one matter after another.

-- step: 
-- what there is: clients with a matter each, bills and their payments, client money
create temp table plain on commit drop as
select i, 'client' as kind, 'contacts' as resource, 'customer' as object_kind, 'contacts/' || i as subject,
       '' as number, null::date as day, 0::bigint as amount, i as client, true as posted, 'p' as mark,
       (%(firsts)s::text[])[1 + mod(i * 7, 40)] || ' ' || (%(lasts)s::text[])[1 + mod(i / 40 + i, 40)] || ' ' || i
       as name
from generate_series(1, %(clients)s) i
union all
select i, 'matter', 'matters', 'customer', 'matters/' || i, lpad(i::text, 5, '0'), null, 0, i, true, 'p',
       lpad(i::text, 5, '0') || ' matter of ' || i
from generate_series(1, %(clients)s) i
union all
select i, 'bill', 'bills', 'invoice', 'bills/' || i, (10000 + i)::text, %(today)s::date - mod(i, 365),
       10000 + mod(i * 7919, 500000), 1 + mod(i, %(clients)s), i <= %(pairs)s, 'p', ''
from generate_series(1, %(pairs)s + %(held)s) i
union all
select i, 'payment', 'allocations', 'payment', 'payments/' || i, (400000 + i)::text,
       %(today)s::date - mod(i, 365), 10000 + mod(i * 7919, 500000), 1 + mod(i, %(clients)s), true, 'p', ''
from generate_series(1, %(pairs)s) i
union all
select i, 'money', 'bank_transactions', 'journal', 'bank_transactions/' || i, 'T' || i,
       %(told)s::date - mod(i, %(told)s::date - %(since)s::date), case mod(i, 3) when 1 then -(10000 + mod(i * 7919, 90000)) else 100000 + mod(i * 7919, 500000) end,
       1 + mod((i - 1) / 3, %(clients)s), true, 'p', ''
from generate_series(1, %(moves)s) i;
create temp table seed on commit drop as
select *, case kind when 'client' then {client_form} when 'matter' then {matter_form}
       when 'bill' then {bill_form} when 'money' then {money_form} else {payment_form} end as data,
       case when kind = 'bill' then {invoice_form} when kind = 'payment' then {received_form}
       when kind = 'money' then {journal_form}
       else {customer_form} end as draft
from plain;
analyze seed;

-- step: 
-- as Clio said it, and as it was read
insert into records_sourcerecord (firm_id, resource, source_id, version, payload, fingerprint, seen_at)
select %(firm)s, resource, i, 1, data || jsonb_build_object('note', repeat('as Clio says it ', 20)), md5(subject),
       %(now)s
from seed;
insert into records_sourcehead (firm_id, resource, source_id, record_id, version, fingerprint, etag, "group",
                                unread, seen_at)
select %(firm)s, r.resource, r.source_id, r.id, 1, r.fingerprint, '',
       case r.resource when 'allocations' then 'payments' else r.resource end || '/' || r.source_id, false, %(now)s
from records_sourcerecord r where r.firm_id = %(firm)s;
insert into records_document (firm_id, kind, resource, source_id, version, data, fingerprint, number, day, amount,
                              client_id, settled, outcome, outcome_words, read_at)
select %(firm)s, kind, resource, i, 1, data, md5(subject), case kind when 'matter' then '' else number end, day,
       amount, case kind when 'client' then null else client end, posted,
       case when posted then 'posted' else 'held' end, '', %(now)s
from seed order by day nulls first, i;
create temp table made on commit drop as
select s.*, d.id as document from seed s
join records_document d on d.firm_id = %(firm)s and d.kind = s.kind and d.source_id = s.i;
analyze made;
insert into records_documentversion (firm_id, document_id, version, data, sources, at)
select %(firm)s, document, 1, data, jsonb_build_array(resource || '/' || i || '/1'), %(now)s from made;
insert into records_concern (firm_id, document_id, subject)
select %(firm)s, document, 'bills/' || i from made where kind = 'payment'
union all select %(firm)s, document, 'contacts/' || client from made where kind in ('bill', 'matter')
union all select %(firm)s, document, 'matters/' || client from made where kind in ('bill', 'money');

-- step: 
-- posted, linked, and as it stands in the books
insert into records_posting (firm_id, books_id, key, request_id, document_id, document_version, subject, generation,
    verb, object_kind, draft, print, rule_version, number, day, amount, after, state, retries, first_sent_at, sent_at,
    remote_id, vendor_code, vendor_words, differences, more, created_at, posted_at)
select %(firm)s, %(books)s, gen_random_uuid(), 'r-' || document, document, 1, subject, 1, 'create', object_kind,
       draft, md5(subject), %(rules)s, number, day, amount, '{}', 'posted', 0, %(now)s, %(now)s,
       (1000 + row_number() over (order by document))::text, '', '', '[]', false, %(now)s, %(now)s
from made where posted;
create temp table done on commit drop as
select p.id as posting, p.remote_id, m.* from made m
join records_posting p on p.firm_id = %(firm)s and p.document_id = m.document;
analyze done;
insert into records_attempt (firm_id, posting_id, request_id, vendor_request_id, outcome, code, words, started_at,
                             ended_at)
select %(firm)s, posting, 'r-' || document, md5(document::text), 'posted', '', '', %(now)s, %(now)s from done;
insert into records_link (firm_id, books_id, subject, generation, object_kind, remote_id, live, adopted, content,
                          print, round, document_id, at)
select %(firm)s, %(books)s, subject, 1, object_kind, remote_id, true, false, draft, md5(subject), 1, document, %(now)s
from done;
create temp table posted on commit drop as
select d.posting, l.* from done d cross join lateral (
    select k, 'operating' as role, case when k = 0 then '11' else (100 + mod(d.i + k, 200))::text end as account,
           case when k = 0 then '' else (400 + mod(d.i + k, 100))::text end as item, '' as ledger,
           case when k = 0 then d.amount when k < 5 then -(d.amount / 5) else 4 * (d.amount / 5) - d.amount end as minor
    from generate_series(0, 5) k where d.kind = 'bill'
    union all select 0, 'operating', '7', '', '', d.amount where d.kind = 'payment'
    union all select 1, 'operating', '11', '', '', -d.amount where d.kind = 'payment'
    union all select 0, 'trust_bank', '9035', '', '', d.amount where d.kind = 'money'
    union all select 1, 'trust_liability', '9041', '', 'matters/' || d.client, -d.amount where d.kind = 'money'
) l;
analyze posted;
insert into records_bookrow (firm_id, books_id, kind, remote_id, token, number, name, day, total, balance, customer,
                             active, voided, deleted, data, seen_at)
select %(firm)s, %(books)s, d.object_kind, d.remote_id, '0', d.number, d.name, d.day, abs(d.amount), 0,
       coalesce(c.remote_id, ''), true, false, false,
       jsonb_build_object('print', md5(d.subject), 'lines', coalesce(l.lines, '[]'::jsonb)), %(now)s
from done d
left join done c on c.i = d.client and d.kind in ('bill', 'payment', 'money')
     and c.kind = case d.kind when 'money' then 'matter' else 'client' end
left join (select p.posting, jsonb_agg(jsonb_build_object('account', p.account, 'amount', p.minor, 'customer',
                  case p.role when 'trust_liability' then m.remote_id end) order by p.k) as lines
           from posted p join done o on o.posting = p.posting
           left join done m on m.kind = 'matter' and m.i = o.client group by p.posting) l on l.posting = d.posting;
insert into records_postedentry (firm_id, books_id, posting_id, subject, side, day, number, at)
select %(firm)s, %(books)s, posting, subject, case kind when 'money' then 'trust' else 'operating' end, day, number,
       %(now)s
from done where kind in ('bill', 'payment', 'money');
insert into records_postedline (firm_id, entry_id, account, role, minor, customer, item, class_id, location, memo, ledger)
select %(firm)s, e.id, l.account, l.role, l.minor,
       case l.role when 'trust_bank' then '' when 'trust_liability' then 'matters/' || d.client
       else 'contacts/' || d.client end, l.item, '', '', '', l.ledger
from done d join records_postedentry e on e.firm_id = %(firm)s and e.posting_id = d.posting
join posted l on l.posting = d.posting;

-- step: 
-- what waits, and what waited
insert into records_case (firm_id, books_id, cause, code, fix, severity, title, facts, opened_at, closed_at,
                          times_opened, owner_id, due_on)
select %(firm)s, %(books)s, code || ':' || k, code, fix, severity, replace(title, '~', k::text),
       case code when 'doubtful_customer' then '{"candidates": "1001,1002,1003", "client": "Cedar"}'::jsonb
                 when 'duplicate_number' then '{"same": "no", "number": "7", "books_id": "0"}'
                 when 'unmapped' then '{"line": "time"}'
                 when 'inactive_item' then '{"kind": "item", "id": "1", "name": "Filing fees"}' else '{}' end,
       %(now)s::timestamptz - make_interval(hours => mod(k * 37, 1500)),
       case when k > %(causes)s then %(now)s::timestamptz end, 1, %(owner)s,
       case when code <> 'waits_for_bill' then %(today)s::date - mod(k, 20) end
from generate_series(1, 3 * %(causes)s) k
join (values (0, 'inactive_item', 'books', 'needs_person', 'Item “Filing fees ~” is inactive in QuickBooks.'),
             (1, 'unmapped', 'map', 'needs_person', 'No rule says where time of sort ~ goes. Choose a product.'),
             (2, 'doubtful_customer', 'choose', 'needs_person', 'Client ~ fits more than one customer.'),
             (3, 'trust_not_set_up', 'trust', 'trust', 'Trust is not set up: payment ~ from trust waits.'),
             (4, 'duplicate_number', 'books', 'waiting', 'Invoice ~ stands in QuickBooks already.'))
     sorts(n, code, fix, severity, title) on n = mod(k, 5);
insert into records_casenote (firm_id, case_id, kind, words, at)
select firm_id, id, 'opened', 'Opened: ' || title, opened_at from records_case where firm_id = %(firm)s;
insert into records_casecarry (firm_id, case_id, month, title, severity, owner_id, records, amount, opened_at, at)
select firm_id, id, date_trunc('month', %(told)s::date)::date, title, severity, owner_id, 3, 750000, opened_at, %(now)s
from records_case where firm_id = %(firm)s and closed_at is null;
insert into records_hold (firm_id, case_id, document_id, document_version, alarm, code, words, facts, resource,
                          source_id, number, amount, opened_at, closed_at, closed_words)
select %(firm)s, c.id, m.document, 1, m.alarm, c.code, c.title, '{}', m.resource, m.i, m.number, m.amount,
       c.opened_at, c.closed_at, ''
from (select *, posted as alarm, row_number() over (order by i) as j,
             count(*) over () as whole
      from made where kind = 'bill' and (not posted or i <= %(held)s / 20)) m
join records_case c on c.firm_id = %(firm)s and split_part(c.cause, ':', 2)::int =
     case when m.j <= m.whole * 2 / 5 then 1 else 1 + mod(m.j, %(causes)s) end;
insert into records_hold (firm_id, case_id, document_id, document_version, alarm, code, words, facts, resource,
                          source_id, number, amount, opened_at, closed_at, closed_words)
select %(firm)s, c.id, m.document, 1, false, c.code, c.title, '{}', m.resource, m.i, m.number, m.amount,
       c.opened_at, %(now)s, 'posted'
from made m join records_case c on c.firm_id = %(firm)s and split_part(c.cause, ':', 2)::int =
     1 + mod(m.i, 3 * %(causes)s)
where m.kind = 'payment' and m.i <= 2 * %(held)s;
insert into records_elsewhere (firm_id, case_id, document_id, version, reason, name, evidence, digest, by_id, at)
select firm_id, case_id, document_id, 1, 'Typed by hand.', 'entry.pdf', 'a file'::bytea, repeat('0', 64),
       %(owner)s, %(now)s
from records_hold where firm_id = %(firm)s and closed_at is not null order by id limit 1;

-- step: 
-- deposits that were made here
insert into records_bankdeposit (firm_id, books_id, day, bank, bank_name, rows, fee, trust_fee, apart, fee_account,
                                 by_id, at, ended_words)
select %(firm)s, %(books)s, %(now)s::timestamptz::date - i, '35', 'Operating Bank',
       jsonb_build_array(jsonb_build_object('kind', 'payment', 'id', i::text, 'amount', 150000, 'words', 'Payment',
                                            'name', 'Somebody', 'reference', i::text, 'day', '2026-11-10')),
       0, 0, false, '', %(owner)s, %(now)s, ''
from generate_series(1, 60) i;
insert into records_payout (firm_id, books_id, key, day, gross, fee, net, name, by_id, at)
select %(firm)s, %(books)s, 'po_' || i, %(now)s::timestamptz::date - i, 150000, 4350, 145650, 'payouts.csv', %(owner)s,
       %(now)s
from generate_series(1, 60) i;
insert into records_payoutcharge (firm_id, payout_id, position, day, gross, fee, whole, reference, text, chosen, kind)
select firm_id, id, 1, day, gross, fee, false, 'ch_' || id, '', '', '' from records_payout where firm_id = %(firm)s;

-- step: 
-- runs and comparisons
insert into records_run (firm_id, "trigger", shadow, state, stage, progress, counts, words, started_at, beat_at, ended_at)
select %(firm)s, 'schedule', false, 'done', 'reconcile', '{}',
       '{"seen": 2426, "posted": 12, "held": 10, "skipped": 204, "unchanged": 2200, "uncertain": 0}', '',
       at, at, at + interval '4 seconds'
from (select %(now)s::timestamptz - make_interval(mins => i) as at from generate_series(1, %(runs)s) i) each;
insert into records_tieout (firm_id, books_id, at, equal, kinds, months, time, records)
select %(firm)s, %(books)s, %(now)s::timestamptz - make_interval(hours => 6 * (i - 1)), false, %(kinds)s, %(months)s,
       %(time)s, %(pairs)s * 2
from generate_series(1, %(ties)s) i;
insert into records_difference (firm_id, tie_out_id, kind, resource, source_id, books_object, number, clio,
                                books_minor, amount, queued, reason)
select %(firm)s, t.id, case when s.n then 'invoices' else 'receivables' end, 'bills', m.i::text, '', m.number, m.amount,
       0, m.amount, mod(m.i, 10) > 0, 'Waits in the exception queue: its item is inactive.'
from (select id, row_number() over (order by at desc) as n from records_tieout where firm_id = %(firm)s) t
join made m on m.kind = 'bill' and not m.posted
cross join (values (true), (false)) s(n)
where t.n <= 20;

-- step: 
-- the names that rules tell lines apart by
insert into records_sourcerecord (firm_id, resource, source_id, version, payload, fingerprint, seen_at)
select %(firm)s, resource, 900000 + i, 1, jsonb_build_object('name', resource || ' ' || i, 'entry_type', 'soft_cost'),
       'f', %(now)s
from (values ('practice_areas', 40), ('expense_categories', 60), ('bank_accounts', 4)) sorts(resource, many)
cross join lateral generate_series(1, many) i;
insert into records_sourcehead (firm_id, resource, source_id, record_id, version, fingerprint, etag, "group",
                                unread, seen_at)
select %(firm)s, r.resource, r.source_id, r.id, 1, 'f', '', '', false, %(now)s
from records_sourcerecord r where r.firm_id = %(firm)s and r.source_id > 900000;
