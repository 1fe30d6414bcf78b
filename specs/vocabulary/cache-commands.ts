// The commands that a Redis has, and which of them a login may call.
import { type Cache, connectToCache } from './cache-load.ts'

interface Command {
  /** A subcommand has that of its command before it: `config|get`. */
  name: string
  /** Words of a call that the server understands. */
  words: string[]
}

/** Name, number of words (negative where it is the least), seven other facts, subcommands. */
type Entry = [name: string, arity: number, ...facts: unknown[]]
const SUBCOMMANDS = 9

/** Every command of the server that can be called: of one that has subcommands these. */
export async function commandsOf({ send }: Cache): Promise<Command[]> {
  const entries = (await send('COMMAND')) as Entry[]
  return entries.flatMap((entry) => {
    const subcommands = (entry[SUBCOMMANDS] ?? []) as Entry[]
    return (subcommands.length > 0 ? subcommands : [entry]).map(commandOf)
  })
}

/** Of too few words the server complains before it asks who calls. */
function commandOf([name, arity]: Entry): Command {
  const words = name.split('|')
  const missing = Math.max(0, Math.abs(arity) - words.length)
  return { name, words: [...words, ...Array<string>(missing).fill('1')] }
}

/** Names of those that the login for statistics may call, and of the others. Each is called, on a connection of its own: one may end it. */
export async function attemptCommands(
  cache: Cache,
  commands: Command[],
): Promise<{ allowed: string[]; refused: string[] }> {
  const allowed: string[] = []
  const refused: string[] = []
  for (const { name, words } of commands) ((await isRefused(cache, words)) ? refused : allowed).push(name)
  return { allowed, refused }
}

/** To nobody a Redis of this configuration gives DEBUG and modules. */
const REFUSED = /^NOPERM|^ERR .* command not allowed/

async function isRefused({ url, passwords }: Cache, words: string[]): Promise<boolean> {
  const client = await connectToCache(url, 'monitor', passwords.monitor)
  const answer = await client.sendCommand(words).then(
    () => '',
    ({ message }: Error) => message,
  )
  if (client.isOpen) client.destroy()
  return REFUSED.test(answer)
}
