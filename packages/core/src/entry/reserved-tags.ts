/**
 * An entry also carries reserved tags for its namespaces and for the keys it was computed from. They begin with a control
 * character, which user tags may not contain.
 */
const namespaceMark = '\u0001'
const keyMark = '\u0002'
const keyMarkCode = keyMark.charCodeAt(0)
const firstPrintable = 32

/**
 * The tag of a value that must not be stored, because its tags or its lifetime could not be found out. Like every tag it
 * passes to the values that are made of it, so they are not stored either.
 */
export const unstorableTag = '\u0003'

/** The tag of all entries in the namespace at `path` (see {@link joinNamespace}). */
export function tagOfNamespace(path: string): string {
  return namespaceMark + path
}

/** The tag of one key, carried by entries that were computed from its value. */
export function tagOfKey(key: string): string {
  return keyMark + key
}

/** Undoes {@link tagOfKey}; undefined for any other tag. */
export function keyOfTag(tag: string): string | undefined {
  return tag.charCodeAt(0) === keyMarkCode ? tag.slice(1) : undefined
}

/** Whether the tag was set by the user. */
export function isUserTag(tag: string): boolean {
  return tag.charCodeAt(0) >= firstPrintable
}
