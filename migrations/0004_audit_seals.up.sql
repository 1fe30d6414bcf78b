-- 0004 audit seals
-- needs:  0003
-- proves: B1.2.6, B1.2.7
-- Seals make the audit log tamper-evident, not tamper-proof: the owner of the server can rewrite everything except the heads of the
-- chain that were exported. A seal covers the rows of one month in a window of ids that is complete: no row with an id in
-- that window can be added later. Rows newer than the last seal are protected only by their own hash.
create table audit.audit_seal (
    number    bigint      not null generated always as identity,
    month     date        not null,
    after_id  bigint      not null,
    up_to_id  bigint      not null,
    row_count bigint      not null,
    root      bytea       not null,
    chain     bytea       not null,
    sealed_at timestamptz not null default clock_timestamp(),
    constraint seals_are_numbered       primary key (number),
    constraint seals_cover_a_window     check (up_to_id > after_id),
    constraint seals_cover_rows         check (row_count > 0),
    constraint windows_are_sealed_once  unique (month, after_id),
    constraint seals_are_hashes         check (octet_length(root) = 32 and octet_length(chain) = 32)
);
comment on table audit.audit_seal is 'Sealed windows of audit rows; each seal is chained to the one before.';
comment on column audit.audit_seal.number    is '[internal] Position in the chain.';
comment on column audit.audit_seal.month     is '[internal] First day of the month whose rows it covers.';
comment on column audit.audit_seal.after_id  is '[internal] The window begins after this id.';
comment on column audit.audit_seal.up_to_id  is '[internal] The window ends with this id.';
comment on column audit.audit_seal.row_count is '[internal] Number of rows in the window.';
comment on column audit.audit_seal.root      is '[internal] SHA-256 of the digests of these rows in order of id.';
comment on column audit.audit_seal.chain     is '[internal] SHA-256 of this seal and the chain before it.';
comment on column audit.audit_seal.sealed_at is '[internal] When the seal was made.';

create table audit.audit_removal (
    month      date        not null,
    row_count  bigint      not null,
    root       bytea       not null,
    removed_at timestamptz not null default clock_timestamp(),
    removed_by text        not null default session_user,
    constraint months_are_removed_once   primary key (month),
    constraint removals_are_counted      check (row_count >= 0),
    constraint removals_leave_a_hash     check (octet_length(root) = 32)
);
comment on table audit.audit_removal is 'Months that retention removed, with count and hash of their rows.';
comment on column audit.audit_removal.month      is '[internal] First day of the month.';
comment on column audit.audit_removal.row_count  is '[internal] Number of rows removed.';
comment on column audit.audit_removal.root       is '[internal] SHA-256 of the roots of its sealed windows.';
comment on column audit.audit_removal.removed_at is '[internal] When it was removed.';
comment on column audit.audit_removal.removed_by is '[internal] The login that removed it.';

create trigger seals_are_final before update or delete on audit.audit_seal
    for each row execute function ops.refuse_change();
create trigger seals_are_final_as_a_whole before truncate on audit.audit_seal
    for each statement execute function ops.refuse_change();
create trigger removals_are_final before update or delete on audit.audit_removal
    for each row execute function ops.refuse_change();
create trigger removals_are_final_as_a_whole before truncate on audit.audit_removal
    for each statement execute function ops.refuse_change();
alter table audit.audit_seal
    enable always trigger seals_are_final,
    enable always trigger seals_are_final_as_a_whole;
alter table audit.audit_removal
    enable always trigger removals_are_final,
    enable always trigger removals_are_final_as_a_whole;

-- Computed from the rows and not from their stored hashes, which could be rewritten together with the rows. Digests are hashed in blocks
-- of 4096 ids and the blocks are hashed again, so that no text grows with the window. It also returns the rows whose stored hash is not
-- theirs, so that verification reads and hashes each row once.
create function audit.root_of(of_month date, after_id bigint, up_to_id bigint, out row_count bigint, out root bytea, out altered bigint[])
language sql stable
set search_path = '' set timezone = 'UTC'
as $$
    select coalesce(sum(b.row_count), 0)::bigint,
           sha256(coalesce(string_agg(b.root, ''::bytea order by b.block), ''::bytea)),
           array(select id from unnest(string_to_array(string_agg(b.altered, ',' order by b.block), ',')) id)::bigint[]
      from (select l.id / 4096 as block, count(*) as row_count,
                   sha256(string_agg(d.digest, ''::bytea order by l.id)) as root,
                   string_agg(l.id::text, ',' order by l.id) filter (where l.row_hash <> d.digest) as altered
              from audit.audit_log l cross join lateral (select audit.digest(l) as digest offset 0) d
             where l.occurred_at >= of_month::timestamptz and l.occurred_at < (of_month + interval '1 month')::timestamptz
               and l.id > root_of.after_id and l.id <= root_of.up_to_id
             group by l.id / 4096) b
