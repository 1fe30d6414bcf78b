// Called by scripts/accept.sh. Usage: node harness/proof/part.ts close <i/n> --specs-exit N --prove-exit N
//                                     node harness/proof/part.ts join      prints both exit codes
import { z } from 'zod'
import { readCommand } from '../../config/command-line.ts'
import { runProgram } from '../../config/program.ts'
import { closePart, joinParts } from './parts.ts'
import { PART } from './select-faults.ts'

const EXIT_CODE = z.coerce.number('give an exit code.').int()

await runProgram('part', async (words) => {
  const options = readCommand(words, 'scripts/accept.sh --help', {
    close: { '<part>': PART, '--specs-exit <code>': EXIT_CODE, '--prove-exit <code>': EXIT_CODE },
    join: {},
  })
  if (options.command === 'close') await closePart(options.part, options)
  else {
    const { specsExit, proveExit } = joinParts()
    console.log(`${specsExit} ${proveExit}`)
  }
  return 0
})
