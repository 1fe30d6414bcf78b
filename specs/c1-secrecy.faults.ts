import { faults, inFunction, sql, together } from '../harness/setup.ts'

const inRegister = (find: string, replace: string) => inFunction('auth.register', [find, replace])
const CAUGHT = 'when check_violation or unique_violation or not_null_violation then'
const ANSWER = `return case broken_rule when 'users_own_their_email' then 'accepted' else broken_rule end;`
const RECORD = 'perform audit.write('

/** As if roles.sql had never said it; for this database alone. */
const forTheApplication = (setting: string, value: string) =>
  sql`do $$ begin execute format('alter role hma_app in database %I set ${setting} = %L', current_database(), '${value}'); end $$`

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
  'C1.0.6': {
    'a rejection raises an error that contains the row': inRegister(CAUGHT, `${CAUGHT} raise;`),
    'a missing value raises an error that contains the row': inRegister(
      CAUGHT,
      'when check_violation or unique_violation then',
    ),
    'the function writes the birth date to the log': inRegister(
      RECORD,
      `raise log 'rejected %', register.date_of_birth; ${RECORD}`,
    ),
    'the answer contains the birth date': inRegister(
      ' else broken_rule end',
      ` else broken_rule || ' ' || register.date_of_birth end`,
    ),
    'what is not a date raises an error that contains it': inRegister(
      `not pg_input_is_valid(date_of_birth, 'date')`,
      'false',
    ),
    'registration takes a date, which Postgres reads before the function runs': sql`alter function auth.register(text, text, text, text) rename to registered;
      create function auth.register(email text, password_hash text, date_of_birth date, request_id text default null) returns text
        language sql as $$ select auth.registered($1, $2, $3::text, $4) $$;
      grant execute on function auth.register(text, text, date, text) to hma_app`,
    'the server logs the text of failed statements': forTheApplication('log_min_error_statement', 'error'),
    'the server logs the rows that rules refused': forTheApplication('log_error_verbosity', 'default'),
    'the server logs parameters of statements': together(
      forTheApplication('log_error_verbosity', 'default'),
      forTheApplication('log_parameter_max_length', '-1'),
    ),
    'the server logs parameters of failed statements': forTheApplication(
      'log_parameter_max_length_on_error',
      '-1',
    ),
    'a notice carries the date': inFunction('auth.register', [
      'perform audit.write(',
      "raise notice 'born %', register.date_of_birth; perform audit.write(",
    ]),
    'the log has it, the client has not': inFunction('auth.register', [
      'perform audit.write(',
      "raise log 'refused %', register.date_of_birth; perform audit.write(",
    ]),
  },
  'C1.0.7': {
    'the function raises after it has recorded': inRegister(
      '    return case broken_rule',
      '    raise check_violation using constraint = broken_rule;\n    return case broken_rule',
    ),
    'the record is left to a listener': inRegister(
      RECORD,
      `perform pg_notify('rejected', broken_rule); return broken_rule; ${RECORD}`,
    ),
    'the record is written when the caller asks again': inRegister(
      RECORD,
      `if current_setting('hma.rejected', true) is distinct from broken_rule then
        perform set_config('hma.rejected', broken_rule, false); return broken_rule; end if; ${RECORD}`,
    ),
  },
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
    'the application sees the user it registered': sql`alter table auth.users disable row level security, no force row level security`,
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
