import { describe, expect, test } from 'vitest'
import { problemsOf } from './report.ts'
import { createProgress, type Job, type Records, runSchedule, type Surroundings } from './scheduler.ts'

const START = Date.parse('2026-06-01T00:00:00Z')
const EVERY_MINUTE = { pattern: '* * * * *', zone: 'UTC', jitterMs: 0 }
const SECOND_MS = 1000

/** A clock that only moves while something sleeps or runs. */
function simulate(untilSeconds: number) {
  const events: Record<string, unknown>[] = []
  const clock = { nowMs: START, stop: new AbortController() }
  const pass = async (milliseconds: number) => {
    clock.nowMs += milliseconds
    if (clock.nowMs >= START + untilSeconds * SECOND_MS) clock.stop.abort()
  }
  const surroundings: Surroundings = {
    now: () => clock.nowMs,
    sleep: pass,
    save: () => {},
    log: (event) => events.push({ ...event, at: (clock.nowMs - START) / SECOND_MS }),
  }
  const job = (name: string, seconds: number): Job => ({
    ...{ name, ...EVERY_MINUTE },
    run: async () => {
      await pass(seconds * SECOND_MS)
      return 0
    },
  })
  const of = (event: string) =>
    events.filter((one) => one.event === event).map(({ job, at }) => `${job} ${at}`)
  return { clock, surroundings, job, events, of }
}

function recordsOf(name: string, endedAtMs: number): Records {
  return {
    [name]: { last: { startedAtMs: endedAtMs - 1, endedAtMs, exitCode: 0 }, succeededAtMs: endedAtMs },
  }
}

describe('the loop of the scheduler', () => {
  test('runs each job at its times, one at a time', async () => {
    const { clock, surroundings, job, of } = simulate(125)

    await runSchedule([job('one', 3), job('two', 3)], createProgress(START), surroundings, clock.stop.signal)

    expect(of('started')).toEqual(['one 0', 'two 3', 'one 60', 'two 63', 'one 120', 'two 123'])
  })

  test('does not start a job while it runs, and tells which time was skipped', async () => {
    const { clock, surroundings, job, of } = simulate(230)

    await runSchedule([job('slow', 70)], createProgress(START), surroundings, clock.stop.signal)

    expect([of('started'), of('skipped')]).toEqual([
      ['slow 0', 'slow 120'],
      ['slow 70', 'slow 190'],
    ])
  })

  test('waits for the time of a job that ran before the start, and makes up for one that was missed', async () => {
    const { clock, surroundings, job, of } = simulate(30)
    const records = {
      ...recordsOf('recent', START),
      ...recordsOf('missed', START - 90 * SECOND_MS),
    }

    await runSchedule(
      [job('recent', 1), job('missed', 1)],
      createProgress(START, records),
      surroundings,
      clock.stop.signal,
    )

    expect(of('started')).toEqual(['missed 0'])
  })

  test('keeps nothing of a run that was stopped, so that the next start makes up for it', async () => {
    const { clock, surroundings, job, of } = simulate(5)
    const progress = createProgress(START)
    const run = async () => clock.stop.abort() as undefined

    await runSchedule([{ ...job('seal', 1), run }], progress, surroundings, clock.stop.signal)

    expect([of('stopped'), progress.records]).toEqual([['seal 0'], {}])
  })

  test('a failure is a problem until the next success, and keeps the time of the last success', async () => {
    const { clock, surroundings, job } = simulate(70)
    const exitCodes = [0, 1]
    const failing = { ...job('seal', 1), run: async () => exitCodes.shift() ?? 0 }
    const progress = createProgress(START)

    await runSchedule([failing], progress, surroundings, clock.stop.signal)

    expect(problemsOf(progress, clock.nowMs)).toEqual([
      'seal ended with exit code 1 at 2026-06-01T00:01:00.000Z',
    ])
    expect(progress.records).toMatchObject({ seal: { succeededAtMs: START } })
  })

  test('goes on where the records cannot be kept, and says so', async () => {
    const { clock, surroundings, job } = simulate(30)
    const save = () => {
      throw new Error('no space left on device')
    }
    const progress = createProgress(START)

    await runSchedule([job('seal', 1)], progress, { ...surroundings, save }, clock.stop.signal)

    expect(problemsOf(progress, clock.nowMs)).toEqual([
      'the last runs cannot be kept: no space left on device',
    ])
  })

  test('plans again where the clock is set back', async () => {
    const { clock, surroundings, job, of } = simulate(70)
    const setBack = [3_600_000]
    const run = async () => {
      clock.nowMs -= setBack.shift() ?? 0
      return 0
    }

    await runSchedule([{ ...job('seal', 1), run }], createProgress(START), surroundings, clock.stop.signal)

    expect(of('started').slice(0, 2)).toEqual(['seal 0', 'seal -3540'])
  })

  test('a job that has never ended is a problem for a minute, so that `up --wait` sees the first failure', () => {
    const progress = createProgress(START)
    progress.starts.set('seal', START)
    progress.running = { job: 'seal', sinceMs: START }

    expect(problemsOf(progress, START + 60_000)).toEqual(['seal has not ended yet'])
    expect(problemsOf(progress, START + 60_001)).toEqual([])
  })

  test('a job that is due and does not run is a problem', () => {
    const progress = createProgress(START)
    progress.starts.set('seal', START)

    expect(problemsOf(progress, START + 60_000)).toEqual(['seal has not ended yet'])
    expect(problemsOf(progress, START + 60_001)).toEqual([
      'seal is due since 2026-06-01T00:00:00.000Z and does not run',
    ])
  })
})
