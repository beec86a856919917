/**
 * Besides the tags that users give, an entry carries tags of Larder's own. They begin with a control
 * character, which no user's tag may contain.
 */
const namespaceMark = '\u0001'
const keyMark = '\u0002'
const keyMarkCode = keyMark.charCodeAt(0)

/** The tag of everything within a namespace; `path` as {@link joinNamespace} makes it. */
export function tagOfNamespace(path: string): string {
  return namespaceMark + path
}

/** The tag of one key, carried by what was computed from its value. */
export function tagOfKey(key: string): string {
  return keyMark + key
}

/** The key of a {@link tagOfKey}; undefined for any other tag. */
export function keyOfTag(tag: string): string | undefined {
  return tag.charCodeAt(0) === keyMarkCode ? tag.slice(1) : undefined
}

/** Whether a user gave this tag. */
export function isUserTag(tag: string): boolean {
  return tag.charCodeAt(0) > keyMarkCode
}
