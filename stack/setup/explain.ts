// Why a step failed, as far as the machine shows it: log lines of unhealthy containers, and what the doctor finds now.
import { type ComposeContainer, listContainers } from '../../config/compose-containers.ts'
import { describeFinding, examine } from '../doctor/examine.ts'
import { runCommand } from '../run-command.ts'
import { SECOND_MS, type SetupOptions, stackSettings } from './options.ts'

/** To standard error. */
export async function explainFailure({ variant }: SetupOptions): Promise<void> {
  const { project } = stackSettings(variant)
  const containers = await listContainers(project).catch(() => [])
  for (const line of await lastLogLines(containers)) process.stderr.write(`${line}\n`)
  const findings = await examine({ variant, beforeSetup: false })
  const lines = findings
    .filter(({ state }) => state !== 'ok')
    .map((finding) => `  ${describeFinding(finding)}\n`)
  if (lines.length > 0) process.stderr.write(`The doctor finds:\n${lines.join('')}`)
}

const LINES = 15
const LOGS_WITHIN_MS = 30 * SECOND_MS

/** For each unhealthy container its state and the end of its log. One that was never started waits for another, and has no log. */
async function lastLogLines(containers: ComposeContainer[]): Promise<string[]> {
  const unhealthy = containers.filter(({ isHealthy, status }) => !isHealthy && status !== 'created')
  const logs = unhealthy.map(async ({ name, state }) => {
    const command = ['docker', 'logs', '--tail', String(LINES), name]
    const { stdout, stderr } = await runCommand(command, { withinMs: LOGS_WITHIN_MS })
    const lines = `${stdout}\n${stderr}`.trim().split('\n').slice(-LINES)
    return [`${name} is ${state}. Its last lines:`, ...lines.map((line) => `    ${line}`)]
  })
  return (await Promise.all(logs)).flat()
}
