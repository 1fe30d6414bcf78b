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
  'B1.1.1': { 'rows are gone': sql\`delete from mark\` },
  'B1.1.2': { 'the table is gone': sql\`drop table mark\` },
  'B1.1.3': { 'nothing': sql\`select 1\` },
  'B1.1.4': { 'itself': sql\`drop table nowhere\` },
  'B1.1.5': { 'the table is gone': sql\`drop table mark\` },
  'B1.1.6': { 'the table is gone': sql\`drop table mark\` },
  'B1.1.7': { 'one role too many': ${intruder} },
  'B1.1.8': { 'one role too many': ${intruder} },
  'B1.1.9': { 'more than its database': sql\`create role stray\` },
  'B1.2.1': { 'rows are gone': sql\`delete from mark\` },
  'B1.2.2': { 'the mark is another': edit('migrations/mark.sql', 'select 1', 'select 2') },`

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
  fault: `'B1.1.1': { 'rows are gone': sql\`delete from mark\` }`,
}

/** Numbers and options that there are not. */
export const unknown = ['Z9', 'B1.1.99', '--jsn']

export const proven = 'B1.1.1'

/** A spec that needs no database, as red or as green as its value. */
export const provenBy = (value: number) => `test('${proven} holds', () => { expect(1).toBe(${value}) })`
