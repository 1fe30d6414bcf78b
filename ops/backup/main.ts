// Backups and restores; scripts/backup.sh, restore.sh and restore-test.sh --help are the manuals.
import { once } from 'node:events'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { runProgram } from '../../config/program.ts'
import { readEnvironment, requirePasswords } from '../../migrations/runner/environment.ts'
import { backUp } from './backup.ts'
import { listBackups } from './backups.ts'
import { type Options, readBackupCommand, scriptOf } from './commands.ts'
import { RESTORE_LOGINS } from './logins.ts'
import { rpoSecondsAt } from './manifest.ts'
import { prune, zoneFrom } from './prune.ts'
import { restore } from './restore.ts'
import { type RestoreReport, testRestore } from './restore-test.ts'
import { readSettings, type Settings } from './settings.ts'
import { startSteps } from './steps.ts'
import { openStore } from './store.ts'

await runProgram(scriptOf(process.argv[2] ?? ''), main, { jsonErrors: true })

async function main(words: string[]): Promise<number> {
  const options = readBackupCommand(words)
  const settings = readSettings(process.env)
  if (options.command === 'restore') return runRestore(settings, options)
  if (options.command === 'restore-test') return runRestoreTest(settings, options)
  if (options.command === 'backup-prune') return runPrune(settings, options)
  return options.list ? list(settings, options) : backup(settings, options)
}

async function runPrune(settings: Settings, options: Options<'backup-prune'>): Promise<number> {
  const result = await prune(settings, zoneFrom(process.env), options)
  print(options.json, result, `${result.kept.length} backups are kept`)
  return 0
}

async function backup(settings: Settings, options: Options<'backup'>): Promise<number> {
  const steps = startSteps()
  announce(`backup of ${settings.database}`, settings)
  const limits = { lockWaitSeconds: options.lockWait, withinMinutes: options.within }
  const { id, takenAt, dump, contents, objects } = await backUp(settings, limits, steps)
  if (objects === null)
    process.stderr.write('no objects are listed, because HMA_BUCKET is not set: it names their bucket\n')
  const tables = Object.keys(contents.tables).length
  const seconds = steps.elapsed()
  const result = { id, takenAt, ...dump, tables, seconds, peakMemoryMiB: peakMemory() }
  print(options.json, result, `${id}: ${dump.bytes} bytes, verified, in ${seconds} s`)
  return 0
}

async function list({ store: access, database }: Settings, { json }: Options<'backup'>): Promise<number> {
  using store = openStore(access)
  const backups = await listBackups(store, database)
  const lines = backups.map(({ id, bytes, hasManifest, isVerified }) => {
    const state = isVerified ? 'verified' : hasManifest ? 'damaged' : 'incomplete'
    return `${id}  ${state.padEnd(10)}  ${bytes} bytes`
  })
  print(json, { backups }, lines.length === 0 ? 'no backups' : lines.join('\n'))
  return 0
}

async function runRestore(settings: Settings, options: Options<'restore'>): Promise<number> {
  const steps = startSteps()
  const { database } = options
  announce(`restore into ${database}`, settings)
  const { passwords } = readEnvironment(process.env, settings.url)
  requirePasswords(passwords, RESTORE_LOGINS)
  const startedAt = new Date()
  const { manifest, keptAs, ...state } = await restore(settings, { ...options, passwords }, steps)
  const seconds = steps.elapsed()
  const rpoSeconds = rpoSecondsAt(manifest, startedAt)
  const result = {
    backup: manifest.id,
    database,
    keptAs: keptAs ?? null,
    ...{ rpoSeconds, seconds, ...state },
    peakMemoryMiB: peakMemory(),
  }
  const kept = keptAs === undefined ? '' : `; what it was before is kept as ${keptAs}, closed`
  const summary = `${database} is as ${manifest.id} was, ${rpoSeconds} s before the restore, compared, in ${seconds} s${kept}`
  print(options.json, result, [...remarksOn(state), summary].join('\n'))
  return 0
}

/** What a person has to know or to do although the database is as it was. */
function remarksOn({ pending, objects }: Pick<RestoreReport, 'pending' | 'objects'>): string[] {
  return [
    ...pending.map((name) => `migration ${name} is newer than the backup: scripts/migrate.sh apply`),
    ...(objects?.rowsWithoutObject ?? []).map((row) => `no object for ${row}`),
    ...(objects?.objectsWithoutRow ?? []).map((key) => `no row for the object ${key}`),
  ]
}

async function runRestoreTest(settings: Settings, options: Options<'restore-test'>): Promise<number> {
  announce(`restore test of ${settings.database}`, settings)
  const { json, jobs, within } = options
  const report = await endWithin(within, testRestore(settings, jobs, startSteps()))
  const { backup: id, isProven, rpoSeconds, rtoSeconds, rows, tables, findings } = report
  const verdict = isProven ? 'restored and equal' : 'NOT as it was'
  const summary = `${id} ${verdict}: ${rows} rows in ${tables} tables, RPO ${rpoSeconds} s, RTO ${rtoSeconds} s`
  print(json, report, [...findings, ...remarksOn(report), summary].join('\n'))
  return isProven ? 0 : EXIT.failed
}

/** What the test has started ends with its container, or is removed by the next one. */
async function endWithin<Result>(minutes: number, test: Promise<Result>): Promise<Result> {
  const late = once(AbortSignal.timeout(minutes * 60_000), 'abort').then(() => {
    throw new CliError({
      what: `The restore test did not end within ${minutes} min.`,
      next: 'run it again with a greater --within, when the machine has less load.',
      exitCode: EXIT.outOfTime,
    })
  })
  return Promise.race([test, late])
}

/** For a person: which database, before anything happens to it. */
function announce(what: string, { url }: Settings): void {
  process.stderr.write(`${what} at ${url.host}, as ${url.username}\n`)
}

function print(asJson: boolean, result: object, lines: string): void {
  console.log(asJson ? JSON.stringify(result) : lines)
}

/** Of this process, without Postgres's programs. */
function peakMemory(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024)
}
