// Copies of the project that the tests of one file share.
import { inject } from 'vitest'
import { sweepComposeProjects } from './containers/sweep.ts'
import { copyProject, type Project } from './project.ts'

export interface SharedProjects extends AsyncDisposable {
  /** The copy for tests with this fault, or for those without a fault. */
  take(fault: string | undefined): Promise<Project>
  /** Removes that copy and what compose started from it; the next `take` makes a new one. */
  remove(fault: string | undefined): Promise<void>
}

/** Copies nothing yet. Disposing removes all copies. */
export function openSharedProjects(): SharedProjects {
  const copies = new Map<string | undefined, Promise<Project>>()
  const remove = async (fault: string | undefined) => {
    const project = await copies.get(fault)
    copies.delete(fault)
    if (project === undefined) return
    await sweepComposeProjects(project.composeName)
    await project[Symbol.asyncDispose]()
  }
  return {
    take(fault) {
      const copy = copies.get(fault) ?? copyProject(inject('run'))
      copies.set(fault, copy)
      return copy
    },
    remove,
    async [Symbol.asyncDispose]() {
      await Promise.all([...copies.keys()].map(remove))
    },
  }
}
