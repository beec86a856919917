import { EventEmitter } from 'node:events'
import type { CommandArgument, CommandArguments, RedisClient, RedisPipeline, Subscriber } from './client'
import { createConnectionLike, type NodeRedisClient, type NodeRedisConnection } from './node-redis-client'
import { retryDelayOf } from './retry-delay'

/** How long a server may take to accept a connection and to answer its first commands, in ms. */
const handshakeTimeout = 2_000

/**
 * Opens a connection with the settings of a node-redis client, in the form of an ioredis client: the rest of the package
 * knows one kind of client. A connection that is lost is replaced by a new one, so that nothing of the old one remains:
 * neither commands nor replies nor subscriptions.
 */
export function openNodeRedis(source: NodeRedisClient): RedisClient & Subscriber {
  const events = new EventEmitter()
  const link = createLink(source, events)

  const rejectMarked = (error: unknown) => Promise.reject(markErrorReply(error))
  const callBuffer = (command: string, ...args: CommandArguments[]): Promise<unknown> =>
    link.sendCommand(toCommand(command, args)).catch(rejectMarked)

  return {
    get status() {
      return link.status
    },
    options: { db: databaseOf(source) },
    callBuffer,
    pipeline: () => createPipeline(callBuffer),
    duplicate: () => openNodeRedis(source),
    connect: async () => undefined,
    disconnect: (reconnect = false) => (reconnect ? link.replace() : link.end()),
    on: (event, listener) => events.on(event, listener),
    off: (event, listener) => events.off(event, listener),
    subscribe: (...channels) =>
      link.requireConnection().subscribe(channels, link.onMessage).catch(rejectMarked),
    unsubscribe: (...channels) => link.requireConnection().unsubscribe(channels),
  }
}

/** Keeps one connection open until `end`, and says so by the names that ioredis has for states and events. */
function createLink(source: NodeRedisClient, events: EventEmitter) {
  let status: 'connecting' | 'ready' | 'reconnecting' | 'end' = 'connecting'
  let connection: NodeRedisConnection | undefined
  let attempts = 0
  let timer: NodeJS.Timeout | undefined

  function open(): void {
    attempts += 1
    const opened = createConnectionLike(source)
    connection = opened
    const onFailure = (error: unknown) => opened === connection && lose(error)
    opened.on('error', onFailure)
    timer = setTimeout(onFailure, handshakeTimeout, new Error('Connection timeout')).unref()
    opened.connect().then(() => opened === connection && onReady(), onFailure)
  }

  function onReady(): void {
    clearTimeout(timer)
    attempts = 0
    status = 'ready'
    events.emit('connect')
    events.emit('ready')
  }

  function drop(): void {
    clearTimeout(timer)
    const dropped = connection
    connection = undefined
    try {
      dropped?.destroy()
    } catch {
      // It was closed already.
    }
  }

  function replace(): void {
    if (status === 'end') return
    drop()
    status = 'reconnecting'
    events.emit('close')
    timer = setTimeout(open, retryDelayOf(attempts)).unref()
  }

  function lose(error: unknown): void {
    // Without a listener, an `error` event would be thrown.
    if (events.listenerCount('error') > 0) events.emit('error', error)
    replace()
  }

  open()
  return {
    get status() {
      return status
    },
    requireConnection(): NodeRedisConnection {
      if (connection === undefined) throw closedError()
      return connection
    },
    sendCommand: (command: readonly (string | Buffer)[]): Promise<unknown> =>
      connection?.sendCommand(command) ?? Promise.reject(closedError()),
    replace,
    end() {
      drop()
      status = 'end'
      events.emit('close')
      events.emit('end')
    },
    onMessage: (message: string, channel: string) => void events.emit('message', channel, message),
  }
}

type SendCommand = (command: string, ...args: CommandArguments[]) => Promise<unknown>

/** node-redis sends commands that are called in one tick together. */
function createPipeline(callBuffer: SendCommand): RedisPipeline {
  const calls: Parameters<SendCommand>[] = []
  return {
    callBuffer: (...call) => calls.push(call),
    exec: () =>
      Promise.all(
        calls.map((call) =>
          callBuffer(...call).then(
            (reply): [null, unknown] => [null, reply],
            (error: Error): [Error, undefined] => [error, undefined],
          ),
        ),
      ),
  }
}

function closedError(): Error {
  return new Error('The connection is closed')
}

/** node-redis takes one flat list, and numbers as text only. */
function toCommand(command: string, args: readonly CommandArguments[]): readonly (string | Buffer)[] {
  const flat: (string | Buffer)[] = [command]
  const add = (arg: CommandArgument) => flat.push(typeof arg === 'number' ? String(arg) : arg)
  for (const arg of args) {
    if (Array.isArray(arg)) arg.forEach(add)
    else add(arg as CommandArgument)
  }
  return flat
}

/** Names an error that the server replied with, which begins with a code in capitals, as ioredis does. */
function markErrorReply(error: unknown): unknown {
  if (error instanceof Error && /^[A-Z]{2,}\b/.test(error.message)) error.name = 'ReplyError'
  return error
}

function databaseOf({ options }: NodeRedisClient): number {
  return Number((options as { readonly database?: unknown } | undefined)?.database ?? 0)
}
