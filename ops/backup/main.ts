// Backups and restores; scripts/backup.sh, restore.sh and restore-test.sh --help are the manuals.
import { type CommandOf, flag, numberBetween, readCommand } from '../../config/command-line.ts'
import { runProgram } from '../../config/program.ts'
import { backUp } from './backup.ts'
import { listBackups } from './backups.ts'
import { readSettings, type Settings } from './settings.ts'
import { startSteps } from './steps.ts'
import { openStore } from './store.ts'

const json = { '--json': flag }
const COMMANDS = {
  backup: {
    ...json,
    '--list': flag,
    '--lock-wait <seconds>': numberBetween(1, 3600, 'seconds').default(30),
    '--within <minutes>': numberBetween(0.1, 1440, 'minutes').default(240),
  },
}
type Options = CommandOf<typeof COMMANDS>

await runProgram('backup', main, { jsonErrors: true })

async function main(words: string[]): Promise<number> {
  const options = readCommand(words, 'scripts/backup.sh --help', COMMANDS)
  const settings = readSettings(process.env)
  return options.list ? list(settings, options) : backup(settings, options)
}

async function backup(settings: Settings, options: Options): Promise<number> {
  const steps = startSteps()
  const { url } = settings
  process.stderr.write(`backup of ${settings.database} at ${url.host}, as ${url.username}\n`)
  const manifest = await backUp(
    settings,
    { lockWaitSeconds: options.lockWait, withinMinutes: options.within },
    steps,
  )
  const { id, takenAt, dump, contents } = manifest
  const result = {
    id,
    takenAt,
    ...dump,
    tables: Object.keys(contents.tables).length,
    seconds: steps.elapsed(),
    peakMemoryMiB: peakMemory(),
  }
  print(options.json, result, `${id}: ${dump.bytes} bytes, verified, in ${result.seconds} s`)
  return 0
}

async function list({ store: access, database }: Settings, { json }: Options): Promise<number> {
  using store = openStore(access)
  const backups = await listBackups(store, database)
  const lines = backups.map(({ id, bytes, hasManifest, isVerified }) => {
    const state = isVerified ? 'verified' : hasManifest ? 'damaged' : 'incomplete'
    return `${id}  ${state.padEnd(10)}  ${bytes} bytes`
  })
  print(json, { backups }, lines.length === 0 ? 'no backups' : lines.join('\n'))
  return 0
}

function print(asJson: boolean, result: object, lines: string): void {
  console.log(asJson ? JSON.stringify(result) : lines)
}

/** Of this process, without Postgres's programs. */
function peakMemory(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024)
}
