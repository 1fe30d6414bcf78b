// Scripts that print figures again and again, while their server goes away and comes back.
import type { ChildProcess } from 'node:child_process'
import { constants } from 'node:os'
import { expect, openTcpProxy, type Project, type TcpProxy } from '../../harness/index.ts'
import { type Place, type Script, startAs } from './stats.ts'

const UNTIL = { timeout: 15_000, interval: 50 }
const PAUSE_S = 1
/** Of a command that Ctrl-C has ended, as a shell reports it. */
const INTERRUPTED = 130
/** A figure that each of them prints with --json. */
const FIGURE = { 'db-stats': 'connections', 'slow-queries': 'statements', 'cache-stats': 'memory' }

/** One that prints JSON and one that prints text, with the same proxy before their server. */
export interface Watch extends AsyncDisposable {
  proxy: TcpProxy
  /** For each of the two what its rounds were, where those of the same kind in sequence count as one. */
  kinds(): string[][]
  /** How many JSON objects there are, and how many seconds have passed since the start. */
  rounds(): number
  seconds(): number
  /** As Ctrl-C does: the signal goes to the whole process group. */
  interrupt(): void
  exitCodes(): (number | null)[]
}

export async function startWatch(project: Project, script: Script, place: Place): Promise<Watch> {
  const proxy = await openTcpProxy(place.url)
  const through = Object.assign(new URL(place.url), { hostname: proxy.host, port: `${proxy.port}` })
  const startedAt = performance.now()
  const start = (words: string[]) =>
    printing(startAs(project, script, { ...place, url: through.href }, 'hma_monitor', words))
  const json = start(['--json', '--watch', `${PAUSE_S}`])
  const text = start(['--watch', `${PAUSE_S}`])
  const ofObjects = () => json.lines().map((line) => kindOfObject(line, FIGURE[script]))
  const ofText = () => text.lines().map((line) => kindOfText(line, through.host))
  return {
    proxy,
    kinds: () => [inSequence(ofObjects()), inSequence(ofText())],
    rounds: () => json.lines().length,
    seconds: () => (performance.now() - startedAt) / 1000,
    interrupt() {
      for (const { child } of [json, text]) process.kill(-(child.pid ?? 0), 'SIGINT')
    },
    exitCodes: () => [json, text].map(({ child }) => exitCodeOf(child)),
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  }
}

/** Its server goes away and comes back; then it is interrupted. */
export async function expectFiguresAgain(watch: Watch): Promise<void> {
  const sees = (...kinds: string[]) => expect.poll(watch.kinds, UNTIL).toEqual([kinds, kinds])
  await sees('figures')
  await watch.proxy.disconnect()
  await sees('figures', 'gone')
  await watch.proxy.reconnect()
  await sees('figures', 'gone', 'figures')
  watch.interrupt()
  await expect.poll(watch.exitCodes, UNTIL).toEqual([INTERRUPTED, INTERRUPTED])
  expect(watch.rounds()).toBeLessThanOrEqual(1 + watch.seconds() / PAUSE_S)
}

function printing(child: ChildProcess) {
  let printed = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text))
  child.stderr?.resume()
  /** Without one that has not ended. */
  const lines = () => printed.split('\n').slice(0, -1).filter(Boolean)
  return { child, lines }
}

function kindOfObject(line: string, figure: string): string {
  try {
    const { error, ...figures } = JSON.parse(line) as { error?: { state?: string } }
    return figure in figures ? 'figures' : `${error?.state}`
  } catch {
    return 'no JSON object'
  }
}

/** A line without figures names the server. */
function kindOfText(line: string, host: string): string {
  if (!line.includes(host)) return 'figures'
  return line.includes('gone') ? 'gone' : 'another state'
}

const inSequence = (kinds: string[]) => kinds.filter((kind, at) => kind !== kinds[at - 1])

/** Null while it runs. */
function exitCodeOf({ exitCode, signalCode }: ChildProcess): number | null {
  return signalCode === null ? exitCode : 128 + constants.signals[signalCode]
}
