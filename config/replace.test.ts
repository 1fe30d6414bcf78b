import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const REPLACE = join(import.meta.dirname, 'replace.ts')
const script = (path: string) => `
import { replaceFile } from ${JSON.stringify(REPLACE)}
for (let at = 0; at < 500; at++) replaceFile(${JSON.stringify(path)}, { at })
`

test('two processes replace one file at a time, and leave nothing beside it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hma-replace-'))
  const path = join(folder, 'deep', 'record.json')
  const run = () => promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script(path)])

  await Promise.all([run(), run()])

  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ at: 499 })
  expect(readdirSync(join(folder, 'deep'))).toEqual(['record.json'])
})
