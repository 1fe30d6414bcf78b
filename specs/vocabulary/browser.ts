// The page of the dashboard in Debian's Chromium, or in a Chrome that is installed.
import { existsSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium, type Page, type Route } from 'playwright-core'
import type { Project } from '../../harness/index.ts'
import { addressOf } from './clients.ts'

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
    await context.route('**', fetchForBrowser)
    const problems = problemsOf(page, url)
    await page.goto(url.href)
    // Where the page is not what it should be, the test says so.
    await page
      .getByLabel('Show')
      .selectOption('15 minutes')
      .catch(() => [])
    return { page, problems, [Symbol.asyncDispose]: () => browser.close() }
  } catch (error) {
    await browser.close()
    throw error
  }
}

/**
 * Chromium gives up its requests whenever a network interface of this machine changes, as with each container that another test
 * starts (net::ERR_NETWORK_CHANGED). Its requests are therefore made by this process.
 */
async function fetchForBrowser(route: Route): Promise<void> {
  const response = await route.fetch().catch(() => undefined)
  // A page that was closed meanwhile wants no answer.
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
    hasLine: canvas === null ? null : colors.some((color) => drawn.has(color)),
    values: [...card.querySelectorAll('dd')].map(({ textContent }) => textContent),
  }
})`

interface Card {
  title: string
  /** Whether a line in the colour of one of its series is drawn; null for a panel of numbers. */
  hasLine: boolean | null
  /** What stands at each name. */
  values: string[]
}

/** Titles of the panels that the browser shows, and of those without a line or a number. */
export async function panelsShown({ page }: Opened): Promise<{ all: string[]; empty: string[] }> {
  const cards = await page.evaluate<Card[]>(READ_CARDS)
  const isEmpty = ({ hasLine, values }: Card) =>
    hasLine === false || values.length === 0 || !values.every((value) => /\d/.test(value))
  return { all: cards.map(({ title }) => title), empty: cards.filter(isEmpty).map(({ title }) => title) }
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
