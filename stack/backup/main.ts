// Runs a program of ops/backup in a container of the service `backup`: there are the clients of the server's version, the network
// of the stack and the secrets. A restore also gets the secrets of the superuser and of the logins, for as long as it runs.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { oneOf, readOptions } from '../../config/command-line.ts'
import { DATABASE_VARIABLES, requireNoOtherServer, STORE_VARIABLES } from '../../config/locate.ts'
import { runProgram } from '../../config/program.ts'
import { checkSecrets } from '../../config/secrets.ts'
import { requireOwnStack } from '../../config/stack-owner.ts'
import { readStackSettings, readVariables, type StackSettings } from '../../config/stack-settings.ts'
import { VARIANTS } from '../../config/variables.ts'
import { readBackupCommand } from '../../ops/backup/commands.ts'
import { composeOptions } from '../compose/command.ts'
import { updateImagesEnv } from '../images/status.ts'

const SUPERUSER_URL = 'postgres://postgres@postgres:5432/hma'
/** Variables of a restore and the secrets that they name. */
const RESTORE_SECRETS = {
  HMA_DATABASE_PASSWORD_FILE: 'postgres-password',
  HMA_MIGRATOR_PASSWORD_FILE: 'migrator-password',
  HMA_APP_PASSWORD_FILE: 'app-password',
  HMA_ANALYTICS_PASSWORD_FILE: 'analytics-password',
  HMA_ML_PASSWORD_FILE: 'ml-password',
  HMA_MONITOR_PASSWORD_FILE: 'monitor-password',
  HMA_BACKUP_PASSWORD_FILE: 'backup-password',
}

await runProgram(process.argv[2] ?? 'backup', main, { jsonErrors: true })

async function main([command = '', ...words]: string[]): Promise<number> {
  requireNoOtherServer(process.env, [...DATABASE_VARIABLES, ...STORE_VARIABLES])
  const { variant, rest } = splitVariant(words)
  const settings = readStackSettings(readVariables(process.env), variant)
  readBackupCommand([command, ...rest])
  await requireOwnStack(settings.project)
  checkSecrets(settings.secretsFolder, variant)
  await updateImagesEnv()
  // A backup and a restore say themselves which database it is; these two ask the store alone.
  if (command === 'backup-prune' || rest.includes('--list'))
    process.stderr.write(`backups of ${settings.database} of the stack ${settings.project}\n`)
  const run = [
    'run',
    '--rm',
    '--no-deps',
    '--no-TTY',
    ...(command === 'restore' ? restoreOptions(settings) : []),
  ]
  const options = [...composeOptions(settings), '--progress', 'quiet', ...run, 'backup']
  const child = spawn('docker', ['compose', ...options, 'ops/backup/main.ts', command, ...rest], {
    stdio: 'inherit',
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return code ?? 1
}

/** `--variant` belongs to the stack, everything else to the program. */
function splitVariant(words: string[]) {
  const at = words.indexOf('--variant')
  if (at < 0) return { variant: 'dev' as const, rest: words }
  const option = words.slice(at, at + 2)
  const { variant } = readOptions(option, 'scripts/backup.sh --help', { '--variant <name>': oneOf(VARIANTS) })
  return { variant, rest: words.toSpliced(at, 2) }
}

function restoreOptions({ secretsFolder }: StackSettings): string[] {
  const secrets = Object.entries(RESTORE_SECRETS).flatMap(([variable, secret]) => {
    const inside = `/run/restore/${secret}`
    return ['--env', `${variable}=${inside}`, '--volume', `${join(secretsFolder, secret)}:${inside}:ro`]
  })
  return ['--env', `HMA_DATABASE_URL=${SUPERUSER_URL}`, ...secrets]
}
