import type { RedisClient } from './client'

/** The part of a Node socket that is used. */
interface Socket {
  readonly writableCorked?: number
  cork?(): void
  uncork?(): void
}

/** That of Node itself: fake timers of a test replace the one of the global `process`. */
const { nextTick } = process.getBuiltinModule('node:process')

/** Commands of one write: the server works on them while this process makes the next ones. */
const commandsPerWrite = 16

/** The commands since each socket was corked here. */
const commandsOf = new WeakMap<Socket, number>()

/**
 * Sends the commands of this tick by few writes to the socket: ioredis makes one for each, which costs more than all else that
 * it does for a command. Call it before each command. Does nothing for clients of a Cluster, which have many sockets, and of
 * node-redis, which do so anyway.
 */
export function corkForTick(client: RedisClient): void {
  const { stream } = client as { readonly stream?: Socket }
  if (stream?.writableCorked === 0) cork(stream)
  else if (stream !== undefined) countCommand(stream)
}

function cork(stream: Socket): void {
  stream.cork?.()
  commandsOf.set(stream, 1)
  nextTick(() => {
    commandsOf.delete(stream)
    stream.uncork?.()
  })
}

/** Writes what the socket has, if it was corked here and that is enough. */
function countCommand(stream: Socket): void {
  const commands = commandsOf.get(stream)
  if (commands === undefined) return
  commandsOf.set(stream, commands + 1)
  if (commands % commandsPerWrite > 0) return
  stream.uncork?.()
  stream.cork?.()
}
