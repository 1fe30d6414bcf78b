// Seals the record of a run into the one that counts: .signoff/signoff.json and signoff.md.
import { z } from 'zod'
import { writeAtomically } from '../../config/atomic-file.ts'
import { CliError } from '../../config/cli-error.ts'
import { flag, readOptions } from '../../config/command-line.ts'
import { type AcceptanceList, readList } from './acceptance-list.ts'
import { criteriaSeenRed, readCaughtFaults } from './caught-faults.ts'
import { ACCEPT_EXIT, type Decision, decide, isOutOfTime } from './decision.ts'
import { readEnvironment, removeLeftovers } from './leftovers.ts'
import { reportLines, totalLine } from './report.ts'
import { RUN_RECORD, type RunRecord, readRunRecord, readSubject } from './run-record.ts'

const EXIT_CODE = z.coerce.number('give an exit code.').int().default(0)

/** Returns the exit code of scripts/accept.sh. Throws CliError when there is no run to seal. */
export async function sealRun(words: string[]): Promise<number> {
  const options = readOptions(words, 'scripts/accept.sh --help', {
    '--so-far': flag,
    '--specs-exit <code>': EXIT_CODE,
    '--prove-exit <code>': EXIT_CODE,
  })
  const list = readList()
  const run = requireRun(list, options.specsExit)
  const seenRed = criteriaSeenRed(list)
  const leftovers = await removeLeftovers()
  const pullRequest = readPullRequest()
  const isPullRequest = pullRequest !== undefined
  const { clean } = readSubject()
  const decision = decide({ run, seenRed, leftovers, clean, isPullRequest, ...options })
  write(list, run, seenRed, { ...decision, ...(isPullRequest && { pullRequest }) })
  for (const line of reportLines(list, run.criteria, seenRed)) console.log(line)
  for (const reason of decision.reasons) console.log(`  because ${reason}`)
  console.log(`${decision.verdict}: ${totalLine(run.criteria, seenRed)}`)
  return decision.exitCode
}

interface PullRequest {
  head: string
  base: string
}

/** The commits of the pull request that the workflow runs for; the commit of the run is a merge of both. */
function readPullRequest(): PullRequest | undefined {
  const { EVENT, HEAD_SHA = '', BASE_SHA = '' } = process.env
  return EVENT === 'pull_request' ? { head: HEAD_SHA, base: BASE_SHA } : undefined
}

function write(
  list: AcceptanceList,
  run: RunRecord,
  seenRed: ReadonlySet<string>,
  decision: Decision & { pullRequest?: PullRequest },
): void {
  const faults = Object.entries(readCaughtFaults()).filter(([, { criterion }]) => seenRed.has(criterion))
  writeAtomically('.signoff/signoff.json', {
    schema: 'hma-signoff/1',
    ...decision,
    sealedAt: new Date().toISOString(),
    environment: readEnvironment('specs'),
    seenRed: Object.fromEntries(faults),
    ...run,
  })
  const reasons = decision.reasons.map((why) => `- ${why}\n`).join('')
  const table = reportLines(list, run.criteria, seenRed).join('\n')
  writeAtomically(
    '.signoff/signoff.md',
    `# Sign-off: ${decision.verdict}\n\n${reasons}\n\`\`\`\n${table}\n\`\`\`\n`,
  )
}

/** Throws CliError unless the last run of the specs ended and was of this very commit and list. */
export function requireRun(list: AcceptanceList, specsExit: number): RunRecord {
  const refuse = (what: string, exitCode: number = ACCEPT_EXIT.environment) =>
    new CliError({ what, where: RUN_RECORD, next: 'scripts/accept.sh', exitCode })
  const run = readRunRecord()
  if (run.state !== 'COMPLETE')
    throw refuse(
      'The last run did not end.',
      isOutOfTime(specsExit) ? ACCEPT_EXIT.outOfTime : ACCEPT_EXIT.environment,
    )
  if (run.subject.commit !== readSubject().commit) throw refuse('The last run was of another commit.')
  if (run.listHash !== list.hash) throw refuse('The acceptance list changed since the last run.')
  return run
}
