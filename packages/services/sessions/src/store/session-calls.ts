import type { GuardedConnection, ScriptCall, ServiceNames } from '@larder/redis/kit'
import { touchEpoch } from './session-scripts'
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
}

/** The first letters of handles. Sessions of a bucket share a slot of a Cluster and an epoch: see open-epoch.ts. */
const buckets = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']

/** An epoch outlives the sessions of its bucket by this, in ms. */
const spareLife = 60_000

/**
 * Runs scripts on sessions, and remembers the latest beat of each bucket. When one of them finds that the server has changed,
 * all buckets look at it at once, as long as it shows what has happened to it.
 */
export function createSessionCalls({ redis, names, times, now }: SessionCallsOptions) {
  const { idle, precision } = times
  const epochLife = idle + precision + spareLife
  const beats = new Map<string, number>()
  let isTouching = false

  function toScriptCall({ handle, createCall }: SessionCall): ScriptCall {
    const bucket = handle.charAt(0)
    const session = names.keyOf(bucket, handle)
    const epoch = names.keyOf(bucket, 'epoch')
    const witnessed = beats.get(bucket) ?? 0
    return createCall({ session, epoch, now: now(), witnessed, epochLife, idle, precision })
  }

  function parseReply({ handle }: SessionCall, reply: unknown): unknown {
    const [beat, hasChanged, result] = reply as [Buffer, number, unknown]
    beats.set(handle.charAt(0), Number(beat))
    if (hasChanged === 1) void touchAll()
    return result
  }

  async function touchAll(): Promise<void> {
    if (isTouching) return
    isTouching = true
    const touches = buckets.map((handle) => ({ handle, createCall: touchEpoch.callWith }))
    // The connection reports its errors itself.
    await runAll(touches).catch(() => undefined)
    isTouching = false
  }

  async function runAll(calls: readonly SessionCall[]): Promise<unknown[]> {
    const replies = await redis.runScripts(calls.map(toScriptCall))
    return calls.map((call, at) => parseReply(call, replies[at]))
  }

  return {
    run: async (call: SessionCall) => parseReply(call, await redis.runScript(toScriptCall(call))),
    runAll,
  }
}
