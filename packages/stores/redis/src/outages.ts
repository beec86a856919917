import type { RedisClient } from './client'
import { toStoreError } from './store-error'

type ErrorReporter = (error: unknown) => void

/** The state of the connection of a client. */
interface Watch {
  readonly reporters: Set<ErrorReporter>
  /** Why there is no connection at present. */
  failure: unknown
}

const watches = new WeakMap<RedisClient, Watch>()

/**
 * Reports each loss of the connection once, instead of with every attempt to reconnect. All caches on a client share one
 * `error` listener, which stays attached: an `error` event without a listener would end the process. Returns a function
 * that stops the reports.
 */
export function reportOutages(client: RedisClient, report: ErrorReporter): () => void {
  const { reporters } = watches.get(client) ?? watchConnection(client)
  reporters.add(report)
  return () => void reporters.delete(report)
}

/** Reports an error to every cache that uses this client now. */
export function reportToAll(client: RedisClient, error: unknown): void {
  for (const report of watches.get(client)?.reporters ?? []) report(toStoreError(error))
}

/** The reason for an outage, in the words of the client, for the end of a message: `: connect ECONNREFUSED 127.0.0.1:6379`. */
export function describeOutage(client: RedisClient): string {
  const failure = toStoreError(watches.get(client)?.failure)
  return failure instanceof Error ? failure.message.replace(/^Redis(?=: .)/, '') : ''
}

function watchConnection(client: RedisClient): Watch {
  const watch: Watch = { reporters: new Set(), failure: undefined }
  watches.set(client, watch)
  client.on('error', (error) => {
    if (watch.failure === undefined) reportToAll(client, error)
    watch.failure = error ?? new Error('no reason given')
  })
  client.on('ready', () => {
    watch.failure = undefined
  })
  return watch
}
