// A restore of the stack's database to a moment: beside the present cluster, until it has proven to start. What fails before the
// exchange leaves the running database untouched; what fails after it brings the former one back.
import { CliError, EXIT } from '../../config/cli-error.ts'
import type { StackSettings } from '../../config/stack-settings.ts'
import { type BaseBackup, backupFor, readBackups } from '../../ops/archive/backups.ts'
import type { Step } from '../../ops/backup/steps.ts'
import { cleanUp, describeCluster, fetchBackup, isArchiveOf, recover, swapBack, swapIn } from './cluster.ts'
import { prepareVolumes, startService, stopService } from './compose.ts'
import { LATEST, type Moment } from './moment.ts'
import { type OneShot, openOneShot } from './one-shot.ts'
import { archiveEverything, runningServer } from './running-server.ts'

export interface Restored {
  backup: string
  /** Time of the last transaction that the database has. */
  lastTransaction: string
  /** Folder in the volume of the former cluster; null when there was none. */
  keptAs: string | null
}

export async function restoreTo(
  settings: StackSettings,
  wanted: Moment | typeof LATEST,
  confirm: string | undefined,
  step: Step,
): Promise<Restored> {
  const moment = wanted === LATEST ? undefined : wanted
  requirePast(moment)
  await prepareVolumes(settings)
  await step('store', () => startService(settings, 'archive-store'))
  await using shell = await openOneShot(settings)
  requireConfirmed(settings, await describeCluster(shell), confirm)
  const info = await shell.run(['sh', '/pgbackrest.sh', 'info', '--output=json'])
  const backup = chooseBackup(readBackups(info), moment)
  const server = (await isArchiveOf(shell, info)) ? await runningServer(settings) : undefined
  if (server !== undefined) await step('archive the rest', () => archiveEverything(server))
  try {
    await step(`fetch ${backup.label}`, () => fetchBackup(shell, backup, moment))
    const lastTransaction = await step('replay', () => recover(shell))
    const keptAs = await step('exchange', () => exchange(settings, shell))
    return { backup: backup.label, lastTransaction, keptAs: keptAs ?? null }
  } finally {
    await cleanUp(shell)
  }
}

function requirePast(moment: Moment | undefined): void {
  if (moment === undefined || moment.ms <= Date.now()) return
  throw new CliError({
    what: `--to-time ${moment.text} is in the future.`,
    next: 'give a moment that has passed, or latest.',
    exitCode: EXIT.refused,
  })
}

function requireConfirmed(
  settings: StackSettings,
  cluster: string | undefined,
  confirm: string | undefined,
): void {
  const { database, environment, project } = settings
  if (cluster === undefined || confirm === database) return
  const named = confirm === undefined ? '' : `, and --confirm names ${confirm}`
  throw new CliError({
    what: `${database} is a live database${named}.`,
    where: `stack ${project}, ${environment}: ${cluster}`,
    next: `replace it with --confirm ${database}; every database of its server goes back to that moment.`,
    exitCode: EXIT.refused,
  })
}

function chooseBackup(backups: BaseBackup[], moment: Moment | undefined): BaseBackup {
  const [oldest] = backups
  if (oldest === undefined)
    throw new CliError({
      what: 'The archive has no backup.',
      next: 'scripts/restore.sh --database NAME restores a dump instead.',
      exitCode: EXIT.refused,
    })
  const backup = moment === undefined ? backups.at(-1) : backupFor(backups, moment.ms)
  if (backup !== undefined) return backup
  throw new CliError({
    what: `--to-time ${moment?.text} is before the end of the oldest backup.`,
    next: `give a moment after ${new Date(oldest.stoppedAtMs).toISOString()}, or restore a dump with --database.`,
    exitCode: EXIT.refused,
  })
}

/** Returns where the former cluster is kept. */
async function exchange(settings: StackSettings, shell: OneShot): Promise<string | undefined> {
  await stopService(settings, 'postgres')
  const keptAs = await swapIn(shell, new Date()).catch(async (error: unknown) => {
    await startService(settings, 'postgres', true)
    throw error
  })
  try {
    await startService(settings, 'postgres', true)
    return keptAs
  } catch (cause) {
    if (keptAs === undefined) throw cause
    await stopService(settings, 'postgres')
    await swapBack(shell, keptAs)
    await startService(settings, 'postgres', true)
    throw new CliError({
      what: 'The restored server did not become healthy; the former database is back.',
      next: 'scripts/compose.sh logs postgres',
      cause,
    })
  }
}
