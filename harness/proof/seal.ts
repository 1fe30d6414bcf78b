// Called by scripts/accept.sh after Vitest has exited, because reporters end before the last tear-down does.
// Usage: node harness/proof/seal.ts [--so-far] [--specs-exit N] [--prove-exit N]. Exit codes: those of scripts/accept.sh.
import { runProgram } from '../../config/program.ts'
import { sealRun } from './seal-run.ts'

await runProgram('seal', sealRun)
