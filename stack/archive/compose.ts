// docker compose for the services of the archive.
import type { StackSettings } from '../../config/stack-settings.ts'
import { composeOptions } from '../compose/command.ts'
import type { ComposeModel } from '../compose/networks.ts'
import { prepareStack } from '../compose/prepare.ts'
import { runOrThrow } from '../run-command.ts'

const RENDER_WITHIN_MS = 60_000
const START_WITHIN_MS = 200_000

export function composeOf(settings: StackSettings): string[] {
  return ['docker', 'compose', ...composeOptions(settings), '--progress', 'quiet', '--profile', 'archive']
}

/** Volumes that are gone are made as the set-up makes them. */
export async function prepareVolumes(settings: StackSettings): Promise<void> {
  const rendered = await runOrThrow([...composeOf(settings), 'config', '--format', 'json'], {
    withinMs: RENDER_WITHIN_MS,
  })
  await prepareStack(JSON.parse(rendered.stdout) as ComposeModel)
}

/** Starts it, with what it needs or alone, and waits until it is healthy. */
export async function startService(settings: StackSettings, name: string, alone = false): Promise<void> {
  const up = ['up', '--detach', '--wait', '--wait-timeout', '180', ...(alone ? ['--no-deps'] : []), name]
  await runOrThrow([...composeOf(settings), ...up], { withinMs: START_WITHIN_MS })
}

export async function stopService(settings: StackSettings, name: string): Promise<void> {
  await runOrThrow([...composeOf(settings), 'stop', name], { withinMs: START_WITHIN_MS })
}
