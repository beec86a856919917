import { type Clock, systemClock } from '@larder/core'
import type { GuardedConnection, ServiceNames } from '@larder/redis/kit'
import { createBuckets } from './buckets'
import { createEnlistment } from './enlist-later'
import { createKnownEpochCalls } from './known-epoch-calls'
import { type CommonValues, createSessionCalls, type SessionCall } from './session-calls'
import { defineSessionScripts } from './session-scripts'
import type {
  EndReply,
  EnrolledSession,
  NotLive,
  SessionEnd,
  SessionStore,
  SessionTimes,
  StoredSession,
} from './session-store'
import { formatRest, parseSession } from './session-text'

interface RedisSessionsOptions {
  readonly redis: GuardedConnection
  readonly names: ServiceNames
  readonly times: SessionTimes
  readonly onConflict: 'last' | 'refuse'
  /** Replaces the clock of the server. */
  readonly clock: Clock | undefined
  /** Called when a server had old data, and sessions have ended by it. */
  onRestored(): void
}

/** Keeps sessions in Redis: a text per session, a sorted set per user, and an epoch and a sorted set per bucket, all of which expire. */
export function createRedisSessions(options: RedisSessionsOptions): { store: SessionStore; cancel(): void } {
  const { redis, names, times, clock } = options
  const indexOf = (user: string) => names.keyOf(user, 'user')
  const now = () => (clock === undefined ? '0' : String(Math.floor(clock.now())))
  const scripts = defineSessionScripts(times)
  const { onRestored } = options
  const buckets = createBuckets({ redis, names, clock })
  const { run, runAll, count } = createSessionCalls({ redis, buckets, scripts, clock, onRestored })
  const { enlistLater, enlistAll, cancel } = createEnlistment({ redis, scripts, clock: clock ?? systemClock })
  const { readPlainly, writeNew } = createKnownEpochCalls({ redis, buckets, enlistLater })
  const writeAtOnce = createWriteAtOnce(times, writeNew)

  async function readByScript(handle: string): Promise<StoredSession | undefined> {
    return toSession(await run({ handle, createCall: scripts.read.callWith }))
  }

  function toEndCall({ handle, successor = '' }: SessionEnd): SessionCall {
    return { handle, createCall: (common) => scripts.end.callWith({ ...common, successor }) }
  }

  const store: SessionStore = {
    read: createRead(times, readPlainly, readByScript),
    async inspect(handles) {
      const calls = handles.map((handle) => ({ handle, createCall: scripts.inspect.callWith }))
      return (await runAll(calls)).map(toSession)
    },
    async write(handle, session) {
      const { user = '', label = '', createdAt = 0, enrolledAt = 0, fields } = session
      const rest = formatRest(user, label, fields)
      const canBeAtOnce = session.hasNewHandle && enrolledAt === 0
      const beganAt = canBeAtOnce ? await writeAtOnce(handle, rest, session.createdAt) : undefined
      if (beganAt !== undefined) return beganAt
      const onlyIfNew = session.onlyIfNew ? '1' : '0'
      const createCall = (common: CommonValues) =>
        scripts.write.callWith({ ...common, createdAt, enrolledAt, onlyIfNew, rest })
      const reply = await run({ handle, createCall })
      return reply === null ? undefined : Number(reply)
    },
    async save(handle, changes, onConflict = options.onConflict) {
      const written = changes.flatMap(({ name, before = '', after = '' }) => [name, before, after])
      const createCall = (common: CommonValues) => scripts.save.callWith({ ...common, onConflict }, written)
      const [state, successor] = toTexts(await run({ handle, createCall }))
      return state === 'saved' || state === 'conflict' ? { state } : toNotLive(state, successor)
    },
    end: async (end) => parseEnd(await run(toEndCall(end))),
    endMany: async (ends) => (await runAll(ends.map(toEndCall))).map(parseEnd),
    async enroll(user, handle, createdAt = 0) {
      const values = { index: indexOf(user), now: now(), createdAt, handle }
      const [at, count] = (await redis.runScript(scripts.enroll.callWith(values))) as [Buffer, number]
      return { at: Number(at), count }
    },
    async count() {
      await enlistAll()
      return count()
    },
    async listOfUser(user) {
      const pairs = await redis.sendCommand('zrange', indexOf(user), 0, -1, 'WITHSCORES')
      // A client that speaks RESP3 has a list of each pair.
      const reply = toTexts((pairs as unknown[]).flat())
      const listed: EnrolledSession[] = []
      for (let at = 0; at < reply.length; at += 2)
        listed.push({ handle: reply[at] ?? '', createdAt: Number(reply[at + 1]) - times.absolute })
      return listed
    },
    async withdraw(user, handles) {
      if (handles.length > 0) await redis.sendCommand('zrem', indexOf(user), handles)
    },
  }
  return { store, cancel }
}

type KnownEpochCalls = ReturnType<typeof createKnownEpochCalls>

/** Reads without a script, unless that is needed: to look at the server, or for a session that may have ended. */
function createRead(
  { idle, precision }: SessionTimes,
  readPlainly: KnownEpochCalls['readPlainly'],
  readByScript: (handle: string) => Promise<StoredSession | undefined>,
): SessionStore['read'] {
  /** Records a use in the background: the session was read already. */
  function recordUse(handle: string): void {
    // The connection reports its errors itself, and the next read records its own use.
    void readByScript(handle).catch(() => undefined)
  }

  return async (handle) => {
    const reply = await readPlainly(handle)
    if (reply === undefined) return readByScript(handle)
    const session = reply.text === null ? undefined : parseSession(reply.text)
    if (session?.epoch !== reply.epochId) return undefined
    const unused = reply.now - session.lastUsedAt
    if (unused >= idle + precision || reply.now >= session.endsAt) return readByScript(handle)
    if (unused >= precision) recordUse(handle)
    return session
  }
}

/** Writes a session under a new handle. Resolves to its time of creation, or to undefined if nothing was written. */
function createWriteAtOnce(
  { absolute, idle, precision }: SessionTimes,
  writeNew: KnownEpochCalls['writeNew'],
) {
  return (handle: string, rest: string, given: number | undefined): Promise<number | undefined> => {
    let createdAt = given ?? 0
    const writing = writeNew(handle, ({ epochId, now }) => {
      createdAt = given ?? now
      const endsAt = createdAt + absolute
      const text = `${epochId} ${now} ${createdAt} ${endsAt}${rest}`
      return { text, life: Math.max(1, Math.min(endsAt - now, idle + precision)) }
    })
    return writing.then((isWritten) => (isWritten ? createdAt : undefined))
  }
}

function toTexts(reply: unknown): string[] {
  return (reply as unknown[]).map(String)
}

function toNotLive(state: string | undefined, successor = ''): NotLive {
  return state === 'renewed' && successor !== '' ? { state, successor } : { state: 'ended' }
}

function parseEnd(reply: unknown): EndReply {
  const [state, rest] = reply as [Buffer, unknown]
  if (String(state) !== 'live') return toNotLive(String(state), rest === undefined ? '' : String(rest))
  const session = toSession(rest)
  return session === undefined ? { state: 'ended' } : { state: 'live', session }
}

/** Undefined for a session that does not live, of which the scripts reply with nothing. */
function toSession(reply: unknown): StoredSession | undefined {
  return reply === null ? undefined : parseSession(reply as Buffer)
}
