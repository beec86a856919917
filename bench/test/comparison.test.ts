// needs: redis
import { EventEmitter, once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { provideRedis } from '@larder/servers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ComparedCache, comparedCaches } from './support/compared-caches'

const page = readFileSync(fileURLToPath(new URL('../../docs/guide/comparison.md', import.meta.url)), 'utf8')
/** The cells of the first table of the page, line by line. */
const [, table = ''] = /^(\| fact .*?)\n\n/ms.exec(page) ?? []
const [libraries = [], , ...rows] = table
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))

const redis = provideRedis(beforeAll, afterAll)
/** A read that has read the old row and not yet returned it. Returns the function that lets it end. */
async function startSlowRead({ load }: ComparedCache): Promise<() => Promise<unknown>> {
  const source = new EventEmitter()
  const hasBegun = once(source, 'begun')
  const reading = load('user', async () => {
    source.emit('begun')
    await once(source, 'end')
    return 'old'
  })
  await hasBegun
  return () => {
    source.emit('end')
    return reading
  }
}

type Open = (typeof comparedCaches)[string]

/** The facts of the page, each as an experiment whose result is "yes" if it is true. */
const experiments: Readonly<Record<string, (open: Open) => Promise<boolean>>> = {
  async 'a value read before a write is not cached after it'(open) {
    const cache = open()
    const endRead = await startSlowRead(cache)
    await cache.forget('user')
    await endRead()
    const value = await cache.load('user', async () => 'new')
    await cache.close()
    return value === 'new'
  },
  async 'a call after a write does not get the value from before it'(open) {
    const cache = open()
    const endRead = await startSlowRead(cache)
    await cache.forget('user')
    const later = cache.load('user', async () => 'new')
    // A library that joins the computation from before the write waits for it.
    setTimeout(endRead, 50)
    const value = await later
    await cache.close()
    return value === 'new'
  },
  async 'two processes compute a key once'(open) {
    const [one, other] = [open(redis.url), open(redis.url)]
    await Promise.all([one.load('warm', async () => 1), other.load('warm too', async () => 1)])
    let computations = 0
    const compute = async () => {
      computations += 1
      await new Promise((resolve) => setTimeout(resolve, 200))
      return 'value'
    }
    await Promise.all([one.load('once', compute), other.load('once', compute)])
    await Promise.all([one.close(), other.close()])
    return computations === 1
  },
  async 'a Date, a Map and a BigInt come back from Redis as they were'(open) {
    const [one, other] = [open(redis.url), open(redis.url)]
    const value = { date: new Date(0), map: new Map([[1, 2]]), big: 10n }
    const write = () => one.load('typed', async () => value)
    await write().catch(() => undefined)
    const read = await other.load('typed', async () => undefined).catch(() => undefined)
    await Promise.all([one.close(), other.close()])
    return isDeepStrictEqual(read, value)
  },
}

test('the page has a row for each experiment', () => {
  expect(rows.map(([, fact]) => fact)).toEqual(Object.keys(experiments))
})

describe.each(rows)('%s %s', (_, fact = '', ...verdicts) => {
  test.each(libraries.slice(2, -1).map((library, at) => [library, verdicts[at] ?? ''] as const))(
    '%s: %s',
    async (library, verdict) => {
      const open = comparedCaches[library.replaceAll('`', '')]!
      expect((await experiments[fact]!(open)) ? 'yes' : 'no').toBe(verdict)
    },
  )
})