$$;
comment on function audit.root_of(date, bigint, bigint) is 'Of the rows of a month in a window of ids: their number, SHA-256 of their digests in order of id, and the ids of those whose stored hash is wrong.';

-- Every part has a fixed length, so that different seals never give the same bytes.
create function audit.chain_of(before bytea, seal audit.audit_seal) returns bytea
language sql immutable
return sha256(
    coalesce(before, ''::bytea) || int8send(seal.number) || date_send(seal.month) || int8send(seal.after_id)
    || int8send(seal.up_to_id) || int8send(seal.row_count) || seal.root || timestamptz_send(seal.sealed_at)
);
comment on function audit.chain_of(bytea, audit.audit_seal) is 'Hash that binds a seal to the chain before it.';

-- Writers queue behind a lock that waits for another writer. So each attempt waits for a moment only, and the pauses let them through.
create function audit.lock_log(mode text) returns void
language plpgsql
set search_path = '' set lock_timeout = '100ms'
as $$
begin
    for attempt in 1 .. 10 loop
        begin
            execute format('lock table audit.audit_log in %s mode', mode);
            return;
        exception when lock_not_available then
            if attempt = 10 then
                raise;
            end if;
            perform pg_sleep(0.3);
        end;
    end loop;
end
$$;
comment on function audit.lock_log(text) is 'Locks the log, in attempts of a tenth of a second; fails after four seconds.';

create function audit.last_settled_id() returns bigint
language plpgsql
set search_path = ''
as $$
declare
    given_out bigint;
begin
    -- A writer locks the log before it takes an id, so that after this wait every id given out is committed or lost. Undoing the
    -- block gives the lock back: writers are held off for a moment, not for as long as it takes to hash their rows.
    perform audit.lock_log('share');
    given_out := (select case when s.is_called then s.last_value else 0 end from audit.audit_log_id s);
    raise sqlstate 'UNDO0';
exception when sqlstate 'UNDO0' then
    return given_out;
end
$$;
comment on function audit.last_settled_id() is 'The last id up to which every audit row is committed or lost; waits for running writers.';

create function audit.seal() returns setof audit.audit_seal
language plpgsql
set search_path = '' set timezone = 'UTC' set lock_timeout = '2s'
as $$
declare
    last_id bigint;
    up_to   bigint;
    head    bytea;
    sealed  audit.audit_seal;
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception using errcode = 'invalid_transaction_state', constraint = 'seals_see_what_is_committed',
            message = 'audit.seal: the snapshot of this transaction is older than the rows to be sealed',
            hint = 'begin isolation level read committed.';
    end if;
    lock table audit.audit_seal in share row exclusive mode;
    up_to := audit.last_settled_id();
    select coalesce(max(s.up_to_id), 0) into last_id from audit.audit_seal s;
    select s.chain into head from audit.audit_seal s order by s.number desc limit 1;
    for sealed.month in
        select distinct date_trunc('month', l.occurred_at)::date
          from audit.audit_log l where l.id > last_id and l.id <= up_to order by 1
    loop
        select r.row_count, r.root into sealed.row_count, sealed.root from audit.root_of(sealed.month, last_id, up_to) r;
        sealed.number := nextval(pg_get_serial_sequence('audit.audit_seal', 'number'));
        sealed.after_id := last_id;
        sealed.up_to_id := up_to;
        sealed.sealed_at := clock_timestamp();
        head := audit.chain_of(head, sealed);
        sealed.chain := head;
        insert into audit.audit_seal overriding system value select sealed.*;
        return next sealed;
    end loop;
end
$$;
comment on function audit.seal() is 'Seals all rows written so far; returns the new seals. The chain value of the last one is the head to export.';

create function audit.sealed_root_of(of_month date, out row_count bigint, out root bytea)
language sql stable
set search_path = ''
as $$
    select coalesce(sum(s.row_count), 0)::bigint, sha256(coalesce(string_agg(s.root, ''::bytea order by s.number), ''::bytea))
      from audit.audit_seal s where s.month = of_month
$$;
comment on function audit.sealed_root_of(date) is 'Number of rows of a month that seals cover, and SHA-256 of the roots of its windows.';

-- A removed month may be absent only when its record agrees with the chain and the month was old enough for retention: otherwise a
-- false record would hide a deletion.
create function audit.verify(expected_head bytea default null)
returns table (finding text, month date, seal bigint, row_id bigint)
language plpgsql stable
set search_path = '' set timezone = 'UTC'
as $$
declare
    sealed audit.audit_seal;
    found_now record;
