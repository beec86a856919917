import { type GuardedConnection, type ScriptCall, serviceNamesOf } from '@larder/redis/kit'
import { virtualClock } from '@larder/testing'
import { expect, test } from 'vitest'
import { handleOf } from '../src/session-id'
import { createBuckets } from '../src/store/buckets'
import { createKnownEpochCalls } from '../src/store/known-epoch-calls'
import { createMemorySessions } from '../src/store/memory-sessions'
import { repeatEnds } from '../src/store/repeat-ends'
import { createSessionCalls } from '../src/store/session-calls'
import { defineSessionScripts } from '../src/store/session-scripts'

const times = { idle: 86_400_000, absolute: 86_400_000, precision: 60_000 }

test('an end that Redis refuses for ten minutes reaches it when it is back', async () => {
  const clock = virtualClock()
  const memory = createMemorySessions({ clock, times, onConflict: 'last' })
  const isAway = () => clock.now() < back
  const refuse = async () => Promise.reject(new Error('Redis is away.'))
  const back = clock.now() + 600_000
  const { store } = repeatEnds(
    {
      ...memory,
      end: (end) => (isAway() ? refuse() : memory.end(end)),
      endMany: (ends) => (isAway() ? refuse() : memory.endMany(ends)),
    },
    clock,
  )
  await memory.write('h', {
    user: undefined,
    label: undefined,
    createdAt: undefined,
    fields: new Map(),
  })
  await expect(store.end({ handle: 'h' })).rejects.toThrow('Redis is away.')
  await clock.advance(599_000)
  expect(await memory.read('h')).toBeDefined()
  await clock.advance(40_000)
  expect(await memory.read('h')).toBeUndefined()
})

const scripts = defineSessionScripts(times)

/** Calls on a server that replies to each script as `reply` says, by a connection that a test can replace. */
function createCalls(reply: (call: ScriptCall) => unknown, given: Partial<GuardedConnection> = {}) {
  const redis = {
    connectionId: 1 as number | undefined,
    circuit: 'closed' as const,
    sendCommand: async () => null,
    runScript: async (call: ScriptCall) => reply(call),
    runScripts: async (calls: readonly ScriptCall[]) => calls.map(reply),
    close: () => undefined,
    ...given,
  }
  const clock = virtualClock()
  const buckets = createBuckets({ redis, names: serviceNamesOf('larder', 'session', 'shop'), clock })
  const { readPlainly } = createKnownEpochCalls({ redis, buckets, enlistLater: () => undefined })
  return {
    clock,
    replaceConnection() {
      redis.connectionId = (redis.connectionId ?? 0) + 1
    },
    ...createSessionCalls({ redis, buckets, scripts, clock, onRestored: () => undefined }),
    readPlainly,
  }
}

const epoch = '1.1 server run 1000 0'
const handle = handleOf('an id')
const readCall = { handle, createCall: scripts.read.callWith }

test('scripts on 10 000 sessions of a user go in calls with deadlines of their own, in their order', async () => {
  const sizes: number[] = []
  let ran = 0
  const runScripts = async (calls: readonly ScriptCall[]) => {
    sizes.push(calls.length)
    return calls.map(() => {
      ran += 1
      return [[Buffer.from(epoch), 1, 0], ran]
    })
  }
  const calls = createCalls(() => null, { runScripts })
  const handles = Array.from({ length: 10_000 }, (_, at) => handleOf(String(at)))
  const replies = await calls.runAll(
    handles.map((of) => ({ handle: of, createCall: scripts.count.callWith })),
  )
  expect(replies).toEqual(handles.map((_, at) => at + 1))
  expect(Math.max(...sizes)).toBeLessThanOrEqual(500)
})

test('a reply of another connection than that of the last look at the server counts for nothing', async () => {
  const known: unknown[] = []
  const calls = createCalls(
    ({ args }) => {
      known.push(args[1])
      if (args[1] === epoch) calls.replaceConnection()
      return [[Buffer.from(epoch), 1, 0], 'found']
    },
    {
      // The client sends these commands once more, to a server that was started meanwhile.
      async sendCommand() {
        calls.replaceConnection()
        return [Buffer.from('1.1 1 1 9000 0 0\n{}'), Buffer.from(epoch)]
      },
    },
  )
  expect(await calls.readPlainly(handle)).toBeUndefined()
  await calls.run(readCall)
  expect(await calls.readPlainly(handle)).toBeUndefined()
  await calls.run(readCall)
  await calls.run(readCall)
  expect(known).toEqual([0, 1_000, epoch, 1_000])
})

test('a script gets the server that another bucket has seen within a second, by the same connection', async () => {
  const servers: unknown[] = []
  const calls = createCalls(({ args }) => {
    servers.push(args[2])
    return [[Buffer.from(epoch), 1, 0], null]
  })
  const read = (letter: string) => calls.run({ ...readCall, handle: letter + handle.slice(1) })
  await read('A')
  await read('B')
  await calls.clock.advance(999)
  await read('C')
  await calls.clock.advance(1)
  await read('D')
  await read('E')
  calls.replaceConnection()
  await read('F')
  expect(servers).toEqual(['', 'server', 'server', '', 'server', ''])
})

test('a script that got the server runs again if the connection was replaced meanwhile', async () => {
  const servers: unknown[] = []
  const calls = createCalls(({ args }) => {
    servers.push(args[2])
    if (args[2] !== '') calls.replaceConnection()
    return [[Buffer.from(epoch), 1, 0], null]
  })
  await calls.run({ ...readCall, handle: `A${handle.slice(1)}` })
  await calls.run({ ...readCall, handle: `B${handle.slice(1)}` })
  await calls.run({ ...readCall, handle: `C${handle.slice(1)}` })
  await calls.runAll([{ ...readCall, handle: `D${handle.slice(1)}` }])
  expect(servers).toEqual(['', 'server', '', 'server', '', 'server', ''])
})

test.each([
  ['1.1 server run 2000 0', true],
  ['1.1 server run 999 0', false],
  ['1.1 other run 2000 0', false],
  ['1.2 server run 2000 1', false],
  ['', false],
])('a read that was sent an epoch counts under "%s": %s', async (found, counts) => {
  const text = Buffer.from('1.1 1 1 9000 0 0\n{}')
  const sendCommand = async () => [text, Buffer.from(found)]
  const calls = createCalls(() => [[Buffer.from(epoch), 1, 0], null], { sendCommand })
  await calls.run(readCall)
  expect((await calls.readPlainly(handle)) !== undefined).toBe(counts)
})

test('on a Cluster, whose client has many connections, each call looks at the server', async () => {
  const known: unknown[] = []
  const reply = ({ args }: ScriptCall) => {
    known.push(args[1])
    return [[Buffer.from(epoch), 1, 0], null]
  }
  const calls = createCalls(reply, { connectionId: undefined })
  await calls.run(readCall)
  await calls.run(readCall)
  expect(await calls.readPlainly(handle)).toBeUndefined()
  expect(known).toEqual([0, 1_000])
})
