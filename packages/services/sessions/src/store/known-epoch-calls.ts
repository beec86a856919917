import type { GuardedConnection } from '@larder/redis/kit'
import { type Buckets, hasEpoch } from './buckets'
import type { Enlistment } from './enlist-later'

interface KnownEpochCallsOptions {
  readonly redis: GuardedConnection
  readonly buckets: Buckets
  readonly enlistLater: Enlistment['enlistLater']
}

/** The epoch that counts, and the time by which sessions end, in ms. */
export interface KnownEpoch {
  readonly epochId: string
  readonly now: number
}

/** The reply of a read by a plain command. */
interface PlainReply extends KnownEpoch {
  /** Its text, or that of a tombstone. */
  readonly text: Buffer | null
}

/** A session of which the caller knows all of the text. */
export interface NewText {
  readonly text: string
  /** In ms. */
  readonly life: number
}

/**
 * Calls that do not look at the server, because a script has a moment ago: they count only if the epoch is still the same, and if
 * the reply is of the same connection. A client may send a command once more, to a server that was started meanwhile.
 */
export function createKnownEpochCalls({ redis, buckets, enlistLater }: KnownEpochCallsOptions) {
  const { bucketOf, findLook, timeSince } = buckets

  return {
    /** Resolves to undefined if a script has to look at the server first. */
    async readPlainly(handle: string): Promise<PlainReply | undefined> {
      const bucket = bucketOf(handle)
      const look = findLook(bucket)
      if (look === undefined) return undefined
      const reply = await redis.sendCommand('mget', bucket.sessionPrefix + handle, bucket.epoch)
      const [text = null, epoch] = reply as (Buffer | null)[]
      if (redis.connectionId !== look.connectionId || !hasEpoch(String(epoch), look)) return undefined
      return { text, epochId: look.epochId, now: timeSince(look) }
    },

    /**
     * Writes a session under a handle that nothing has, by one command. Resolves to whether it has; if not, a script has to look
     * at the server first. Unlike a read, it does not ask for the epoch: a session that is written within a second after a flush
     * ends with those of before.
     */
    writeNew(handle: string, format: (known: KnownEpoch) => NewText): Promise<boolean> {
      const bucket = bucketOf(handle)
      const look = findLook(bucket)
      if (look === undefined) return Promise.resolve(false)
      const now = timeSince(look)
      const { text, life } = format({ epochId: look.epochId, now })
      return redis.sendCommand('set', bucket.sessionPrefix + handle, text, 'PX', life, 'NX').then((reply) => {
        const isWritten = reply !== null && redis.connectionId === look.connectionId
        if (isWritten) enlistLater(bucket, handle, now + life)
        return isWritten
      })
    },
  }
}
