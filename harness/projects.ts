// Copies of the project that several tests share, and what compose started from them.
import { inject } from 'vitest'
import { sweepStacks } from './containers/sweep.ts'
import { copyProject, type Project } from './project.ts'

export interface Projects extends AsyncDisposable {
  /** The copy for those tests that have this fault, or have none. */
  take(fault: string | undefined): Promise<Project>
  /** Ends that copy and its stacks; who takes it later gets a new one. */
  end(fault: string | undefined): Promise<void>
}

/** Copies nothing yet. Disposing ends all. */
export function openProjects(): Projects {
  const copies = new Map<string | undefined, Promise<Project>>()
  const end = async (fault: string | undefined) => {
    const project = await copies.get(fault)
    copies.delete(fault)
    if (project !== undefined) await endWithStacks(project)
  }
  return {
    take(fault) {
      const copy = copies.get(fault) ?? copyProject(inject('run'))
      copies.set(fault, copy)
      return copy
    },
    end,
    async [Symbol.asyncDispose]() {
      await Promise.all([...copies.keys()].map(end))
    },
  }
}

/** What compose started from it ends with it. */
async function endWithStacks(project: Project): Promise<void> {
  await sweepStacks(project.composeName)
  await project[Symbol.asyncDispose]()
}
