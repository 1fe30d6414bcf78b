// One panel of the dashboard: a question of an on-call person, and the queries that answer it.

export interface Query {
  expr: string
  /** Name of a line; {{label}} is replaced by the label's value. */
  legend: string
}

export interface Panel {
  title: string
  question: string
  unit: 'none' | 'share' | 'bytes' | 'seconds' | 'per second'
  /** One number where its course in time says nothing. */
  shows: 'lines' | 'number'
  queries: Query[]
  /** The compose profile without which there is nothing to show. */
  profile?: 'backup'
}

/** The time over which a rate is taken. */
export const ACTIVITY = '[5m]'
