// The dev stack of a copy of the project, beside those of the machine.

import { SERVICE_PORTS } from '../../config/services.ts'
import type { Project } from '../../harness/index.ts'
import { freePort } from './clients.ts'

const chosen = new Map<string, Promise<Record<string, string>>>()

/** Variables that give it a name and ports of its own. */
export function ownStack(project: Project): Promise<Record<string, string>> {
  const variables = chosen.get(project.root) ?? choose(project)
  chosen.set(project.root, variables)
  return variables
}

async function choose({ composeName }: Project): Promise<Record<string, string>> {
  const ports = SERVICE_PORTS.map(async ({ variable }) => [variable, await freePort()])
  return { HMA_PROJECT: composeName, ...Object.fromEntries(await Promise.all(ports)) }
}
