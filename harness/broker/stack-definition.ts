// What the product tells the harness about itself, so that the harness knows no name of the product.
import type { Templates } from '../postgres/database-pools.ts'

export interface StackDefinition {
  /** How databases are filled, by name. A test gets a clone of `default` unless its file overrides the fixture `template`. */
  templates: Templates
  /** Passwords of the login roles that the templates create, by role name. */
  roles: Record<string, string>
  /** Web services by name, each a container on the run's network. */
  webServices: Record<string, WebServiceDefinition>
}

export interface WebServiceDefinition {
  /** Name in docker/images.lock or of an image of our own. */
  image: string
  port: number
  /** Path that answers 200 once the service is up. */
  health: string
  /** The database is the service's own clone of the template, with its address on the run's network. */
  environment: (database: { host: string; port: number; name: string }) => Record<string, string>
}
