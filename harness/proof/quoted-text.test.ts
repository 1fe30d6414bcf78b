// A fault that edits a file quotes a text of it. Where that text was changed, the fault is broken: said here in a second,
// and not when it is injected.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import type { Fault } from './fault.ts'

const read = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '')

test.for(globSync('specs/**/*.faults.ts').sort())(
  '%s quotes only texts that stand exactly once in their file',
  async (file) => {
    const { default: faults } = (await import(resolve(file))) as { default: Fault[] }

    const notOnce = faults.flatMap(({ id, injection }) =>
      injection.kind === 'edit'
        ? injection.edits
            .map((edit) => ({
              id,
              file: edit.file,
              find: edit.find,
              times: read(edit.file).split(edit.find).length - 1,
            }))
            .filter(({ times }) => times !== 1)
        : [],
    )

    expect(notOnce).toEqual([])
  },
)
