// The page that Prometheus serves at /user/: one file without any other, so that the stack needs no second web server.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { PANELS } from './panels.ts'
import { runbooks } from './runbooks.ts'

const own = (file: string) => readFileSync(join(import.meta.dirname, file), 'utf8')

/** The text of docker/prometheus/page.html. */
export function dashboardPage(): string {
  // uPlot exports its module only; the script for a page is beside it.
  const uplot = dirname(createRequire(import.meta.url).resolve('uplot'))
  const parts: Record<string, string> = {
    'uPlot.min.css': readFileSync(join(uplot, 'uPlot.min.css'), 'utf8'),
    'page.css': own('page.css'),
    'uPlot.iife.min.js': readFileSync(join(uplot, 'uPlot.iife.min.js'), 'utf8'),
    panels: constant('PANELS', PANELS),
    runbooks: constant('RUNBOOKS', runbooks()),
    'page.js': own('page.js'),
  }
  return own('page.html').replaceAll(
    /\/\* insert (\S+) \*\//g,
    (_, name: string) => parts[name] ?? missing(name),
  )
}

/** In a script of a page, where `<` could begin a tag. */
const constant = (name: string, value: object) =>
  `const ${name} = ${JSON.stringify(value).replaceAll('<', '\\u003c')}`

function missing(name: string): never {
  throw new Error(`page.html inserts ${name}, which does not exist.`)
}
