import type { Names } from '@larder/redis'
import type { Server } from './server'

/** What the log of a cache looks like on the server. */
export interface LogState {
  /** The latest position: microseconds of the server's clock, or one more than the one before. */
  readonly position: number
  /** Entries from before this position are not served. */
  readonly floor: number
  readonly tags: number
  readonly keys: number
  readonly links: number
  readonly recent: number
  /** Whether the sets are as large as the head says. If not, the next process begins a new log. */
  readonly isWhole: boolean
  /** Whether the latest position is among the recent ones, by which processes know that they missed nothing. */
  readonly isIndexed: boolean
}

/** Looks at the log and changes nothing, unlike a cache, which begins a log where there is none. */
export async function readLog(server: Server, { log }: Names): Promise<LogState | undefined> {
  const [head, ...sets] = log
  const fields = await server.call('HMGET', head, 'position', 'nonce', 'floor', 'sizes')
  const [position, nonce, floor, sizes] = fields as (string | null)[]
  if (!position) return undefined
  const [tags = 0, keys = 0, links = 0, recent = 0] = await Promise.all(
    sets.map(async (set) => Number(await server.call('ZCARD', set))),
  )
  const isIndexed = (await server.call('ZSCORE', log[4], `${position}:${nonce}`)) !== null
  const isWhole = sizes === `${tags} ${keys} ${links}`
  return { position: Number(position), floor: Number(floor), tags, keys, links, recent, isWhole, isIndexed }
}
