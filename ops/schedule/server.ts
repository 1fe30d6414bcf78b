// GET /health and GET /metrics of the scheduler, inside of the stack's network.
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { lineOf } from '../../config/cli-error.ts'
import { readTextFile } from '../../config/text-file.ts'
import { metricsOf, problemsOf } from './report.ts'
import type { Progress } from './scheduler.ts'

export interface Served {
  progress: Progress
  /** Folder of the metric files (*.prom) that jobs write. */
  metricsFolder: string | undefined
}

export async function serve(port: number, served: Served): Promise<{ port: number; server: Server }> {
  const server = createServer(({ url }, response) => {
    try {
      respond(url, served, response)
    } catch (error) {
      // Whatever happens here ends a request and not the scheduler.
      send(response, 500, `${lineOf(error)}\n`)
    }
  })
  server.listen(port)
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, server }
}

function respond(url: string | undefined, { progress, metricsFolder }: Served, response: ServerResponse) {
  if (url === '/health') {
    const problems = problemsOf(progress, Date.now())
    send(
      response,
      problems.length === 0 ? 200 : 503,
      problems.map((line) => `${line}\n`).join('') || 'healthy\n',
    )
  } else if (url === '/metrics') send(response, 200, metricsOf(progress) + metricFilesIn(metricsFolder))
  else send(response, 404, 'GET /health or /metrics\n')
}

function metricFilesIn(folder: string | undefined): string {
  if (folder === undefined) return ''
  const files = globSync('*.prom', { cwd: folder }).sort()
  return files.map((file) => metricFile(join(folder, file))).join('')
}

/** One that cannot be read is named in a comment, and takes no other figure away. */
function metricFile(path: string): string {
  try {
    return readTextFile(path, 'remove it.') ?? ''
  } catch (error) {
    return `# ${lineOf(error)}\n`
  }
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text)
}
