// Runs the tests of criteria in one Vitest for all faults, so that they share one stack.
import { BaseSequencer, createVitest, type TestCase, type TestSpecification, type Vitest } from 'vitest/node'
import { numberOf } from './acceptance-list.ts'
import { type Fault, isClusterWide } from './fault.ts'
import type { TestUnderFault } from './fault-verdict.ts'

const PROJECT = 'acceptance'

export interface FaultRun {
  tests: (TestUnderFault & { file: string; startedAtMs: number; durationMs: number })[]
  /** Errors outside of tests. */
  unhandled: readonly unknown[]
}

export interface FaultRunner extends AsyncDisposable {
  /** Runs the tests of these criteria in these files: in their order under faults. */
  run(criteria: string[], files: string[], options?: RunOptions): Promise<FaultRun>
}

export interface RunOptions {
  faults?: Fault[]
  /** Only the tests with these titles. */
  titles?: string[] | undefined
}

/** Starts no service until a test asks for it. Disposing stops what was started. */
export async function openFaultRunner(): Promise<FaultRunner> {
  let isUnderFault = false
  /** Without a fault the longest files first, so that all workers end at the same time; else those that catch it. */
  class Order extends BaseSequencer {
    override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      return isUnderFault ? files : super.sort(files)
    }
  }
  const vitest = await createVitest('test', {
    watch: false,
    project: [PROJECT],
    reporters: [{}],
    bail: 0,
    sequence: { sequencer: Order },
  })
  const project = vitest.projects.find(({ name }) => name === PROJECT)
  project?.provide('purpose', 'prove')
  let runNumber = 0
  return {
    async run(criteria, files, { faults = [], titles } = {}) {
      isUnderFault = faults.length > 0
      project?.provide('faults', faults)
      project?.provide('runNumber', ++runNumber)
      vitest.setGlobalTestNamePattern(titles === undefined ? titlesOf(criteria) : exactly(titles))
      const { tests, unhandled } = await runGroups(vitest, groupsOf(files, faults))
      return { tests: tests.filter(({ title }) => criteria.includes(numberOf(title) ?? '')), unhandled }
    },
    async [Symbol.asyncDispose]() {
      await vitest.close()
    },
  }
}

/** Matches full names, which Vitest joins with ` > `, by the number that their last part starts with. */
export function titlesOf(criteria: string[]): RegExp {
  const numbers = criteria.map((id) => id.replaceAll('.', '\\.')).join('|')
  return new RegExp(`(?:^|> )(?:${numbers})(?:\\s|$)`)
}

/** Matches the full names that end with one of these titles. */
export function exactly(titles: string[]): RegExp {
  return new RegExp(`(?:^|> )(?:${titles.map((title) => RegExp.escape(title)).join('|')})$`)
}

/** A cluster-wide fault would reach the tests of another file that runs at the same time. */
function groupsOf(files: string[], faults: Fault[]): string[][] {
  return faults.some(isClusterWide) ? files.map((file) => [file]) : [files]
}

async function runGroups(vitest: Vitest, groups: string[][]): Promise<FaultRun> {
  const runs: FaultRun[] = []
  for (const group of groups) runs.push(await runFiles(vitest, group))
  return {
    tests: runs.flatMap(({ tests }) => tests),
    unhandled: runs.flatMap(({ unhandled }) => unhandled),
  }
}

async function runFiles(vitest: Vitest, files: string[]): Promise<FaultRun> {
  const found: TestSpecification[] = await vitest.globTestSpecifications(files)
  const at = ({ moduleId }: TestSpecification) => files.findIndex((file) => moduleId.endsWith(`/${file}`))
  const specifications = found
    .filter(({ project }) => project.name === PROJECT)
    .sort((one, other) => at(one) - at(other))
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications)
  const suites = testModules.flatMap((module) => [...module.children.allSuites()])
  const outside = [...testModules, ...suites].flatMap((each) => each.errors())
  return {
    tests: testModules.flatMap((module) => [...module.children.allTests()].map(testUnderFault)),
    unhandled: [...unhandledErrors, ...outside],
  }
}

function testUnderFault(test: TestCase): FaultRun['tests'][number] {
  const { state, errors = [] } = test.result()
  const { injected, ineffective } = test.meta()
  const { startTime = 0, duration = 0 } = test.diagnostic() ?? {}
  const file = test.module.relativeModuleId
  return {
    title: test.name,
    file,
    state,
    errors,
    injected,
    ineffective,
    startedAtMs: startTime,
    durationMs: duration,
  }
}
