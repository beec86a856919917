import { type Cache, createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import { createLocalRateLimiter, type RateLimiter } from '@larder/rate-limit'
import { sendRequest } from '@larder/testing/http'
import { describe, expect, test } from 'vitest'

/** An application with a cache and a rate limiter, which counts by the field `x-client`. */
export interface LimitedApplication {
  readonly cache: Cache
  readonly limiter: RateLimiter
  /** Whether the limiter sees hits too. */
  readonly isInFront: boolean
}

/** Starts an application of one framework, with a `ttl` of a minute for all pages. */
export type StartLimited = (
  application: LimitedApplication,
) => Promise<AsyncDisposable & { readonly port: number }>

/** Tests that a rate limiter works in front of the cache and behind it: each client learns its own quota only. */
export function rateLimitSuite(startLimited: StartLimited): void {
  async function start(isInFront: boolean) {
    const cache = createCache({ name: 'test', store: memoryStore() })
    const limiter = createLocalRateLimiter({ policies: [{ name: 'quota', limit: 2, window: '1h' }] })
    const application = await startLimited({ cache, limiter, isInFront })
    return {
      /** Resolves with the status, whether it is a hit, and the remaining quota of the client. */
      async send(client: string, target: string) {
        const { status, headers } = await sendRequest(application.port, target, {
          headers: { 'x-client': client },
        })
        const isHit = String(headers['cache-status']).includes('; hit')
        return [status, isHit, /r=(\d)/.exec(String(headers.ratelimit))?.[1]]
      },
      [Symbol.asyncDispose]: () => application[Symbol.asyncDispose](),
    }
  }

  describe('a rate limiter', () => {
    test('in front of the cache counts hits, and tells each client its own quota', async () => {
      await using app = await start(true)
      expect(await app.send('ada', '/a')).toEqual([200, false, '1'])
      expect(await app.send('ada', '/a')).toEqual([200, true, '0'])
      expect(await app.send('bob', '/a')).toEqual([200, true, '1'])
      expect(await app.send('ada', '/a')).toEqual([429, false, '0'])
    })

    test('behind the cache counts runs of handlers, and tells no client the quota of another', async () => {
      await using app = await start(false)
      expect(await app.send('ada', '/a')).toEqual([200, false, '1'])
      expect(await app.send('bob', '/a')).toEqual([200, true, undefined])
      expect(await app.send('ada', '/b')).toEqual([200, false, '0'])
      expect(await app.send('ada', '/c')).toEqual([429, false, '0'])
      expect(await app.send('bob', '/c')).toEqual([200, false, '1'])
    })
  })
}
