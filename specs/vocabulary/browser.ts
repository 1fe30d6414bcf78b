// The page of the dashboard in Debian's Chromium, or in a Chrome that is installed.
import { existsSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium, type Page, type Route } from 'playwright-core'
import type { Project } from '../../harness/index.ts'
import { addressOf } from './clients.ts'
import type { Panel } from './dashboard.ts'
import type { Series } from './observed-stack.ts'

const DEBIANS = '/usr/bin/chromium'
const LOADED_WITHIN_MS = 10_000

export const APPEARANCES = [
  { colorScheme: 'light', width: 1280, height: 900 },
  { colorScheme: 'light', width: 360, height: 740 },
  { colorScheme: 'dark', width: 1280, height: 900 },
  { colorScheme: 'dark', width: 360, height: 740 },
] as const
export type Appearance = (typeof APPEARANCES)[number]

export interface Opened extends AsyncDisposable {
  page: Page
  /** What Prometheus has last answered the page, by expression. */
  answers: Map<string, Series[]>
  /** Errors of the console and of scripts, requests that fail, and requests to anything but the server of the page. */
  problems: string[]
}

/** Opens the page that the stack serves, and waits until it has asked for all of its data. */
export async function openDashboard(
  project: Project,
  { colorScheme, width, height }: Appearance,
): Promise<Opened> {
  const url = new URL('/user/', await addressOf(project, 'prometheus', 9090))
  const browser = await chromium.launch(
    existsSync(DEBIANS) ? { executablePath: DEBIANS } : { channel: 'chrome' },
  )
  try {
    // axe asks the context of the page for one more page.
    const context = await browser.newContext({ colorScheme, viewport: { width, height } })
    const page = await context.newPage()
    page.setDefaultTimeout(LOADED_WITHIN_MS)
    const answers: Opened['answers'] = new Map()
    await context.route('**', (route) => fetchForBrowser(route, answers))
    const problems = problemsOf(page, url)
    await page.goto(url.href)
    // Where the page is not what it should be, the test says so.
    await page
      .getByLabel('Show')
      .selectOption('15 minutes')
      .catch(() => [])
    return { page, answers, problems, [Symbol.asyncDispose]: () => browser.close() }
  } catch (error) {
    await browser.close()
    throw error
  }
}

/**
 * Chromium gives up its requests whenever a network interface of this machine changes, as with each container that another test
 * starts (net::ERR_NETWORK_CHANGED). Its requests are therefore made by this process.
 */
async function fetchForBrowser(route: Route, answers: Opened['answers']): Promise<void> {
  const response = await route.fetch().catch(() => undefined)
  const { pathname, searchParams } = new URL(route.request().url())
  const keep = ({ data }: { data: { result: Series[] } }) =>
    answers.set(searchParams.get('query') ?? '', data.result)
  // A page that was closed meanwhile wants no answer, and has none that could be read.
  if (response?.ok() && pathname.endsWith('/query_range')) await response.json().then(keep, () => {})
  await (response ? route.fulfill({ response }) : route.abort()).catch(() => {})
}

function problemsOf(page: Page, { origin }: URL): string[] {
  const problems: string[] = []
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('requestfailed', (request) => problems.push(`${request.url()} failed`))
  page.on('response', (reply) => reply.ok() || problems.push(`${reply.url()} answers ${reply.status()}`))
  page.on('request', (request) => {
    const { protocol, origin: asked } = new URL(request.url())
    if (protocol !== 'data:' && asked !== origin) problems.push(`${request.url()} is not of this stack`)
  })
  return problems
}

/** In the page: its canvas is read, and not what the page says of itself. */
const READ_CARDS = `[...document.querySelectorAll('article')].map((card) => {
  const names = [...card.querySelectorAll('dt')]
  const canvas = card.querySelector('canvas')
  const drawn = new Set()
  const pixels = canvas?.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data ?? []
  for (let at = 0; at < pixels.length; at += 4)
    if (pixels[at + 3] === 255) drawn.add('rgb(' + [...pixels.slice(at, at + 3)].join(', ') + ')')
  const colors = names.map((name) => getComputedStyle(name, '::before').backgroundColor)
  return {
    title: card.querySelector('h2').textContent,
    charts: card.querySelectorAll('canvas').length,
    lines: canvas === null ? null : new Set(colors.filter((color) => drawn.has(color))).size,
    names: names.map(({ textContent }) => textContent),
    values: [...card.querySelectorAll('dd')].map(({ textContent }) => textContent),
  }
})`

