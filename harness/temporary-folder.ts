// Unit tests of one file write below a temporary folder of their own, which goes with them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'hma-unit-'))
process.env.TMPDIR = folder
afterAll(() => rmSync(folder, { recursive: true, force: true }))
