// Serves how much room the disk of a folder has, for Prometheus, until SIGTERM or SIGINT. Of the folder's contents it reads nothing.
import { once } from 'node:events'
import { statfsSync } from 'node:fs'
import { z } from 'zod'
import { numberBetween, readOptions } from '../../config/command-line.ts'
import { runProgram } from '../../config/program.ts'
import { serve } from '../metrics-server.ts'

const HELP = 'docs/observability.md'

const GRAMMAR = {
  '--folder <folder>': z.string('give the folder whose disk is measured.').min(1),
  '--port <port>': numberBetween(0, 65_535, 'a port').default(9187),
}

await runProgram('disk', main)

async function main(words: string[]): Promise<number> {
  const { folder, port } = readOptions(words, HELP, GRAMMAR)
  const { server } = await serve(port, {
    problems() {
      metricsOf(folder) // throws where the folder is gone: status 500
      return []
    },
    metrics: () => metricsOf(folder),
  })
  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')])
  server.closeAllConnections()
  server.close()
  return 0
}

/** In bytes. What nobody but root could use counts neither as free nor as a part of the whole: `df` has it so, too. */
function metricsOf(folder: string): string {
  const { bsize, blocks, bfree, bavail } = statfsSync(folder)
  return [
    '# HELP hma_database_disk_free_bytes Room that is left on the disk of the database.',
    '# TYPE hma_database_disk_free_bytes gauge',
    `hma_database_disk_free_bytes ${bavail * bsize}`,
    '# HELP hma_database_disk_total_bytes Size of the disk of the database.',
    '# TYPE hma_database_disk_total_bytes gauge',
    `hma_database_disk_total_bytes ${(blocks - (bfree - bavail)) * bsize}`,
    '',
  ].join('\n')
}
