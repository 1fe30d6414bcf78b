// Which blocks of the documents specs type.
import type { Project } from '../../harness/index.ts'
import { AROUND, DRILLS } from './drills.ts'
import { runFences, whereOf } from './fences.ts'
import { blocksOfMove } from './move.ts'
import { ONBOARDING } from './onboarding.ts'
import { alertsInRunbook, OPERATIONS } from './operations.ts'
import { DRILLS_FILE, GATE_FILE, OPERATIONS_FILE, README } from './runbooks.ts'

/** The blocks that specs type: all of three documents, and of the runbooks those of the sections above. */
export function blocksTyped(project: Project): string[] {
  const of = (file: string, sections: string[]) =>
    sections.flatMap((section) => whereOf(runFences(project, file, section)))
  return [
    ...[ONBOARDING, GATE_FILE, README].flatMap((file) => whereOf(runFences(project, file))),
    ...of(OPERATIONS_FILE, OPERATIONS),
    ...of(OPERATIONS_FILE, [...new Set(alertsInRunbook(project))]),
    ...whereOf(blocksOfMove(project)),
    ...of(DRILLS_FILE, [...AROUND, ...DRILLS]),
  ].sort()
}
