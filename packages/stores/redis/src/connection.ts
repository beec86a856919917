import { LarderError } from '@larder/core'
import type { CommandArguments, RedisClient, RedisPipeline } from './client'
import { isCluster } from './client'
import { type Run, runScript, runScripts } from './scripts/script'
import { nodeOf } from './slots'

/** A client as the adapter uses it. What it rejects with never holds arguments of commands. */
export interface Connection {
  readonly client: RedisClient
  /** Runs one command. */
  call(command: string, ...args: CommandArguments[]): Promise<unknown>
  /** Runs one script. */
  run(run: Run): Promise<unknown>
  /** Runs scripts in one round trip per server; the first key of each says which. */
  runAll(runs: readonly Run[]): Promise<void>
  /** One pipeline per server that holds one of the keys. */
  pipelines(): (key: string) => RedisPipeline
  /** Answers that belong to other questions: the connection is replaced. */
  reset(): void
  /** Takes part in the same care for errors and states as the methods above. */
  guard<T>(work: () => Promise<T>): Promise<T>
}

const connections = new WeakMap<RedisClient, Connection>()

/** The connection of this client: one, however many caches use it. */
export function connectionOf(client: RedisClient): Connection {
  const connection = connections.get(client) ?? connect(client)
  connections.set(client, connection)
  return connection
}

/**
 * Puts a client to use. A command waits for the very first attempt to connect and no later one: once the connection
 * is lost, commands fail at once instead of piling up.
 */
function connect(client: RedisClient): Connection {
  let firstAttempt: Promise<void> | undefined

  const isReady = () => client.status === 'ready'

  async function ready(): Promise<void> {
    firstAttempt ??= settled(client)
    await firstAttempt
    if (!isReady()) throw new LarderError('STORE_FAILED', `Redis is not connected (${client.status}).`)
  }

  function reset(): void {
    // One that is being made anew already has nothing to mix up. One that is still closing may hang in that for good:
    // ioredis waits for the last node of a Cluster to be gone, and a late redirection can add one meanwhile.
    if (isReady() || client.status === 'disconnecting') client.disconnect(true)
  }

  async function guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      if (!isReady()) await ready()
      return await work()
    } catch (error) {
      // A demoted primary keeps its connections: only a new one finds the primary of now.
      if (error instanceof Error && error.message.startsWith('READONLY')) reset()
      throw withoutArguments(error)
    }
  }

  function pipelines(): (key: string) => RedisPipeline {
    const perNode = new Map<string, RedisPipeline>()
    return (key) => {
      const node = isCluster(client) ? nodeOf(client, key) : ''
      const pipeline = perNode.get(node) ?? client.pipeline()
      perNode.set(node, pipeline)
      return pipeline
    }
  }

  return {
    client,
    call: (command, ...args) => guard(() => client.callBuffer(command, ...args)),
    run: (run) => guard(() => runScript(client, run)),
    runAll(runs) {
      const [only] = runs
      if (runs.length === 1 && only !== undefined)
        return guard(async () => void (await runScript(client, only)))
      const pipelineFor = pipelines()
      return guard(() => runScripts(client, runs, (run) => pipelineFor(run.keys[0] ?? '')))
    },
    pipelines,
    reset,
    guard,
  }
}

/** Resolves when the client's first attempt to connect has come to something. */
async function settled(client: RedisClient): Promise<void> {
  if (client.status === 'end') return
  if (client.status === 'wait') client.connect().catch(() => undefined)
  await new Promise<void>((resolve) => {
    const events = ['ready', 'close', 'end']
    const done = () => {
      for (const event of events) client.off(event, done)
      resolve()
    }
    for (const event of events) client.on(event, done)
  })
}

/** ioredis hangs the command on its errors, and Redis quotes unknown commands: values and secrets do not belong in logs. */
export function withoutArguments(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof LarderError) return error
  const [message = 'unknown error'] = error.message.split(', with args')
  return new LarderError('STORE_FAILED', `Redis: ${message}`)
}
