import type { Invalidation, InvalidationMode, InvalidationScope, LogRecord } from '@larder/core'

/** The first letter of a member says what kind of record it is. */
const letters: readonly (readonly [letter: string, scope: InvalidationScope, mode: InvalidationMode])[] = [
  ['T', 'tag', 'hard'],
  ['t', 'tag', 'soft'],
  ['A', 'all', 'hard'],
  ['a', 'all', 'soft'],
  ['K', 'key', 'hard'],
  ['k', 'key', 'soft'],
  ['L', 'link', 'hard'],
  ['l', 'unlink', 'hard'],
]

/** A record as a member of a sorted set. */
export function memberOf({ scope, mode, name }: Invalidation): string {
  const letter = letters.find(
    ([, itsScope, itsMode]) => itsScope === scope && (itsMode === mode || scope.endsWith('link')),
  )
  return `${letter?.[0]}${name}`
}

/** The record of a member. */
export function recordOf(member: string, position: number): LogRecord {
  const [, scope, mode] = letters.find(([letter]) => letter === member[0]) ?? ['A', 'all', 'hard']
  return { scope, mode, name: member.slice(1), position }
}
