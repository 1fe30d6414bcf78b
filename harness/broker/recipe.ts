// What a product tells the harness about itself; the harness knows no product noun of its own.
import type { Recipes } from '../postgres/supply.ts'

export interface StackRecipe {
  /** How a database is filled, by name; a test gets a clone of `default` unless its file overrides `template`. */
  templates: Recipes
  /** Passwords of the login roles the templates create, by role name. */
  roles: Record<string, string>
  /** Web services by name, each a container on the run's network. */
  web: Record<string, WebRecipe>
}

export interface WebRecipe {
  /** Name in docker/images.lock or of an image of our own. */
  image: string
  port: number
  health: string
  /** The database is the service's own clone of the template, under its address on the run's network. */
  environment: (database: { host: string; port: number; name: string }) => Record<string, string>
}
