import { describe, expect, test } from '../harness/index.ts'
import { attemptCommands, commandsOf } from './vocabulary/cache-commands.ts'
import { startCache } from './vocabulary/cache-load.ts'

/** Some hundred connections, and a fault may build images. */
const SLOW = { timeout: 300_000 }

/** What cache-stats and the exporter call. */
const NEEDED = [
  ...['client|list', 'client|setinfo', 'client|setname', 'dbsize', 'info', 'latency|histogram'],
  ...['latency|latest', 'scan', 'slowlog|get', 'slowlog|len'],
]
/** What every client may do with its own connection, and what the server tells of its commands; none of it reads or changes a key. */
const OWN_CONNECTION = [
  ...['asking', 'auth', 'echo', 'hello', 'ping', 'quit', 'readonly', 'readwrite', 'reset', 'select'],
  ...[
    'wait',
    'waitaof',
    'exec',
    'command|count',
    'command|docs',
    'command|getkeys',
    'command|getkeysandflags',
  ],
  ...['command|help', 'command|info', 'command|list'],
]
/** Values, names of all keys at once, settings, other clients, and the end of the server. */
const NEVER = [
  ...['acl|setuser', 'client|kill', 'config|get', 'config|set', 'eval', 'flushall', 'get', 'keys', 'monitor'],
  ...['set', 'shutdown', 'subscribe'],
]

describe('E1.1 The login of the exporter of Redis', () => {
  test(
    'E1.1.4 of all commands that the server has, it may call those for statistics and for its own connection',
    SLOW,
    async ({ sharedProject }) => {
      await using cache = await startCache(sharedProject)

      const { allowed, refused } = await attemptCommands(cache, await commandsOf(cache))

      expect(allowed.filter((name) => ![...NEEDED, ...OWN_CONNECTION].includes(name))).toEqual([])
      expect(allowed).toEqual(expect.arrayContaining(NEEDED))
      expect(refused).toEqual(expect.arrayContaining(NEVER))
    },
  )
})
