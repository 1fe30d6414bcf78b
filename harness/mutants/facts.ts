// What the operators read of an object, and how they write a defect.
import type { CatalogObject, Draft } from './mutant.ts'

type Facts = CatalogObject['facts']
/** All defects of one object. `all` are the objects of the database, among them the roles. */
export type Operator = (facts: Facts, all: CatalogObject[], object: CatalogObject) => Draft[]

/** A fact that is a text; empty where there is none. */
export function text(facts: Facts, name: string): string {
  return String(facts[name] ?? '')
}

export function list(facts: Facts, name: string): string[] {
  return (facts[name] ?? []) as string[]
}

export function draft(operator: string, description: string, statements: string): Draft {
  return { operator, description, statements }
}

/** Roles that own something, so that what they create or run has their rights. */
export function ownersIn(all: CatalogObject[]): string[] {
  return all.filter(({ kind, facts }) => kind === 'role' && facts.owns === true).map(({ name }) => name)
}

/** As pg_trigger and pg_event_trigger have it. */
export const ENABLED: Record<string, string> = {
  O: 'enable',
  A: 'enable always',
  R: 'enable replica',
  D: 'disable',
}
