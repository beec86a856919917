import type { RedisClient } from './client'
import { toStoreError } from './store-error'

type ErrorReporter = (error: unknown) => void

const reportersOf = new WeakMap<RedisClient, Set<ErrorReporter>>()

/**
 * Reports each loss of the connection once, instead of with every attempt to reconnect. All caches on a client share one
 * `error` listener, which stays attached: an `error` event without a listener would end the process. Returns a function
 * that stops the reports.
 */
export function reportOutages(client: RedisClient, report: ErrorReporter): () => void {
  const reporters = reportersOf.get(client) ?? watchConnection(client)
  reporters.add(report)
  return () => void reporters.delete(report)
}

/** Reports an error to every cache that uses this client now. */
export function reportToAll(client: RedisClient, error: unknown): void {
  for (const report of reportersOf.get(client) ?? []) report(toStoreError(error))
}

function watchConnection(client: RedisClient): Set<ErrorReporter> {
  const reporters = new Set<ErrorReporter>()
  reportersOf.set(client, reporters)
  let isDown = false
  client.on('error', (error) => {
    if (!isDown) reportToAll(client, error)
    isDown = true
  })
  client.on('ready', () => {
    isDown = false
  })
  return reporters
}
