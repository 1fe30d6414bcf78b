import { describe, expect, test } from '../harness/index.ts'
import { giveFaults, giveSpecs, prove } from './vocabulary/runs.ts'

const specs = [
  `test('B1.1.1 rows', async ({ db }) => { expect(await db.count('mark')).toBe(1) })
   test('B1.1.2 looks away', async ({ db }) => { expect(db.name).not.toBe('') })
   test('B1.1.3 rows', async ({ db }) => { expect(await db.count('mark')).toBe(1) })
   test('B1.1.4 rows', async ({ db }) => { expect(await db.count('mark')).toBe(1) })
   test('B1.1.5 throws', async ({ db }) => { expect((await db.query('select from mark')).length).toBe(1) })
   test('B1.1.6 takes no database', () => { expect(1).toBe(1) })
   test('B1.1.7 roles', async ({ db }) => { expect(await db.count("pg_roles where rolname = 'intruder'")).toBe(0) })
   test('B1.1.8 roles', async ({ cluster }) => {
     expect(await (await cluster.database()).count("pg_roles where rolname = 'intruder'")).toBe(0)
   })
   test('B1.2.1 here', async ({ db }) => { expect(db.name).not.toBe('') })`,
  `test('B1.2.1 elsewhere', async ({ db }) => { expect(await db.count('mark')).toBe(1) })
   test('B1.2.2 files', async ({ project }) => {
     expect((await import('node:fs')).readFileSync(project.root + '/migrations/mark.sql', 'utf8')).toContain('select 1')
   })`,
]
const intruder = "clusterSql('create role intruder', 'drop role intruder')"
const faults = `
  { criterion: 'B1.1.1', breaks: 'rows are gone', plant: sql\`delete from mark\` },
  { criterion: 'B1.1.2', breaks: 'the table is gone', plant: sql\`drop table mark\` },
  { criterion: 'B1.1.3', breaks: 'nothing', plant: sql\`select 1\` },
  { criterion: 'B1.1.4', breaks: 'itself', plant: sql\`drop table nowhere\` },
  { criterion: 'B1.1.5', breaks: 'the table is gone', plant: sql\`drop table mark\` },
  { criterion: 'B1.1.6', breaks: 'the table is gone', plant: sql\`drop table mark\` },
  { criterion: 'B1.1.7', breaks: 'one role too many', plant: ${intruder} },
  { criterion: 'B1.1.8', breaks: 'one role too many', plant: ${intruder} },
  { criterion: 'B1.2.1', breaks: 'rows are gone', plant: sql\`delete from mark\` },
  { criterion: 'B1.2.2', breaks: 'the mark is another', plant: edit('migrations/mark.sql', 'select 1', 'select 2') },`

describe('Planting a fault', () => {
  test('tells what was caught from everything that only looks like it', async ({ project }) => {
    await giveSpecs(project, ...specs)
    await giveFaults(project, faults)

    const { exitCode, total, verdicts } = await prove(project, 'B1.1', 'B1.2')

    expect(verdicts).toEqual({
      'B1.1.1': 'caught',
      'B1.1.2': 'survived',
      'B1.1.3': 'ineffective',
      'B1.1.4': 'mechanism',
      'B1.1.5': 'mechanism',
      'B1.1.6': 'unreached',
      'B1.1.7': 'caught',
      'B1.1.8': 'caught',
      'B1.2.1': 'caught',
      'B1.2.2': 'caught',
    })
    expect(total).toMatchObject({ caught: 5, notCaught: 5, bare: [] })
    expect(exitCode).toBe(1)
  })

  test('names a criterion that has a spec and no fault', async ({ project }) => {
    await giveSpecs(project, `test('B1.1.1 rows', () => { expect(1).toBe(1) })`)

    const { exitCode, total } = await prove(project, 'B1')

    expect(total).toMatchObject({ caught: 0, notCaught: 0, bare: ['B1.1.1'] })
    expect(exitCode).toBe(2)
  })

  test('is refused where the spec is red without a fault', async ({ project }) => {
    await giveSpecs(project, `test('B1.1.1 rows', () => { expect(1).toBe(2) })`)

    const { exitCode, stderr } = await project.run('node_modules/.bin/node', ['harness/faults/prove.ts'])

    expect(exitCode).toBe(3)
    expect(stderr).toContain('It is not green without a fault: B1.1.1 rows')
  })
})

describe('Asking for a proof', () => {
  test.for([['Z9'], ['B1.1.99'], ['--jsn']])('of %s is refused by name', async ([word = ''], { project }) => {
    const { exitCode, stderr } = await project.run('node_modules/.bin/node', [
      'harness/faults/prove.ts',
      word,
    ])

    expect(exitCode).toBe(2)
    expect(stderr.split('\n')).toHaveLength(1)
    expect(stderr).toContain(word)
  })
})
