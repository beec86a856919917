import type { Clock } from '@larder/core'
import {
  type ConflictRule,
  type FieldChange,
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
  readonly onConflict: 'last' | 'refuse'
}

type Tombstone = Exclude<SaveReply, { state: 'saved' | 'conflict' }>

/** A session that lives, or the tombstone of one. */
type Slot =
  | { readonly tombstone: Tombstone; readonly until: number }
  | { readonly tombstone?: undefined; readonly session: StoredSession; readonly until: number }

/** Slots are removed at most this often, in ms. */
const sweepPause = 60_000

/** Keeps sessions in this process, by the rules of the scripts in session-scripts.ts. */
export function createMemorySessions(options: MemorySessionsOptions): SessionStore {
  const { clock, times } = options
  const slots = createSlots(options)
  const users = createUserIndex(options)
  let sweptAt = clock.now()

  function sweep(): void {
    if (clock.now() - sweptAt < sweepPause) return
    sweptAt = clock.now()
    slots.sweep()
    users.sweep()
  }

  function write(handle: string, session: NewSession): number | undefined {
    sweep()
    const { enrolledAt = clock.now(), user, label, fields } = session
    if (slots.findTombstone(handle) !== undefined || clock.now() - enrolledAt > longestEnrollment)
      return undefined
    const found = slots.findSession(handle)
    if (found !== undefined && session.onlyIfNew) return found.createdAt
    const createdAt = found?.createdAt ?? session.createdAt ?? clock.now()
    slots.put(handle, { user: user ?? found?.user, label: label ?? found?.label, createdAt, fields })
    return createdAt
  }

  function save(handle: string, changes: readonly FieldChange[], onConflict: ConflictRule): SaveReply {
    const session = slots.findSession(handle)
    if (session === undefined) return slots.findTombstone(handle) ?? { state: 'ended' }
    const undisputed = changes.filter((change) => !isConflict(session.fields, change))
    if (onConflict === 'refuse' && undisputed.length < changes.length) return { state: 'conflict' }
    const applied = onConflict === 'keep' ? undisputed : changes
    slots.put(handle, { ...session, fields: applyChanges(session.fields, applied) })
    return { state: 'saved' }
  }

  const end: SessionStore['end'] = async ({ handle, successor }) => {
    const tombstone = slots.findTombstone(handle)
    const session = slots.findSession(handle)
    if (tombstone !== undefined && successor !== undefined) return tombstone
    slots.bury(handle, successor === undefined ? { state: 'ended' } : { state: 'renewed', successor })
    if (session !== undefined) return { state: 'live', session }
    return tombstone ?? { state: 'ended' }
  }

  return {
    async read(handle) {
      const session = slots.findSession(handle)
      if (session === undefined || clock.now() - session.lastUsedAt < times.precision) return session
      slots.put(handle, session)
      return session
    },
    inspect: async (handles) => handles.map(slots.findSession),
    write: async (handle, session) => write(handle, session),
    save: async (handle, changes, onConflict = options.onConflict) => save(handle, changes, onConflict),
    end,
    endMany: (ends) => Promise.all(ends.map(end)),
    enroll: async (user, handle, createdAt) => users.enroll(user, handle, createdAt),
    listOfUser: async (user) => users.listOfUser(user),
    withdraw: async (user, handles) => users.withdraw(user, handles),
    count: async () => slots.count(),
  }
}

/** Sessions and tombstones by handle, until each has ended. */
function createSlots({ clock, times }: MemorySessionsOptions) {
  const slots = new Map<string, Slot>()

  function find(handle: string): Slot | undefined {
    const slot = slots.get(handle)
    return slot !== undefined && clock.now() < slot.until ? slot : undefined
  }
  function findSession(handle: string): StoredSession | undefined {
    const slot = find(handle)
    return slot?.tombstone === undefined ? slot?.session : undefined
  }

  return {
    findSession,
    findTombstone: (handle: string) => find(handle)?.tombstone,
    put(handle: string, session: Omit<StoredSession, 'lastUsedAt'>): void {
      const now = clock.now()
      const until = Math.min(session.createdAt + times.absolute, now + times.idle + times.precision)
      slots.set(handle, { session: { ...session, lastUsedAt: now }, until })
    },
    bury(handle: string, tombstone: Tombstone): void {
      slots.set(handle, { tombstone, until: clock.now() + tombstoneLife })
    },
    sweep(): void {
      for (const [handle, { until }] of slots) if (clock.now() >= until) slots.delete(handle)
    },
    count: () => [...slots.keys()].filter((handle) => findSession(handle) !== undefined).length,
  }
}

/** The handles of each user, with their latest ends. */
function createUserIndex({ clock, times }: MemorySessionsOptions) {
  const endsByUser = new Map<string, Map<string, number>>()

  return {
    enroll(user: string, handle: string, createdAt = clock.now()) {
      const ends = endsByUser.get(user) ?? new Map<string, number>()
      ends.set(handle, createdAt + times.absolute)
      endsByUser.set(user, ends)
      return { at: clock.now(), count: ends.size }
    },
    /** The oldest first. */
    listOfUser: (user: string) =>
      [...(endsByUser.get(user) ?? [])]
        .map(([handle, end]) => ({ handle, createdAt: end - times.absolute }))
        .sort((a, b) => a.createdAt - b.createdAt),
    withdraw(user: string, handles: readonly string[]): void {
      for (const handle of handles) endsByUser.get(user)?.delete(handle)
    },
    sweep(): void {
      for (const [user, ends] of endsByUser) {
        for (const [handle, end] of ends) if (clock.now() >= end) ends.delete(handle)
        if (ends.size === 0) endsByUser.delete(user)
      }
    },
  }
}

/** Whether another call has changed a field since it was read, to something else than this call would. */
function isConflict(fields: StoredSession['fields'], { name, before, after }: FieldChange): boolean {
  return fields.get(name) !== before && fields.get(name) !== after
}

function applyChanges(
  fields: StoredSession['fields'],
  changes: readonly FieldChange[],
): StoredSession['fields'] {
  const changed = new Map(fields)
  for (const { name, after } of changes) {
    if (after === undefined) changed.delete(name)
    else changed.set(name, after)
  }
  return changed
}
