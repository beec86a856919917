import type { Clock } from '@larder/core'
import { type GuardedConnection, serviceNamesOf } from '@larder/redis/kit'
import { type CommonValues, createSessionCalls, type SessionCall } from './session-calls'
import {
  endSession,
  enrollSession,
  inspectSession,
  readSession,
  saveSession,
  writeSession,
} from './session-scripts'
import {
  type EndReply,
  type FieldChange,
  longestEnrollment,
  type NotLive,
  type SessionEnd,
  type SessionRecord,
  type SessionStore,
  type SessionTimes,
  type StoredSession,
  tombstoneLife,
} from './session-store'

interface RedisSessionsOptions {
  readonly redis: GuardedConnection
  readonly prefix: string
  /** The name of these sessions. */
  readonly name: string
  readonly times: SessionTimes
  readonly refusesConflicts: boolean
  /** Replaces the clock of the server. */
  readonly clock: Clock | undefined
  /** Called when a server had old data, and sessions have ended by it. */
  onRestored(): void
}

/** Prefix of the fields of the application, so that none is taken for a field of the record. */
const fieldPrefix = 'd:'

/** Keeps sessions in Redis: one hash per session, one sorted set per user, and an epoch and a sorted set per bucket, all of which expire. */
export function createRedisSessions(options: RedisSessionsOptions): SessionStore {
  const { redis, times, clock } = options
  const { absolute } = times
  const names = serviceNamesOf(options.prefix, 'session', options.name)
  const indexOf = (user: string) => names.keyOf(user, 'user')
  const now = () => (clock === undefined ? '0' : String(Math.floor(clock.now())))
  const { run, runAll, count } = createSessionCalls({
    redis,
    names,
    times,
    now,
    onRestored: options.onRestored,
  })

  function toEndCall({ handle, successor = '' }: SessionEnd): SessionCall {
    return { handle, createCall: (common) => endSession.callWith({ ...common, tombstoneLife, successor }) }
  }

  return {
    read: async (handle) => parseSession(await run({ handle, createCall: readSession.callWith })),
    async inspect(handles) {
      const calls = handles.map((handle) => ({ handle, createCall: inspectSession.callWith }))
      return (await runAll(calls)).map(parseSession)
    },
    async write(handle, session) {
      const { user = '', label = '', createdAt = 0, enrolledAt = 0, fields } = session
      const onlyIfNew = session.onlyIfNew ? '1' : '0'
      const values = { absolute, createdAt, enrolledAt, longestEnrollment, onlyIfNew, user, label }
      const written = [...fields].flatMap(([name, json]) => [`${fieldPrefix}${name}`, json])
      const createCall = (common: CommonValues) => writeSession.callWith({ ...common, ...values }, written)
      const reply = await run({ handle, createCall })
      return reply === null ? undefined : Number(reply)
    },
    async save(handle, changes) {
      const refusesConflicts = options.refusesConflicts ? '1' : '0'
      const written = changes.flatMap(toArguments)
      const createCall = (common: CommonValues) =>
        saveSession.callWith({ ...common, refusesConflicts }, written)
      const [state, successor] = toTexts(await run({ handle, createCall }))
      return state === 'saved' || state === 'conflict' ? { state } : toNotLive(state, successor)
    },
    end: async (end) => parseEnd(await run(toEndCall(end))),
    endMany: async (ends) => (await runAll(ends.map(toEndCall))).map(parseEnd),
    async enroll(user, handle, createdAt = 0) {
      const values = { index: indexOf(user), now: now(), absolute, createdAt, handle }
      const [at, count] = (await redis.runScript(enrollSession.callWith(values))) as [Buffer, number]
      return { at: Number(at), count }
    },
    count,
    handlesOf: async (user) => toTexts(await redis.sendCommand('zrange', indexOf(user), 0, -1)),
    async withdraw(user, handles) {
      if (handles.length > 0) await redis.sendCommand('zrem', indexOf(user), handles)
    },
  }
}

function toArguments({ name, before = '', after = '' }: FieldChange): string[] {
  return [`${fieldPrefix}${name}`, before, after]
}

function toTexts(reply: unknown): string[] {
  return (reply as Buffer[]).map(String)
}

function toNotLive(state: string | undefined, successor = ''): NotLive {
  return state === 'renewed' && successor !== '' ? { state, successor } : { state: 'ended' }
}

function parseEnd(reply: unknown): EndReply {
  const [state, rest] = reply as [Buffer, unknown]
  if (String(state) !== 'live') return toNotLive(String(state), rest === undefined ? '' : String(rest))
  const session = parseSession(rest)
  return session === undefined ? { state: 'ended' } : { state: 'live', session }
}

/** Undefined for a session that does not live, of which the scripts reply with nothing. */
function parseSession(reply: unknown): StoredSession | undefined {
  const texts = toTexts(reply)
  if (texts.length === 0) return undefined
  const record = new Map<string, string>()
  const fields = new Map<string, string>()
  for (let index = 0; index < texts.length; index += 2) {
    const [name = '', value = ''] = texts.slice(index, index + 2)
    if (name.startsWith(fieldPrefix)) fields.set(name.slice(fieldPrefix.length), value)
    else record.set(name, value)
  }
  return { ...toRecord(record), fields }
}

function toRecord(record: ReadonlyMap<string, string>): SessionRecord {
  return {
    user: record.get('u') || undefined,
    label: record.get('b') || undefined,
    createdAt: Number(record.get('c')),
    lastUsedAt: Number(record.get('l')),
  }
}
