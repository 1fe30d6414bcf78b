// Seals a run's candidate into the record that counts: .signoff/signoff.json and signoff.md. It runs after Vitest has
// ended with 0, because reporters end before the last tear-down does. Called by scripts/accept.sh.
// Usage: node harness/signoff/seal.ts [--so-far]. Exit codes: those of scripts/accept.sh.
import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { sweepAbandoned } from '../services/sweep.ts'
import { Trouble } from '../trouble.ts'
import { type AcceptanceList, readList } from './list.ts'
import { CANDIDATE, type Candidate, readCandidate, readSubject, writeRecord } from './record.ts'
import { seenRedNow } from './seen.ts'
import { signoffLines, totalLine } from './table.ts'

const EXIT = { accepted: 0, failed: 1, contract: 2, environment: 3, scoped: 4 } as const

interface Ruling {
  verdict: 'ACCEPTED' | 'REJECTED' | 'SCOPED'
  exitCode: number
  reasons: string[]
}

process.exitCode = await seal(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`seal: ${error instanceof Trouble ? error.line : String(error)}\n`)
  return EXIT.environment
})

async function seal(words: string[]): Promise<number> {
  const { values } = parseArgs({ args: words, options: { 'so-far': { type: 'boolean' } } })
  const list = readList()
  const candidate = requireCandidate(list)
  const seenRed = seenRedNow(list)
  const leaked = await sweepAbandoned()
  const ruling = rule(candidate, seenRed, leaked, values['so-far'] ?? false)
  const environment = existsSync('.signoff/environment.json')
    ? JSON.parse(readFileSync('.signoff/environment.json', 'utf8'))
    : {}
  const record = {
    schema: 'hma-signoff/1',
    ...ruling,
    sealedAt: new Date().toISOString(),
    environment,
    seenRed: [...seenRed],
    ...candidate,
  }
  writeRecord('.signoff/signoff.json', record)
  const lines = signoffLines(list, candidate.judged, seenRed)
  writeRecord(
    '.signoff/signoff.md',
    `# Sign-off: ${ruling.verdict}\n\n${ruling.reasons.map((why) => `- ${why}\n`).join('')}\n\`\`\`\n${lines.join('\n')}\n\`\`\`\n`,
  )
  for (const line of lines) console.log(line)
  for (const reason of ruling.reasons) console.log(`  because ${reason}`)
  console.log(`${ruling.verdict}: ${totalLine(candidate.judged, seenRed)}`)
  return ruling.exitCode
}

/** Throws Trouble (exit 3) unless the last run of the specs ended and was of this very commit. */
function requireCandidate(list: AcceptanceList): Candidate {
  const refuse = (what: string) =>
    new Trouble({ what, where: CANDIDATE, next: 'scripts/accept.sh', exitCode: 3 })
  if (!existsSync(CANDIDATE)) throw refuse('There is no run to seal.')
  const candidate = readCandidate()
  if (candidate.state !== 'COMPLETE') throw refuse('The last run did not end.')
  if (candidate.subject.commit !== readSubject().commit) throw refuse('The last run was of another commit.')
  if (candidate.listHash !== list.hash) throw refuse('The acceptance list changed since the last run.')
  return candidate
}

function rule(
  { judged, objections, scope, subject }: Candidate,
  seenRed: ReadonlySet<string>,
  leaked: number,
  soFar: boolean,
): Ruling {
  const broken = judged.filter(({ verdict }) => verdict === 'broken').map(({ id }) => id)
  const missing = judged.filter(({ verdict }) => verdict === 'missing').map(({ id }) => id)
  const unseen = judged
    .filter(({ id, verdict }) => verdict === 'proven' && !seenRed.has(id))
    .map(({ id }) => id)
  const reject = (exitCode: number, ...reasons: string[]): Ruling => ({
    verdict: 'REJECTED',
    exitCode,
    reasons,
  })
  if (leaked > 0) return reject(EXIT.environment, `${leaked} containers were left behind`)
  if (broken.length > 0) return reject(EXIT.failed, `broken: ${broken.join(' ')}`)
  if (objections.length > 0) return reject(EXIT.contract, ...objections)
  if (unseen.length > 0) return reject(EXIT.contract, `never seen red: ${unseen.join(' ')}`)
  if (scope === 'scoped')
    return { verdict: 'SCOPED', exitCode: EXIT.scoped, reasons: ['a filter left tests out'] }
  if (missing.length > 0) {
    const reasons = [`${missing.length} criteria have no spec yet`]
    return soFar ? { verdict: 'SCOPED', exitCode: EXIT.accepted, reasons } : reject(EXIT.contract, ...reasons)
  }
  if (!subject.clean || !readSubject().clean)
    return { verdict: 'SCOPED', exitCode: EXIT.scoped, reasons: ['the tree is not clean'] }
  return { verdict: 'ACCEPTED', exitCode: EXIT.accepted, reasons: [] }
}
