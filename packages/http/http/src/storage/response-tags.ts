import { percentEncode } from '../fields/percent-encoding'
import { loosestReading } from '../routes/path-readings'
import { pathOf } from './target'

const targetPrefix = 'http '
const groupPrefix = 'http-group '
const userPrefix = 'http-user '

/**
 * Longer tags are cut: targets with the same beginning then share a tag, and invalidating one costs a miss for the
 * others.
 */
const maxTagLength = 300

/**
 * The tag of every response stored for the path of a target, in any spelling and for any query: a write to `//Jobs/7/`
 * also ends `/jobs/7`, for which some router may take it. Colons are encoded: they separate segments of a tag.
 */
export function tagOfTarget(origin: string, target: string): string {
  return `${targetPrefix}${encodeTag(origin + loosestReading(pathOf(target)))}`.slice(0, maxTagLength)
}

/** The tag of a cache group of one origin (RFC 9875). */
export function tagOfGroup(origin: string, group: string): string {
  return `${groupPrefix}${encodeTag(`${origin} ${group}`)}`.slice(0, maxTagLength)
}

/** The tag of every response stored for one user, on any host. */
export function tagOfUser(user: string): string {
  return `${userPrefix}${encodeTag(user)}`.slice(0, maxTagLength)
}

/** The tags that this cache makes, and those of the application. */
export type TagKind = 'target' | 'group' | 'user' | 'application'

export function kindOfTag(tag: string): TagKind {
  if (tag.startsWith(targetPrefix)) return 'target'
  if (tag.startsWith(groupPrefix)) return 'group'
  return tag.startsWith(userPrefix) ? 'user' : 'application'
}

const encodeTag = (text: string) => percentEncode(text, /[^\x21-\x29\x2b-\x39\x3b-\x7e]/gu)
