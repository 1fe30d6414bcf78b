// The labels of the repository, synchronised with a command line of GitHub that is the spec's own.
import { readFileSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import type { Project } from '../../harness/index.ts'
import { replaceScript } from './gate.ts'

/** Runs scripts/labels.sh with a gh that reads all of its input and ends with this code; its calls, word by word. */
export async function synchroniseLabels(
  project: Project,
  code = 0,
): Promise<{ exitCode: number; calls: string[][] }> {
  const body = `printf '%s\\t' "$@" >>.calls\necho >>.calls\ncat >/dev/null\nexit ${code}`
  await replaceScript(project, '.fakes/gh', body)
  await chmod(join(project.root, '.fakes/gh'), 0o755)
  const environment = { PATH: `${join(project.root, '.fakes')}:${process.env.PATH}` }
  const { exitCode } = await project.run('scripts/labels.sh', [], { environment })
  const calls = readFileSync(join(project.root, '.calls'), 'utf8').trimEnd().split('\t\n')
  return { exitCode, calls: calls.map((call) => call.trimEnd().split('\t')) }
}
