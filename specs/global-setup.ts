// The globalSetup of the acceptance project.
import { createGlobalSetup } from '../harness/setup.ts'
import { stackDefinition } from './stack-definition.ts'

export default createGlobalSetup(stackDefinition)
