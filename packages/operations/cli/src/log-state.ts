import type { Names } from '@larder/redis'
import type { Server } from './server'
import { formatCount } from './text/amounts'

/** The invalidation log of a cache, as it is on the server. */
export interface LogState {
  /** The latest position: µs of the server's clock, or the previous position plus one if that is greater. */
  readonly position: number
  /** Entries that were computed before this position are not served. */
  readonly floor: number
  readonly tags: number
  readonly keys: number
  readonly links: number
  /** How many servers have kept the log, one after the other; at most 32 are remembered. */
  readonly terms: number
  /** Whether the sets have the sizes that the head records. If not, the next process begins a new log. */
  readonly isComplete: boolean
  /** Whether the server tells its replication id. Without it, processes notice a lossy failover late or never. */
  readonly isServerKnown: boolean
  /** The `tagSeparator` of the processes that use this log; undefined before the first of them. */
  readonly tagSeparator: string | undefined
}

/** How much the log holds: `12 tags, 1 key, 0 links`. */
export function formatLogSize({ tags, keys, links }: Pick<LogState, 'tags' | 'keys' | 'links'>): string {
  return `${formatCount(tags, 'tag')}, ${formatCount(keys, 'key')}, ${formatCount(links, 'link')}`
}

/** Reads the state without changing it: opening a cache would create a log if there is none. */
export async function readLogState(server: Server, { log }: Names): Promise<LogState | undefined> {
  const [head, ...sets] = log
  const fields = await server.call(
    'HMGET',
    head,
    'position',
    'floor',
    'sizes',
    'terms',
    'server',
    'separator',
  )
  const [position, floor, sizes, terms, keeper, separator] = fields as (string | null)[]
  if (!position) return undefined
  const [tags = 0, keys = 0, links = 0] = await Promise.all(
    sets.map(async (set) => Number(await server.call('ZCARD', set))),
  )
  const isComplete = sizes === `${tags} ${keys} ${links}`
  return {
    position: Number(position),
    floor: Number(floor),
    tags,
    keys,
    links,
    terms: (terms ?? '').split(' ').filter((word) => word !== '').length,
    isComplete,
    isServerKnown: (keeper ?? '') !== '',
    // Recorded after a mark, because it may be empty.
    tagSeparator: separator?.slice(1),
  }
}
