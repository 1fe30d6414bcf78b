// The exceptions: a rule that does not hold in a place, and why. One that excepts nothing is itself an objection, so that
// the list never grows old.
import { readFileSync } from 'node:fs'
import { matchesGlob } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Finding } from './finding.ts'

const FILE = 'migrations/lint/exceptions.yaml'
const EXCEPTIONS = z.array(
  z.strictObject({
    tool: z.string(),
    rule: z.string(),
    files: z.string(),
    reason: z.string().min(10),
  }),
)

export type Exception = z.infer<typeof EXCEPTIONS>[number]

/** Throws ZodError when an entry lacks its reason. */
export function readExceptions(): Exception[] {
  return EXCEPTIONS.parse(parse(readFileSync(FILE, 'utf8')))
}

/** The findings that nothing excepts, and, when all files were looked at, the exceptions that no longer are any. */
export function withoutExceptions(
  findings: Finding[],
  exceptions: Exception[],
  { allFiles }: { allFiles: boolean },
): Finding[] {
  const excepts = (exception: Exception, { tool, rule, file }: Finding) =>
    exception.tool === tool && exception.rule === rule && matchesGlob(file, exception.files)
  const left = findings.filter((finding) => !exceptions.some((exception) => excepts(exception, finding)))
  const idle = exceptions.filter((exception) => !findings.some((finding) => excepts(exception, finding)))
  if (!allFiles) return left
  return [...left, ...idle.map(({ tool, rule, files }) => staleFor(`${tool} ${rule} in ${files}`))]
}

function staleFor(what: string): Finding {
  return {
    tool: 'exceptions',
    rule: 'stale',
    file: FILE,
    line: 1,
    message: `${what} is no exception any more`,
  }
}
