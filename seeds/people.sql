-- people
-- needs:  reference
-- where:  databases marked development or test, and no others
-- proves: B1.4.1, B1.4.2, B1.4.3
-- A cast with stable ids, to sign in as and to write specs about. Everybody's password is `correct horse battery staple`
-- (scrypt, N 2^15, r 8, p 1). What is there already stays as somebody left it: rows are added, never changed.
-- One transaction, so that psql -f, too, stops at the guard: after it every statement is refused until the end.
begin;
-- With row security the owner sees these users and no others (migration 0011).
set local role hma_owner;

do $$
begin
    if not exists (select from ops.environment where name in ('development', 'test')) then
        raise exception using
            errcode = 'restrict_violation', constraint = 'test_users_stay_out_of_production',
            message = 'test users belong into a database that is marked development or test',
            hint = 'mark it: HMA_ENVIRONMENT=development scripts/migrate.sh apply.';
    end if;
    if not exists (select from reference.legal_documents where name = 'terms') then
        raise exception using
            errcode = 'object_not_in_prerequisite_state', constraint = 'test_users_need_documents',
            message = 'there is nothing that test users could have accepted',
            hint = 'scripts/seed.sh all';
    end if;
end
$$;

insert into auth.users (id, email, password_hash, date_of_birth, registered_on)
select person.id::uuid, person.name || '@hma.example',
       '$scrypt$ln=15,r=8,p=1$qHnBM4kAj4GXCK7wAoGu0A$dSberJ0iCrFcvyoPVegRgb5zcKRGd4kphW3BUkvPjxw',
       person.born::date, date '2026-10-01'
  from (values
    ('a0000000-0000-4000-8000-000000000001', 'ada',       '1990-12-10'),  -- the ordinary case; has accepted the newest terms
    ('a0000000-0000-4000-8000-000000000002', 'grace',     '1986-12-09'),  -- has accepted the newest terms, too
    ('a0000000-0000-4000-8000-000000000003', 'katherine', '1988-08-26'),
    ('a0000000-0000-4000-8000-000000000004', 'alan',      '1992-06-23'),
    ('a0000000-0000-4000-8000-000000000005', 'hedy',      '1994-11-09'),
    ('a0000000-0000-4000-8000-000000000006', 'mary',      '1981-04-09'),
    ('a0000000-0000-4000-8000-000000000007', 'dorothy',   '1970-09-20'),
    ('a0000000-0000-4000-8000-000000000008', 'emmy',      '1962-03-23'),
    ('a0000000-0000-4000-8000-000000000009', 'lea',       '2004-02-29'),  -- has a birthday every four years
    ('a0000000-0000-4000-8000-00000000000a', 'max',       '2008-10-01'),  -- turned 18 on the day of registration
    ('a0000000-0000-4000-8000-00000000000b', 'otto',      '1921-05-05'),  -- is over 100
    ('a0000000-0000-4000-8000-00000000000c', 'nora',      '1999-09-09')   -- has accepted nothing yet
  ) as person (id, name, born)
on conflict do nothing;

insert into auth.legal_acceptance (user_id, document_id, accepted_at)
select u.id, d.id, agreed.at::timestamptz
  from (values
    ('terms',           '1.0', '2026-10-01 09:00:00+00', 'a0000000-0000-4000-8000-00000000000b'),
    ('privacy',         '1.0', '2026-10-01 09:00:00+00', 'a0000000-0000-4000-8000-00000000000b'),
    ('community-rules', '1.0', '2026-10-01 09:00:00+00', 'a0000000-0000-4000-8000-00000000000b'),
    ('terms',           '1.1', '2026-10-16 09:00:00+00', 'a0000000-0000-4000-8000-000000000002')
  ) as agreed (name, version, at, up_to)
  join reference.legal_documents d on d.name = agreed.name and d.version = agreed.version
  join auth.users u on u.id between 'a0000000-0000-4000-8000-000000000001' and agreed.up_to::uuid
on conflict (user_id, document_id) do nothing;

commit;
