import { serviceNamesOf } from '@larder/redis/kit'
import { virtualClock } from '@larder/testing'
import { expect, test } from 'vitest'
import { handleOf } from '../src/session-id'
import { createMemorySessions } from '../src/store/memory-sessions'
import { repeatEnds } from '../src/store/repeat-ends'
import { createSessionCalls } from '../src/store/session-calls'
import { countSessions } from '../src/store/session-scripts'

const times = { idle: 86_400_000, absolute: 86_400_000, precision: 60_000 }

test('an end that Redis refuses for ten minutes reaches it when it is back', async () => {
  const clock = virtualClock()
  const memory = createMemorySessions({ clock, times, refusesConflicts: false })
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
    enrolledAt: undefined,
    fields: new Map(),
  })
  await expect(store.end({ handle: 'h' })).rejects.toThrow('Redis is away.')
  await clock.advance(599_000)
  expect(await memory.read('h')).toBeDefined()
  await clock.advance(40_000)
  expect(await memory.read('h')).toBeUndefined()
})

test('scripts on 10 000 sessions of a user go in calls with deadlines of their own, in their order', async () => {
  const sizes: number[] = []
  let ran = 0
  const calls = createSessionCalls({
    redis: {
      circuit: 'closed',
      sendCommand: async () => null,
      runScript: async () => null,
      async runScripts(scripts) {
        sizes.push(scripts.length)
        return scripts.map(() => {
          ran += 1
          return [Buffer.from('1'), 0, ran]
        })
      },
      close: () => undefined,
    },
    names: serviceNamesOf('larder', 'session', 'shop'),
    times,
    now: () => '0',
    onRestored: () => undefined,
  })
  const handles = Array.from({ length: 10_000 }, (_, at) => handleOf(String(at)))
  const replies = await calls.runAll(
    handles.map((handle) => ({ handle, createCall: countSessions.callWith })),
  )
  expect(replies).toEqual(handles.map((_, at) => at + 1))
  expect(Math.max(...sizes)).toBeLessThanOrEqual(500)
})
