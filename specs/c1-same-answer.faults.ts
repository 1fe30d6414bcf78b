import { faults, inFunction, sql, together } from '../harness/setup.ts'

const inRegister = (find: string, replace: string) => inFunction('auth.register', [find, replace])
const CAUGHT = 'when check_violation or unique_violation or not_null_violation then'
const ANSWER = `return case broken_rule when 'users_own_their_email' then 'accepted' else broken_rule end;`
const RECORD = 'perform audit.write('

/** A taken address that gets another answer than a free one on a condition. */
const answersOtherwise = (conditions: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(conditions).map(([what, condition]) => [
      `a taken address with ${what} gets another answer`,
      inRegister(
        `    begin
        if`,
        `    if ${condition} and exists (select from auth.users u where lower(u.email) = lower(register.email)) then return 'taken'; end if;
    begin
        if`,
      ),
    ]),
  )

export default faults({
  'C1.0.8': {
    'the answer for a taken address names its rule': inRegister(ANSWER, 'return broken_rule;'),
    'a taken address raises an error': inRegister(CAUGHT, 'when check_violation or not_null_violation then'),
    'a notice reveals a taken address': inRegister(RECORD, `raise notice '%', broken_rule; ${RECORD}`),
    'the address is checked before the age': inRegister(
      `    begin
        if`,
      `    if exists (select from auth.users u where lower(u.email) = lower(register.email)) then return 'accepted'; end if;
    begin
        if`,
    ),
    ...answersOtherwise({
      'an empty password': `password_hash = ''`,
      'a missing password': 'password_hash is null',
      'a missing birth date': 'date_of_birth is null',
      'a missing request': 'request_id is null',
    }),
    'a repeated registration overwrites the account': together(
      sql`grant update (password_hash) on auth.users to hma_auth_definer`,
      inRegister(
        RECORD,
        `update auth.users u set password_hash = register.password_hash where lower(u.email) = lower(register.email); ${RECORD}`,
      ),
    ),
    'a repeated registration leaves no record': inRegister(
      RECORD,
      `if broken_rule = 'users_own_their_email' then return 'accepted'; end if; ${RECORD}`,
    ),
    'a taken address takes longer': inRegister(
      `    begin
        if`,
      `    if exists (select from auth.users u where lower(u.email) = lower(register.email)) then perform pg_sleep(0.2); end if;
    begin
        if`,
    ),
    'the application sees the user it registered': sql`create policy everybody_is_seen on auth.users for select to hma_app using (true)`,
    'a taken address of a minor': inFunction('auth.register', [
      "when 'users_own_their_email' then 'accepted' else",
      "when 'users_own_their_email' then 'accepted' when 'users_are_adults' then case when exists (select from auth.users u where lower(u.email) = lower(register.email)) then 'accepted' else 'users_are_adults' end else",
    ]),
    'a taken address in capitals': inFunction('auth.register', [
      "return case broken_rule when 'users_own_their_email' then 'accepted'",
      "return case broken_rule when 'users_own_their_email' then case when register.email = lower(register.email) then 'accepted' else 'taken' end",
    ]),
  },
})
