// The ranges of time that the page of the dashboard offers.
import { expect } from '../../harness/index.ts'
import { type Opened, panelsShown } from './browser.ts'

const chooserOf = ({ page }: Opened) => page.getByLabel('Show')

/** In their order; none where there is no page. */
export function rangesOf(opened: Opened): Promise<string[]> {
  return chooserOf(opened).locator('option').allTextContents()
}

/** Chooses one. What was answered before does not count any more. */
async function showRange(opened: Opened, range: string): Promise<void> {
  opened.answers.clear()
  await chooserOf(opened).selectOption(range)
}

/** In the page: its axis alone tells one range from another. */
const READ_DRAWINGS = `Object.fromEntries([...document.querySelectorAll('article')].flatMap((card) => {
  const canvas = card.querySelector('canvas')
  return canvas === null ? [] : [[card.querySelector('h2').textContent, canvas.toDataURL()]]
}))`

/** What the chart of each panel looks like, by its title. */
function drawingsOf({ page }: Opened): Promise<Record<string, string>> {
  return page.evaluate(READ_DRAWINGS)
}

/** Titles of the panels whose chart looks as it did before. */
async function unchangedIn(opened: Opened, before: Record<string, string>): Promise<string[]> {
  const now = await drawingsOf(opened)
  return Object.keys(before).filter((title) => now[title] === before[title])
}

/** Chooses one range after the other: every panel is as it should be within that time, and no chart as in the range before. */
export async function expectEachDrawn(
  opened: Opened,
  ranges: string[],
  until: { timeout: number; interval: number },
): Promise<void> {
  const right = { all: opened.titles, wrong: [] }
  let before: Record<string, string> = {}
  for (const range of ranges) {
    await showRange(opened, range)
    const named = { ...until, message: range }
    await expect.poll(() => panelsShown(opened), named).toMatchObject(right)
    await expect.poll(() => unchangedIn(opened, before), named).toEqual([])
    before = await drawingsOf(opened)
  }
}
