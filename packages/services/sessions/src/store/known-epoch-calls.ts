import type { GuardedConnection } from '@larder/redis/kit'
import { type Buckets, hasEpoch } from './buckets'
import type { SessionScripts } from './session-scripts'

interface KnownEpochCallsOptions {
  readonly redis: GuardedConnection
  readonly buckets: Buckets
  readonly scripts: SessionScripts
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
export function createKnownEpochCalls({ redis, buckets, scripts }: KnownEpochCallsOptions) {
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

    /** Resolves to whether it has written the session; if not, a script has to look at the server first. */
    writeNew(handle: string, format: (known: KnownEpoch) => NewText): Promise<boolean> {
      const bucket = bucketOf(handle)
      const look = findLook(bucket)
      if (look === undefined) return Promise.resolve(false)
      const now = timeSince(look)
      const { text, life } = format({ epochId: look.epochId, now })
      const call = scripts.writeNew.callWith({
        session: bucket.sessionPrefix + handle,
        epoch: bucket.epoch,
        live: bucket.live,
        known: look.head,
        text,
        life,
        liveUntil: now + life,
      })
      return redis.runScript(call).then((reply) => reply === 1 && redis.connectionId === look.connectionId)
    },
  }
}
