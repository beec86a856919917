import type { LogRecord } from '@larder/core'
import { recordName } from './log-state'

const separator = ':'

/**
 * Merges the records of the largest family of tags into records of its first segment, if there are more than `maxRecords`, as
 * the log on Redis does: dropping them would raise the floor.
 */
export function mergeRecords(tags: Map<string, LogRecord>, maxRecords: number): void {
  if (tags.size <= maxRecords) return
  const families = new Map<string, LogRecord[]>()
  for (const record of tags.values()) {
    const root = rootOf(record)
    if (root !== undefined) families.set(root, [...(families.get(root) ?? []), record])
  }
  const [largest] = [...families].sort(([, a], [, b]) => b.length - a.length)
  if (largest === undefined || largest[1].length < Math.max(2, maxRecords / 8)) return
  const [root, records] = largest
  for (const record of records) tags.delete(recordName(record))
  for (const record of records) {
    const merged = { ...record, name: root }
    const known = tags.get(recordName(merged))
    if (known === undefined || known.position < record.position) tags.set(recordName(merged), merged)
  }
}

/** The first segment of the record's tag; undefined if there is only one, and for records of other kinds. */
function rootOf({ scope, name }: LogRecord): string | undefined {
  const end = scope === 'tag' && name.charCodeAt(0) > 2 ? name.indexOf(separator, 1) : -1
  return end < 0 ? undefined : name.slice(0, end)
}
