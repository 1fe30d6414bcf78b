// Which services a run will ask for, read from the arguments its tests name, so that all of them boot side by side
// on the first demand. Only a forecast: what it misses boots when it is asked for.
import { readFile } from 'node:fs/promises'
import type { TestProject } from 'vitest/node'
import type { Stack } from './stack.ts'

export interface Needs {
  /** Every name that a function takes out of its arguments; more than the fixtures, which does no harm. */
  fixtures: ReadonlySet<string>
  webs: ReadonlySet<string>
}

/** What tests with this text ask for. */
export function readNeeds(text: string): Needs {
  const parameters = text.matchAll(/\(([^()]*\{[^()]*\}[^()]*)\)\s*=>/g)
  return {
    fixtures: new Set(parameters.flatMap(([, names = '']) => names.match(/\w+/g) ?? [])),
    webs: new Set(text.matchAll(/\bweb\('([a-z-]+)'\)/g).map(([, service = '']) => service)),
  }
}

/** Boots what the queued spec files name; clusters last, because most tests wait for a database. Errors are left to whoever asks for the service. */
export async function bootForecast(project: TestProject, stack: Stack): Promise<void> {
  const { testFiles } = await project.globTestFiles()
  const queued = new Set(project.vitest.state.getPaths())
  const texts = await Promise.all(
    testFiles.filter((file) => queued.has(file)).map((file) => readFile(file, 'utf8')),
  )
  const { fixtures, webs } = readNeeds(texts.join('\n'))
  const boots: (Promise<unknown> | undefined)[] = []
  const databases = fixtures.has('db') ? stack.databases.warm() : undefined
  boots.push(databases)
  if (fixtures.has('emptyDb')) boots.push(stack.postgres())
  if (fixtures.has('cluster')) boots.push(Promise.resolve(databases).then(stack.clusters.warm))
  if (fixtures.has('cache')) boots.push(stack.redis())
  if (fixtures.has('bucket')) boots.push(stack.objectStore())
  for (const service of webs) boots.push(stack.web(service))
  await Promise.allSettled(boots)
}
