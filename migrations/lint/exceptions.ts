// Places where a rule does not hold, and why. An exception that excludes no violation is itself reported, so that the list holds
// only what is needed.
import { matchesGlob } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { CliError, EXIT, lineOf } from '../../config/cli-error.ts'
import { readProjectFile } from '../../config/text-file.ts'
import type { Violation } from './violation.ts'

const FILE = 'migrations/lint/exceptions.yaml'
const EXCEPTIONS = z.array(
  z.strictObject({
    tool: z.string(),
    rule: z.string(),
    files: z.string(),
    reason: z.string().min(10),
    /** Stays although it covers no violation today. */
    permanent: z.boolean().default(false),
  }),
)

export type Exception = z.infer<typeof EXCEPTIONS>[number]

/** Throws CliError (exit 2) when the file cannot be read, is no YAML, or when an entry lacks its reason. */
export function readExceptions(file = FILE): Exception[] {
  const text = readProjectFile(file)
  try {
    return EXCEPTIONS.parse(parse(text))
  } catch (cause) {
    const what = `${file} is no list of exceptions: ${whyNot(cause)}.`
    throw new CliError({ what, next: 'correct that file.', exitCode: EXIT.usage, cause })
  }
}

/** The first of what is wrong. */
function whyNot(error: unknown): string {
  if (!(error instanceof z.ZodError)) return lineOf(error)
  const [{ path, message } = { path: [], message: '' }] = error.issues
  return [...path.map(String), message].join(': ')
}

/** The violations that no exception covers and, when all files were checked, the exceptions that cover none and are not permanent. */
export function withoutExceptions(
  violations: Violation[],
  exceptions: Exception[],
  { allFiles }: { allFiles: boolean },
): Violation[] {
  const covers = (exception: Exception, { tool, rule, file }: Violation) =>
    exception.tool === tool && exception.rule === rule && matchesGlob(file, exception.files)
  const uncovered = violations.filter((one) => !exceptions.some((exception) => covers(exception, one)))
  if (!allFiles) return uncovered
  const unused = exceptions.filter(
    (exception) => !exception.permanent && !violations.some((one) => covers(exception, one)),
  )
  return [...uncovered, ...unused.map(unusedException)]
}

function unusedException({ tool, rule, files }: Exception): Violation {
  const message = `no violation of ${tool} ${rule} in ${files}: remove the exception`
  return { tool: 'exceptions', rule: 'unused', file: FILE, line: 1, message }
}
