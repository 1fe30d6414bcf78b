// Whether a text is a cron pattern that comes at some time. The scheduler reads it with a package, and config/ needs Node alone: this
// accepts nothing that the package refuses.

interface Field {
  least: number
  most: number
  /** How many values there are: a step is not longer. */
  size: number
  /** From the least value on. */
  names: readonly string[]
  /** Whether 5#2 (the second Friday) and 5L (the last one) are values. */
  isCounted?: true
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
/** Sunday is 0 and 7. */
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN']
/** Of a leap year. */
const LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const FIELDS: readonly Field[] = [
  { least: 0, most: 59, size: 60, names: [] },
  { least: 0, most: 23, size: 24, names: [] },
  { least: 1, most: 31, size: 31, names: [] },
  { least: 1, most: 12, size: 12, names: MONTHS },
  { least: 0, most: 7, size: 7, names: DAYS, isCounted: true },
]

/** Minute, hour, day, month and weekday, with one blank between them. */
export function isCronPattern(text: string): boolean {
  const parts = text.split(' ')
  if (parts.length !== FIELDS.length) return false
  const values = FIELDS.map((field, at) => valuesOf(parts[at] ?? '', field))
  if (values.some((found) => found.length === 0)) return false
  const [, , days = [], months = []] = values
  // Where a weekday is given, too, either of the two is enough.
  return parts[4] !== '*' || months.some((month) => days.some((day) => day <= (LENGTHS[month - 1] ?? 0)))
}

/** The values that a list means; none where one of its items is wrong. */
function valuesOf(list: string, field: Field): number[] {
  const items = list.split(',').map((item) => valuesOfItem(item, field))
  return items.some((found) => found.length === 0) ? [] : items.flat()
}

/** `*`, one value, or a range from one to another; with a step, except for one value. */
const ITEM = /^(?:\*|(\d{1,2}|[a-z]{3})(?:-(\d{1,2}|[a-z]{3}))?)(?:\/(\d{1,2}))?(#[1-5]|#?L)?$/i

function valuesOfItem(item: string, field: Field): number[] {
  const [found, first, last, step, count] = ITEM.exec(item) ?? []
  if (found === undefined) return []
  if (step !== undefined && first !== undefined && last === undefined) return []
  if (count !== undefined && (field.isCounted === undefined || first === undefined)) return []
  const { least, most, size, names } = field
  const from = first === undefined ? least : numberOf(first, least, names.indexOf(first.toUpperCase()))
  const to = endOf(first, last, from, field)
  const each = step === undefined ? 1 : Number(step)
  if (!(least <= from && from <= to && to <= most && 1 <= each && each <= size)) return []
  return Array.from({ length: Math.floor((to - from) / each) + 1 }, (_, at) => from + at * each)
}

function endOf(first: string | undefined, last: string | undefined, from: number, field: Field): number {
  const { least, size, names } = field
  if (first === undefined) return least + size - 1
  return last === undefined ? from : numberOf(last, least, names.lastIndexOf(last.toUpperCase()))
}

/** NaN for a name that is none of the field. */
function numberOf(word: string, least: number, index: number): number {
  if (/^\d/.test(word)) return Number(word)
  return index < 0 ? Number.NaN : least + index
}
