import type { KeyView } from '../contracts/inspection'
import { LarderError } from '../errors'
import { escapeText, unescapeText } from './canonical-key'

const longestKey = 4_096
const longestTag = 512

/**
 * Refuses what cannot be a key: anything but a string, more than 4096 characters, or text that has no UTF-8 form.
 * @throws LarderError `BAD_KEY` saying what to write instead.
 */
export function checkKey(key: unknown): asserts key is string {
  if (typeof key !== 'string') {
    throw new LarderError(
      'BAD_KEY',
      `A key is a string; this one is ${describe(key)}. Write String(key), or let wrap make it.`,
    )
  }
  if (key.length > longestKey) {
    throw new LarderError(
      'BAD_KEY',
      `A key has at most ${longestKey} characters; this one has ${key.length}. Hash its long part.`,
      {
        key: `${key.slice(0, 80)}…`,
      },
    )
  }
  if (!isWellFormed(key)) {
    throw new LarderError(
      'BAD_KEY',
      'A key must be well-formed Unicode; this one has half of a surrogate pair.',
      { key },
    )
  }
}

/**
 * Refuses what cannot be a tag.
 * @throws LarderError `BAD_TAG`.
 */
export function checkTag(tag: unknown): asserts tag is string {
  if (
    typeof tag === 'string' &&
    tag !== '' &&
    tag.length <= longestTag &&
    isPrintable(tag) &&
    isWellFormed(tag)
  )
    return
  throw new LarderError(
    'BAD_TAG',
    `A tag is a string of 1 to ${longestTag} characters without control characters, such as 'user:42'; this one is ${describe(tag)}.`,
  )
}

/** The path of the namespace `name` within the one at `path`. The root's path is empty. @throws LarderError `BAD_KEY` if it has no name. */
export function joinNamespace(path: string, name: string): string {
  if (typeof name === 'string' && name !== '' && isWellFormed(name) && isPrintable(name))
    return `${path}@${escapeText(name, '/')}/`
  throw new LarderError(
    'BAD_KEY',
    `A namespace needs a name, such as cache.namespace('users'); this one is ${describe(name)}.`,
  )
}

const atSign = 64

/**
 * A key within a namespace. No two pairs of path and key give the same text: what begins with `@` is a namespace, and
 * a key that does so itself is kept below `@/`, a namespace without a name.
 */
export function qualifyKey(path: string, key: string): string {
  if (key.charCodeAt(0) === atSign) return `${path}@/${key}`
  return path === '' ? key : path + key
}

/**
 * Takes apart what {@link qualifyKey} has put together below `path`; undefined for what is not there.
 * @example `@users/@roles/7` below `@users/` is the key `7` in the namespace `roles`.
 */
export function parseQualifiedKey(path: string, qualified: string): KeyView | undefined {
  if (!qualified.startsWith(path)) return undefined
  const namespace: string[] = []
  let key = qualified.slice(path.length)
  while (key.charCodeAt(0) === atSign) {
    const end = key.indexOf('/')
    // Nothing of ours: whoever put it there meant it as it stands.
    if (end < 0) break
    const name = key.slice(1, end)
    key = key.slice(end + 1)
    if (name === '') break
    namespace.push(unescapeText(name))
  }
  return { namespace, key }
}

function isPrintable(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) < 32) return false
  return true
}

/** Half of a surrogate pair has no UTF-8 form, so two such keys could become one. */
function isWellFormed(text: string): boolean {
  return !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text)
}

function describe(value: unknown): string {
  if (typeof value === 'string') return value === '' ? 'empty' : `"${value.slice(0, 80)}"`
  return value === null ? 'null' : `of type ${typeof value}`
}
