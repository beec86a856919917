import { describe, expect, test } from 'vitest'
import { httpCache, serveWeb } from '../../src'
import { memoryCache } from '../support/memory-cache'

/** An application without rules, whose responses state their freshness by `cacheControl`. */
function createWatched() {
  let time = Date.UTC(2026, 0, 1)
  let runs = 0
  let cacheControl = 'no-store'
  const responses = httpCache<Request>({ cache: memoryCache(), clock: { now: () => time } })
  const findBypass = (request = {}) =>
    responses.findBypass({ method: 'GET', target: '/a', cacheControl: undefined, ...request })

  async function send(target: string): Promise<void> {
    if (findBypass({ target }) !== undefined) {
      runs += 1
      return
    }
    const request = new Request(`http://a${target}`)
    const response = await serveWeb(responses, {
      request,
      source: request,
      exposeHints: () => undefined,
      next() {
        runs += 1
        return new Response('page', { headers: { 'cache-control': cacheControl } })
      },
    })
    await response.text()
  }

  return {
    findBypass,
    async sendMany(count: number, target = (index: number) => `/${index}`) {
      for (let index = 0; index < count; index += 1) await send(target(index))
    },
    get runs() {
      return runs
    },
    passSecond() {
      time += 1_000
    },
    answerWith(value: string) {
      cacheControl = value
    },
  }
}

describe('a request bypasses the cache unseen', () => {
  test('on an excluded route', () => {
    const responses = httpCache({ cache: memoryCache(), ttl: '1m', routes: { '/live/*': false } })
    const findBypass = (target: string, method = 'GET') =>
      responses.findBypass({ method, target, cacheControl: undefined })
    expect(findBypass('/live/scores?x=1')).toMatchObject({ tag: expect.any(Function) })
    expect(findBypass('/live/scores', 'POST')).toBeDefined()
    expect(findBypass('/page')).toBeUndefined()
  })

  test('once a hundred responses in a row could not be stored, but for one request a second', async () => {
    const app = createWatched()
    await app.sendMany(99)
    expect(app.findBypass()).toBeUndefined()
    await app.sendMany(1)
    const outcomes = Array.from({ length: 4 }, () => app.findBypass() === undefined)
    expect(outcomes).toEqual([true, false, false, false])
    app.passSecond()
    expect(app.findBypass()).toBeUndefined()
    expect(app.findBypass()).toBeDefined()
  })

  test('never if it must be answered without the handler, or may change something', async () => {
    const app = createWatched()
    await app.sendMany(102)
    expect(app.findBypass()).toBeDefined()
    expect(app.findBypass({ cacheControl: 'only-if-cached' })).toBeUndefined()
    expect(app.findBypass({ method: 'POST' })).toBeUndefined()
  })

  test('never if every response says how it was served', () => {
    const routes = { '/live/*': false } as const
    for (const options of [{ serverTiming: true }, { cacheStatus: { bypass: true } }]) {
      const responses = httpCache({ cache: memoryCache(), routes, ...options })
      const request = { method: 'GET', target: '/live/x', cacheControl: undefined }
      expect(responses.findBypass(request)).toBeUndefined()
    }
  })
})

test('a route whose responses become storable is cached again within a second', async () => {
  const app = createWatched()
  await app.sendMany(105)
  app.answerWith('max-age=60')
  await app.sendMany(10, () => '/page')
  expect(app.runs).toBe(115)
  app.passSecond()
  await app.sendMany(10, () => '/page')
  expect(app.runs).toBe(117)
})

test('while a response of a route is in the store, its requests are looked up', async () => {
  const app = createWatched()
  app.answerWith('max-age=60')
  await app.sendMany(1, () => '/page')
  app.answerWith('no-store')
  await app.sendMany(120, (index) => `/other/${index}`)
  expect(app.runs).toBe(121)
  await app.sendMany(5, () => '/page')
  expect(app.runs).toBe(121)
})
