import { faults, inFunction, sql, together } from '../harness/setup.ts'

const inRegister = (find: string, replace: string) => inFunction('auth.register', [find, replace])
const CAUGHT = 'when check_violation or unique_violation or not_null_violation then'
const RECORD = 'perform audit.write('

/** As if roles.sql had never said it; for this database alone. */
const forTheApplication = (setting: string, value: string) =>
  sql`do $$ begin execute format('alter role hma_app in database %I set ${setting} = %L', current_database(), '${value}'); end $$`

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
})
