// Figures as text: columns, sizes and durations.

/** Columns as wide as their longest cell; numbers stand on the right. */
export function table(head: string[], rows: (string | number)[][]): string[] {
  const cells = rows.map((row) => row.map(String))
  const widths = head.map((title, at) =>
    Math.max(title.length, ...cells.map((row) => (row[at] ?? '').length)),
  )
  const isNumeric = head.map(
    (_, at) => rows.length > 0 && rows.every((row) => /^[-\d]/.test(String(row[at]))),
  )
  const line = (row: string[]) =>
    row
      .map((cell, at) => (isNumeric[at] ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
  return [line(head), ...cells.map(line)].map((text) => text.trimEnd())
}

/** Names on the left, values on the right. */
export function list(entries: [name: string, value: string][]): string[] {
  const width = Math.max(...entries.map(([name]) => name.length))
  return entries.map(([name, value]) => `${name.padEnd(width)}  ${value}`)
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

export function bytes(value: number): string {
  const power = value < 1 ? 0 : Math.min(Math.floor(Math.log2(value) / 10), UNITS.length - 1)
  return `${(value / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power]}`
}

export function percent(share: number | null): string {
  return share === null ? 'no data yet' : `${(100 * share).toFixed(1)} %`
}

export function duration(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`
}
