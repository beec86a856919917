import type { SaveResult } from './session'
import {
  type ConflictRule,
  type EndReply,
  type EnrolledSession,
  type Enrollment,
  type FieldChange,
  longestEnrollment,
  type NewSession,
  type SessionStore,
  type StoredSession,
} from './store/session-store'

export type SessionLifecycle = ReturnType<typeof createLifecycle>

interface LifecycleOptions {
  readonly store: SessionStore
  readonly maxPerUser: number
  now(): number
  /** Called before a session ends here: its handle is refused from now on. */
  onEnd(handle: string): void
  /** Called for each session that lived. */
  onRevoked(): void
}

interface SavedTo {
  readonly handle: string
  readonly result: Exclude<SaveResult, 'unchanged'>
}

/**
 * Begins and ends sessions together with the index of their users. The index of a login is written first: whoever ends all
 * sessions of a user finds each one that may live, and leaves a tombstone also for one that is yet to be written.
 */
export function createLifecycle({ store, maxPerUser, now, onEnd, onRevoked }: LifecycleOptions) {
  /**
   * Begins a session, once its user has a place for it. Resolves to its time of creation; to now if another call has ended it
   * already.
   */
  async function begin(handle: string, session: NewSession): Promise<number> {
    const { user } = session
    if (user === undefined) return (await store.write(handle, session)) ?? now()
    const enrollment = await store.enroll(user, handle, session.createdAt)
    await makeRoom(user, enrollment, [handle])
    return (await store.write(handle, { ...session, enrolledAt: enrollment.at })) ?? enrollment.at
  }

  /**
   * Begins the session as which another one of the same user will go on. It is written before the index: nobody knows its id,
   * and whoever ends the old one meanwhile ends this one as well, by the reply of `replace`. Resolves to its time of creation.
   */
  async function beginSuccessor(handle: string, session: NewSession, replaced: string): Promise<number> {
    const createdAt = (await store.write(handle, session)) ?? now()
    const { user } = session
    if (user === undefined) return createdAt
    await makeRoom(user, await store.enroll(user, handle, createdAt), [handle, replaced])
    return createdAt
  }

  /**
   * Ends the oldest sessions of a user who has too many. Those that are kept take one place together. Of several logins at once,
   * the last one finds all others.
   */
  async function makeRoom(user: string, { at, count }: Enrollment, kept: readonly string[]): Promise<void> {
    if (count < maxPerUser + kept.length) return
    const others = (await store.listOfUser(user)).filter(({ handle }) => !kept.includes(handle))
    const over = await findOver(store, others, at)
    await store.withdraw(user, over)
    const living = others.map(({ handle }) => handle).filter((handle) => !over.includes(handle))
    const excess = living.length + 1 - maxPerUser
    if (excess > 0) await endOfUser(user, living.slice(0, excess))
  }

  async function endOfUser(user: string, handles: readonly string[]): Promise<number> {
    handles.forEach(onEnd)
    const replies = await store.endMany(handles.map((handle) => ({ handle })))
    const followed = await Promise.all(replies.map(followEnd))
    await store.withdraw(user, handles)
    return followed.filter(Boolean).length
  }

  /** Ends the session wherever it goes on. Resolves to whether it lived. */
  async function end(handle: string): Promise<boolean> {
    onEnd(handle)
    const reply = await store.end({ handle })
    if (reply.state === 'live' && reply.session.user !== undefined)
      await store.withdraw(reply.session.user, [handle])
    return followEnd(reply)
  }

  async function followEnd(reply: EndReply): Promise<boolean> {
    if (reply.state === 'renewed') return end(reply.successor)
    if (reply.state === 'ended') return false
    onRevoked()
    return true
  }

  /**
   * Ends a session in favor of its successor; without one, the saves of requests that hold it are refused. Resolves to its last
   * state, wherever it went on, or to undefined if it had ended.
   */
  async function replace(handle: string, successor: string | undefined): Promise<StoredSession | undefined> {
    onEnd(handle)
    const reply = await store.end({ handle, successor })
    if (reply.state === 'renewed') return readLatest(store, reply.successor)
    if (reply.state === 'ended') return undefined
    const { user } = reply.session
    if (user !== undefined) await store.withdraw(user, [handle])
    return reply.session
  }

  /** Saves to the session of a handle, or to the one as which it goes on. Resolves to the handle that was saved to. */
  async function save(
    handle: string,
    changes: readonly FieldChange[],
    onConflict?: ConflictRule,
  ): Promise<SavedTo> {
    const reply = await store.save(handle, changes, onConflict)
    return reply.state === 'renewed'
      ? save(reply.successor, changes, onConflict)
      : { handle, result: reply.state }
  }

  return { begin, beginSuccessor, end, endOfUser, replace, save }
}

/**
 * The handles of sessions that are over, and only take a place in the index of their user: those that ended by themselves, or went
 * on under another handle. One that is younger than the longest enrollment may be yet to be written.
 */
async function findOver(
  store: SessionStore,
  sessions: readonly EnrolledSession[],
  now: number,
): Promise<readonly string[]> {
  const records = await store.inspect(sessions.map(({ handle }) => handle))
  return sessions
    .filter(({ createdAt }, at) => records[at] === undefined && createdAt < now - longestEnrollment)
    .map(({ handle }) => handle)
}

/** The session of a handle, or the one as which it goes on. */
async function readLatest(store: SessionStore, handle: string): Promise<StoredSession | undefined> {
  const session = await store.read(handle)
  if (session !== undefined) return session
  // Without changes, a save only resolves to the state.
  const reply = await store.save(handle, [])
  return reply.state === 'renewed' ? readLatest(store, reply.successor) : undefined
}