begin
    for sealed in
        select s.* from audit.audit_seal s
         where not exists (select from audit.audit_removal m where m.month = s.month) order by s.number
    loop
        found_now := audit.root_of(sealed.month, sealed.after_id, sealed.up_to_id);
        return query select 'row_altered', sealed.month, null::bigint, r.id from unnest(found_now.altered) r (id);
        if (found_now.row_count, found_now.root) is distinct from (sealed.row_count, sealed.root) then
            return query select 'window_altered', sealed.month, sealed.number, null::bigint;
        end if;
    end loop;
    -- Rows that no window covers: those after the last seal, and those that nobody sealed.
    return query
        select f.finding, o.month, null::bigint, o.id
          from (select l as entry, l.id, m.month
                  from audit.audit_log l
                  cross join lateral (select date_trunc('month', l.occurred_at)::date as month) m
                  left join lateral (
                      select s.up_to_id from audit.audit_seal s
                       where s.month = m.month and s.after_id < l.id order by s.after_id desc limit 1) w on true
                 where w.up_to_id is null or l.id > w.up_to_id
                    or exists (select from audit.audit_removal r where r.month = m.month)) o
          cross join lateral (values
              ('row_altered', (o.entry).row_hash <> audit.digest(o.entry)),
              ('row_inserted', o.id <= (select max(s.up_to_id) from audit.audit_seal s))) f (finding, is_true)
         where f.is_true;
    return query
        select 'removal_altered', m.month, null::bigint, null::bigint
          from audit.audit_removal m cross join lateral audit.sealed_root_of(m.month) r
         where (r.row_count, r.root) is distinct from (m.row_count, m.root)
            or m.removed_at < m.month + interval '13 months' or m.removed_at > clock_timestamp();
    return query
        select 'chain_broken', s.month, s.number, null::bigint
          from (select t as link, t.*, lag(t.chain) over (order by t.number) as before from audit.audit_seal t) s
         where s.chain <> audit.chain_of(s.before, s.link);
    return query
        select 'head_missing', null::date, null::bigint, null::bigint
         where expected_head is not null
           and not exists (select from audit.audit_seal s where s.chain = expected_head);
end
$$;
comment on function audit.verify(bytea) is 'Lists every row, window, removal and link that was altered; empty when none was. With a head that was exported earlier it also detects a truncated chain.';

-- Only a leaf whose bounds are exactly its month counts: by its name alone a leaf could contain years of rows.
create function audit.months_before(first_kept date) returns setof date
language sql stable
set search_path = '' set timezone = 'UTC' set datestyle = 'ISO'
as $$
    select m.day
      from (select to_date(substr(c.relname, 11), 'YYYY_MM') as day, pg_catalog.pg_get_expr(c.relpartbound, c.oid) as bound
              from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
             where i.inhparent = 'audit.audit_log'::regclass and c.relname ~ '^audit_log_[0-9]{4}_[0-9]{2}$') m
     where m.day < first_kept
       and m.bound = format('FOR VALUES FROM (%L) TO (%L)', m.day::timestamptz, (m.day + interval '1 month')::timestamptz)
     order by m.day
$$;
comment on function audit.months_before(date) is 'Months before this day that have a leaf.';

-- The removal and its record are one transaction, so that no month disappears without a record; DETACH … CONCURRENTLY cannot run in
-- one. Everything is verified and hashed before the lock, because the drop blocks writers.
create function audit.remove_expired(months_kept integer default 24) returns setof audit.audit_removal
language plpgsql
set search_path = '' set timezone = 'UTC'
as $$
declare
    expired constant date[] := array(
        select audit.months_before((date_trunc('month', clock_timestamp()) - make_interval(months => months_kept))::date)
    );
    altered date;
    gone    date;
begin
    if months_kept is null or months_kept < 12 then
        raise exception using errcode = 'invalid_parameter_value', constraint = 'audit_is_kept_for_a_year',
            message = format('audit.remove_expired: %s months kept', months_kept), hint = 'keep 12 months or more.';
    end if;
    if expired = '{}' then
        return;
    end if;
    perform audit.seal();
    altered := (select min(v.month) from audit.verify() v where v.month = any (expired));
    if altered is not null then
        raise exception using errcode = 'data_exception', constraint = 'months_are_removed_intact',
            message = format('audit.remove_expired: %s is not as it was written', altered),
            hint = 'select * from audit.verify() names what was altered; it is evidence, and stays.';
    end if;
    return query
        insert into audit.audit_removal (month, row_count, root)
        select m, r.row_count, r.root from unnest(expired) m cross join lateral audit.sealed_root_of(m) r returning *;
    perform audit.lock_log('access exclusive');
    foreach gone in array expired loop
        execute format('drop table audit.%I', audit.leaf_of(gone::timestamptz));
    end loop;
end
$$;
comment on function audit.remove_expired(integer) is 'Removes months older than those to keep, and records each with count and hash of its rows.';

-- For monitoring: how many ids were given out, how far they are sealed, and since when. Numbers about the log, no row of it.
grant usage on schema audit to hma_monitor;
grant select on sequence audit.audit_log_id to hma_monitor;
grant select (up_to_id, sealed_at) on audit.audit_seal to hma_monitor;
