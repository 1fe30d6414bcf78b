// The alert rules: what they are, what their tests cover, and promtool's verdict.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { parse } from 'yaml'
import type { Outcome, Project } from '../../harness/index.ts'

export interface Rule {
  alert: string
  expr: string
  annotations: { runbook?: string }
}

interface RuleTest {
  alert_rule_test: { alertname: string; exp_alerts: unknown[] }[]
}

const read = ({ root }: Project, file: string) => readFileSync(join(root, file), 'utf8')

export function rulesIn(project: Project): Rule[] {
  const { groups } = parse(read(project, 'docker/prometheus/rules.yml')) as { groups: { rules: Rule[] }[] }
  return groups.flatMap(({ rules }) => rules)
}

/** Alerts of which some test expects that they fire, or that they are quiet. */
export function testedIn(project: Project, what: 'firing' | 'quiet'): Set<string> {
  const { tests } = parse(read(project, 'docker/prometheus/rules.test.yml')) as { tests: RuleTest[] }
  const cases = tests.flatMap(({ alert_rule_test }) => alert_rule_test)
  const isWanted = (alerts: unknown[]) => alerts.length > 0 === (what === 'firing')
  return new Set(cases.filter((each) => isWanted(each.exp_alerts)).map(({ alertname }) => alertname))
}

/** Alerts whose runbook is no heading of the file that it names, or one without a text. */
export function brokenRunbooks(project: Project): string[] {
  return rulesIn(project)
    .filter((rule) => wordsOfRunbook(project, rule).length === 0)
    .map(({ alert }) => alert)
}

/** The words under the heading that the runbook of an alert names. */
export function wordsOfRunbook(project: Project, { annotations }: Rule): string[] {
  const [file = '', anchor = ''] = (annotations.runbook ?? '').split('#')
  const sections = file === '' ? [] : read(project, file).split(/^#+ /m).slice(1)
  const titleOf = (section: string) => section.split('\n')[0] ?? ''
  const found = sections.find((section) => titleOf(section).toLowerCase().replaceAll(' ', '-') === anchor)
  return wordsOf(found?.slice(titleOf(found).length) ?? '')
}

/** The words of a text, with or without Markdown; addresses are taken from the folder docs. */
export function wordsOf(text: string): string[] {
  return text.replaceAll(/`|docs\//g, '').match(/[\w.:#/-]+/g) ?? []
}

const IN_CONTAINER = `cd /tmp && printf %s "$1" > rules.yml && printf %s "$2" > rules.test.yml && promtool test rules rules.test.yml`

/** Runs them where promtool is: in the image of Prometheus. It computes for half a minute alone on a processor, for minutes beside others. */
export async function testRules(project: Project): Promise<Outcome> {
  const [image] = await images(project, ['prometheus'])
  const files = ['rules.yml', 'rules.test.yml'].map((file) => read(project, `docker/prometheus/${file}`))
  const words = ['run', '--rm', '--network', 'none', '--entrypoint', 'sh', image?.reference ?? '']
  const options = { reject: false, timeout: 280_000 } as const
  const {
    exitCode = 1,
    stdout,
    stderr,
  } = await execa('docker', [...words, '-c', IN_CONTAINER, 'sh', ...files], options)
  return { exitCode, stdout, stderr }
}

/** Names of the images that are needed without a profile, or with one. */
export async function imagesNeeded(project: Project, profile?: string): Promise<string[]> {
  const found = await images(project, profile === undefined ? [] : ['--profile', profile])
  return found.map(({ name }) => name)
}

async function images(
  project: Project,
  words: string[],
): Promise<{ name: string; reference: string | null }[]> {
  const { stdout } = await project.run('scripts/images.sh', ['status', '--json', ...words])
  return JSON.parse(stdout).images
}
