import { type CacheEvents, LarderError } from '@larder/core'
import { expect, test, vi } from 'vitest'
import { createErrorLog } from '../src/observation/error-log'
import { createManagedApp } from './support/managed-app'

/** An error log, and a function that reports a failure to it. */
function createLog() {
  const listeners: ((event: CacheEvents['error']) => unknown)[] = []
  const log = createErrorLog({ on: (_name, listener) => listeners.push(listener as never) as never })
  return {
    log,
    fail: (operation: string, error: unknown) => {
      for (const listener of listeners) listener({ operation, error })
    },
  }
}

const full = new LarderError('STORE_FAILED', "Redis: OOM command not allowed when used memory > 'maxmemory'.")

test('failures of one operation with one message are one group with a count, a first and a last time', () => {
  vi.useFakeTimers({ now: 1_000 })
  const { log, fail } = createLog()
  fail('redis set', full)
  vi.setSystemTime(4_000)
  fail('redis set', full)
  fail('redis lease', full)
  vi.useRealTimers()
  expect(log.listNewest()).toEqual([
    expect.objectContaining({ operation: 'redis lease', count: 1 }),
    {
      operation: 'redis set',
      message: full.message,
      code: 'STORE_FAILED',
      count: 2,
      firstAt: new Date(1_000),
      lastAt: new Date(4_000),
    },
  ])
})

test('a new kind of failure replaces the one that was not seen for longest', () => {
  const { log, fail } = createLog()
  fail('redis get', 'timeout 0')
  for (let port = 1; port <= 49; port += 1) fail('redis get', `timeout ${port}`)
  fail('redis get', 'timeout 0')
  fail('redis get', 'timeout 50')
  const messages = log.listNewest().map(({ message }) => message)
  expect(messages).toHaveLength(50)
  expect(messages.slice(0, 2)).toEqual(['timeout 50', 'timeout 0'])
  expect(messages).not.toContain('timeout 1')
})

test('a message has the words of its causes, and of a refused connection to several addresses', () => {
  const { log, fail } = createLog()
  const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:6379'), { code: 'ECONNREFUSED' })
  fail('a', new Error('the feed ended', { cause: refused }))
  fail('b', Object.assign(new AggregateError([refused, refused]), { code: 'ECONNREFUSED' }))
  fail('c', Object.assign(new Error(), { code: 'EPIPE' }))
  fail('d', Object.create(null))
  const cyclic = new Error('turn')
  cyclic.cause = cyclic
  fail('e', cyclic)
  fail('f', new Error('x'.repeat(5_000)))
  expect(
    log.listNewest().map(({ message, code }) => [message.length > 100 ? message.length : message, code]),
  ).toEqual([
    [1_000, undefined],
    ['turn', undefined],
    ['a thrown value without a message', undefined],
    ['EPIPE', 'EPIPE'],
    ['connect ECONNREFUSED 10.0.0.1:6379', 'ECONNREFUSED'],
    ['the feed ended: connect ECONNREFUSED 10.0.0.1:6379', undefined],
  ])
})

test('GET errors answers with failures of this process', async () => {
  const { cache, get } = createManagedApp()
  expect((await get('errors')).body).toEqual({ errors: [] })
  async function* changeFeed(): AsyncGenerator<string> {
    yield 'user:1'
    throw new Error('the change feed is gone')
  }
  await cache.follow(changeFeed(), (tag) => [tag]).done
  expect((await get('errors')).body.errors).toMatchObject([
    { operation: 'follow', message: 'the change feed is gone', count: 1 },
  ])
  await cache.close()
})
