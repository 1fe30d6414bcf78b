// Ways to make the two parts of a run less than the whole.
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '../../harness/index.ts'

/** What happens to the folder of the parts. */
export type Change = (folder: string) => Promise<void>

/** What the second of two machines left. */
export const SECOND = 'part-2-2.json'

/** Ways to make the parts less than the whole: what is said about it, and how. */
export const CHANGES: [name: string, reason: string, change: Change][] = [
  ['a part is missing', 'Missing: part 2/2.', (folder) => rm(join(folder, SECOND))],
  ['every part is missing', 'There is no part.', removeAll],
  [
    'a part is there twice',
    'It is part 1/2.',
    (folder) => cp(join(folder, 'part-1-2.json'), join(folder, SECOND)),
  ],
  ['there is one part too many', 'There are 3 parts of 2.', addThirdOfTwo],
  ['a part is of three', 'They are parts of different wholes', takeOfThree],
  [
    'a part is of another commit',
    'It is of another commit.',
    (folder) => edited(folder, /"commit": "\w+"/, '"commit": "0"'),
  ],
  [
    'a part is of changed files',
    'It is of a tree that is not clean.',
    (folder) => edited(folder, /"clean": true/, '"clean": false'),
  ],
  [
    'a part is of another list',
    'It is of another acceptance list.',
    (folder) => edited(folder, /"listHash": "\w+"/, '"listHash": "0"'),
  ],
  [
    'a report is of another run',
    'Its report is of another run.',
    (folder) => cp(join(folder, 'report-1-2.json'), join(folder, 'report-2-2.json')),
  ],
  [
    'a part ran another image',
    'Part 2/2 ran another image or version of postgres.',
    (folder) => edited(folder, /"image": "[^"]+"/, '"image": "another"'),
  ],
  [
    'a part ran another version',
    'Part 2/2 ran another image or version of postgres.',
    (folder) => edited(folder, /"version": "[^"]+"/, '"version": "another"'),
  ],
]

/** The specs of one part ended with exit code 1. */
export function specsFail(folder: string): Promise<void> {
  return edited(folder, /"specsExit": 0/, '"specsExit": 1')
}

async function removeAll(folder: string): Promise<void> {
  await rm(folder, { recursive: true })
  await mkdir(folder)
}

async function takeOfThree(folder: string): Promise<void> {
  await edited(folder, /"part": "2\/2"/, '"part": "2/3"')
  await rename(join(folder, SECOND), join(folder, 'part-2-3.json'))
  await rename(join(folder, 'report-2-2.json'), join(folder, 'report-2-3.json'))
}

async function addThirdOfTwo(folder: string): Promise<void> {
  const text = await readFile(join(folder, SECOND), 'utf8')
  await writeFile(join(folder, 'part-3-2.json'), text.replace('"part": "2/2"', '"part": "3/2"'))
  await cp(join(folder, 'report-2-2.json'), join(folder, 'report-3-2.json'))
}

/** Replaces a text of it, which must be there. */
export async function edited(folder: string, find: RegExp, replace: string): Promise<void> {
  const text = await readFile(join(folder, SECOND), 'utf8')
  expect(text).toMatch(find)
  await writeFile(join(folder, SECOND), text.replaceAll(new RegExp(find, 'g'), replace))
}
