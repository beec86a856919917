import type { Invalidation, InvalidationMode, InvalidationScope, LogRecord } from '@larder/core'

/** The first letter of a member encodes the kind of its record. */
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

/** The member of a sorted set that stands for an invalidation. */
export function memberOf({ scope, mode, name }: Invalidation): string {
  const letter = letters.find(
    ([, itsScope, itsMode]) => itsScope === scope && (itsMode === mode || scope.endsWith('link')),
  )
  return `${letter?.[0]}${name}`
}

/** The log record of a member. An unknown letter counts as an invalidation of everything. */
export function recordOf(member: string, position: number): LogRecord {
  const [, scope, mode] = letters.find(([letter]) => letter === member[0]) ?? ['A', 'all', 'hard']
  return { scope, mode, name: member.slice(1), position }
}
