import { type Clock, createPolicy, type Duration, type Policy, systemClock, toMs } from '@larder/core'
import { type ClientOptions, checkClient } from './check-client'
import type { CommandArguments } from './client'
import { createClientSource } from './client-source'
import { type Connection, connectionOf } from './connection'
import { corkForTick } from './cork-for-tick'
import { reportOutages } from './outages'
import type { ScriptCall } from './scripts/define-script'
import { readServerInfo } from './server-info'

/** Options of {@link openGuardedConnection}: either a client or a URL, and the limits on calls. */
export interface GuardedConnectionOptions extends ClientOptions {
  /** The function of the service, which begins messages: `createRateLimiter`. */
  readonly caller: string
  /** The timeout of each call. @defaultValue '250ms' */
  readonly storeTimeout?: Duration | undefined
  /** How long the circuit breaker stays open before the next attempt. @defaultValue '1s' */
  readonly circuitPause?: Duration | undefined
  readonly clock?: Clock | undefined
  /** Receives the error of each call that failed, and one error for each loss of the connection. */
  onError(error: unknown): void
}

/**
 * The connection of a service that is not a cache, with every call under a timeout and a circuit breaker: no call hangs,
 * whatever the server does. All calls reject with a LarderError `STORE_TIMEOUT`, `STORE_OPEN_CIRCUIT`, `STORE_BUSY` or
 * `STORE_FAILED`, none of which contains arguments of commands.
 */
export interface GuardedConnection {
  /** `closed` lets calls through, `open` rejects them, `half-open` will let one through. */
  readonly circuit: Policy['state']
  /** As of {@link Connection}: another number after each loss of the connection, undefined for a Cluster. */
  readonly connectionId: number | undefined
  sendCommand(command: string, ...args: CommandArguments[]): Promise<unknown>
  runScript(call: ScriptCall): Promise<unknown>
  /** Runs scripts in one round trip per server, and resolves to a reply for each. */
  runScripts(calls: readonly ScriptCall[]): Promise<unknown[]>
  /** Ends the connection, unless the client belongs to the application. */
  close(): void
}

/** Consecutive failures that open the circuit, and bounds of calls in flight and of calls that wait. */
const limits = { circuitThreshold: 5, maxInFlight: 500, maxWaiting: 10_000 }

/**
 * Opens the connection of a service, and warns once if the server may evict its keys.
 *
 * @example
 * ```ts
 * const redis = openGuardedConnection({ caller: 'createQuota', url: 'redis://127.0.0.1:6379', onError: console.error })
 * const reply = await redis.runScript(takeOne.callWith({ quota: names.keyOf('ann') }))
 * ```
 * @throws LarderError `BAD_OPTION` unless there is either a client or a URL, or for a client that does not fit;
 * `BAD_DURATION`.
 */
export function openGuardedConnection(options: GuardedConnectionOptions): GuardedConnection {
  const { caller, client: given, url, storeTimeout = '250ms', circuitPause = '1s', onError } = options
  checkClient(caller, { client: given, url })
  const { client, release } = createClientSource({ client: given, url })()
  const stopReporting = reportOutages(client, onError)
  const connection = connectionOf(client)
  const policy = createPolicy({
    ...limits,
    name: `redis (${caller})`,
    clock: options.clock ?? systemClock,
    timeout: toMs(storeTimeout, 'storeTimeout'),
    circuitPause: toMs(circuitPause, 'circuitPause'),
    onOpen: connection.reconnect,
    onOutage: () => undefined,
    onCall: () => undefined,
    onError: (_, error) => onError(error),
  })
  void warnOfEviction(caller, connection)

  return {
    get circuit() {
      return policy.state
    },
    get connectionId() {
      return connection.connectionId
    },
    sendCommand(command, ...args) {
      corkForTick(client)
      return policy.execute(command, () => connection.sendCommand(command, ...args))
    },
    runScript(call) {
      corkForTick(client)
      return policy.execute('script', () => connection.runScript(call))
    },
    runScripts: (calls) => policy.execute('scripts', () => connection.runScripts(calls)),
    close() {
      stopReporting()
      release()
    },
  }
}

/** A cache may lose keys at any time. A service may not: what it has counted or promised is gone with them. */
async function warnOfEviction(caller: string, connection: Connection): Promise<void> {
  const info = await readServerInfo(connection)
  if (info === undefined || info.evictionPolicy === 'noeviction') return
  process.emitWarning(
    `${caller}: the server evicts keys when its memory is full (maxmemory-policy ${info.evictionPolicy}), and with them ` +
      'the state of this service. Use a server of its own with maxmemory-policy noeviction.',
    { type: 'LarderWarning', code: 'LARDER_EVICTION' },
  )
}
