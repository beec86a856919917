import type { Cache, ComputeContext, ComputeOptions } from '@larder/core'
import type { History } from './history'
import type { Source, Wait } from './source'

/** The number of items, numbered from 0. */
export const items = 8
/** An item whose source is a replica that lags behind the writes. */
export const laggingItem = 6
/** An item that no write invalidates: only its `ttl` ends its entries. */
export const expiringItem = 7

/** How far the source of the lagging item may be behind, in ms. */
export const sourceLag = 600
/** The `ttl` of the expiring item, in ms. */
export const expiringTtl = 500

/** A tag that the tag of item 0 is linked to. */
export const linkedTag = 'linked'
/** A tag of composite values that only soft invalidations use, without a write. */
export const softTag = 'soft'
/** Each item belongs to a group, so invalidating the group's tag invalidates the item. */
export const groupOf = (item: number) => `group-${item % 2}`
export const tagOf = (item: number) => `${groupOf(item)}:${item}`
export const keyOf = (item: number) => `item ${item}`

/** Where an item is read: through the cache of a process, from the source. */
export interface ItemReader {
  readonly cache: Cache
  readonly source: Source
  readonly history: History
  readonly wait: Wait
  /** Virtual time, in ms. */
  time(): number
}

type ItemOptions = Pick<ComputeOptions<number>, 'tags' | 'ttl' | 'staleWhileRevalidate' | 'sourceLag'>

/** Two of three items get their tag as an option, the others inside the computation. */
const isTagKnownBefore = (item: number) => item % 3 !== 0

/** The options of an item, apart from the demands of a read. */
export function itemOptions(item: number): ItemOptions {
  if (item === expiringItem) return { ttl: `${expiringTtl}ms`, staleWhileRevalidate: 0 }
  const tags = isTagKnownBefore(item) ? [tagOf(item)] : []
  return item === laggingItem ? { tags: [tagOf(item)], sourceLag } : { tags }
}

/** Computes an item: reads its version from the source. */
export async function computeItem(
  { source, history, wait, time }: ItemReader,
  item: number,
  { tag }: Pick<ComputeContext, 'tag'>,
): Promise<number> {
  const version = await source.readVersion(item, wait, item === laggingItem ? sourceLag : 0)
  if (!isTagKnownBefore(item) && item !== laggingItem) tag(tagOf(item))
  history.computations.push({ item, version, endedAt: time() })
  return version
}

/** Reads an item through the cache. */
export function loadItem(reader: ItemReader, item: number, options: object): Promise<number> {
  return reader.cache.getOrCompute(keyOf(item), (context) => computeItem(reader, item, context), {
    ...itemOptions(item),
    ...options,
  })
}
