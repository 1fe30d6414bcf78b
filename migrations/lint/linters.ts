// Asks each outside linter about the files and brings its answer into one form. An answer that cannot be read is an
// error: a linter that crashed must not look like one that found nothing.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type Finding, Unanswered } from './finding.ts'

const WITHIN_MS = 120_000
const PYTHON = '.venv/bin/python'

/** Whether a change is safe to make on a database in use: locks, rewrites, breaking changes. */
export async function askSquawk(files: string[]): Promise<Finding[]> {
  const inTransaction = files.filter(isRunByTheRunner)
  const alone = files.filter((file) => !inTransaction.includes(file))
  const answers = [
    ...(await run('squawk', ['--reporter', 'json', ...inTransaction], SQUAWK, inTransaction)),
    ...(await run('squawk', ['--reporter', 'json', '--no-assume-in-transaction', ...alone], SQUAWK, alone)),
  ]
  return answers.map(({ file, line, rule_name, message }) => ({
    tool: 'squawk',
    rule: rule_name,
    file,
    line: line + 1,
    message,
  }))
}

/** In one transaction, that is; seeds have their own, and what is marked has none. */
function isRunByTheRunner(file: string): boolean {
  const isMigration = /^migrations\/[^/]+\.(?:up|down)\.sql$/.test(file)
  return isMigration && !/^-- no-transaction$/m.test(readFileSync(file, 'utf8'))
}

/** Whether it reads like the rest: letter case, conventions, references. */
export async function askSqlfluff(files: string[]): Promise<Finding[]> {
  const words = ['-m', 'sqlfluff', 'lint', '--format', 'json', '--nofail', '--processes', '2', ...files]
  const answers = await run(PYTHON, words, SQLFLUFF, files)
  return answers.flatMap(({ filepath, violations }) =>
    // Whether it parses is for Postgres's own grammar to say; sqlfluff knows no event triggers.
    violations
      .filter(({ code }) => code !== 'PRS')
      .map(({ code, start_line_no, description }) => ({
        tool: 'sqlfluff',
        rule: code,
        file: filepath,
        line: start_line_no,
        message: description,
      })),
  )
}

/** Whether Postgres's own grammar takes it, and whether a function in it can be turned against its owner. */
export async function askPgspot(files: string[]): Promise<Finding[]> {
  const answers = await run(PYTHON, [join(import.meta.dirname, 'spot.py'), ...files], PGSPOT, files)
  return answers.map((found) => ({ ...found, tool: found.rule === 'syntax' ? 'postgres' : 'pgspot' }))
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

/** What a linter says about files, parsed; nothing is asked about none. Throws Unanswered. */
async function run<T>(
  command: string,
  words: string[],
  shape: z.ZodType<T[]>,
  files: string[],
): Promise<T[]> {
  if (files.length === 0) return []
  const { stdout, stderr } = await output(command, words)
  try {
    return shape.parse(JSON.parse(stdout))
  } catch (cause) {
    const why = stderr.trim().split('\n').at(-1) || 'no answer'
    throw new Unanswered(
      `${command} could not be understood: ${why}.`,
      `${command} ${words.join(' ')}`,
      cause,
    )
  }
}

function output(command: string, words: string[]): Promise<{ stdout: string; stderr: string }> {
  const options = { timeout: WITHIN_MS, maxBuffer: 64 * 1024 * 1024 }
  return new Promise((resolve, reject) => {
    execFile(command, words, options, (error, stdout, stderr) => {
      if (error?.code === 'ENOENT') {
        reject(new Unanswered(`${command} is missing.`, 'npm ci, then scripts/python-tools.sh.', error))
      } else if (error?.killed) {
        reject(new Unanswered(`${command} did not end in time.`, `${command} ${words.join(' ')}`, error))
      } else {
        resolve({ stdout, stderr })
      }
    })
  })
}
