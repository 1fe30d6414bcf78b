// Rows at the limits of what the table of models accepts.
import fc from 'fast-check'
import type { Ml, Reply } from './ml.ts'
import type { Version } from './models.ts'

const NAME = /^[a-z][a-z0-9-]{0,62}$/
const NUMBER = fc.oneof(fc.integer({ min: 0, max: 999_999_999 }), fc.constantFrom(0, 9, 10, 999_999_999))
const ADDRESS = /^(?:s3|https):\/\/[a-z0-9.-]{1,20}(?::[0-9]{1,5})?\/[^\s?#@]{1,40}$/
const ODD_ADDRESSES = [
  'https://h:99999/x',
  'https://999.1.1.1/x',
  'https://-.-/%',
  's3://./\u00a0\ufeff',
  `s3://models/${'é'.repeat(1011)}`,
]
const TEXT = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  fc.constantFrom(null, '\u{1f600}'.repeat(1000), '"\\\n', ' '),
)

const [LONG, SHORT] = ['a'.repeat(63), 'a']

/** The longest, shortest, largest and smallest values that the table accepts, and its odd addresses. */
export const AT_THE_LIMITS: Version[] = [
  ...ODD_ADDRESSES.map((uri, at) => ({ name: 'odd', version: `${at}.0.0`, uri })),
  {
    ...{ name: LONG, version: '999999999.999999999.999999999', stage: 'production', task: LONG },
    ...{ description: '\u{1f600}'.repeat(1000), size: Number.MAX_SAFE_INTEGER },
  },
  {
    ...{ name: SHORT, version: '0.0.0', stage: 'archived', task: SHORT },
    ...{ description: '-', uri: 's3://a/a', size: 1 },
  },
]

const oddVersion: fc.Arbitrary<Version> = fc.record({
  name: fc.stringMatching(NAME),
  version: fc.tuple(NUMBER, NUMBER, NUMBER).map((numbers) => numbers.join('.')),
  stage: fc.constantFrom('registered', 'staging', 'production', 'archived'),
  task: fc.stringMatching(NAME),
  description: TEXT,
  uri: fc.oneof(fc.constantFrom(...ODD_ADDRESSES), fc.stringMatching(ADDRESS)),
  size: fc.oneof(fc.maxSafeInteger(), fc.constantFrom(1, Number.MAX_SAFE_INTEGER)),
})

/** The same ones in every run. Each odd address is among them. */
export function oddVersions(count: number): Version[] {
  const odd = fc.sample(oddVersion, { numRuns: count, seed: 1 })
  return odd.map((version, at) => ({ ...version, uri: ODD_ADDRESSES[at] ?? version.uri ?? '' }))
}

/** The pages of /models, first to last. */
export async function pagesOf(ml: Ml, cursor = ''): Promise<Reply[]> {
  const page = await ml.ask(`/models?limit=200${cursor}`)
  const { next } = page.body
  return typeof next === 'string' ? [page, ...(await pagesOf(ml, `&cursor=${next}`))] : [page]
}

interface Served extends Required<Omit<Version, 'uri' | 'size' | 'hashBytes'>> {
  artefact: { uri: string; sizeBytes: number }
}

/** Models of these pages, in the form in which they were registered, by name and version. */
export function servedIn(pages: Reply[]): Version[] {
  const served = pages.flatMap(({ body }) => (body.models ?? []) as Served[])
  return sortVersions(
    served.map(({ name, version, stage, task, description, artefact: { uri, sizeBytes: size } }) => {
      return { name, version, stage, task, description, uri, size }
    }),
  )
}

export function sortVersions(versions: Version[]): Version[] {
  const key = ({ name, version }: Version) => `${name} ${version}`
  return versions.toSorted((one, other) => (key(one) < key(other) ? -1 : 1))
}
