// The files of faults. A fault that edits a file quotes a text of it. Where that text was changed, the fault is broken: found here in a
// second, and not only when the fault is injected.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import type { Fault } from './fault.ts'
import { brokenQuotes } from './quoted-texts.ts'

const faultFiles: [file: string, faults: Fault[]][] = []
for (const file of globSync('specs/**/*.faults.ts').sort())
  faultFiles.push([file, (await import(resolve(file))).default])

const textOf = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '')

test.for(faultFiles)('%s quotes only texts that stand exactly once in their file', ([, faults]) => {
  expect(brokenQuotes(faults, textOf)).toEqual([])
})

// Twice the same defect shows once that the spec can fail.
test('no two faults of a criterion inject the same', () => {
  const all = faultFiles.flatMap(([, faults]) => faults)
  const same = Map.groupBy(all, ({ criterion, injection }) => criterion + JSON.stringify(injection))

  expect(
    [...same.values()].filter(({ length }) => length > 1).map((faults) => faults.map(({ id }) => id)),
  ).toEqual([])
})
