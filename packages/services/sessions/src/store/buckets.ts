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
export interface Look {
  readonly epoch: string
  readonly epochId: string
  /** The text of the epoch before its beat. */
  readonly head: string
  readonly beat: number
  readonly serverTime: number
  readonly takenAt: number
  /** The connection of the reply. */
  readonly connectionId: number | undefined
}

/** The server, of an earlier `INFO`. */
interface SeenServer {
  /** Its replication id. */
  readonly id: string
  readonly takenAt: number
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
  let seenServer: SeenServer | undefined

  /** Whether it was taken a moment ago, by the connection of now. */
  function isRecent({ takenAt, connectionId }: Pick<Look, 'takenAt' | 'connectionId'>): boolean {
    return (
      connectionId !== undefined &&
      connectionId === redis.connectionId &&
      monotonic() - takenAt < beatInterval
    )
  }

  return {
    bucketOf(handle: string): Bucket {
      const letter = handle.charAt(0)
      return buckets.get(letter) ?? createBucket(names, letter)
    },
    /** The latest look, if it was taken a moment ago by the connection of now. */
    findLook({ look }: Bucket): Look | undefined {
      return look !== undefined && isRecent(look) ? look : undefined
    },
    /** The server of all buckets, if a script has asked it a moment ago by the connection of now; otherwise empty. */
    findServer(): string {
      return seenServer !== undefined && isRecent(seenServer) ? seenServer.id : ''
    },
    /** Keeps the look of a script, which has asked the server unless it was sent one. */
    keepLook(
      bucket: Bucket,
      [text, serverTime]: LookReply,
      { connectionId, server }: { readonly connectionId: number | undefined; readonly server: string },
    ): void {
      const epoch = String(text)
      const [epochId = '', id = '', run, beat] = epoch.split(' ')
      const taken = { takenAt: monotonic(), connectionId }
      bucket.look = {
        epoch,
        epochId,
        head: `${epochId} ${id} ${run} `,
        beat: Number(beat),
        serverTime,
        ...taken,
      }
      if (server === '') seenServer = { id, ...taken }
    },
    /** The time by which sessions end, in ms: of the server, as it has gone on since a look. */
    timeSince({ serverTime, takenAt }: Look): number {
      return Math.floor(clock === undefined ? serverTime + monotonic() - takenAt : clock.now())
    },
  }
}

/** Whether the text of an epoch is that of a look, or one to which another process has written a later beat. */
export function hasEpoch(text: string, { epoch, head, beat }: Look): boolean {
  return text === epoch || (text.startsWith(head) && Number.parseInt(text.slice(head.length), 10) >= beat)
}

function createBucket(names: ServiceNames, letter: string): Bucket {
  return {
    sessionPrefix: `${names.keyOf(letter)}:`,
    epoch: names.keyOf(letter, 'epoch'),
    live: names.keyOf(letter, 'live'),
    look: undefined,
  }
}
