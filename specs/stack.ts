// The globalSetup of the acceptance project.
import { serveStack } from '../harness/setup.ts'
import { recipe } from './recipe.ts'

export default serveStack(recipe)
