// Verbs for CI: .ci/run on a gate of the spec's own.
import { readFileSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import type { Project } from '../../harness/index.ts'
import { replaceScript } from './gate.ts'
import { addFile } from './static-checks.ts'

const RECORD = '.signoff/run.json'

/** The record of a run with these numbers of acceptance specs. */
export function recordOf(counts: { passed: number; failed: number; notRun: number }): string {
  return JSON.stringify({ counts })
}

interface CiRun {
  exitCode: number
  first: string | undefined
  last: string | undefined
}

interface FakeGate {
  /** Its exit code. */
  code?: number
  /** What it writes; without it, none. */
  record?: string
  /** What an earlier run has left. */
  earlier?: string
  /** A command that it runs before it ends. */
  hang?: string
}

/** Runs CI on such a gate; the first and the last line that it prints. */
export async function ciWith(
  project: Project,
  { code = 0, record, earlier, hang = 'true' }: FakeGate,
): Promise<CiRun> {
  const writes = record === undefined ? 'true' : `mkdir -p .signoff; echo '${record}' >${RECORD}`
  if (earlier !== undefined) await addFile(project, RECORD, earlier)
  await replaceScript(project, 'scripts/gate.sh', `echo gate "$@"\n${hang}\n${writes}\nexit ${code}`)
  await replaceScript(project, 'scripts/engine.sh', 'exit 0')
  const environment = { PATH: await shortTimeouts(project) }
  const { exitCode, stdout } = await project.run('.ci/run', [], { environment, timeoutMs: 25_000 })
  const lines = stdout.split('\n')
  return { exitCode, first: lines[0], last: lines.at(-1) }
}

/** A folder first on PATH whose timeout(1) writes down its limits, and waits for five seconds only. */
async function shortTimeouts(project: Project): Promise<string> {
  const body = [...[`echo "\${@:1:3}" >>.limits`, `PATH=\${PATH#*:}`], `exec timeout -k 1 5 "\${@:4}"`]
  await replaceScript(project, '.fakes/timeout', body.join('\n'))
  await chmod(join(project.root, '.fakes/timeout'), 0o755)
  return `${join(project.root, '.fakes')}:${process.env.PATH}`
}

/** For each wait of CI: after how many seconds it sends SIGTERM, and how many later SIGKILL. */
export function limitsOfCi({ root }: Project): { seconds: number; killAfter: number }[] {
  const lines = readFileSync(join(root, '.limits'), 'utf8').trim().split('\n')
  return lines.map((line) => {
    const [, killAfter, seconds] = line.split(' ').map(Number)
    return { seconds: seconds ?? Number.NaN, killAfter: killAfter ?? Number.NaN }
  })
}
