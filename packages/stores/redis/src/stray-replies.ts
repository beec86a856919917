import { isCluster, type RedisClient } from './client'
import { isErrorReply } from './store-error'

/** A command that waits for its reply in an ioredis client. */
interface PendingCommand {
  readonly command: {
    readonly name: string
    readonly args: readonly unknown[]
    resolve(reply: unknown): void
    reject(error: unknown): void
  }
}

interface CommandQueue {
  shift(): PendingCommand | undefined
}

const guarded = new WeakSet<RedisClient>()

/**
 * Replaces the connection when a reply arrives that no command waits for: its order is lost. ioredis would keep the
 * connection, and for a reply of null it throws an exception that nobody can catch, which ends the process.
 */
export function rejectStrayReplies(client: RedisClient): void {
  if (guarded.has(client)) return
  guarded.add(client)
  if (!isCluster(client)) {
    client.on('connect', () => guardQueue(client))
    guardQueue(client)
    return
  }
  for (const node of client.nodes('all')) rejectStrayReplies(node)
  client.on('+node', (node) => rejectStrayReplies(node as RedisClient))
}

/** ioredis creates a queue for each connection, before it says that it is connected. */
function guardQueue(client: RedisClient): void {
  const { commandQueue } = client as { commandQueue?: CommandQueue }
  if (commandQueue === undefined) return
  const shift = commandQueue.shift.bind(commandQueue)
  let isFlushed = false
  const stray: PendingCommand = {
    command: {
      // ioredis never sends this command again, whatever the option `reconnectOnError` says.
      name: 'client',
      args: [],
      resolve: () => client.disconnect(true),
      reject(error) {
        // ioredis also rejects all commands of a queue, until `shift` returns none.
        if (isErrorReply(error)) client.disconnect(true)
        else isFlushed = true
      },
    },
  }
  commandQueue.shift = () => {
    const pending = shift()
    if (pending !== undefined || isFlushed) return pending
    return stray
  }
}
