import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict'
import { countingHandler, fresh } from './fixture'
import type { HttpCheck } from './http-check'

/** Freshness that the response states, and independence from the options of the data cache. */
export const freshnessChecks: readonly HttpCheck[] = [
  {
    guarantee: 'a response with max-age is served from the store until it expires',
    async verify(start) {
      await using app = await start({}, countingHandler(fresh))
      strictEqual((await app.get('/a')).body, 'answer 1')
      app.advanceClock(59_000)
      const { body, headers } = await app.get('/a')
      strictEqual(body, 'answer 1')
      ok(Number(headers.age) >= 59)
      match(String(headers['cache-status']), /^larder; hit; ttl=\d+$/)
      app.advanceClock(2_000)
      strictEqual((await app.get('/a')).body, 'answer 2')
    },
  },
  {
    guarantee: 'a response without freshness is not stored and its fields are not changed',
    async verify(start) {
      await using app = await start({}, countingHandler())
      const [first, second] = [await app.get('/a'), await app.get('/a')]
      deepStrictEqual([first.body, second.body], ['answer 1', 'answer 2'])
      strictEqual(second.headers['cache-status'], undefined)
      strictEqual(second.headers.age, undefined)
    },
  },
  ...[
    [
      'a Date in the future and an Age that overflows',
      { date: 'Fri, 01 Jan 2100 00:00:00 GMT', age: '99999999999999' },
    ],
    ['an Age and a max-age that are not numbers', { age: 'old', 'cache-control': 'max-age=sixty' }],
    ['a negative max-age', { 'cache-control': 'max-age=-1' }],
    ['two different max-age, one of which has passed', { 'cache-control': 'max-age=0, max-age=60' }],
  ].map(
    ([situation, headers]): HttpCheck => ({
      guarantee: `a response with ${situation} is stale`,
      async verify(start) {
        await using app = await start(
          {},
          countingHandler({ ...fresh, ...(headers as Record<string, string>) }),
        )
        await app.get('/a')
        strictEqual((await app.get('/a')).body, 'answer 2')
      },
    }),
  ),
  {
    guarantee: 'a disabled cache stores no responses, and Cache-Status does not claim it',
    async verify(start) {
      await using app = await start({ cacheOptions: { enabled: false }, ttl: '1m' }, countingHandler())
      const [first, second] = [await app.get('/a'), await app.get('/a')]
      deepStrictEqual([first.body, second.body], ['answer 1', 'answer 2'])
      strictEqual(second.headers['cache-status'], 'larder; fwd=miss')
    },
  },
  {
    guarantee: 'the options of the data cache do not affect responses',
    async verify(start) {
      const cacheOptions = {
        refreshAhead: 0,
        staleWhileRevalidate: '1h',
        errorTtl: '1h',
        cacheIf: () => false,
      } as const
      await using app = await start({ cacheOptions }, countingHandler(fresh))
      await app.get('/a')
      for (let repeat = 0; repeat < 3; repeat += 1) strictEqual((await app.get('/a')).body, 'answer 1')
      strictEqual(app.runs, 1)
    },
  },
]
