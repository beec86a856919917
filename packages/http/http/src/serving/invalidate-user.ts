import { type Cache, type Invalidated, LarderError } from '@larder/core'
import { tagOfUser } from '../storage/response-tags'
import { toUserId } from './identify-user'

/**
 * Invalidates every response that is stored for one user, on all private routes and in every process.
 * @throws LarderError `BAD_ARGUMENT` for an identity that the option `user` cannot return. Rejects with it.
 */
export async function invalidateUser(cache: Cache, id: string | number): Promise<Invalidated> {
  const user = toUserId(id)
  if (user === undefined)
    throw new LarderError(
      'BAD_ARGUMENT',
      `invalidateUser needs what the option user returns for the user, a non-empty string or a number; got ${describeIdentity(id)}.`,
    )
  return cache.invalidate(tagOfUser(user))
}

/** Identities are personal data: only the type is named. */
function describeIdentity(id: unknown): string {
  return id === '' ? 'an empty string' : `a value of type ${typeof id}`
}
