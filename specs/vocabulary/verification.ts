// The weekly verification of backups, whose steps are typed in their order as GitHub types them.
import { git } from '../../config/git.ts'
import type { Project } from '../../harness/index.ts'
import { tagCopy } from './gate.ts'
import { typed, writeSettings } from './typed.ts'
import { BACKUP_VERIFICATION, workflowOf, workflowValues } from './workflows.ts'

const TAG = 'alpha-1'

/** The exit code of each step that types something, in a checkout of an alpha tag; after one that fails only those that always run. */
export async function typeVerification(project: Project): Promise<Record<string, number>> {
  tagCopy(project, TAG)
  git(project.root, 'checkout', '--quiet', TAG)
  await writeSettings(project)
  const { jobs } = workflowOf(project, BACKUP_VERIFICATION)
  const variables = workflowValues(project, BACKUP_VERIFICATION).env as Record<string, string>
  const exitCodes: Record<string, number> = {}
  for (const { name, run, if: condition } of jobs.verify?.steps ?? []) {
    const hasFailed = Object.values(exitCodes).some((exitCode) => exitCode !== 0)
    if (run === undefined || (hasFailed && condition !== 'always()')) continue
    exitCodes[name] = (await typed(project, run, { variables })).exitCode
  }
  return exitCodes
}