interface Card {
  title: string
  charts: number
  /** How many colours of its series are drawn; null for a panel of numbers. */
  lines: number | null
  names: string[]
  /** What stands at each name. */
  values: string[]
}

interface Shown {
  /** Titles of all panels. */
  all: string[]
  /** Those without a number, or with fewer lines than Prometheus has given them. */
  empty: string[]
  /** Those that ask another question, do not show the names and numbers that Prometheus has given them, or show two charts. */
  wrong: string[]
}

/** What the browser shows of these panels. */
export async function panelsShown({ page, answers }: Opened, panels: Panel[]): Promise<Shown> {
  const cards = await page.evaluate<Card[]>(READ_CARDS)
  const panelOf = ({ title }: Card) => panels.find((panel) => panel.title === title)
  const givenTo = (card: Card) => seriesOf(panelOf(card), answers)
  const isEmpty = (card: Card) =>
    (card.lines !== null && card.lines < linesOf(givenTo(card))) ||
    card.values.length === 0 ||
    !card.values.every((value) => /\d/.test(value))
  const isWrong = (card: Card) => {
    const given = givenTo(card)
    const isShown = ({ name, last }: Given, at: number) =>
      card.names[at] === name && isNear(card.values[at] ?? '', last)
    const isAsked = panelOf(card)?.targets.every(({ expr }) => answers.has(expr))
    return card.charts > 1 || !isAsked || given.length !== card.names.length || !given.every(isShown)
  }
  return {
    all: cards.map(({ title }) => title),
    empty: cards.filter(isEmpty).map(({ title }) => title),
    wrong: cards
      .filter(isWrong)
      .map(({ title, charts, values }) => `${title}: ${charts} charts, ${values.join(', ')}`),
  }
}

interface Given {
  name: string
  last: number
}

function seriesOf(panel: Panel | undefined, answers: Opened['answers']): Given[] {
  return (panel?.targets ?? []).flatMap(({ expr, legendFormat }) =>
    (answers.get(expr) ?? []).map(({ metric, values }) => ({
      name: legendFormat.replaceAll(/\{\{(\w+)\}\}/g, (_, label) => metric[label] ?? ''),
      last: Number(values.at(-1)?.[1]),
    })),
  )
}

/** At least so many lines do not cover each other: their last values are a tenth of the highest apart, and from the axis. */
function linesOf(given: Given[]): number {
  const values = given.map(({ last }) => last).sort((one, other) => one - other)
  const step = 0.1 * Math.max(...values)
  let [lines, below] = [0, 0]
  for (const value of values)
    if (value > 0 && value - below >= step) {
      lines += 1
      below = value
    }
  return Math.max(lines, 1)
}

const FACTORS: Record<string, number> = {
  ...{ '%': 0.01, B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 },
  ...{ k: 1e3, M: 1e6, G: 1e9, µs: 1e-6, ms: 1e-3, s: 1, min: 60, h: 3600, d: 86_400 },
}

/** Whether a text such as `1.5 MiB` is that number, as far as its last digit says. */
function isNear(text: string, value: number): boolean {
  const [, digits = '', fraction = '', unit = ''] = /^(-?\d+(?:\.(\d+))?) ?(\D*?)(?:\/s)?$/.exec(text) ?? []
  const factor = unit === '' ? 1 : (FACTORS[unit] ?? Number.NaN)
  return digits !== '' && Math.abs(Number(digits) * factor - value) <= 0.51 * factor * 10 ** -fraction.length
}

/** What axe objects to, as `rule: elements`. */
export async function objectionsOf({ page }: Opened): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
}

const READ_LOOKS = `({
  isDark: getComputedStyle(document.body).backgroundColor.match(/\\d+/g).every((part) => part < 128),
  fits: document.documentElement.scrollWidth <= innerWidth,
})`

/** Whether its background is dark, and whether it is as wide as the window at most. */
export function looksOf({ page }: Opened): Promise<{ isDark: boolean; fits: boolean }> {
  return page.evaluate(READ_LOOKS)
}
