// The doctor's command line; scripts/doctor --help is its manual. It uses no dependency, not even the parser of command
// lines that the other programs share: it runs before `npm ci`.
import { parseArgs } from 'node:util'
import { withNext } from '../../config/cli-error.ts'
import { VARIANTS } from '../../config/variables.ts'
import { CHECKS } from './checks.ts'
import type { DoctorOptions } from './context.ts'
import { describeFinding, examine } from './examine.ts'
import { worstState } from './finding.ts'

interface Options extends DoctorOptions {
  /** Names of checks; none means all. */
  only: string[]
  json: boolean
}

const WRONG_USE = 64
const EXIT = { ok: 0, warning: 1, broken: 2 } as const

const options = readOptions(process.argv.slice(2))
process.exitCode = typeof options === 'string' ? refuse(options) : await main(options)

async function main({ json, only, ...doctor }: Options): Promise<number> {
  const findings = await examine(doctor, only)
  const state = worstState(findings)
  if (json) console.log(JSON.stringify({ state, complete: true, findings }, null, 2))
  else for (const finding of findings) console.log(describeFinding(finding))
  return EXIT[state]
}

/** The options, or what is wrong with them. */
function readOptions(args: string[]): Options | string {
  const options = {
    variant: { type: 'string', default: 'dev' },
    'need-disk': { type: 'string' },
    only: { type: 'string', multiple: true },
    'before-setup': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  } as const
  try {
    const { 'need-disk': disk, 'before-setup': beforeSetup, ...values } = parseArgs({ args, options }).values
    const { json, only = [] } = values
    const variant = VARIANTS.find((name) => name === values.variant)
    const unknown = only.find((check) => !CHECKS.some(({ name }) => name === check))
    const needDiskGib = disk === undefined ? undefined : Number(disk)
    if (variant === undefined) return `--variant ${values.variant} is none of ${VARIANTS.join(', ')}.`
    if (unknown !== undefined) return `There is no check ${unknown}.`
    if (needDiskGib !== undefined && !(needDiskGib >= 0)) return '--need-disk takes a number of GiB.'
    return { variant, needDiskGib, only, beforeSetup, json }
  } catch (error) {
    return `${(error as Error).message.split('. ')[0]}.`
  }
}

function refuse(what: string): number {
  process.stderr.write(`doctor: ${withNext(what, 'scripts/doctor --help')}\n`)
  return WRONG_USE
}
