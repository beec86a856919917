import type { Cursor, Invalidation, InvalidationLog } from '../contracts/log'
import { linkRecord, type TagGraph } from './tag-graph'
import type { TagTable } from './tag-table'

/** Records of the last minute, in ms, are reissued: longer than any log takes to fail over. */
const window = 60_000

/**
 * Re-appends the records of the last minute and all links to a log that lost them, and invalidates the linked children:
 * entries of a process that did not know a link lack the tag of the parent. A record that the log still has costs only
 * misses. Returns the number of records.
 */
export async function reissueTo(
  log: InvalidationLog,
  lost: Cursor,
  table: TagTable,
  graph: TagGraph,
): Promise<number> {
  const links = [...graph.listLinks()].flatMap(({ child, parent }): Invalidation[] => [
    linkRecord('link', child, parent),
    { scope: 'tag', mode: 'hard', name: child },
  ])
  const seen = [...table.listSince(lost.position - window * 1_000), ...links]
  await log.reissue(seen, lost, window)
  return seen.length
}
