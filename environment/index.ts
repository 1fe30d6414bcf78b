// The door of the environment: what every program of this house reads from its variables in the same way, how it reaches
// the database, and how it stops. It knows no table and no role, and imports no other room.
export { type ConnectionPlan, connect, isAnswer, stopOnSignal, unreachable } from './connection.ts'
export { readDatabaseUrl, readSecret, type Variables } from './database.ts'
export { EXIT, type Facts, Refusal } from './refusal.ts'
