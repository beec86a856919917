import type { GuardedConnection, ScriptCall, ServiceNames } from '@larder/redis/kit'
import { countSessions } from './session-scripts'
import type { SessionTimes } from './session-store'

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
  readonly handle: string
  readonly now: string
  readonly witnessed: number
  readonly epochLife: number
  readonly idle: number
  readonly precision: number
}

interface SessionCallsOptions {
  readonly redis: GuardedConnection
  readonly names: ServiceNames
  readonly times: SessionTimes
  /** In ms; 0 for the time of the server. */
  now(): string
  /** Called when a server had old data, and the sessions of a bucket have ended by it. */
  onRestored(): void
}

/** The first letters of handles. Sessions of a bucket share a slot of a Cluster and an epoch: see open-epoch.ts. */
const buckets = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']

/** Scripts of one round trip: each has a deadline of its own, however many sessions a user has. */
const maxBatchSize = 500

/** An epoch outlives the sessions of its bucket by this, in ms. */
const spareLife = 60_000

/**
 * Runs scripts on sessions, and remembers the latest beat of each bucket. When one of them finds that the server has changed,
 * all buckets look at it at once, as long as it shows what has happened to it.
 */
export function createSessionCalls({ redis, names, times, now, onRestored }: SessionCallsOptions) {
  const { idle, precision } = times
  const epochLife = idle + precision + spareLife
  const beats = new Map<string, number>()
  let isLooking = false

  function toScriptCall({ handle, createCall }: SessionCall): ScriptCall {
    const bucket = handle.charAt(0)
    return createCall({
      session: names.keyOf(bucket, handle),
      epoch: names.keyOf(bucket, 'epoch'),
      live: names.keyOf(bucket, 'live'),
      handle,
      now: now(),
      witnessed: beats.get(bucket) ?? 0,
      epochLife,
      idle,
      precision,
    })
  }

  function parseReply({ handle }: SessionCall, reply: unknown): unknown {
    const [beat, change, result] = reply as [Buffer, number, unknown]
    beats.set(handle.charAt(0), Number(beat))
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
    const counts = await runAll(buckets.map((handle) => ({ handle, createCall: countSessions.callWith })))
    return counts.reduce<number>((sum, of) => sum + Number(of), 0)
  }

  async function runAll(calls: readonly SessionCall[]): Promise<unknown[]> {
    const results: unknown[] = []
    for (let at = 0; at < calls.length; at += maxBatchSize) {
      const batch = calls.slice(at, at + maxBatchSize)
      const replies = await redis.runScripts(batch.map(toScriptCall))
      results.push(...batch.map((call, index) => parseReply(call, replies[index])))
    }
    return results
  }

  return {
    run: async (call: SessionCall) => parseReply(call, await redis.runScript(toScriptCall(call))),
    runAll,
    count,
  }
}
