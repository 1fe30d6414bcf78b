// Specs and faults for a copy of the project. They are not in the spec that uses them, because their titles start with
// numbers of criteria that they do not prove.

export const criterion = 'B1.1.1'
export const otherCriterion = 'B1.1.2'

/** The texts of two spec files. */
export const specs = [
  `test('B1.1.1 rows', async ({ db }) => { expect(await db.count('mark')).toBe(1) })
   test('B1.1.2 checks something else', async ({ db }) => { expect(db.name).not.toBe('') })
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

/** The verdict of each of them. */
export const verdictsOfFaults = {
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

/** A spec that passes, and its fault. */
export const passing = passingFor(criterion)
export const otherPassing = passingFor(otherCriterion)

function passingFor(criterion: string) {
  return {
    spec: `test('${criterion} rows', async ({ db }) => { expect(await db.count('mark')).toBe(1) })`,
    fault: `'${criterion}': { 'rows are gone': sql\`delete from mark\` }`,
  }
}

/** Numbers and options that do not exist. */
export const unknownWords = ['Z9', 'B1.1.99', '--jsn']

/** Two faults of one criterion. */
export const twoFaults = `'B1.1.1': { 'rows are gone': sql\`delete from mark\`, 'the table is gone': sql\`drop table mark\` }`

/** A spec that needs no database, and passes if its value is 1. */
export const specOf = (value: number) => `test('${criterion} holds', () => { expect(1).toBe(${value}) })`
