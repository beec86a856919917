import { type Cache, createCache, findNearestName, LarderError, type Store } from '@larder/core'
import { namesOf, redisStore } from '@larder/redis'
import { findCacheNames } from './cache-names'
import type { CommandContext } from './command'
import { CommandError } from './errors'
import { type LogState, readLogState } from './log-state'
import type { Server } from './server'

/** A cache that this process has opened and that has read its log, with the server it is on. */
export interface OpenCache {
  readonly cache: Cache
  readonly server: Server
}

/** Creates the store that the cache is read through. */
export type CreateStore = (options: { readonly client: Server['client']; readonly prefix: string }) => Store

/**
 * Runs `work` with the cache, then closes the cache and the connection.
 * @throws CommandError if the cache does not exist. Opening it anyway would create its log, so a misspelt name would
 * leave keys on the server.
 */
export async function withCache<T>(
  context: CommandContext,
  work: (opened: OpenCache) => Promise<T>,
  createStore: CreateStore = redisStore,
): Promise<T> {
  const server = await context.connect()
  try {
    const log = await requireExistingCache(context, server)
    const cache = openCache(context, server, log, createStore)
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

function openCache(
  { name, prefix, clock }: CommandContext,
  { client }: Server,
  { tagSeparator }: LogState,
  createStore: CreateStore,
): Cache {
  // Far above the default of a service: a person at a terminal can wait.
  const storeTimeout = '5s'
  return createCache({ name, clock, store: createStore({ client, prefix }), storeTimeout, tagSeparator })
}

async function requireExistingCache({ name, prefix }: CommandContext, server: Server): Promise<LogState> {
  const log = await readLogState(server, namesOf(prefix, name))
  if (log !== undefined) return log
  const names = await findCacheNames(server, prefix)
  const suggestion = findNearestName(name, names)
  const hint =
    suggestion !== undefined
      ? `Did you mean: --name ${suggestion}`
      : names.length > 0
        ? `Caches on this server: ${names.join(', ')}.`
        : `The server has no cache with the prefix "${prefix}"; run larder doctor for details.`
  throw new CommandError(`Cache "${name}" does not exist at ${server.address}. ${hint}`)
}

async function waitUntilCurrent(cache: Cache): Promise<void> {
  let lastError: unknown
  const unsubscribe = cache.on('error', ({ error }) => {
    lastError = error
  })
  // Explaining any key reads the log first.
  await cache.explain('')
  unsubscribe()
  if (cache.stats().position >= 0) return
  const reason = lastError instanceof LarderError ? `: ${lastError.message}` : '.'
  throw new CommandError(`The log of "${cache.name}" cannot be read${reason} Run larder doctor for details.`)
}

/** The namespace that `--namespace` selects, or the cache itself. */
export function selectNamespace(cache: Cache, names: readonly string[]): Cache {
  return names.reduce<Cache>((outer, name) => outer.namespace(name), cache)
}
