import { anyKind, checkOptions, describeValue, LarderError, type OptionTable, textKind } from '@larder/core'
import { isId, requireUser } from './session-id'
import type { CreateSessionOptions, UserSession } from './sessions'

const createTable: OptionTable<CreateSessionOptions> = { user: anyKind, label: textKind, id: textKind }

const longestLabel = 200

/** @throws LarderError `BAD_OPTION`, or `BAD_ARGUMENT` for an empty user or id, or a label that is too long. */
export function checkNewSession(options: CreateSessionOptions): CreateSessionOptions {
  checkOptions('create', options, createTable)
  const { id, label = '', user } = options
  if (user !== undefined) requireUser('create', user)
  if (id !== undefined && !isId(id)) throw badArgument('create: id must have from 1 to 256 characters.')
  if (label.length > longestLabel)
    throw badArgument(`create: label must have at most ${longestLabel} characters; got ${label.length}.`)
  return options
}

/** @throws LarderError `BAD_ARGUMENT` unless it names a session. */
export function requireTarget(target: string | UserSession): string | UserSession {
  if (typeof target === 'string') return target
  if (typeof target?.user === 'string' && typeof target.handle === 'string') return target
  throw badArgument(
    `revoke takes the id of a session, or { user, handle } of one in listByUser; got ${describeValue(target)}.`,
  )
}

function badArgument(message: string): LarderError {
  return new LarderError('BAD_ARGUMENT', message)
}
