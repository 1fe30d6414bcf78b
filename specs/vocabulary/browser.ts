// The page of the dashboard in Debian's Chromium, or in a Chrome that is installed.
import { existsSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium, type Page, type Route } from 'playwright-core'
import type { Project } from '../../harness/index.ts'
import { addressOf } from './clients.ts'
import { dashboardOf, type Panel } from './dashboard.ts'
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
  /** The panels that it should show, and their titles. */
  panels: Panel[]
  titles: string[]
  /** What Prometheus has last answered the page, by expression, and the end of the range that was asked for. */
  answers: Map<string, { end: number; series: Series[] }>
  /** Errors of the console and of scripts, requests that fail, and requests to anything but the server of the page. */
  problems: string[]
}

/** A time of day is the same text everywhere. */
const PLACE = { locale: 'en-GB', timezoneId: 'UTC' }

/** Opens the page that the stack serves, and waits until it has asked for all of its data. Prometheus refuses what the panel of that title asks. */
export async function openDashboard(
  project: Project,
  { colorScheme, width, height }: Appearance,
  refused = '',
): Promise<Opened> {
  const url = new URL('/user/', await addressOf(project, 'prometheus', 9090))
  const browser = await chromium.launch(
    existsSync(DEBIANS) ? { executablePath: DEBIANS } : { channel: 'chrome' },
  )
  try {
    // axe asks the context of the page for one more page.
    const context = await browser.newContext({ ...PLACE, colorScheme, viewport: { width, height } })
    const page = await context.newPage()
    page.setDefaultTimeout(LOADED_WITHIN_MS)
    const { panels } = dashboardOf(project)
    const answers: Opened['answers'] = new Map()
    const spoiled = panels.find(({ title }) => title === refused)?.targets.map(({ expr }) => expr) ?? []
    await context.route('**', (route) => fetchForBrowser(route, answers, spoiled))
    const problems = problemsOf(page, url)
    await page.goto(url.href)
    // Where the page is not what it should be, the test says so.
    await page
      .getByLabel('Show')
      .selectOption('15 minutes')
      .catch(() => [])
    const titles = panels.map(({ title }) => title)
    return { page, panels, titles, answers, problems, [Symbol.asyncDispose]: () => browser.close() }
  } catch (error) {
    await browser.close()
    throw error
  }
}

const NO_PROMQL = 'max('

/**
 * Chromium gives up its requests whenever a network interface of this machine changes, as with each container that another test
 * starts (net::ERR_NETWORK_CHANGED). Its requests are therefore made by this process.
 */
async function fetchForBrowser(route: Route, answers: Opened['answers'], spoiled: string[]): Promise<void> {
  const url = new URL(route.request().url())
  const { pathname, searchParams } = url
  const [query, end] = [searchParams.get('query') ?? '', Number(searchParams.get('end'))]
  if (spoiled.includes(query)) searchParams.set('query', NO_PROMQL)
  const response = await route.fetch({ url: url.href }).catch(() => undefined)
  const keep = ({ data }: { data: { result: Series[] } }) => answers.set(query, { end, series: data.result })
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
    const { protocol, origin: address } = new URL(request.url())
    if (protocol !== 'data:' && address !== origin) problems.push(`${request.url()} is not of this stack`)
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
  /** Those of which every text is the time of a last number. */
  ended: string[]
}

/** What the browser shows of the panels. */
export async function panelsShown({ page, panels, answers }: Opened): Promise<Shown> {
  const cards = await page.evaluate<Card[]>(READ_CARDS)
  const panelOf = ({ title }: Card) => panels.find((panel) => panel.title === title)
  const givenTo = (card: Card) => seriesOf(panelOf(card), answers)
  const isEmpty = (card: Card) =>
    (card.lines !== null && card.lines < linesOf(givenTo(card))) ||
    card.values.length === 0 ||
    !card.values.every((value) => /\d/.test(value))
  const isWrong = (card: Card) => {
    const given = givenTo(card)
    const isShown = (each: Given, at: number) =>
      card.names[at] === each.name && isOf(card.values[at] ?? '', each)
    const isAsked = panelOf(card)?.targets.every(({ expr }) => answers.has(expr))
    return card.charts > 1 || !isAsked || given.length !== card.names.length || !given.every(isShown)
  }
  return {
    all: cards.map(({ title }) => title),
    empty: cards.filter(isEmpty).map(({ title }) => title),
    wrong: cards
      .filter(isWrong)
      .map(({ title, charts, values }) => `${title}: ${charts} charts, ${values.join(', ')}`),
    ended: cards
      .filter(({ values }) => values.length > 0 && values.every((text) => /\d\d:\d\d$/.test(text)))
      .map(({ title }) => title),
  }
}

interface Given {
  name: string
  last: number
  /** When that was measured, and how long before the end of the range that is. */
  time: number
  age: number
}

/** What is older than a minute is no number of now; what is younger than half of one is. */
function isOf(text: string, { last, time, age }: Given): boolean {
  const isTime = !/^-?\d/.test(text) && text.endsWith(new Date(1000 * time).toISOString().slice(11, 16))
  return (age <= 60 && isNear(text, last)) || (age >= 30 && isTime)
}

function seriesOf(panel: Panel | undefined, answers: Opened['answers']): Given[] {
  return (panel?.targets ?? []).flatMap(({ expr, legendFormat }) => {
    const { end, series } = answers.get(expr) ?? { end: 0, series: [] }
    return series.map(({ metric, values }) => {
      const [time, last] = values.at(-1) ?? [0, '']
      const name = legendFormat.replaceAll(/\{\{(\w+)\}\}/g, (_, label) => metric[label] ?? '')
      return { name, last: Number(last), time, age: end - time }
    })
  })
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
