import { type Clock, systemClock } from '@larder/core'
import type { GuardedConnection, ServiceNames } from '@larder/redis/kit'
import { beatInterval } from './open-epoch'

/** The sessions whose handles begin with one letter. They share a slot of a Cluster and an epoch: see open-epoch.ts. */
export interface Bucket {
  readonly sessionPrefix: string
  readonly epoch: string
  readonly live: string
  /** The latest look at the server, however long ago. */
  look: Look | undefined
}

/** The epoch of a bucket and the time of the server, as a script has found them. */
interface Look {
  readonly epoch: string
  readonly epochId: string
  readonly beat: number
  readonly serverTime: number
  readonly takenAt: number
  /** The connection of the reply. */
  readonly connectionId: number | undefined
}

/** The part of a script's reply that tells what it has found: see open-epoch.ts. */
export type LookReply = readonly [epoch: Buffer, serverTime: number, change: number]

interface BucketsOptions {
  readonly redis: GuardedConnection
  readonly names: ServiceNames
  /** Replaces the clock of the server. */
  readonly clock: Clock | undefined
}

/** The first letters of handles. */
export const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']

export type Buckets = ReturnType<typeof createBuckets>

/** The buckets of all sessions, each with the latest look at its server. */
export function createBuckets({ redis, names, clock }: BucketsOptions) {
  const { monotonic } = clock ?? systemClock
  const buckets = new Map(letters.map((letter) => [letter, createBucket(names, letter)]))

  return {
    bucketOf(handle: string): Bucket {
      const letter = handle.charAt(0)
      return buckets.get(letter) ?? createBucket(names, letter)
    },
    /** The latest look, if it was taken a moment ago by the connection of now. */
    findLook({ look }: Bucket): Look | undefined {
      const isRecent =
        look?.connectionId !== undefined &&
        look.connectionId === redis.connectionId &&
        monotonic() - look.takenAt < beatInterval
      return isRecent ? look : undefined
    },
    keepLook(bucket: Bucket, [text, serverTime]: LookReply, connectionId: number | undefined): void {
      const epoch = String(text)
      const [epochId = '', , , beat] = epoch.split(' ')
      bucket.look = { epoch, epochId, beat: Number(beat), serverTime, takenAt: monotonic(), connectionId }
    },
    /** The time by which sessions end, in ms: of the server, as it has gone on since a look. */
    timeSince({ serverTime, takenAt }: Look): number {
      return Math.floor(clock === undefined ? serverTime + monotonic() - takenAt : clock.now())
    },
  }
}

function createBucket(names: ServiceNames, letter: string): Bucket {
  return {
    sessionPrefix: `${names.keyOf(letter)}:`,
    epoch: names.keyOf(letter, 'epoch'),
    live: names.keyOf(letter, 'live'),
    look: undefined,
  }
}
