import type { Clock } from '@larder/core'
import type { GuardedConnection, ScriptCall } from '@larder/redis/kit'
import { type Bucket, type Buckets, type LookReply, letters } from './buckets'
import type { SessionScripts } from './session-scripts'

/** A script on the session of a handle. */
export interface SessionCall {
  readonly handle: string
  createCall(common: CommonValues): ScriptCall
}

/** The keys and arguments of every script on a session. */
export interface CommonValues {
  readonly session: string
  readonly epoch: string
  readonly live: string
  readonly now: string
  readonly known: string | number
}

interface SessionCallsOptions {
  readonly redis: GuardedConnection
  readonly buckets: Buckets
  readonly scripts: SessionScripts
  /** Replaces the clock of the server. */
  readonly clock: Clock | undefined
  /** Called when a server had old data, and the sessions of a bucket have ended by it. */
  onRestored(): void
}

/** Scripts of one round trip: each has a deadline of its own, however many sessions a user has. */
const maxBatchSize = 500

/**
 * Runs scripts on sessions, and keeps what they find out about the server. When one of them finds that it has changed, all
 * buckets look at it at once, as long as it shows what has happened to it.
 */
export function createSessionCalls({ redis, buckets, scripts, clock, onRestored }: SessionCallsOptions) {
  const { bucketOf, findLook, keepLook } = buckets
  let isLooking = false

  function toScriptCall(
    { handle, createCall }: SessionCall,
    bucket: Bucket,
    knownEpoch?: string,
  ): ScriptCall {
    return createCall({
      session: bucket.sessionPrefix + handle,
      epoch: bucket.epoch,
      live: bucket.live,
      now: clock === undefined ? '0' : String(Math.floor(clock.now())),
      known: knownEpoch ?? bucket.look?.beat ?? 0,
    })
  }

  function parseReply(bucket: Bucket, connectionId: number | undefined, reply: unknown): unknown {
    const [found, result] = reply as [LookReply | null, unknown]
    if (found === null) return result
    keepLook(bucket, found, connectionId)
    const [, , change] = found
    if (change > 0) void lookAtAll()
    if (change > 1) onRestored()
    return result
  }

  async function lookAtAll(): Promise<void> {
    if (isLooking) return
    isLooking = true
    // The connection reports its errors itself.
    await count().catch(() => undefined)
    isLooking = false
  }

  async function count(): Promise<number> {
    const counts = await runAll(letters.map((handle) => ({ handle, createCall: scripts.count.callWith })))
    return counts.reduce<number>((sum, of) => sum + Number(of), 0)
  }

  /** Each of these scripts looks at the server. */
  async function runAll(calls: readonly SessionCall[]): Promise<unknown[]> {
    const results: unknown[] = []
    for (let at = 0; at < calls.length; at += maxBatchSize) {
      const batch = calls.slice(at, at + maxBatchSize)
      const { connectionId } = redis
      const replies = await redis.runScripts(batch.map((call) => toScriptCall(call, bucketOf(call.handle))))
      results.push(
        ...batch.map(({ handle }, index) => parseReply(bucketOf(handle), connectionId, replies[index])),
      )
    }
    return results
  }

  async function run(call: SessionCall): Promise<unknown> {
    const bucket = bucketOf(call.handle)
    const look = findLook(bucket)
    const { connectionId } = redis
    const reply = await redis.runScript(toScriptCall(call, bucket, look?.epoch))
    if (look === undefined || connectionId === redis.connectionId)
      return parseReply(bucket, connectionId, reply)
    // The client may have sent the script once more, to a server that nobody has looked at.
    return parseReply(bucket, undefined, await redis.runScript(toScriptCall(call, bucket)))
  }

  return { run, runAll, count }
}
