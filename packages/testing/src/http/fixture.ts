import { type Cache, type CacheOptions, createCache, type Store } from '@larder/core'
import type { AppHandler, Application, RunningApplication, StartApplication } from './application'
import { type ReceivedResponse, type RequestParts, sendRequest } from './client'

/** A running application with its cache, and a client for it. */
interface Fixture extends AsyncDisposable {
  readonly cache: Cache
  readonly port: number
  /** How often the handler has run. */
  readonly runs: number
  get(target: string, headers?: RequestParts['headers']): Promise<ReceivedResponse>
  sendRequest(target: string, parts: RequestParts): Promise<ReceivedResponse>
  /** Advances the clock of the response cache. */
  advanceClock(ms: number): void
}

/** Options of the response cache, and of the cache of data that it stores responses in. */
type FixtureOptions = Omit<Application['options'], 'cache' | 'clock'> & {
  readonly cacheOptions?: Omit<CacheOptions, 'name' | 'store'> | undefined
  readonly compression?: Application['compression']
}

/** Starts one application of the framework under test. */
export type StartFixture = (options: FixtureOptions, handler: AppHandler) => Promise<Fixture>

/** Adds a cache, a controlled clock and a client to the applications of one framework. */
export function createFixtureStarter(start: StartApplication, createStore: () => Store): StartFixture {
  return async ({ compression, cacheOptions = { ttl: '1h' }, ...options }, handler) => {
    const cache = createCache({ name: 'suite', store: createStore(), ...cacheOptions })
    let clockOffset = 0
    let runs = 0
    const running: RunningApplication = await start({
      compression,
      options: { ...options, cache, clock: { now: () => Date.now() + clockOffset } },
      handler(request) {
        runs += 1
        return handler(request)
      },
    })
    const { port } = running
    return {
      cache,
      port,
      get runs() {
        return runs
      },
      get: (target, headers) => sendRequest(port, target, { headers }),
      sendRequest: (target, parts) => sendRequest(port, target, parts),
      advanceClock(ms) {
        clockOffset += ms
      },
      async [Symbol.asyncDispose]() {
        await running.close()
        await cache.close()
      },
    }
  }
}

/** A handler that responds with the number of its run: `answer 1`, `answer 2`. */
export function countingHandler(headers: Readonly<Record<string, string>> = {}): AppHandler {
  let count = 0
  return () => {
    count += 1
    return { headers: { 'content-type': 'text/plain', ...headers }, body: `answer ${count}` }
  }
}

/** Fields of a response that states its own freshness. */
export const fresh = { 'cache-control': 'max-age=60' }
