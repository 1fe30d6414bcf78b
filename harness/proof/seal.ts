// Seals a run's candidate into the record that counts: .signoff/signoff.json and signoff.md. It runs after Vitest has
// ended, because reporters end before the last tear-down does. Called by scripts/accept.sh.
// Usage: node harness/proof/seal.ts [--so-far] [--specs-exit N] [--prove-exit N]. Exit codes: those of scripts/accept.sh.
import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { writeAtomically } from '../../config/atomic-file.ts'
import { CliError, lineOf } from '../../config/cli-error.ts'
import { ENVIRONMENT } from '../broker/journal.ts'
import { type AcceptanceList, readList } from './acceptance-list.ts'
import { readCaughtFaults } from './caught-faults.ts'
import { type Decision, decide, EXIT } from './decision.ts'
import { reportLines, totalLine } from './report.ts'
import { RUN_RECORD, type RunRecord, readRunRecord, readSubject } from './run-record.ts'
import { criteriaCaughtNow } from './seen.ts'

interface Words {
  soFar: boolean
  specsExit: number
  proveExit: number
}

process.exitCode = await seal(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`seal: ${lineOf(error)}\n`)
  return error instanceof CliError ? error.exitCode : EXIT.environment
})

async function seal(argv: string[]): Promise<number> {
  const words = parseWords(argv)
  const list = readList()
  const candidate = requireCandidate(list, words)
  const seenRed = criteriaCaughtNow(list)
  const leftovers = await sweepLeftovers()
  const ruling = decide({ run: candidate, seenRed, leftovers, clean: readSubject().clean, ...words })
  keep(list, candidate, seenRed, ruling)
  for (const line of reportLines(list, candidate.judged, seenRed)) console.log(line)
  for (const reason of ruling.reasons) console.log(`  because ${reason}`)
  console.log(`${ruling.verdict}: ${totalLine(candidate.judged, seenRed)}`)
  return ruling.exitCode
}

function keep(
  list: AcceptanceList,
  candidate: RunRecord,
  seenRed: ReadonlySet<string>,
  ruling: Decision,
): void {
  const faults = Object.entries(readCaughtFaults()).filter(([, { criterion }]) => seenRed.has(criterion))
  writeAtomically('.signoff/signoff.json', {
    schema: 'hma-signoff/1',
    ...ruling,
    sealedAt: new Date().toISOString(),
    environment: readEnvironment('specs'),
    seenRed: Object.fromEntries(faults),
    ...candidate,
  })
  const reasons = ruling.reasons.map((why) => `- ${why}\n`).join('')
  const table = reportLines(list, candidate.judged, seenRed).join('\n')
  writeAtomically(
    '.signoff/signoff.md',
    `# Sign-off: ${ruling.verdict}\n\n${reasons}\n\`\`\`\n${table}\n\`\`\`\n`,
  )
}

/** Services that ran and what they report of themselves; nothing when the errand booted none. */
function readEnvironment(errand: keyof typeof ENVIRONMENT): { run?: string } {
  const path = ENVIRONMENT[errand]
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
}

/** What our own runs left, which is removed. Whatever other runs left on this engine is their next run's to sweep. */
async function sweepLeftovers(): Promise<string[]> {
  const runs = [readEnvironment('specs').run, readEnvironment('prove').run].filter((run) => run !== undefined)
  const { sweepRun } = await import('../containers/sweep.ts')
  return (await Promise.all(runs.map(sweepRun))).flatMap(({ leftovers }) => leftovers)
}

function parseWords(args: string[]): Words {
  const number = { type: 'string', default: '0' } as const
  try {
    const { values } = parseArgs({
      args,
      options: { 'so-far': { type: 'boolean' }, 'specs-exit': number, 'prove-exit': number },
    })
    const { 'so-far': soFar = false, 'specs-exit': specsExit, 'prove-exit': proveExit } = values
    return { soFar, specsExit: Number(specsExit), proveExit: Number(proveExit) }
  } catch (error) {
    const what = (error as Error).message.split('. ')[0]
    throw new CliError({
      what: `${what}.`,
      where: 'seal',
      next: 'scripts/accept.sh --help',
      exitCode: EXIT.contract,
    })
  }
}

/** Throws CliError unless the last run of the specs ended and was of this very commit and list. */
function requireCandidate(list: AcceptanceList, { specsExit }: Words): RunRecord {
  const refuse = (what: string, exitCode: number) =>
    new CliError({ what, where: RUN_RECORD, next: 'scripts/accept.sh', exitCode })
  const candidate = readRunRecord()
  if (candidate.state !== 'COMPLETE')
    throw refuse(
      'The last run did not end.',
      specsExit === 124 || specsExit === 137 ? EXIT.outOfTime : EXIT.environment,
    )
  if (candidate.subject.commit !== readSubject().commit)
    throw refuse('The last run was of another commit.', EXIT.environment)
  if (candidate.listHash !== list.hash)
    throw refuse('The acceptance list changed since the last run.', EXIT.environment)
  return candidate
}
