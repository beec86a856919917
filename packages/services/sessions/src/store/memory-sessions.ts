import type { Clock } from '@larder/core'
import {
  longestEnrollment,
  type NewSession,
  type SaveReply,
  type SessionStore,
  type SessionTimes,
  type StoredSession,
  tombstoneLife,
} from './session-store'

interface MemorySessionsOptions {
  readonly clock: Clock
  readonly times: SessionTimes
  readonly refusesConflicts: boolean
}

/** A session that lives, or the tombstone of one. */
type Slot =
  | { readonly tombstone: Exclude<SaveReply, { state: 'saved' | 'conflict' }>; readonly until: number }
  | { readonly tombstone?: undefined; readonly session: StoredSession; readonly until: number }

/** Slots are removed at most this often, in ms. */
const sweepPause = 60_000

/** Keeps sessions in this process, by the rules of the scripts in session-scripts.ts. */
export function createMemorySessions({
  clock,
  times,
  refusesConflicts,
}: MemorySessionsOptions): SessionStore {
  const slots = new Map<string, Slot>()
  const endsByUser = new Map<string, Map<string, number>>()
  let sweptAt = clock.now()

  function findSlot(handle: string): Slot | undefined {
    const slot = slots.get(handle)
    return slot !== undefined && clock.now() < slot.until ? slot : undefined
  }
  function findSession(handle: string): StoredSession | undefined {
    const slot = findSlot(handle)
    return slot?.tombstone === undefined ? slot?.session : undefined
  }
  function put(handle: string, session: Omit<StoredSession, 'lastUsedAt'>): void {
    const now = clock.now()
    const until = Math.min(session.createdAt + times.absolute, now + times.idle + times.precision)
    slots.set(handle, { session: { ...session, lastUsedAt: now }, until })
  }

  function sweep(): void {
    const now = clock.now()
    if (now - sweptAt < sweepPause) return
    sweptAt = now
    for (const [handle, { until }] of slots) if (now >= until) slots.delete(handle)
    for (const [user, ends] of endsByUser) {
      for (const [handle, end] of ends) if (now >= end) ends.delete(handle)
      if (ends.size === 0) endsByUser.delete(user)
    }
  }

  function write(handle: string, session: NewSession): number | undefined {
    sweep()
    const { enrolledAt = clock.now(), user, label, fields } = session
    if (findSlot(handle)?.tombstone !== undefined || clock.now() - enrolledAt > longestEnrollment)
      return undefined
    const found = findSession(handle)
    if (found !== undefined && session.onlyIfNew) return found.createdAt
    const createdAt = found?.createdAt ?? session.createdAt ?? clock.now()
    put(handle, { user: user ?? found?.user, label: label ?? found?.label, createdAt, fields })
    return createdAt
  }

  const save: SessionStore['save'] = async (handle, changes) => {
    const session = findSession(handle)
    if (session === undefined) return findSlot(handle)?.tombstone ?? { state: 'ended' }
    const fields = new Map(session.fields)
    const isChanged = changes.some(
      ({ name, before, after }) => fields.get(name) !== before && fields.get(name) !== after,
    )
    if (refusesConflicts && isChanged) return { state: 'conflict' }
    for (const { name, after } of changes) {
      if (after === undefined) fields.delete(name)
      else fields.set(name, after)
    }
    put(handle, { ...session, fields })
    return { state: 'saved' }
  }

  const end: SessionStore['end'] = async ({ handle, successor }) => {
    const tombstone = findSlot(handle)?.tombstone
    const session = findSession(handle)
    if (tombstone !== undefined && successor !== undefined) return tombstone
    slots.set(handle, {
      tombstone: successor === undefined ? { state: 'ended' } : { state: 'renewed', successor },
      until: clock.now() + tombstoneLife,
    })
    if (session !== undefined) return { state: 'live', session }
    return tombstone ?? { state: 'ended' }
  }

  return {
    async read(handle) {
      const session = findSession(handle)
      if (session === undefined || clock.now() - session.lastUsedAt < times.precision) return session
      put(handle, session)
      return session
    },
    inspect: async (handles) => handles.map(findSession),
    write: async (handle, session) => write(handle, session),
    save,
    end,
    endMany: (ends) => Promise.all(ends.map(end)),
    async enroll(user, handle, createdAt = clock.now()) {
      const ends = endsByUser.get(user) ?? new Map<string, number>()
      ends.set(handle, createdAt + times.absolute)
      endsByUser.set(user, ends)
      return { at: clock.now(), count: ends.size }
    },
    handlesOf: async (user) =>
      [...(endsByUser.get(user) ?? [])].sort(([, a], [, b]) => a - b).map(([handle]) => handle),
    async withdraw(user, handles) {
      for (const handle of handles) endsByUser.get(user)?.delete(handle)
    },
    count: async () => [...slots.keys()].filter((handle) => findSession(handle) !== undefined).length,
  }
}
