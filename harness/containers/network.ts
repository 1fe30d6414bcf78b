// The network of a run, on which services reach each other by name.
import { getContainerRuntimeClient } from 'testcontainers'
import type { Ownership } from '../../stack/engine/ownership.ts'

/** Creates the run's network and returns its name; the sweep removes it after its containers. */
export async function createNetwork({ run, labels }: Ownership): Promise<string> {
  const name = networkOf(run)
  await (await getContainerRuntimeClient()).network.create({ Name: name, Driver: 'bridge', Labels: labels })
  return name
}

export function networkOf(run: string): string {
  return `hma-${run}`
}
