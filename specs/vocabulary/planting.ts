// Specs and faults that a copy of the project is given. Apart from the spec that uses them, because their titles carry
// numbers of criteria that they do not prove.

/** The texts of two spec files. */
export const specs = [
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
   test('B1.1.9 roles', async ({ db }) => { expect(await db.count("pg_roles where rolname = 'stray'")).toBe(0) })
   test('B1.2.1 here', async ({ db }) => { expect(db.name).not.toBe('') })`,
  `test('B1.2.1 elsewhere', async ({ db }) => { expect(await db.count('mark')).toBe(1) })
   test('B1.2.2 files', async ({ project }) => {
     expect((await import('node:fs')).readFileSync(project.root + '/migrations/mark.sql', 'utf8')).toContain('select 1')
   })`,
]

const intruder = "clusterSql('create role intruder', 'drop role intruder')"

/** One for each criterion of the specs above. */
export const faults = `
  { criterion: 'B1.1.1', breaks: 'rows are gone', plant: sql\`delete from mark\` },
  { criterion: 'B1.1.2', breaks: 'the table is gone', plant: sql\`drop table mark\` },
  { criterion: 'B1.1.3', breaks: 'nothing', plant: sql\`select 1\` },
  { criterion: 'B1.1.4', breaks: 'itself', plant: sql\`drop table nowhere\` },
  { criterion: 'B1.1.5', breaks: 'the table is gone', plant: sql\`drop table mark\` },
  { criterion: 'B1.1.6', breaks: 'the table is gone', plant: sql\`drop table mark\` },
  { criterion: 'B1.1.7', breaks: 'one role too many', plant: ${intruder} },
  { criterion: 'B1.1.8', breaks: 'one role too many', plant: ${intruder} },
  { criterion: 'B1.1.9', breaks: 'more than its database', plant: sql\`create role stray\` },
  { criterion: 'B1.2.1', breaks: 'rows are gone', plant: sql\`delete from mark\` },
  { criterion: 'B1.2.2', breaks: 'the mark is another', plant: edit('migrations/mark.sql', 'select 1', 'select 2') },`

/** What each of them comes to. */
export const expected = {
  'B1.1.1': 'caught',
  'B1.1.2': 'survived',
  'B1.1.3': 'ineffective',
  'B1.1.4': 'mechanism',
  'B1.1.5': 'mechanism',
  'B1.1.6': 'unreached',
  'B1.1.7': 'caught',
  'B1.1.8': 'caught',
  'B1.1.9': 'mechanism',
  'B1.2.1': 'caught',
  'B1.2.2': 'caught',
}

/** A spec that is green, and its fault. */
export const counted = {
  spec: `test('B1.1.1 rows', async ({ db }) => { expect(await db.count('mark')).toBe(1) })`,
  fault: `{ criterion: 'B1.1.1', breaks: 'rows are gone', plant: sql\`delete from mark\` }`,
}

/** Numbers and options that there are not. */
export const unknown = ['Z9', 'B1.1.99', '--jsn']

export const proven = 'B1.1.1'

/** A spec that needs no database, as red or as green as its value. */
export const provenBy = (value: number) => `test('${proven} holds', () => { expect(1).toBe(${value}) })`
