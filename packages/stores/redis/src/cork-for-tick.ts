import type { RedisClient } from './client'

/** The part of a Node socket that is used. */
interface Socket {
  readonly writableCorked?: number
  cork?(): void
  uncork?(): void
}

/** That of Node itself: fake timers of a test replace the one of the global `process`. */
const { nextTick } = process.getBuiltinModule('node:process')

/**
 * Sends the commands of this tick by one write to the socket: ioredis makes one for each, which costs more than all else that it
 * does for a command. Does nothing for clients of a Cluster, which have many sockets, and of node-redis, which do so anyway.
 */
export function corkForTick(client: RedisClient): void {
  const { stream } = client as { readonly stream?: Socket }
  if (stream?.writableCorked !== 0) return
  stream.cork?.()
  nextTick(() => stream.uncork?.())
}
