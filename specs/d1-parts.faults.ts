import { edit, edits, faults } from '../harness/setup.ts'

const PARTS = 'harness/proof/parts.ts'
const STEPS = 'stack/gate/steps.ts'
const GATE = '.github/workflows/quality-gate.yml'
const DECISION = 'harness/proof/decision.ts'
const SELECT = 'harness/proof/select-faults.ts'

export default faults({
  'D1.0.6': {
    'a part that is missing is not noticed': edit(PARTS, 'missing.length > 0', 'missing.length > 9'),
    'a part that is there twice is not noticed': edit(
      PARTS,
      'basename(file) !== ',
      'false && basename(file) !== ',
    ),
    'a part of another whole is joined': edits(
      { file: PARTS, find: 'counts.size > 1', replace: 'false' },
      { file: PARTS, find: 'missing.length > 0', replace: 'false' },
      { file: PARTS, find: 'parts.length > all.length', replace: 'false' },
    ),
    'a part of another commit is joined': edit(PARTS, 'subject.commit !== commit || ', ''),
    'a part of a tree that was not clean is joined': edit(PARTS, '!subject.clean || ', ''),
    'a part of another list is joined': edit(PARTS, 'listHash !== readList().hash', 'false'),
    'the report of another run is joined': edit(
      PARTS,
      'part.reportHash !== ',
      'false && part.reportHash !== ',
    ),
    'one part too many is joined': edit(PARTS, 'parts.length > all.length', 'false'),
    'a fault that one part did not catch is forgotten': edit(
      PARTS,
      'proveExit: worst(parts.map(({ proveExit }) => proveExit))',
      'proveExit: 0',
    ),
    'each machine runs all specs': edit(STEPS, "'specs', ...ofPart]", "'specs']"),
    'the gate signs off the parts of one machine': edit(STEPS, "joinsParts ? ['--parts'] : []", '[]'),
    'the gate only lists what its part is': edit(
      'stack/gate/main.ts',
      'gateSteps({ part: shard, joinsParts: parts })',
      'gateSteps(list ? { part: shard, joinsParts: parts } : {})',
    ),
    'what a part left behind is not told': edit(
      PARTS,
      'if (leftovers.length > 0)',
      'if (leftovers.length > 999)',
    ),
    'no part at all is a whole': edit(PARTS, 'count === undefined', 'false'),
    'the services of a part are forgotten': edit(
      PARTS,
      "environment: readEnvironment('specs')",
      'environment: {}',
    ),
    'the record names the services of the machine that signs off, which ran none': edit(
      PARTS,
      '  writeAtomically(STACK_REPORT_FILES.specs, { services: servicesOf(parts) })\n',
      '',
    ),
    'the record names the services of one part alone': edit(
      PARTS,
      'servicesOf(parts)',
      'servicesOf(parts.slice(1))',
    ),
    'parts that ran different images are joined': edit(PARTS, 'image !== facts.image || ', ''),
    'parts that ran different versions are joined': edit(PARTS, ' || version !== facts.version', ''),
    'a service that ran on two machines is named twice': edits(
      { file: PARTS, find: 'return [...services.values()]', replace: 'return all' },
      {
        file: PARTS,
        find: 'if (!services.has(service)) services.set(service, facts)',
        replace: 'services.set(service, facts)\n      all.push(facts)',
      },
      {
        file: PARTS,
        find: '  const services = new Map<string, ServiceFacts>()\n',
        replace: '  const services = new Map<string, ServiceFacts>()\n  const all: ServiceFacts[] = []\n',
      },
    ),
    'a run of a pull request is accepted': edit(
      DECISION,
      "isPullRequest ? ['it is of a pull request'] : []",
      '[]',
    ),
    'the workflow does not say that it signs off a pull request': edit(
      GATE,
      '    env:\n      EVENT: ${{ github.event_name }}\n',
      '    env:\n',
    ),
    'the record names the base of a pull request as its head': edit(
      GATE,
      'pull_request.head.sha',
      'pull_request.base.sha',
    ),
    'the record of a pull request does not name its commits': edit(
      'harness/proof/seal-run.ts',
      ', ...(isPullRequest && { pullRequest })',
      '',
    ),
    'the exit code of a part is forgotten': edit(
      PARTS,
      'exitCodes.find((code) => code !== 0) ?? 0',
      '0 * exitCodes.length',
    ),
    'the caught faults of one part are forgotten': edit(
      PARTS,
      '...parts.map(({ caughtFaults })',
      '...parts.slice(1).map(({ caughtFaults })',
    ),
    'reports of an earlier join stay in the folder and are merged into the record of the next one': edits(
      { file: PARTS, find: 'mkdirSync, readFileSync, rmSync }', replace: 'mkdirSync, readFileSync }' },
      { file: PARTS, find: '  rmSync(REPORTS, { recursive: true, force: true })\n', replace: '' },
    ),
    'the record lists tests and files of a criterion in the order in which the parts hold them': edit(
      'harness/proof/reporter.ts',
      `      const own = modules
        .filter(({ project }) => project.name === PROJECT)
        .toSorted((a, b) => a.relativeModuleId.localeCompare(b.relativeModuleId))`,
      '      const own = modules.filter(({ project }) => project.name === PROJECT)',
    ),
    'each part injects every fault': edit(
      SELECT,
      'return at % count === index - 1',
      'return count > 0 && index > 0 && at >= 0',
    ),
  },
})
