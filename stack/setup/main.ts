// The set-up from where there is a Node that runs it; scripts/setup-dev-environment.sh --help is its manual.
import { CliError } from '../../config/cli-error.ts'
import { runProgram } from '../../config/program.ts'
import { ROOT } from '../../config/root.ts'
import { readStackSettings } from '../../config/stack-settings.ts'
import { plannedVariables } from './env-file.ts'
import { explainFailure } from './explain.ts'
import { readSetupOptions, SETUP, type SetupOptions } from './options.ts'
import { type FinishedStep, reportEnd, reportFailure, reportStep } from './report.ts'
import { STEPS } from './steps.ts'

await runProgram(SETUP, async ([dependencies = '', ...words]) => {
  const options = readSetupOptions(words)
  // An invalid variable is reported before anything is looked at or done.
  readStackSettings(plannedVariables(ROOT, process.env), options.variant)
  const finished = [dependenciesStep(dependencies)]
  for (const step of finished) reportStep(1, step, options.json)
  try {
    await runSteps(options, finished)
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    // The error of the doctor's step already says everything that the doctor found.
    if (!('findings' in error.facts)) await explainFailure(options)
    if (options.json) reportFailure(finished, error)
    throw error
  }
  await reportEnd(finished, options)
  return 0
})

async function runSteps(options: SetupOptions, finished: FinishedStep[]): Promise<void> {
  for (const { name, run } of STEPS) {
    const began = performance.now()
    const result = await run(options)
    const step = { step: name, ...result, seconds: Math.round((performance.now() - began) / 100) / 10 }
    finished.push(step)
    reportStep(finished.length, step, options.json)
  }
}

/** Bash has installed the dependencies before, and passes `there 0` or `installed 13` (seconds). */
function dependenciesStep(text: string): FinishedStep {
  const [what = 'there', seconds = '0'] = text.split(' ')
  return { step: 'dependencies', changed: what === 'installed', seconds: Number(seconds), what }
}
