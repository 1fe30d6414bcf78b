// Which services a run will ask for, read from the arguments its tests name, so that all of them boot side by side
// on the first demand. Only a forecast: what it misses boots when it is asked for.
import { readFile } from 'node:fs/promises'
import type { TestProject } from 'vitest/node'
import type { Stack } from './stack.ts'

/** Boots what the queued spec files name. Errors are left to whoever asks for the service. */
export async function bootForecast(project: TestProject, stack: Stack): Promise<void> {
  const { testFiles } = await project.globTestFiles(askedFiles(project))
  const texts = await Promise.all(testFiles.map((file) => readFile(file, 'utf8')))
  const text = texts.join('\n')
  const named = new Set(
    text.matchAll(/\(\{([^})]*)\}\) =>/g).flatMap(([, names = '']) => names.match(/\w+/g) ?? []),
  )
  const boots: Promise<unknown>[] = []
  if (named.has('db')) boots.push(stack.databases.warm())
  if (named.has('emptyDb')) boots.push(stack.postgres())
  if (named.has('cache')) boots.push(stack.redis())
  if (named.has('bucket')) boots.push(stack.objectStore())
  for (const [, service = ''] of text.matchAll(/\bweb\('([a-z-]+)'\)/g)) boots.push(stack.web(service))
  await Promise.allSettled(boots)
}

/** The files named on the command line. Vitest 5.1 keeps them but does not declare them; without them all files count. */
function askedFiles({ vitest }: TestProject): string[] {
  return (vitest as { filenamePattern?: string[] }).filenamePattern ?? []
}
