// Runs each external linter on the files and brings its output into one form. Output that cannot be read is an error, because a
// linter that crashed must not look like one that found nothing.
import { join } from 'node:path'
import { execa } from 'execa'
import { z } from 'zod'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { readProjectFile } from '../../config/text-file.ts'
import type { Violation } from './violation.ts'

const WITHIN_MS = 120_000
const PYTHON = '.venv/bin/python'

/** Whether a change is safe on a database in use: locks, rewrites, breaking changes. */
export async function runSquawk(files: string[]): Promise<Violation[]> {
  const inTransaction = files.filter(isTransactional)
  const others = files.filter((file) => !inTransaction.includes(file))
  const reports = [
    ...(await run('squawk', ['--reporter', 'json', ...inTransaction], SQUAWK, inTransaction)),
    ...(await run('squawk', ['--reporter', 'json', '--no-assume-in-transaction', ...others], SQUAWK, others)),
  ]
  return reports.map(({ rule_name: rule, line, ...rest }) => ({
    tool: 'squawk',
    rule,
    line: line + 1,
    ...rest,
  }))
}

/** The runner puts migrations in a transaction, unless their header says no-transaction. Seeds begin their own. */
function isTransactional(file: string): boolean {
  const isMigration = /^migrations\/[^/]+\.(?:up|down)\.sql$/.test(file)
  return isMigration && !/^-- no-transaction$/m.test(readProjectFile(file))
}

/** Style: letter case, conventions, references. */
export async function runSqlfluff(files: string[]): Promise<Violation[]> {
  const words = ['-m', 'sqlfluff', 'lint', '--format', 'json', '--nofail', '--processes', '2', ...files]
  const reports = await run(PYTHON, words, SQLFLUFF, files)
  return reports.flatMap(({ filepath, violations }) =>
    // Not its parse errors: Postgres's own grammar decides, and sqlfluff does not know event triggers.
    violations
      .filter(({ code }) => code !== 'PRS')
      .map(({ code: rule, start_line_no: line, description: message }) => ({
        tool: 'sqlfluff',
        rule,
        file: filepath,
        line,
        message,
      })),
  )
}

/** Whether Postgres's own grammar accepts the file, and whether a function can be used against its owner. */
export async function runPgspot(files: string[]): Promise<Violation[]> {
  const reports = await run(PYTHON, [join(import.meta.dirname, 'spot.py'), ...files], PGSPOT, files)
  return reports.map((report) => ({ ...report, tool: report.rule === 'syntax' ? 'postgres' : 'pgspot' }))
}

const SQUAWK = z.array(
  z.object({ file: z.string(), line: z.number(), rule_name: z.string(), message: z.string() }),
)
const SQLFLUFF = z.array(
  z.object({
    filepath: z.string(),
    violations: z.array(z.object({ code: z.string(), start_line_no: z.number(), description: z.string() })),
  }),
)
const PGSPOT = z.array(
  z.object({ rule: z.string(), file: z.string(), line: z.number(), message: z.string() }),
)

/** The report of a linter, parsed; empty for no files. The exit code says only whether there are violations. Throws CliError. */
async function run<T>(
  command: string,
  words: string[],
  schema: z.ZodType<T[]>,
  files: string[],
): Promise<T[]> {
  if (files.length === 0) return []
  const result = await execa(command, words, { timeout: WITHIN_MS, reject: false })
  const error = (what: string, next = `${command} ${words.join(' ')}`, cause: unknown = undefined) =>
    new CliError({ what, next, exitCode: EXIT.unreachable, cause })
  if (result.code === 'ENOENT') throw error(`${command} is missing.`, 'npm ci, then scripts/python-tools.sh.')
  if (result.timedOut) throw error(`${command} did not end within ${WITHIN_MS / 1000} s.`)
  try {
    return schema.parse(JSON.parse(result.stdout))
  } catch (cause) {
    const reason = result.stderr.trim().split('\n').at(-1) || 'no output'
    throw error(`The output of ${command} cannot be read: ${reason}.`, undefined, cause)
  }
}
