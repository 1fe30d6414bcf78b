// scripts/restore.sh --to-time; its --help is the manual.
import { z } from 'zod'
import { flag, oneOf, readOptions } from '../../config/command-line.ts'
import { DATABASE_VARIABLES, requireNoOtherServer, STORE_VARIABLES } from '../../config/locate.ts'
import { runProgram } from '../../config/program.ts'
import { checkSecrets } from '../../config/secrets.ts'
import { requireOwnStack } from '../../config/stack-owner.ts'
import { readStackSettings, readVariables, type StackSettings } from '../../config/stack-settings.ts'
import { VARIANTS } from '../../config/variables.ts'
import { startSteps } from '../../ops/backup/steps.ts'
import { updateImagesEnv } from '../images/status.ts'
import { runCommand } from '../run-command.ts'
import { composeOf } from './compose.ts'
import { readMoment } from './moment.ts'
import { DAY_MS } from './one-shot.ts'
import { restoreTo } from './restore.ts'

await runProgram('restore.sh', main, { jsonErrors: true })

async function main(words: string[]): Promise<number> {
  const { toTime, confirm, variant, json } = readOptions(words, 'scripts/restore.sh --help', {
    '--to-time <moment>': z.string(),
    '--confirm <name>': z.string().optional(),
    '--variant <name>': oneOf(VARIANTS).default('dev'),
    '--json': flag,
  })
  const moment = readMoment(toTime)
  requireNoOtherServer(process.env, [...DATABASE_VARIABLES, ...STORE_VARIABLES])
  const variables = readVariables(process.env)
  const settings = readStackSettings(variables, variant)
  checkSecrets(settings.secretsFolder, variant)
  await requireOwnStack(settings.project)
  await updateImagesEnv()
  process.stderr.write(`restore of ${settings.database} of the stack ${settings.project} to ${toTime}\n`)
  const { step, elapsed } = startSteps()
  const restored = await restoreTo(settings, moment, confirm, step)
  const isBackedUp = variables.HMA_ARCHIVE === 'on' && (await step('backup', () => backUp(settings)))
  const result = { database: settings.database, toTime, ...restored, isBackedUp, seconds: elapsed() }
  console.log(json ? JSON.stringify(result) : textOf(result))
  return 0
}

/** A new history begins with a restore: the archive gets a backup of it at once. */
async function backUp(settings: StackSettings): Promise<boolean> {
  const run = ['run', '--rm', '--no-deps', '--no-TTY', 'archive', 'ops/archive/main.ts', 'backup']
  const { exitCode, stderr } = await runCommand([...composeOf(settings), ...run], { withinMs: DAY_MS })
  if (exitCode !== 0) process.stderr.write(`${stderr.trim()}\n`)
  return exitCode === 0
}

interface Result {
  database: string
  toTime: string
  lastTransaction: string
  keptAs: string | null
  isBackedUp: boolean
  seconds: number
}

function textOf({ database, toTime, lastTransaction, keptAs, isBackedUp, seconds }: Result): string {
  const kept =
    keptAs === null
      ? []
      : [`The former data are kept. To end them: scripts/compose.sh exec postgres rm -rf ${keptAs}`]
  const backup = isBackedUp
    ? []
    : ['No backup of it is in the archive yet: scripts/compose.sh --profile archive up --wait makes one.']
  return [
    `${database} is as it was at ${toTime}, in ${seconds} s; its last transaction is of ${lastTransaction}`,
    ...kept,
    ...backup,
  ].join('\n')
}
