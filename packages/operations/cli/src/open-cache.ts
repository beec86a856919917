import { type Cache, createCache, LarderError } from '@larder/core'
import { namesOf, redisStore } from '@larder/redis'
import { cacheNamesOn } from './cache-names'
import type { Context } from './command'
import { Failure } from './errors'
import { readLog } from './log-state'
import { nearest } from './nearest'
import type { Server } from './server'

/** A cache of this process, current with its log, and the server that it is on. */
export interface Opened {
  readonly cache: Cache
  readonly server: Server
}

/**
 * Runs `work` with the cache, and ends the cache and the connection afterwards.
 * @throws Failure if there is no such cache: opening it would begin one, so a misspelt name would leave traces.
 */
export async function withCache<T>(context: Context, work: (opened: Opened) => Promise<T>): Promise<T> {
  const server = await context.connect()
  try {
    await checkExists(context, server)
    const cache = open(context, server)
    try {
      await waitUntilCurrent(cache)
      return await work({ cache, server })
    } finally {
      await cache.close()
    }
  } finally {
    server.close()
  }
}

function open({ name, prefix, clock }: Context, { client }: Server): Cache {
  // People wait longer than callers of a service do.
  return createCache({ name, clock, store: redisStore({ client, prefix }), storeTimeout: '5s' })
}

async function checkExists({ name, prefix }: Context, server: Server): Promise<void> {
  if ((await readLog(server, namesOf(prefix, name))) !== undefined) return
  const names = await cacheNamesOn(server, prefix)
  const meant = nearest(name, names)
  const hint =
    meant !== undefined
      ? `Did you mean: --name ${meant}`
      : names.length > 0
        ? `There are: ${names.join(', ')}.`
        : `Nothing of Larder is there with the prefix "${prefix}"; larder doctor says more.`
  throw new Failure(`There is no cache "${name}" at ${server.address}. ${hint}`)
}

async function waitUntilCurrent(cache: Cache): Promise<void> {
  let reason: unknown
  const stop = cache.on('error', ({ error }) => {
    reason = error
  })
  // Looking at any key reads the log first.
  await cache.explain('')
  stop()
  if (cache.stats().position >= 0) return
  const why = reason instanceof LarderError ? `: ${reason.message}` : ''
  throw new Failure(`The log of "${cache.name}" cannot be read${why} larder doctor says more.`)
}

/** The cache, or the namespace within it that `--namespace` names. */
export function scopeOf(cache: Cache, namespace: readonly string[]): Cache {
  return namespace.reduce<Cache>((scope, name) => scope.namespace(name), cache)
}
