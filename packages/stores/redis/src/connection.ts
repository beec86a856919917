import { LarderError } from '@larder/core'
import type { CommandArguments, RedisClient, RedisPipeline } from './client'
import { isCluster } from './client'
import { resumeInterruptedConnects } from './interrupted-connects'
import { describeOutage } from './outages'
import { primaryOf } from './primary-of'
import { createReconnection } from './reconnection'
import type { ScriptCall } from './scripts/define-script'
import { runScript, runScripts } from './scripts/run-script'
import { toStoreError } from './store-error'
import { rejectStrayReplies } from './stray-replies'
import { endStuckDisconnects } from './stuck-clients'

/** Sends commands and scripts when the client is ready. Rejections never contain arguments of commands. */
export interface Connection {
  readonly client: RedisClient
  /**
   * A number for each connection to the server, which increases when one is lost: a reply under the same number as an earlier
   * one is of the same process of the server. Undefined for a Cluster, whose client has a connection to each node.
   */
  readonly connectionId: number | undefined
  sendCommand(command: string, ...args: CommandArguments[]): Promise<unknown>
  runScript(call: ScriptCall): Promise<unknown>
  /**
   * Runs scripts in one round trip per server; the first key of each call determines the server. Resolves to a reply for
   * each call.
   */
  runScripts(calls: readonly ScriptCall[]): Promise<unknown[]>
  /** Returns a function that maps a key to the pipeline of its server: one pipeline per server. */
  createPipelines(): (key: string) => RedisPipeline
  /** Replaces the connection, after silence or replies that do not match their commands. */
  reconnect(): void
  /** Runs `work` with the same readiness check and error translation as the methods above. */
  whenReady<T>(work: () => Promise<T>): Promise<T>
}

const connections = new WeakMap<RedisClient, Connection>()

/** The connection of this client: one, however many caches use it. */
export function connectionOf(client: RedisClient): Connection {
  const connection = connections.get(client) ?? createConnection(client)
  connections.set(client, connection)
  return connection
}

/**
 * A command waits for the client's first attempt to connect, and for no later one: once a connection is lost, commands
 * fail immediately instead of queueing up.
 */
function createConnection(client: RedisClient): Connection {
  let firstAttempt: Promise<void> | undefined
  let connectionId = isCluster(client) ? undefined : 1
  client.on('close', () => {
    if (connectionId !== undefined) connectionId += 1
  })
  const reconnect = createReconnection(client)
  rejectStrayReplies(client)
  if (isCluster(client)) endStuckDisconnects(client)
  else resumeInterruptedConnects(client)

  const isReady = () => client.status === 'ready'

  async function requireReady(): Promise<void> {
    firstAttempt ??= awaitFirstAttempt(client)
    await firstAttempt
    if (!isReady())
      throw new LarderError(
        'STORE_FAILED',
        `Redis is not connected (${client.status})${describeOutage(client)}.`,
      )
  }

  /** Every command passes here: promises without an async function take half of the time and memory. */
  function whenReady<T>(work: () => Promise<T>): Promise<T> {
    if (!isReady()) return requireReady().then(work).catch(fail)
    try {
      return work().catch(fail)
    } catch (error) {
      return Promise.reject(error).catch(fail)
    }
  }

  function fail(error: unknown): never {
    // A demoted primary keeps its connections open: only a new connection reaches the new primary.
    if (error instanceof Error && error.message.startsWith('READONLY')) reconnect()
    throw toStoreError(error)
  }

  function createPipelines(): (key: string) => RedisPipeline {
    const pipelineByNode = new Map<string, RedisPipeline>()
    return (key) => {
      const node = isCluster(client) ? primaryOf(client, key) : ''
      const pipeline = pipelineByNode.get(node) ?? client.pipeline()
      pipelineByNode.set(node, pipeline)
      return pipeline
    }
  }

  return {
    client,
    get connectionId() {
      return connectionId
    },
    sendCommand: (command, ...args) => whenReady(() => client.callBuffer(command, ...args)),
    runScript: (call) => whenReady(() => runScript(client, call)),
    runScripts(calls) {
      const [single] = calls
      if (calls.length === 1 && single !== undefined)
        return whenReady(async () => [await runScript(client, single)])
      const pipelineOf = createPipelines()
      return whenReady(() => runScripts(client, calls, (call) => pipelineOf(call.keys[0] ?? '')))
    },
    createPipelines,
    reconnect,
    whenReady,
  }
}

/** Resolves when the client's first attempt to connect has succeeded or failed. */
async function awaitFirstAttempt(client: RedisClient): Promise<void> {
  if (client.status === 'end') return
  if (client.status === 'wait') client.connect().catch(() => undefined)
  await new Promise<void>((resolve) => {
    const events = ['ready', 'close', 'end']
    const onOutcome = () => {
      for (const event of events) client.off(event, onOutcome)
      resolve()
    }
    for (const event of events) client.on(event, onOutcome)
  })
}
