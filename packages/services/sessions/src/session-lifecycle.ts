import type { SaveResult } from './session'
import type { EndReply, FieldChange, NewSession, SessionStore, StoredSession } from './store/session-store'

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
 * Begins and ends sessions together with the index of their users. The index is written first: whoever ends all sessions of a
 * user finds each one that may live, and leaves a tombstone also for one that is yet to be written.
 */
export function createLifecycle({ store, maxPerUser, now, onEnd, onRevoked }: LifecycleOptions) {
  /**
   * Resolves to its time of creation; to now if another call has ended it already. `replaced` is a session of the same user
   * which ends right afterwards, and so takes no place beside this one.
   */
  async function begin(
    handle: string,
    session: Omit<NewSession, 'enrolledAt'>,
    replaced?: string,
  ): Promise<number> {
    const { user } = session
    if (user === undefined) return (await store.write(handle, { ...session, enrolledAt: undefined })) ?? now()
    const { at, count } = await store.enroll(user, handle, session.createdAt)
    const createdAt = await store.write(handle, { ...session, enrolledAt: at })
    const excess = count - maxPerUser - (replaced === undefined ? 0 : 1)
    if (excess > 0) {
      const kept = [handle, replaced]
      const others = (await store.handlesOf(user)).filter((other) => !kept.includes(other))
      await endOfUser(user, (await withEndedFirst(store, others)).slice(0, excess))
    }
    return createdAt ?? at
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
  async function save(handle: string, changes: readonly FieldChange[]): Promise<SavedTo> {
    const reply = await store.save(handle, changes)
    return reply.state === 'renewed' ? save(reply.successor, changes) : { handle, result: reply.state }
  }

  return { begin, end, endOfUser, replace, save }
}

/** Sessions that ended by themselves only take a place in the index of their user. */
async function withEndedFirst(store: SessionStore, handles: readonly string[]): Promise<readonly string[]> {
  const records = await store.inspect(handles)
  const isLive = (at: number) => records[at] !== undefined
  return [...handles.filter((_, at) => !isLive(at)), ...handles.filter((_, at) => isLive(at))]
}

/** The session of a handle, or the one as which it goes on. */
async function readLatest(store: SessionStore, handle: string): Promise<StoredSession | undefined> {
  const session = await store.read(handle)
  if (session !== undefined) return session
  // Without changes, a save only resolves to the state.
  const reply = await store.save(handle, [])
  return reply.state === 'renewed' ? readLatest(store, reply.successor) : undefined
}
