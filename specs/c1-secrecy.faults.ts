import { faults, sql } from '../harness/setup.ts'
import { rewrite, rewritten } from './vocabulary/functions.ts'

const REGISTER = 'auth.register(text, text, date, text)'
const inRegister = (...pairs: string[]) => rewrite(REGISTER, ...pairs)
const CAUGHT = 'when check_violation or unique_violation or not_null_violation then'
const ANSWER = `return case broken_rule when 'users_own_their_email' then 'accepted' else broken_rule end;`
const RECORD = 'perform audit.write('

/** As if roles.sql had never said it; for this database alone. */
const loggingParameters = (setting: string) =>
  sql`do $$ begin execute format('alter role hma_app in database %I set ${setting} = -1', current_database()); end $$`

export default faults([
  {
    criterion: 'C1.0.6',
    breaks: 'a rejection is an error with the row in it',
    plant: inRegister(CAUGHT, `${CAUGHT} raise;`),
  },
  {
    criterion: 'C1.0.6',
    breaks: 'a missing value is an error with the row in it',
    plant: inRegister(CAUGHT, 'when check_violation or unique_violation then'),
  },
  {
    criterion: 'C1.0.6',
    breaks: 'the function writes the birth date to the log',
    plant: inRegister(RECORD, `raise log 'rejected %', register.date_of_birth; ${RECORD}`),
  },
  {
    criterion: 'C1.0.6',
    breaks: 'the answer holds the birth date',
    plant: inRegister(' else broken_rule end', ` else broken_rule || ' ' || register.date_of_birth end`),
  },
  {
    criterion: 'C1.0.6',
    breaks: 'a server that logs statements logs their parameters',
    plant: loggingParameters('log_parameter_max_length'),
  },
  {
    criterion: 'C1.0.6',
    breaks: 'a server that logs errors logs their parameters',
    plant: loggingParameters('log_parameter_max_length_on_error'),
  },
  {
    criterion: 'C1.0.7',
    breaks: 'the function raises once it has recorded',
    plant: inRegister(
      '    return case broken_rule',
      '    raise check_violation using constraint = broken_rule;\n    return case broken_rule',
    ),
  },
  {
    criterion: 'C1.0.7',
    breaks: 'the record is left to whoever listens',
    plant: inRegister(RECORD, `perform pg_notify('rejected', broken_rule); return broken_rule; ${RECORD}`),
  },
  {
    criterion: 'C1.0.7',
    breaks: 'the record waits for a caller who asks again',
    plant: inRegister(
      RECORD,
      `if current_setting('hma.rejected', true) is distinct from broken_rule then
        perform set_config('hma.rejected', broken_rule, false); return broken_rule; end if; ${RECORD}`,
    ),
  },
  {
    criterion: 'C1.0.8',
    breaks: 'a taken address is answered by its rule',
    plant: inRegister(ANSWER, 'return broken_rule;'),
  },
  {
    criterion: 'C1.0.8',
    breaks: 'a taken address is an error',
    plant: inRegister(CAUGHT, 'when check_violation or not_null_violation then'),
  },
  {
    criterion: 'C1.0.8',
    breaks: 'a notice tells of a taken address',
    plant: inRegister(RECORD, `raise notice '%', broken_rule; ${RECORD}`),
  },
  {
    criterion: 'C1.0.8',
    breaks: 'the address is looked up before the age',
    plant: inRegister(
      `    begin
        insert`,
      `    if exists (select from auth.users u where lower(u.email) = lower(register.email)) then return 'accepted'; end if;
    begin
        insert`,
    ),
  },
  {
    criterion: 'C1.0.8',
    breaks: 'a repeated registration takes the account over',
    plant: sql`grant update (password_hash) on auth.users to hma_auth_definer;
      ${rewritten(
        REGISTER,
        RECORD,
        `update auth.users u set password_hash = register.password_hash where lower(u.email) = lower(register.email); ${RECORD}`,
      )}`,
  },
  {
    criterion: 'C1.0.8',
    breaks: 'a repeated registration leaves no record',
    plant: inRegister(
      RECORD,
      `if broken_rule = 'users_own_their_email' then return 'accepted'; end if; ${RECORD}`,
    ),
  },
  {
    criterion: 'C1.0.8',
    breaks: 'the application sees whom it registered',
    plant: sql`alter table auth.users disable row level security, no force row level security`,
  },
])
