import { describeValue } from '../arguments/describe-value'
import type { KeyView } from '../contracts/inspection'
import { LarderError } from '../errors'
import { escapeText, unescapeText } from './canonical-key'
import { sha256Hex } from './sha256'

const maxKeyLength = 512
const maxNamespaceLength = 128
const maxPathLength = 1_024
const maxTagLength = 512

/** Rejects keys that are not strings. @throws LarderError `BAD_KEY`. */
export function checkKey(key: unknown): asserts key is string {
  if (typeof key === 'string') return
  throw new LarderError(
    'BAD_KEY',
    `A key is a string; got ${describeValue(key)}. Write ${Array.isArray(key) ? 'getMany, setMany or deleteMany for several keys' : 'String(key)'}, or use wrap, which derives keys from arguments.`,
  )
}

/** Characters of a long name that its short form keeps, for people. */
const shownLength = 64

/**
 * The form in which a key is stored: keys of more than 512 characters, and keys without a UTF-8 form, are replaced by their
 * beginning and their SHA-256. No call fails because its key is long, and names on the log and in tables are short.
 */
export function toStoredKey(key: string): string {
  return key.length <= maxKeyLength && isWellFormed(key) ? key : toShortForm(key)
}

function toShortForm(name: string): string {
  return `${withoutLoneSurrogates(name.slice(0, shownLength))}… sha256:${sha256Hex(name)}`
}

/**
 * Rejects invalid tags: values other than strings, an empty string, more than 512 characters, or control characters.
 * @throws LarderError `BAD_TAG`.
 */
export function checkTag(tag: unknown): asserts tag is string {
  if (
    typeof tag === 'string' &&
    tag !== '' &&
    tag.length <= maxTagLength &&
    isPrintable(tag) &&
    isWellFormed(tag) &&
    !tag.includes('*') &&
    !tag.includes(objectAsText)
  )
    return
  if (typeof tag === 'string' && tag.includes('*')) throw patternError(tag)
  if (typeof tag === 'string' && tag.includes(objectAsText)) throw objectError(tag)
  throw new LarderError(
    'BAD_TAG',
    `A tag is a string of 1 to ${maxTagLength} characters without control characters, such as 'user:42'; got ${describeValue(tag)}.`,
  )
}

/** The text that JavaScript makes of every object: a tag with it would be that of all of them. */
const objectAsText = '[object Object]'

function objectError(tag: string): LarderError {
  return new LarderError(
    'BAD_TAG',
    `A tag was made of an object, which has no text of its own; got ${describeValue(tag)}. Write the part that names it, such as \`user:\${user.id}\`.`,
  )
}

function patternError(tag: string): LarderError {
  const [parent = ''] = tag.split(/:?\*/)
  const hint =
    parent === ''
      ? 'cache.clear() ends every entry'
      : `the tag '${parent}' ends '${parent}:1', '${parent}:2' and so on`
  return new LarderError(
    'BAD_TAG',
    `A tag has no patterns and must not contain *; got ${describeValue(tag)}. Tags are hierarchical: ${hint}. In a tag made of text, write encodeURIComponent(text).replaceAll('*', '%2A').`,
  )
}

/**
 * The path of the namespace `name` within the namespace at `path`. The path of the root is empty. A name of more than 128
 * characters is stored like a long key.
 * @throws LarderError `BAD_KEY` for an invalid name, and for a path of more than 1024 characters.
 */
export function joinNamespace(path: string, name: string): string {
  if (typeof name !== 'string' || name === '' || !isWellFormed(name) || !isPrintable(name))
    throw new LarderError(
      'BAD_KEY',
      `A namespace must have a name, such as cache.namespace('users'); got ${describeValue(name)}.`,
    )
  const joined = `${path}@${escapeText(name.length > maxNamespaceLength ? toShortForm(name) : name, '/')}/`
  if (joined.length <= maxPathLength) return joined
  throw new LarderError(
    'BAD_KEY',
    `Namespaces are nested too deep: their names have more than ${maxPathLength} characters together. Write one, such as cache.namespace('tenant:users:settings').`,
  )
}

const atSign = 64

/**
 * The qualified key of `key` in the namespace at `path`. The mapping is injective: a leading `@` starts a namespace, and a
 * key that begins with `@` itself is put below `@/`, a namespace without a name.
 */
export function qualifyKey(path: string, key: string): string {
  if (key.charCodeAt(0) === atSign) return `${path}@/${key}`
  return path === '' ? key : path + key
}

/**
 * Undoes {@link qualifyKey}, relative to the namespace at `path`; undefined for a key outside of it.
 * @example `@users/@roles/7` relative to `@users/` is the key `7` in the namespace `roles`.
 */
export function parseQualifiedKey(path: string, qualified: string): KeyView | undefined {
  if (!qualified.startsWith(path)) return undefined
  const namespace: string[] = []
  let key = qualified.slice(path.length)
  while (key.charCodeAt(0) === atSign) {
    const end = key.indexOf('/')
    // Not written by a cache: return the key verbatim.
    if (end < 0) break
    const name = key.slice(1, end)
    key = key.slice(end + 1)
    if (name === '') break
    namespace.push(unescapeText(name))
  }
  return { namespace, key }
}

/**
 * The name of a function of the namespace at `path`, for people.
 * @example `users/roles/loadRole` for `loadRole` in `@users/@roles/`
 */
export function nameInNamespace(path: string, name: string): string {
  return [...(parseQualifiedKey('', path)?.namespace ?? []), name].join('/')
}

function isPrintable(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) < 32) return false
  return true
}

const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g

/** Engines of 2023 and later have a check of their own, which takes no time for most texts. */
const { isWellFormed: nativeCheck } = String.prototype as { isWellFormed?: (this: string) => boolean }

/** Whether the text has a UTF-8 form. Half of a surrogate pair has none: two texts that differ in it would become one. */
export function isWellFormed(text: string): boolean {
  return nativeCheck === undefined ? text.search(loneSurrogate) === -1 : nativeCheck.call(text)
}

/** The text with a question mark in place of each lone surrogate. */
function withoutLoneSurrogates(text: string): string {
  return text.replace(loneSurrogate, '?')
}

/**
 * A 53-bit hash of a key (cyrb53, by bryc). It detects bytes that belong to another key, such as a reply matched to the
 * wrong call; one in 2^53 goes undetected. It does not resist deliberate collisions: a sealer does.
 */
export function hashOfKey(key: string): number {
  let low = 0xdeadbeef
  let high = 0x41c6ce57
  for (let index = 0; index < key.length; index += 1) {
    const code = key.charCodeAt(index)
    low = Math.imul(low ^ code, 0x9e3779b1)
    high = Math.imul(high ^ code, 0x5f356495)
  }
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35)
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35)
  return (high & 0x1fffff) * 2 ** 32 + (low >>> 0)
}
