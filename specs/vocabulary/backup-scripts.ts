// The scripts of the backups, as they are typed where a stack runs.
import { existsSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { expect, type Outcome, type Project } from '../../harness/index.ts'
import type { Manifest } from '../../ops/backup/manifest.ts'
import { askPostgres } from './clients.ts'
import { prepare } from './compose.ts'
import { containersOf, execIn } from './containers.ts'
import { flipped } from './damage.ts'
import { exitCodesInStack } from './schedule.ts'
import { run } from './stack.ts'
import { lockTable } from './stack-load.ts'
import { asRoot } from './store.ts'

/** They start a container. A restore takes longest. */
const ENDS_WITHIN_MS = 150_000
const UNTIL_STARTED = { timeout: 45_000, interval: 200 }
/** Of these jobs one runs at a time. */
const ALONE_DONE = { backup: 0, prune: 0 }

/** Runs scripts/<script>.sh on the test variant. */
export async function runScript(project: Project, script: string, ...words: string[]): Promise<Outcome> {
  const environment = await prepare(project)
  const options = { environment, timeoutMs: ENDS_WITHIN_MS }
  return project.run(`scripts/${script}.sh`, ['--variant', 'test', '--json', ...words], options)
}

/** A PATH with a docker that ends each `docker compose run` with this shell command, and hands everything else to the real one. */
export async function endRuns({ root }: Project, command: string): Promise<string> {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const real = folders.map((folder) => join(folder, 'docker')).find((file) => existsSync(file))
  const own = await mkdtemp(join(root, '.path-'))
  const script = `#!/bin/sh\ncase " $* " in *' run --rm '*) ${command} ;; esac\nexec '${real}' "$@"\n`
  await writeFile(join(own, 'docker'), script, { mode: 0o755 })
  return [own, ...folders].join(delimiter)
}

/** Ids of the backups in the store, newest first. */
export async function idsListed(project: Project): Promise<string[]> {
  const { exitCode, stdout } = await runScript(project, 'backup', '--list')
  expect(exitCode).toBe(0)
  const { backups } = JSON.parse(stdout) as { backups: { id: string }[] }
  return backups.map(({ id }) => id)
}

/** Backs up the database that often, one after the other. */
export async function backUp(project: Project, times: number): Promise<void> {
  for (let made = 0; made < times; made++) {
    const { exitCode, stderr } = await runScript(project, 'backup')
    // The steps that it has taken, each with its duration: what a backup that is ended by the limit of the spec was waiting for.
    expect(exitCode, stderr).toBe(0)
  }
}

/** Runs it while a backup by hand, beside the service that runs, waits in its own container for a table. */
export async function duringBackup<T>(project: Project, run: () => Promise<T>): Promise<T> {
  // The service's own first jobs, which a backup by hand is refused beside, are over.
  await expect.poll(() => exitCodesInStack(project, 'backup'), UNTIL_STARTED).toMatchObject(ALONE_DONE)
  const lock = await lockTable(project, 'auth.sessions')
  const backup = runScript(project, 'backup')
  try {
    await expect.poll(() => countRunning(project), UNTIL_STARTED).toBe(2)
    return await run()
  } finally {
    await lock[Symbol.asyncDispose]()
    await backup
  }
}

/** How many containers of the service run, with those of the scripts. */
async function countRunning(project: Project): Promise<number> {
  const containers = await containersOf(project)
  return containers.filter(({ service, status }) => service === 'backup' && status === 'running').length
}

/** Backs up the database until there are so many; returns their ids, newest first. */
export async function atLeastBackups(project: Project, count: number): Promise<string[]> {
  const before = await idsListed(project)
  await backUp(project, Math.max(0, count - before.length))
  return idsListed(project)
}

/** A statement of the superuser in a database of the stack. */
export async function alter(project: Project, text: string): Promise<void> {
  expect(await askPostgres(project, 'postgres', 'postgres-password', text)).toBe('done')
}

/** Lines of everything in a database of the stack that pg_dump writes as text, sorted, because privileges may be listed in another order. */
export async function linesOf(project: Project, database: string): Promise<string[]> {
  const dump = ['pg_dump', '--username=postgres', '--restrict-key=spec', '--schema=auth', '--schema=ops']
  const { exitCode, stdout } = await execIn(project, 'postgres', [...dump, database])
  expect(exitCode).toBe(0)
  return stdout.replaceAll(/[()]/g, '').split('\n').sort()
}

/** What this results in while the login of the backups has expired, so that a backup reaches no database. */
export async function whileLoginExpired<Result>(
  project: Project,
  act: () => Promise<Result>,
): Promise<Result> {
  await alter(project, `alter role hma_backup valid until '2000-01-01'`)
  try {
    return await act()
  } finally {
    await alter(project, `alter role hma_backup valid until 'infinity'`)
  }
}

/** How many days ago each of these jobs ran last. The one that has been due for longest runs first: it asks nothing of the database. */
const OUTAGE = { 'restore-test': 15, backup: 2 }

/** Starts the service again as after an outage of days: a restore test is made up for, and then a backup. */
export async function restartAfterOutage(project: Project): Promise<void> {
  const script = `
    import { readFileSync, writeFileSync } from 'node:fs'
    const file = '/backups/schedule.json'
    const records = JSON.parse(readFileSync(file, 'utf8'))
    for (const [job, days] of Object.entries(${JSON.stringify(OUTAGE)}))
      for (const time of ['startedAtMs', 'endedAtMs']) records[job].last[time] -= days * 86_400_000
    writeFileSync(file, JSON.stringify(records))`
  const changed = await execIn(project, 'backup', ['node', '--input-type=module', '--eval', script])
  const restarted = await run(project, ['--profile', 'backup', 'restart', 'backup'])
  expect([changed.exitCode, restarted.exitCode]).toEqual([0, 0])
}

const BACKUPS = 'hma-backups'

/** Manifests of all backups of the stack as the store has them, newest first. */
export async function manifestsIn(project: Project): Promise<Manifest[]> {
  using store = await asRoot(project)
  const keys = (await store.keys(BACKUPS)).filter((key) => key.endsWith('/manifest.json'))
  const texts = await Promise.all(keys.sort().map((key) => store.read(BACKUPS, key)))
  return texts.map((text) => JSON.parse(`${text}`)).reverse()
}

/** One bit of the newest dump of the stack changes in the store. Calling what it returns ends that, and removes the report on it. */
export async function damageNewestDump(project: Project): Promise<() => Promise<void>> {
  using store = await asRoot(project)
  const key =
    (await store.keys(BACKUPS))
      .filter((each) => each.endsWith('/dump'))
      .sort()
      .at(-1) ?? ''
  const whole = await store.read(BACKUPS, key)
  await store.write(BACKUPS, key, flipped(whole, Math.floor(whole.length / 2)))
  return async () => {
    using again = await asRoot(project)
    await again.write(BACKUPS, key, whole)
    await again.remove(BACKUPS, key.replace(/dump$/, 'restore-test.json'))
  }
}
