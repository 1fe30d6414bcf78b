// A cluster that is restored beside the present one, in the same volume, and takes its place when it has proven to start.
import { CliError, EXIT } from '../../config/cli-error.ts'
import type { BaseBackup } from '../../ops/archive/backups.ts'
import type { Moment } from './moment.ts'
import { DAY_MS, type OneShot } from './one-shot.ts'

const FOLDER = '/var/lib/postgresql/17'
const DATA = `${FOLDER}/data`
const RESTORING = `${FOLDER}/restoring`
/** While it exists, docker/archive/pgbackrest.sh archives nothing. */
const UNPROVEN = `${FOLDER}/unproven`
const LOG = '/tmp/restore.log'
const DATABASE = 'hma'

/** For a person who must recognise it; undefined when the volume has none. */
export async function describeCluster(shell: OneShot): Promise<string | undefined> {
  const describe = `[ -s ${DATA}/PG_VERSION ] || exit 0
    size=$(du -sm ${DATA} | cut -f 1)
    printf '%s MB, last checkpoint %s' "$size" "$(pg_controldata ${DATA} | sed -n 's/^Time of latest checkpoint: *//p')"`
  return (await shell.run(['sh', '-c', describe])) || undefined
}

/** True if the archive belongs to this cluster. `info` is pgBackRest's JSON, compared as text: the system identifier exceeds JavaScript's safe integers. */
export async function isArchiveOf(shell: OneShot, info: string): Promise<boolean> {
  const { stdout } = await shell.attempt(['pg_controldata', DATA])
  const [, id] = /^Database system identifier: *(\d+)/m.exec(stdout) ?? []
  return id !== undefined && info.includes(`"system-id":${id}`)
}

/** Fetches the backup and what leads from it to the moment; without a moment to the end of the archive. */
export async function fetchBackup(
  shell: OneShot,
  backup: BaseBackup,
  moment: Moment | undefined,
): Promise<void> {
  await shell.run(['rm', '-rf', RESTORING])
  // The moment belongs to the history that the backup is of: another restore may have begun a new one since.
  const target =
    moment === undefined
      ? ['--type=default', '--target-timeline=latest']
      : ['--type=time', `--target=${moment.text}`, '--target-timeline=current', '--target-action=promote']
  const command = `sh /pgbackrest.sh --pg1-path=${RESTORING} archive-get %f "%p"`
  await shell.run(
    [
      ...['sh', '/pgbackrest.sh', 'restore', `--set=${backup.label}`, `--pg1-path=${RESTORING}`, ...target],
      `--recovery-option=restore_command=${command}`,
    ],
    DAY_MS,
  )
}

/** What a server may do here: nobody connects from outside, and nothing is archived before it is the one of the stack. */
const SERVER = "-c listen_addresses='' -c hot_standby=off -c archive_mode=on -c archive_command=''"
const RECOVERY = [
  'restore_command',
  'recovery_target_time',
  'recovery_target_timeline',
  'recovery_target_action',
]

/** pg_ctl itself waits for the begin of the recovery alone. */
const START = `pg_ctl start --silent -D ${RESTORING} -w -t 86400 -l ${LOG} -o "${SERVER}" || exit 1
  until pg_isready --quiet; do pg_ctl status -D ${RESTORING} >/dev/null || exit 1; sleep 0.2; done`

/** Replays the write-ahead log, until the server runs by itself. Returns the time of the last transaction that it has. */
export async function recover(shell: OneShot): Promise<string> {
  const { exitCode } = await shell.attempt(['sh', '-c', START], DAY_MS)
  const log = await shell.run(['cat', LOG])
  const last = /last completed transaction was at log time (.+)/.exec(log)?.[1]
  if (exitCode !== 0) throw notRecovered(log, last)
  await requireDatabase(shell)
  await shell.run(['pg_ctl', 'stop', '--silent', '-D', RESTORING, '-m', 'fast', '-w'], DAY_MS)
  return last ?? 'the end of the backup'
}

async function requireDatabase(shell: OneShot): Promise<void> {
  const resets = RECOVERY.flatMap((name) => ['--command', `alter system reset ${name}`])
  const found = `select count(*) from pg_database where datname = '${DATABASE}' and datallowconn`
  const psql = [
    'psql',
    '--username=postgres',
    '--dbname=postgres',
    '--no-psqlrc',
    '-v',
    'ON_ERROR_STOP=1',
    '-qAt',
  ]
  const count = await shell.run([...psql, ...resets, '--command', found])
  if (count.trim() === '1') return
  throw new CliError({
    what: `There was no database ${DATABASE} at that moment.`,
    next: 'choose another one; the database is as it was.',
    exitCode: EXIT.refused,
  })
}

function notRecovered(log: string, last: string | undefined): CliError {
  if (log.includes('recovery ended before configured recovery target was reached'))
    return new CliError({
      what: `The archive ends before that moment; its last transaction is of ${last ?? 'the time of the backup'}.`,
      next: 'choose an earlier moment, or --to-time latest; the database is as it was.',
      exitCode: EXIT.refused,
    })
  const fatal = /(?:FATAL|PANIC): {2}(.+)/.exec(log)?.[1] ?? log.trim().split('\n').at(-1)
  return new CliError({
    what: `The restored server does not start: ${fatal}`,
    next: 'try another moment; the database is as it was.',
  })
}

/** While no server runs. Returns the folder of the former cluster, if there was one. */
export async function swapIn(shell: OneShot, at: Date): Promise<string | undefined> {
  const kept = `${FOLDER}/before_${at.toISOString().replaceAll(/[-:]|\.\d+/g, '')}`
  const swap = `set -e
    touch ${UNPROVEN}
    [ ! -e ${DATA} ] || mv ${DATA} ${kept}
    mv ${RESTORING} ${DATA} || { [ ! -e ${kept} ] || mv ${kept} ${DATA}; exit 1; }
    sync ${FOLDER}
    [ ! -e ${kept} ] || printf %s ${kept}`
  return (await shell.run(['sh', '-c', swap])) || undefined
}

/** The former cluster gets its place again. */
export async function swapBack(shell: OneShot, kept: string): Promise<void> {
  await shell.run(['sh', '-c', `mv ${DATA} ${RESTORING} && mv ${kept} ${DATA}`])
}

/** What an attempt has left; a restored server archives from now on. */
export async function cleanUp(shell: OneShot): Promise<void> {
  const stop = ['pg_ctl', 'stop', '--silent', '-D', RESTORING, '-m', 'immediate', '-w']
  await shell.attempt(['sh', '-c', `[ ! -e ${RESTORING}/postmaster.pid ] || ${stop.join(' ')}`])
  await shell.attempt(['rm', '-rf', RESTORING, UNPROVEN])
}
