// `npm run prove [criterion|epic …] [--json]`: plants each fault alone and demands that its criterion's spec fails by
// assertion. One stack for all of them. Exit codes: 0 every fault caught and every proven criterion has one · 1 a fault
// was not caught · 2 wrong use, or a criterion without a fault · 3 the baseline is not green, or the stack is broken.
import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createVitest, type TestCase, type TestSpecification, type Vitest } from 'vitest/node'
import { type Criterion, numberOf, readList } from '../signoff/list.ts'
import { Trouble } from '../trouble.ts'
import type { Fault } from './fault.ts'
import { basisOf, readRed, writeRed } from './red.ts'
import { judge, type Proof } from './verdict.ts'

interface Chapter {
  specFile: string
  faults: Fault[]
}

const EXIT = { caught: 0, notCaught: 1, usage: 2, baseline: 3 } as const

process.exitCode = await prove(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(
    `prove: ${error instanceof Trouble ? error.line : ((error as Error).stack ?? String(error))}\n`,
  )
  return error instanceof Trouble ? error.exitCode : EXIT.baseline
})
process.exit()

async function prove(words: string[]): Promise<number> {
  const { values, positionals } = parseWords(words)
  const { criteria } = readList()
  const asked =
    positionals.length === 0
      ? criteria
      : criteria.filter(({ id }) => positionals.some((word) => isAsked(id, word)))
  const chapters = await readChapters(asked, positionals)
  const vitest = await createVitest('test', {
    watch: false,
    project: ['acceptance'],
    reporters: [{}],
    bail: 0,
  })
  try {
    const bare = await runBaseline(vitest, chapters, asked)
    let missed = 0
    for (const chapter of chapters) {
      for (const fault of chapter.faults)
        missed += (await proveOne(vitest, chapter, fault, asked, values.json)) ? 0 : 1
    }
    for (const id of bare) console.log(`${id} has a spec and no fault`)
    const total = chapters.reduce((sum, { faults }) => sum + faults.length, 0)
    console.log(`${total - missed} caught, ${missed} not caught, ${bare.length} criteria without a fault`)
    return missed > 0 ? EXIT.notCaught : bare.length > 0 ? EXIT.usage : EXIT.caught
  } finally {
    await vitest.close()
  }
}

function parseWords(words: string[]) {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  })
  const known = readList().criteria
  const unknown = positionals.find((word) => !known.some(({ id }) => isAsked(id, word)))
  if (unknown === undefined) return { values, positionals }
  throw new Trouble({
    what: `There is no criterion or epic ${unknown}.`,
    where: 'npm run prove',
    next: 'give a number of docs/acceptance.md, or B1.',
    exitCode: EXIT.usage,
  })
}

function isAsked(id: string, word: string): boolean {
  return id === word || id.startsWith(`${word}.`)
}

async function readChapters(asked: Criterion[], words: string[]): Promise<Chapter[]> {
  const chapters: Chapter[] = []
  for (const file of globSync('specs/*.faults.ts').sort()) {
    const { default: all } = (await import(resolve(file))) as { default: Fault[] }
    const faults = all.filter(({ criterion }) => asked.some(({ id }) => id === criterion))
    const unknown = words.length === 0 ? all.find((fault) => !faults.includes(fault)) : undefined
    if (unknown)
      throw new Trouble({
        what: `${unknown.criterion} is not in the list.`,
        where: file,
        next: 'mend the number.',
        exitCode: EXIT.usage,
      })
    if (faults.length > 0) chapters.push({ specFile: file.replace('.faults.', '.spec.'), faults })
  }
  return chapters
}

/** Everything must be green without a fault. Returns criteria that have tests here and no fault. */
async function runBaseline(vitest: Vitest, chapters: Chapter[], asked: Criterion[]): Promise<string[]> {
  const specifications = await specificationsOf(
    vitest,
    chapters.map(({ specFile }) => specFile),
  )
  const tests = await run(vitest, specifications, undefined)
  const own = tests.tests.filter((test) => asked.some(({ id }) => id === numberOf(test.name)))
  const red = own.find((test) => test.result().state !== 'passed')
  if (red || tests.unhandled.length > 0) {
    const what = red
      ? `It is not green without a fault: ${red.name}.`
      : `An error outside of tests: ${String(tests.unhandled[0])}.`
    throw new Trouble({
      what,
      where: 'the baseline',
      next: 'npx vitest run --project acceptance',
      exitCode: EXIT.baseline,
    })
  }
  const withFault = new Set(chapters.flatMap(({ faults }) => faults.map(({ criterion }) => criterion)))
  return [...new Set(own.flatMap((test) => numberOf(test.name) ?? []))].filter((id) => !withFault.has(id))
}

async function proveOne(
  vitest: Vitest,
  { specFile }: Chapter,
  fault: Fault,
  asked: Criterion[],
  json: boolean,
): Promise<boolean> {
  const began = performance.now()
  const project = vitest.projects.find(({ name }) => name === 'acceptance')
  project?.provide('fault', fault)
  const { tests, unhandled } = await run(vitest, await specificationsOf(vitest, [specFile]), fault.criterion)
  project?.provide('fault', null)
  const proof = judge(
    fault,
    tests.filter((test) => numberOf(test.name) === fault.criterion),
    unhandled,
  )
  const seconds = (performance.now() - began) / 1000
  print(fault, proof, seconds, json)
  remember(fault, proof, specFile, asked.find(({ id }) => id === fault.criterion)?.sentence ?? '')
  return proof.verdict === 'caught'
}

async function specificationsOf(vitest: Vitest, files: string[]): Promise<TestSpecification[]> {
  const all = await vitest.globTestSpecifications(files)
  return all.filter(({ project }) => project.name === 'acceptance')
}

async function run(vitest: Vitest, specifications: TestSpecification[], criterion: string | undefined) {
  if (criterion === undefined) vitest.resetGlobalTestNamePattern()
  else vitest.setGlobalTestNamePattern(new RegExp(`(?:^|[> ])${criterion.replaceAll('.', '\\.')} `))
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications)
  const tests: TestCase[] = testModules.flatMap((module) => [...module.children.allTests()])
  const broken = testModules.flatMap((module) => module.errors())
  return { tests, unhandled: [...unhandledErrors, ...broken] }
}

function print(
  { id, criterion, breaks }: Fault,
  { verdict, note }: Proof,
  seconds: number,
  json: boolean,
): void {
  if (json) {
    console.log(JSON.stringify({ id, criterion, breaks, verdict, note, seconds }))
    return
  }
  const mark = verdict === 'caught' ? '✓' : '✗'
  console.log(
    `${mark} ${criterion.padEnd(7)} ${verdict.padEnd(11)} ${seconds.toFixed(1).padStart(4)} s  ${breaks}${verdict === 'caught' ? '' : `: ${note}`}`,
  )
}

function remember(fault: Fault, { verdict, note }: Proof, specFile: string, sentence: string): void {
  const { [fault.id]: _, ...others } = readRed()
  const { criterion, breaks } = fault
  const basis = basisOf(sentence, specFile)
  const entry = { criterion, breaks, caughtBy: note, specFile, basis, at: new Date().toISOString() }
  writeRed(verdict === 'caught' ? { ...others, [fault.id]: entry } : others)
}
