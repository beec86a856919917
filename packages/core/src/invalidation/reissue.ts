import type { Cursor, Invalidation, InvalidationLog } from '../contracts/log'
import { linkRecord, type TagGraph } from './tag-graph'
import type { TagTable } from './tag-table'

/** Records seen within this time, in ms, are told again: longer than any log takes to fail over. */
const window = 60_000

/**
 * Tells a log that lost its latest records what this process has seen of late, and every link it knows. What hangs below a
 * link ends with that: a process that started meanwhile did not know it, and its entries do not say that they do. Telling
 * the log what it knows already costs misses only. Returns how many records that were.
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
