// What the scripts that print figures say where the server refuses them.
import { type Database, expect, type Project } from '../../harness/index.ts'
import { type Place, runAs, type Script } from './stats.ts'

const UNTIL = { timeout: 10_000, interval: 50 }

interface RefusedFigures {
  /** With --json and without. */
  exitCodes: number[]
  state: string | undefined
  sqlstate: string | undefined
  /** How many lines it prints without --json, on both streams. */
  lines: number
  /** What it prints beside the object with --json: nothing, and no stack. */
  beside: string
}

/** Of a script as hma_monitor. */
export async function refusedFigures(
  project: Project,
  script: Script,
  place: Place,
): Promise<RefusedFigures> {
  const json = await runAs(project, script, place, 'hma_monitor', ['--json'])
  const text = await runAs(project, script, place, 'hma_monitor')
  const { state, sqlstate } = errorIn(json.stdout)
  return {
    exitCodes: [json.exitCode, text.exitCode],
    ...{ state, sqlstate },
    lines: `${text.stdout}\n${text.stderr}`.trim().split('\n').length,
    beside: json.stderr,
  }
}

function errorIn(printed: string): { state?: string; sqlstate?: string } {
  return printed.startsWith('{"error":') ? JSON.parse(printed).error : {}
}

/** One line and one object, with that exit code, state and SQLSTATE. */
export function refusedWith(exitCode: number, state: string, sqlstate?: string): RefusedFigures {
  return { exitCodes: [exitCode, exitCode], state, sqlstate, lines: 1, beside: '' }
}

/** Logs in as the application, again and again, until the server has no connection left but those of superusers. */
export async function useUpConnections(db: Database): Promise<void> {
  await expect.poll(() => sqlstateOfLogin(db), UNTIL).toBe('53300')
}

/** The harness may report a server that is full with an error of its own. */
function sqlstateOfLogin(db: Database): Promise<string | undefined> {
  return db.as('hma_app').then(
    () => undefined,
    (error: { code?: string; cause?: { code?: string } }) => error.code ?? error.cause?.code,
  )
}
