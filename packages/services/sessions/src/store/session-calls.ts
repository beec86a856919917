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
  readonly seenServer: string
}

/** The state of the server that a process knows before a script runs. */
interface Known {
  readonly connectionId: number | undefined
  /** The text of the epoch; undefined unless it was seen a moment ago. */
  readonly epoch: string | undefined
  /** Empty unless it was seen a moment ago. */
  readonly server: string
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
  const { bucketOf, findLook, findServer, keepLook } = buckets
  let isLooking = false

  function toScriptCall({ handle, createCall }: SessionCall, bucket: Bucket, known: Known): ScriptCall {
    return createCall({
      session: bucket.sessionPrefix + handle,
      epoch: bucket.epoch,
      live: bucket.live,
      now: clock === undefined ? '0' : String(Math.floor(clock.now())),
      known: known.epoch ?? bucket.look?.beat ?? 0,
      seenServer: known.server,
    })
  }

  function parseReply(bucket: Bucket, known: Known, reply: unknown): unknown {
    const [found, result] = reply as [LookReply | null, unknown]
    if (found === null) return result
    keepLook(bucket, found, known)
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

  /** Each of these scripts looks at its epoch. */
  async function runAll(calls: readonly SessionCall[]): Promise<unknown[]> {
    const results: unknown[] = []
    for (let at = 0; at < calls.length; at += maxBatchSize)
      results.push(...(await runBatch(calls.slice(at, at + maxBatchSize))))
    return results
  }

  async function runBatch(calls: readonly SessionCall[]): Promise<unknown[]> {
    const known = { connectionId: redis.connectionId, epoch: undefined, server: findServer() }
    const toCall = (call: SessionCall) => toScriptCall(call, bucketOf(call.handle), known)
    const replies = await redis.runScripts(calls.map(toCall))
    if (mayBeOfAnother(known)) return runBatch(calls)
    return calls.map(({ handle }, at) => parseReply(bucketOf(handle), known, replies[at]))
  }

  async function run(call: SessionCall): Promise<unknown> {
    const bucket = bucketOf(call.handle)
    const known = { connectionId: redis.connectionId, epoch: findLook(bucket)?.epoch, server: findServer() }
    const reply = await redis.runScript(toScriptCall(call, bucket, known))
    return mayBeOfAnother(known) ? run(call) : parseReply(bucket, known, reply)
  }

  /** Whether a client may have sent a script once more, to another server than the one of which it was sent what is known. */
  function mayBeOfAnother({ connectionId, epoch, server }: Known): boolean {
    return (epoch !== undefined || server !== '') && connectionId !== redis.connectionId
  }

  return { run, runAll, count }
}
