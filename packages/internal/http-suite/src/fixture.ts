import { type Cache, createCache } from '@larder/core'
import { memoryStore } from '@larder/memory'
import type { AppHandler, Application, Running, StartApplication } from './application'
import { type Received, type Sending, send } from './client'

/** An application with its cache, and what its handler has been asked. */
export interface Fixture extends AsyncDisposable {
  readonly cache: Cache
  readonly port: number
  /** How often the handler has run. */
  readonly runs: number
  get(target: string, headers?: Sending['headers']): Promise<Received>
  send(target: string, sending: Sending): Promise<Received>
  /** Lets time pass for the cache of responses. */
  later(ms: number): void
}

/** Options of the cache of responses, without what the fixture brings. */
export type FixtureOptions = Omit<Application['options'], 'cache' | 'clock'> & {
  readonly cache?: Cache | undefined
  readonly compression?: Application['compression']
}

/** Starts applications of one framework. */
export function fixtureOf(start: StartApplication) {
  return async ({ compression, ...options }: FixtureOptions, handler: AppHandler): Promise<Fixture> => {
    const cache = options.cache ?? createCache({ name: 'suite', store: memoryStore(), ttl: '1h' })
    let skew = 0
    let runs = 0
    const running: Running = await start({
      compression,
      options: { ...options, cache, clock: { now: () => Date.now() + skew } },
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
      get: (target, headers) => send(port, target, { headers }),
      send: (target, sending) => send(port, target, sending),
      later(ms) {
        skew += ms
      },
      async [Symbol.asyncDispose]() {
        await running.close()
        await cache.close()
      },
    }
  }
}

export type StartFixture = ReturnType<typeof fixtureOf>

/** A handler that answers with a number that grows with each run. */
export function counting(headers: Readonly<Record<string, string>> = {}): AppHandler {
  let count = 0
  return () => {
    count += 1
    return { headers: { 'content-type': 'text/plain', ...headers }, body: `answer ${count}` }
  }
}
