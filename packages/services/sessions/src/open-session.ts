import type { CallRecorder } from './record-calls'
import type { Session } from './session'
import { changesBetween, toData, toFields } from './session-fields'
import { createId, handleOf, requireUser } from './session-id'
import type { SessionLifecycle } from './session-lifecycle'
import { type DataRules, requireFitting } from './session-schema'
import type { FieldChange, Fields } from './store/session-store'

/** Parts that all sessions of one application share. */
export interface SessionParts<T extends object> extends Pick<DataRules<T>, 'schema'> {
  readonly lifecycle: SessionLifecycle
  readonly maxBytes: number
  readonly recorder: CallRecorder
}

/** The state of a session as one request knows it. */
interface OpenedSession {
  readonly id: string
  readonly handle: string
  readonly user: string | undefined
  readonly label: string | undefined
  readonly createdAt: number
  /** Its fields when it was read or saved: changes are counted from here. */
  readonly fields: Fields
}

/** A session for one request, with the data that a schema has made of its fields, or that is parsed when it is asked for. */
export function openSession<T extends object>(
  parts: SessionParts<T>,
  opened: OpenedSession,
  parsed?: T,
): Session<T> {
  const { lifecycle, maxBytes } = parts
  const { count, measure } = parts.recorder
  let state = opened
  let data = parsed

  const session: Session<T> = {
    get id() {
      return state.id
    },
    get handle() {
      return state.handle
    },
    get user() {
      return state.user
    },
    get createdAt() {
      return new Date(state.createdAt)
    },
    get data() {
      data ??= toData<T>(opened.fields)
      return data
    },
    set data(changed) {
      data = changed
    },
    async save() {
      const fields = toFields(await requireFitting(session.data, parts), maxBytes)
      const changes = changesBetween(state.fields, fields)
      if (changes.length === 0) return 'unchanged'
      const { handle, result } = await measure('save', () => lifecycle.save(state.handle, changes))
      if (result === 'saved') {
        state = { ...state, handle, fields }
        count('saved')
      }
      if (result === 'conflict') count('conflicts')
      return result
    },
    async renew(login) {
      const user = login === undefined ? state.user : requireUser('renew', login)
      const fields = toFields(await requireFitting(session.data, parts), maxBytes)
      const renewed = await measure('renew', () => renewSession(parts, state, { user, fields }))
      if (renewed === undefined) return 'ended'
      state = renewed
      count('renewed')
      return 'renewed'
    },
    revoke: () => measure('revoke', () => lifecycle.end(state.handle)),
  }
  return session
}

/**
 * Writes the successor before it ends the session, so that requests that hold the old one find where it goes on. Its fields
 * are those of this request, and what others have saved meanwhile.
 */
async function renewSession(
  { lifecycle }: Pick<SessionParts<object>, 'lifecycle'>,
  old: OpenedSession,
  { user, fields }: Pick<OpenedSession, 'user' | 'fields'>,
): Promise<OpenedSession | undefined> {
  const isLogin = user !== old.user
  const id = createId()
  const handle = handleOf(id)
  const { label } = old
  const begun = { user, label, createdAt: isLogin ? undefined : old.createdAt, fields }
  const createdAt = isLogin
    ? await lifecycle.begin(handle, begun)
    : await lifecycle.beginSuccessor(handle, begun, old.handle)
  // Requests of before a login do not have the rights of its user: their saves find no successor.
  const latest = await lifecycle.replace(old.handle, isLogin ? undefined : handle)
  if (latest === undefined && !isLogin) {
    await lifecycle.end(handle)
    return undefined
  }
  const missed = changesOfOthers(old.fields, fields, latest?.fields ?? old.fields)
  // Requests that hold the old session may have changed them once more, in this one.
  if (missed.length > 0) await lifecycle.save(handle, missed, 'keep')
  return { id, handle, user, label, createdAt, fields }
}

/** The fields that others have changed since `before`, and this request has not. */
function changesOfOthers(before: Fields, own: Fields, latest: Fields): FieldChange[] {
  return changesBetween(before, latest).filter((change) => own.get(change.name) === change.before)
}
